//! Random apps and the external events that they receive.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::select;
use rocketry_core::{Condition, Overlap, Zone};
use rocketry_syntax::ast::{CondExpr, Every, Interval, Since};

use crate::frame::{Frame, frames};
use crate::statements::{Expr, PARAMS, VALUES, name, statements};

/// An app, its clock and time zone, and the external events that it receives.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) frame: Frame,
    pub(crate) tasks: Vec<TaskCase>,
    /// How many steps a task pauses after a failure that leaves its start condition true, the first time.
    pub(crate) pause: Option<u32>,
    /// The external events, in order, each with the number of steps after which it happens.
    pub(crate) events: Vec<(u32, Event)>,
}

/// A task of an app.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent option of a task"
)]
#[derive(Clone)]
pub(crate) struct TaskCase {
    pub(crate) start: Option<Expr>,
    pub(crate) end: Option<Expr>,
    /// In steps.
    pub(crate) timeout: Option<u32>,
    pub(crate) priority: i32,
    pub(crate) disabled: bool,
    /// Whether its first run waits for the next period.
    pub(crate) waits: bool,
    pub(crate) multilaunch: bool,
    /// The policy for a start that becomes due while it runs.
    pub(crate) overlap: Overlap,
    /// Within how many steps its starts are spread; only where that leaves them on the grid.
    pub(crate) jitter: u32,
    pub(crate) permanent: bool,
    /// Whether it runs on the scheduler itself.
    pub(crate) main: bool,
    pub(crate) zone: Option<Zone>,
    /// The behavior of the runs, in turns.
    pub(crate) runs: Vec<(u32, How)>,
}

/// How a run ends if nothing interrupts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Success,
    Error,
    Panic,
    Inaction,
}

/// An external event.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    SetParam(&'static str, &'static str),
    RemoveParam(&'static str),
    Run(usize),
    Disable(usize),
    Enable(usize),
    Terminate(usize),
    /// A task is paused, for a number of steps or until it is resumed.
    Pause(usize, Option<u32>),
    Resume(usize),
    SkipNext(usize),
    /// The clock is advanced by this many steps at once.
    Jump(u32),
}

impl Case {
    /// Whether a task may be retried over and over at one instant, since nothing slows its failures.
    pub(crate) fn may_spin(&self) -> bool {
        self.pause.is_none() && self.tasks.iter().any(TaskCase::may_spin)
    }

    /// The names of the tasks.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> + use<> {
        (0..self.tasks.len()).map(name)
    }
}

impl TaskCase {
    /// Whether its runs may take no time and are retried at once when they fail.
    fn may_spin(&self) -> bool {
        self.runs.iter().any(|(steps, _)| *steps == 0) && self.start.as_ref().is_some_and(retries_at_once)
    }
}

fn retries_at_once(statement: &Expr) -> bool {
    match statement {
        CondExpr::Retry(retry) => retry.backoff.is_none(),
        CondExpr::All(members) | CondExpr::Any(members) => members.iter().any(retries_at_once),
        CondExpr::Not(inner) => retries_at_once(inner),
        _ => false,
    }
}

impl fmt::Debug for TaskCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statement = |expr: &Expr| Condition::from(expr.clone()).to_string();
        f.debug_struct("TaskCase")
            .field("start", &self.start.as_ref().map(statement))
            .field("end", &self.end.as_ref().map(statement))
            .field("timeout", &self.timeout)
            .field("priority", &self.priority)
            .field("disabled", &self.disabled)
            .field("waits", &self.waits)
            .field("multilaunch", &self.multilaunch)
            .field("overlap", &self.overlap)
            .field("jitter", &self.jitter)
            .field("permanent", &self.permanent)
            .field("main", &self.main)
            .field("zone", &self.zone.map(|zone| zone.to_string()))
            .field("runs", &self.runs)
            .finish()
    }
}

