//! Rocketry.

use rocketry::conds::always;
use rocketry::prelude::*;
use rocketry::{Action, Result, TaskBuilder, Zone};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::clock;
use crate::contender::{Contender, runtime};
use crate::job::{Job, When};

#[derive(Default)]
pub(crate) struct Ours {
    tasks: Vec<TaskBuilder>,
    running: Option<Running>,
}

struct Running {
    runtime: Runtime,
    session: Session,
    app: Option<JoinHandle<Result<()>>>,
}

impl Contender for Ours {
    fn can(&self, _: When) -> bool {
        true
    }

    fn register(&mut self, job: Job) {
        let task = Task::func(name(job.id), move || async move { job.run() });
        self.tasks.push(match job.when {
            When::Always => task.start(always),
            When::Once(second) => task.start(&*format!("daily after {}", clock::time_of_day(second))),
            When::After(other) => task.start(&*format!("after task '{}'", name(other))),
            When::ByHand => task,
            When::Idle(number) => task.start(&*idle(number)),
        });
    }

    fn start(&mut self) {
        let app = Rocketry::builder().handle_signals(false).config(Config {
            zone: Zone::UTC,
            ..Config::default()
        });
        let app = self
            .tasks
            .drain(..)
            .fold(app, Rocketry::task)
            .build()
            .expect("the app is right");
        let runtime = runtime();
        let session = app.session();
        let app = Some(runtime.spawn(app.serve()));
        self.running = Some(Running {
            runtime,
            session,
            app,
        });
    }

    fn run(&self, id: u32) {
        let running = self.running.as_ref().expect("it has started");
        let task = running.session.task(&*name(id)).expect("the task is there");
        task.run(Params::new());
    }

    fn stop(&mut self) {
        let Some(running) = &mut self.running else { return };
        running.session.shut_down();
        if let Some(app) = running.app.take() {
            let ended = running.runtime.block_on(app).expect("the app did not panic");
            ended.expect("the app ended well");
        }
    }

    fn recorded(&self) -> Option<u64> {
        let running = self.running.as_ref()?;
        let tasks = running.session.tasks();
        Some(tasks.iter().map(|task| task.total(Action::Success)).sum())
    }
}

fn name(id: u32) -> String {
    format!("job-{id}")
}

/// Statements of many kinds that are not due for an hour at least.
fn idle(number: u32) -> String {
    let (hour, minute) = (clock::hour_ahead(number), number / 24 % 60);
    let day = clock::day_ahead(number);
    match number % 8 {
        0 => format!("daily between {hour:02}:{minute:02} and {hour:02}:59:59"),
        1 => format!("weekly on {day}"),
        2 => format!("every {} minutes & time of week on {day}", 1 + number / 8 % 90),
        3 => format!(
            "daily starting {hour:02}:{minute:02} & after task '{}'",
            name(number)
        ),
        4 => format!("cron {minute} {hour} * * *"),
        5 => format!("time of day between {hour:02}:00 and {hour:02}:59:59 & every 10 seconds"),
        6 => format!("after task '{}' & ~task '{0}' is running", name(number / 2)),
        _ => format!("hourly & time of day between {hour:02}:{minute:02} and {hour:02}:59:59"),
    }
}
