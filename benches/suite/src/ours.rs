//! Rocketry.

use std::hint::black_box;
use std::time::Duration;

use rocketry::conds::always;
use rocketry::prelude::*;
use rocketry::{Action, Condition, Execution, Queued, Result, TaskBuilder, Zone};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::contender::{Contender, runtime};
use crate::job::{Job, When};
use crate::store::{self, Burst, Kind, Recorded};
use crate::{clock, logs};

#[derive(Default)]
pub(crate) struct Ours {
    app: Option<Rocketry>,
    /// The statement of the tasks that are due at a second of the day: all have the same, as in an app that has it written once.
    due: Option<(u32, Condition)>,
    running: Option<Running>,
    keeps_nothing: bool,
}

/// Ours with a log that keeps nothing: the floor of what a log in memory costs.
pub(crate) struct NoLog(Ours);

impl Default for NoLog {
    fn default() -> Self {
        NoLog(Ours {
            keeps_nothing: true,
            ..Ours::default()
        })
    }
}

impl Contender for NoLog {
    fn can(&self, when: When) -> bool {
        matches!(when, When::Inline(_))
    }

    fn is_for_memory(&self) -> bool {
        true
    }

    fn register(&mut self, job: Job) {
        self.0.register(job);
    }

    fn start(&mut self) {
        self.0.start();
    }

    fn stop(&mut self) {
        self.0.stop();
    }

    fn recorded(&self) -> Option<u64> {
        self.0.recorded()
    }
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
        let task = match job.when {
            When::Command => Task::command(name(job.id), ["/bin/true"]),
            When::Process | When::Warm => in_a_process(job.id),
            When::Inline(_) => Task::func(name(job.id), move || job.run()).execution(Execution::Main),
            _ => Task::func(name(job.id), move || async move { job.run() }),
        };
        let task = match job.when {
            When::Always | When::Busy => task.start(always),
            When::Once(second) | When::Inline(second) => task.start(self.due_at(second)),
            When::After(other) => task.start(&*format!("after task '{}'", name(other))),
            When::EverySecond => task.start("cron with seconds * * * * * *"),
            When::ByHand | When::Process | When::Warm | When::Command => task,
            When::Mentioning(other, number) => task.start(&*long(other, number)),
            When::Idle(number) => task.start(&*idle(number)),
        };
        let app = self.app.take().unwrap_or_else(app);
        self.app = Some(
            match job.when {
                When::Warm => app.config(Config {
                    warm_children: 2,
                    ..config()
                }),
                _ => app,
            }
            .task(task),
        );
    }

    fn has_parts(&self) -> bool {
        true
    }

    fn start(&mut self) {
        let log = if self.keeps_nothing { "none:" } else { "memory:" };
        let app = self.app.take().unwrap_or_else(app).log(log);
        let app = app.build().expect("the app is right");
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
        drop(self.running().ask(id));
    }

    fn run_to_end(&self, id: u32) -> bool {
        let running = self.running();
        let ended = running.runtime.block_on(running.ask(id));
        ended.is_ok_and(|record| record.action == Action::Success)
    }

    fn steer(&self, id: u32) {
        let task = self.running().task(id);
        if task.is_disabled() {
            task.enable();
        } else {
            task.disable();
        }
    }

    fn explain(&self, id: u32) {
        black_box(self.running().task(id).explain());
    }

    fn stop(&mut self) {
        let Some(running) = &mut self.running else { return };
        running.session.shut_down();
        if let Some(app) = running.app.take() {
            let ended = running.runtime.block_on(app).expect("the app did not panic");
            ended.expect("the app ended well");
        }
    }

    fn can_record(&self, kind: Kind) -> bool {
        cfg!(feature = "logs") && (kind != Kind::Postgres || store::postgres().is_some())
    }

    fn record(&self, burst: &Burst) -> Recorded {
        logs::record(burst)
    }

    fn can_run_with(&self, kind: Kind) -> bool {
        self.can_record(kind)
    }

    fn run_with(&self, burst: &Burst) -> Recorded {
        logs::run_app(burst)
    }

    fn can_delay(&self) -> bool {
        true
    }

    fn delay(&self, burst: &Burst) -> Duration {
        logs::delay(burst)
    }

    fn is_for_memory(&self) -> bool {
        true
    }

    fn recorded(&self) -> Option<u64> {
        let running = self.running.as_ref()?;
        let tasks = running.session.tasks();
        Some(tasks.iter().map(|task| task.total(Action::Success)).sum())
    }
}

impl Ours {
    fn due_at(&mut self, second: u32) -> Condition {
        match &self.due {
            Some((known, statement)) if *known == second => statement.clone(),
            _ => {
                let statement = Condition::from(format!("daily after {}", clock::time_of_day(second)));
                self.due.insert((second, statement)).1.clone()
            }
        }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("it has started")
    }
}

impl Running {
    fn task(&self, id: u32) -> Task {
        self.session.task(&*name(id)).expect("the task is there")
    }

    fn ask(&self, id: u32) -> Queued {
        self.task(id).run(Params::new())
    }
}

/// Serves the run for which this process was started, and ends it.
pub(crate) fn serve_as_child() -> Result<()> {
    app().task(in_a_process(0)).run()
}

pub(crate) fn app() -> Rocketry {
    Rocketry::builder().handle_signals(false).config(config())
}

fn config() -> Config {
    Config {
        zone: Zone::UTC,
        ..Config::default()
    }
}

fn in_a_process(id: u32) -> TaskBuilder {
    Task::func(name(id), || {}).execution(Execution::Process)
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
        6 => format!("after task '{}' & ~task '{0}' is running", name(number - 1)),
        _ => format!("hourly & time of day between {hour:02}:{minute:02} and {hour:02}:59:59"),
    }
}

/// A statement of eight nodes that mentions a task and is not true for hours.
fn long(task: u32, number: u32) -> String {
    let (hour, minute, second) = (clock::hour_ahead(number), number / 21 % 60, number / 1260 % 59);
    let (task, day) = (name(task), clock::day_ahead(number));
    format!(
        "after task '{task}' & time of day between {hour:02}:{minute:02}:{second:02} and {hour:02}:59:59 \
         & (time of week on {day} | ~task '{task}' is running)"
    )
}