/// Random cases.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    (frames(), 1..=6usize).prop_flat_map(|(frame, tasks)| {
        let event = (0..frame.steps, event(tasks));
        (
            prop::collection::vec(task(frame, tasks), tasks),
            prop::option::of(1..5u32),
            prop::collection::vec(event, 0..8),
        )
            .prop_map(move |(tasks, pause, mut events)| {
                events.sort_by_key(|(step, _)| *step);
                Case {
                    frame,
                    tasks,
                    pause,
                    events,
                }
            })
    })
}

fn event(tasks: usize) -> BoxedStrategy<Event> {
    let (param, value) = (select(&PARAMS[..]), select(&VALUES[..]));
    prop_oneof![
        2 => (param.clone(), value).prop_map(|(param, value)| Event::SetParam(param, value)),
        1 => param.prop_map(Event::RemoveParam),
        2 => (0..tasks).prop_map(Event::Run),
        1 => (0..tasks).prop_map(Event::Disable),
        1 => (0..tasks).prop_map(Event::Enable),
        2 => (0..tasks).prop_map(Event::Terminate),
        1 => (0..tasks, prop::option::weighted(0.7, 1..30u32)).prop_map(|(task, steps)| Event::Pause(task, steps)),
        1 => (0..tasks).prop_map(Event::Resume),
        1 => (0..tasks).prop_map(Event::SkipNext),
        2 => (2..25u32).prop_map(Event::Jump),
    ]
    .boxed()
}

/// A task that runs for at least a step, once at a time, and so can't start over and over at one instant.
fn plain_task(frame: Frame, tasks: usize) -> BoxedStrategy<TaskCase> {
    let how = || {
        select(vec![
            How::Success,
            How::Success,
            How::Error,
            How::Panic,
            How::Inaction,
        ])
    };
    (
        prop::option::weighted(0.95, statements(frame, tasks)),
        prop::option::weighted(0.5, 1..12u32),
        -1..2i32,
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.3),
        select(vec![Overlap::Skip, Overlap::Queue, Overlap::Replace]),
        prop_oneof![Just(0), 1..20u32],
        prop::bool::weighted(0.1),
        prop::option::weighted(0.3, select(vec!["UTC", "Asia/Kolkata", "Europe/Helsinki"])),
        prop::collection::vec((1..12u32, how()), 1..4),
    )
        .prop_map(
            move |(start, timeout, priority, disabled, waits, overlap, jitter, permanent, zone, runs)| {
                TaskCase {
                    start,
                    end: None,
                    timeout,
                    priority,
                    disabled,
                    waits,
                    multilaunch: false,
                    overlap,
                    jitter: if frame.has_all() { jitter } else { 0 },
                    permanent,
                    main: false,
                    zone: zone.map(|zone| zone.parse().expect("there is such a zone")),
                    runs,
                }
            },
        )
        .boxed()
}

/// A task that may run for no time, be cut off at once, or start while it runs; an interval keeps it from doing so
/// over and over at one instant.
fn bounded_task(frame: Frame, tasks: usize) -> BoxedStrategy<TaskCase> {
    (
        plain_task(frame, tasks),
        1..12u32,
        prop::option::of(statements(frame, tasks)),
        any::<bool>(),
        prop::bool::weighted(0.2),
        prop::collection::vec(any::<bool>(), 4),
    )
        .prop_map(move |(plain, steps, end, multilaunch, main, at_once)| {
            let every = CondExpr::Every(Every {
                interval: Interval::Time(frame.length(steps)),
                since: Since::Start,
            });
            let runs = plain.runs.iter().zip(at_once);
            TaskCase {
                start: plain.start.clone().map(|start| every & start),
                end,
                multilaunch,
                overlap: if multilaunch { Overlap::Skip } else { plain.overlap },
                main,
                runs: runs
                    .map(|((steps, how), at_once)| (if main || at_once { 0 } else { *steps }, *how))
                    .collect(),
                ..plain.clone()
            }
        })
        .prop_filter("an app refuses what can never be true", |task| {
            task.start
                .as_ref()
                .is_none_or(|start| start.contradiction().is_none())
        })
        .boxed()
}

fn task(frame: Frame, tasks: usize) -> BoxedStrategy<TaskCase> {
    prop_oneof![plain_task(frame, tasks), bounded_task(frame, tasks)].boxed()
}
