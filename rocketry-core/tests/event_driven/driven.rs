//! Runs a case as an app on manual time.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Config, Execution, FirstRun, Inaction, Params, Query, Record, Rocketry, Session, Task, TaskBuilder,
};

use crate::Line;
use crate::apps::{Case, Event, How, TaskCase};
use crate::days::{CALENDAR, days_off};
use crate::frame::Frame;
use crate::statements::name;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What is recorded until the app has been shut down.
pub(crate) fn run(case: &Case) -> Vec<Line> {
    let frame = case.frame;
    let mut app = TestApp::start(app(case), frame.start).expect("the app can be built");
    for (steps, event) in &case.events {
        if frame.at(*steps) > app.now() {
            app.run_until(frame.at(*steps));
        }
        happen(&mut app, frame, *event);
    }
    app.run_until(frame.at(frame.steps));
    let session = app.session().clone();
    app.shut_down();
    lines(&session)
}

pub(crate) fn app(case: &Case) -> Rocketry {
    let frame = case.frame;
    let config = Config {
        zone: frame.zone,
        timeout: None,
        poll_interval: Duration::from_micros(frame.step.0),
        pause_after_failure: case
            .pause
            .map(|steps| Duration::from_micros(frame.length(steps).0)),
        ..Config::default()
    };
    let tasks = case.tasks.iter().enumerate();
    let app = Rocketry::builder().config(config).calendar(CALENDAR, days_off());
    tasks.fold(app, |app, (index, task)| {
        app.task(builder(frame, name(index), task))
    })
}

fn builder(frame: Frame, name: String, task: &TaskCase) -> TaskBuilder {
    let (runs, begun) = (task.runs.clone(), Arc::new(AtomicUsize::new(0)));
    let function = move |session: Session| {
        let (steps, how) = runs[begun.fetch_add(1, Ordering::Relaxed) % runs.len()];
        let duration = Duration::from_micros(frame.length(steps).0);
        async move {
            if !duration.is_zero() {
                session.clock().sleep(duration).await;
            }
            end(how)
        }
    };
    let mut builder = Task::func(name, function)
        .priority(task.priority)
        .disabled(task.disabled)
        .multilaunch(task.multilaunch)
        .overlap(task.overlap)
        .permanent(task.permanent);
    if task.jitter > 0 {
        builder = builder.jitter(Duration::from_micros(frame.length(task.jitter).0));
    }
    if let Some(start) = &task.start {
        builder = builder.start(start.clone());
    }
    if let Some(end) = &task.end {
        builder = builder.end(end.clone());
    }
    if let Some(steps) = task.timeout {
        builder = builder.timeout(Duration::from_micros(frame.length(steps).0));
    }
    if task.waits {
        builder = builder.first_run(FirstRun::Wait);
    }
    if task.main {
        builder = builder.execution(Execution::Main);
    }
    if let Some(zone) = task.zone {
        builder = builder.timezone(&zone.to_string());
    }
    builder
}

fn end(how: How) -> Result<(), BoxError> {
    match how {
        How::Success => Ok(()),
        How::Error => Err("it failed".into()),
        How::Inaction => Err(Inaction::because("there was nothing to do").into()),
        // A panic that prints nothing.
        How::Panic => resume_unwind(Box::new("it panicked")),
    }
}

pub(crate) fn happen(app: &mut TestApp, frame: Frame, event: Event) {
    let session = app.session();
    let task = |task| session.task(name(task)).expect("the task is in the app");
    match event {
        Event::SetParam(key, value) => session.set_param(key, value.to_owned()),
        Event::RemoveParam(key) => {
            session.remove_param(key);
        }
        Event::Run(index) => drop(task(index).run(Params::new())),
        Event::Disable(index) => task(index).disable(),
        Event::Enable(index) => task(index).enable(),
        Event::Terminate(index) => task(index).terminate(),
        Event::Pause(index, None) => task(index).pause(),
        Event::Pause(index, Some(steps)) => {
            let until = session.now().saturating_add(frame.length(steps));
            task(index).pause_until(until);
        }
        Event::Resume(index) => task(index).resume(),
        Event::SkipNext(index) => task(index).skip_next(),
        Event::Jump(steps) => {
            let to = app.now().saturating_add(frame.length(steps));
            return app.sleep_until(to);
        }
    }
    app.settle();
}

pub(crate) fn lines(session: &Session) -> Vec<Line> {
    let records = session.log(&Query::new()).expect("the log can be read");
    let line = |record: Record| Line {
        task: record.task.to_string(),
        action: record.action,
        at: record.created,
        due: record.due,
    };
    records.into_iter().map(line).collect()
}
