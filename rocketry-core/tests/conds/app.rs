//! An app that is nothing but its past, and a short way to write that down.

use std::ops::{Deref, DerefMut};

use rocketry_core::Condition;
use rocketry_core::cond::{Observation, Plan, TaskId, Verdict};
use rocketry_core::log::{Action, StartedBy};
use rocketry_core::param::Params;
use rocketry_core::time::Timestamp;

use crate::world::{Event, World};

/// Tasks `t` (the owner of every statement), `a` and `b`, and what has happened to them.
pub(crate) struct App(World);

pub(crate) const T: u32 = 0;
pub(crate) const A: u32 = 1;
pub(crate) const B: u32 = 2;
const NAMES: [&str; 3] = ["t", "a", "b"];

impl Deref for App {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl DerefMut for App {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.0
    }
}

impl App {
    pub(crate) fn new() -> Self {
        let mut world = World::new(NAMES, at("10:00"));
        world.cycles = 7;
        world.params = Params::new().with("env", "test").with("x", "myval").with("n", 5);
        App(world)
    }

    /// Makes a condition of `t` ready, and keeps from now on what it has to count.
    pub(crate) fn plan(&mut self, condition: impl Into<Condition>) -> Plan {
        let owner = self.owner();
        self.0.plan(&condition.into(), owner)
    }

    /// Notes events such as `t run 12:03 due 12:00, t success 12:04`. A start by a retry is a `retry`, one by a request a
    /// `request`.
    pub(crate) fn log(&mut self, events: &str) {
        for event in events.split(", ").filter(|event| !event.is_empty()) {
            let (event, due) = match event.split_once(" due ") {
                Some((event, due)) => (event, Some(at(due))),
                None => (event, None),
            };
            let words: Vec<&str> = event.splitn(3, ' ').collect();
            let [task, action, created] = words[..] else {
                panic!("`{event}` is not an event")
            };
            let (action, by) = match action {
                "retry" => (Action::Run, StartedBy::Retry),
                "request" => (Action::Run, StartedBy::Request),
                action => (action.parse().expect("an action"), StartedBy::Schedule),
            };
            let event = Event {
                action,
                at: at(created),
                due,
                by,
                run_id: None,
            };
            self.0.record(task, &event);
        }
    }

    /// Notes one event; an end is that of the oldest open run.
    pub(crate) fn record(&mut self, task: u32, action: Action, at: Timestamp) {
        let event = Event {
            action,
            at,
            due: None,
            by: StartedBy::Schedule,
            run_id: None,
        };
        self.0.record(NAMES[task as usize], &event);
    }

    pub(crate) fn seen<'a>(&'a self, now: Timestamp, answers: &'a [Option<bool>]) -> Observation<'a> {
        self.0.seen(self.owner(), now, answers)
    }

    pub(crate) fn look(&self, plan: &Plan, now: Timestamp) -> Verdict {
        self.0.observe(plan, self.owner(), now)
    }

    fn owner(&self) -> TaskId {
        self.0.id(NAMES[T as usize])
    }
}

/// An instant on the day of most tests, a Wednesday (`12:00`), in its year (`05-16 12:00`), or in full.
pub(crate) fn at(text: &str) -> Timestamp {
    let time = |time: &str| {
        if time.len() == 5 {
            format!("{time}:00")
        } else {
            time.to_owned()
        }
    };
    let full = match text.split_once(' ') {
        None => format!("2024-05-15T{}", time(text)),
        Some((day, clock)) if day.len() == 5 => format!("2024-{day}T{}", time(clock)),
        Some((day, clock)) => format!("{day}T{}", time(clock)),
    };
    full.parse().unwrap_or_else(|error| panic!("`{text}`: {error}"))
}
