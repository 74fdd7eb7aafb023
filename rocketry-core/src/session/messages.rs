//! Messages about the state of the app: its start, its end, and the lines on the console.
//!
//! They are never written under the lock of the state, because the subscriber may be user code.

use std::sync::Arc;

use tracing::level_filters::LevelFilter;

use super::Session;
use super::console::Console;
use crate::engine::next_start::next_start;
use crate::engine::run::StopReason;
use crate::engine::state::{Phase, State};
use crate::error::Error;
use crate::failure::Part;
use crate::log::{Action, Record};
use crate::time::Timestamp;

/// The maximum number of tasks for which the message contains the next start, because finding it takes time
/// for each task.
const MOST_LOOKED_AT: usize = 1000;

/// The maximum number of tasks to name in a message.
const MOST_NAMED: usize = 5;

/// Returns true if a `tracing` subscriber is interested in any event.
pub(crate) fn is_traced() -> bool {
    LevelFilter::current() != LevelFilter::OFF
}

impl Session {
    /// Prints important events to standard error, unless the settings disable this or a `tracing` subscriber
    /// listens.
    pub(crate) fn open_console(&self) {
        if self.clock().as_manual().is_none() {
            self.open_console_of_any();
        }
    }

    /// Prints them in a test as well, which is silent otherwise.
    fn open_console_of_any(&self) {
        let is_heard = tracing::dispatcher::get_default(|subscriber| {
            !subscriber.is::<tracing::subscriber::NoSubscriber>()
        });
        let config = self.config();
        if config.console && !is_heard {
            self.0.console.get_or_init(|| Console::new(config.zone));
        }
    }

    /// Reports what the app waits for. A test that hangs because of it would show nothing else.
    pub(crate) fn fail_waiting(&self, task: Option<&Arc<str>>, error: Error) {
        self.open_console_of_any();
        self.fail(Part::Waiting, task, error);
    }

    fn console(&self) -> Option<&Console> {
        self.0.console.get()
    }

    /// Returns true if any message would be seen.
    fn is_heard(&self) -> bool {
        self.console().is_some() || is_traced()
    }

    /// Prints a line, unless the app runs in a test. Tests print failures only.
    fn say(&self, line: impl FnOnce() -> String) {
        if let Some(console) = self.console().filter(|_| self.clock().as_manual().is_none()) {
            console.line(self.now(), &line());
        }
    }

    /// Reports that the app has started up.
    pub(crate) fn report_started(&self) {
        if !self.is_heard() {
            return;
        }
        let now = self.now();
        let (tasks, next) = next_of(&self.state(), now);
        let zone = self.config().zone;
        let next = next.map(|(task, at)| {
            if at <= now {
                return format!("`{task}` is due now");
            }
            let at = at.in_zone(&zone).format("%Y-%m-%d %H:%M:%S");
            format!("`{task}` is due next, at {at}")
        });
        tracing::info!(target: "rocketry::app", tasks, next, "the app has started");
        let next = next.map_or_else(String::new, |next| format!("; {next}"));
        self.say(|| format!("started with {}{next}", counted(tasks, "task")));
    }

    /// Reports that there is nothing to run.
    pub(crate) fn report_empty(&self) {
        const EMPTY: &str = "the app has no tasks, so it ends: annotate a function with `#[task]`, or add a task with \
                             `.task(…)`; `Rocketry::builder()` leaves out what is annotated, `Rocketry::new()` does not";
        tracing::warn!(target: "rocketry::app", "{EMPTY}");
        self.say(|| EMPTY.to_owned());
    }

    /// Prints failed runs on the console.
    #[inline]
    pub(crate) fn say_records(&self, records: &[Record]) {
        if let Some(console) = self.console() {
            // Almost all records are about runs that start or end well.
            let told = records.iter().filter(|record| is_essential(record));
            told.for_each(|record| console.failure(self.now(), &ended(record)));
        }
    }

    /// The tasks that an app waits for while it shuts down; `None` if no message is needed or it was already
    /// printed.
    pub(super) fn waits_for(&self, state: &State, phase: Phase) -> Option<Vec<Arc<str>>> {
        if state.phase >= phase || phase == Phase::Over || !self.is_heard() {
            return None;
        }
        let running = state.ids().filter(|id| !state.task(*id).runs.running.is_empty());
        Some(running.map(|id| state.task(id).spec.name.clone()).collect())
    }

    /// Reports that the app is shutting down, and what it waits for.
    pub(super) fn report_closing(&self, what: &str, phase: Phase, tasks: &[Arc<str>]) {
        let names = named(tasks);
        let waits = match (tasks, phase) {
            ([], _) => String::new(),
            (_, Phase::Forced) => format!("; cuts off {names}"),
            _ => format!("; waits for {names}"),
        };
        tracing::info!(target: "rocketry::app", running = names, "{what}{waits}");
        self.say(|| format!("{what}{waits}"));
    }

    /// Prints a failure outside of a run on the console.
    pub(super) fn say_failure(&self, message: &str) {
        if let Some(console) = self.console() {
            console.failure(self.now(), message);
        }
    }
}

/// The number of tasks, and the next start, unless there are too many tasks to search.
fn next_of(state: &State, now: Timestamp) -> (usize, Option<(Arc<str>, Timestamp)>) {
    let tasks = || state.ids().filter(|id| !state.task(*id).deleted);
    let count = tasks().count();
    if count > MOST_LOOKED_AT {
        return (count, None);
    }
    let next = tasks()
        .filter_map(|id| Some((next_start(state, id, now)?, id)))
        .min();
    let next = next.map(|(at, id)| (state.task(id).spec.name.clone(), at));
    (count, next)
}

/// Returns true if a record is printed when only important events are.
#[inline]
fn is_essential(record: &Record) -> bool {
    match record.action {
        Action::Fail | Action::Crash => true,
        Action::Terminate => !is_of_shut_down(record),
        Action::Run | Action::Success | Action::Inaction | Action::Skip => false,
    }
}

/// Returns true if a run was terminated because the app shuts down.
pub(super) fn is_of_shut_down(record: &Record) -> bool {
    record.message.as_deref() == Some(StopReason::ShutDown.message())
}

/// The end of a run as one line.
fn ended(record: &Record) -> String {
    let how = match record.action {
        Action::Terminate => "was terminated",
        Action::Crash => "crashed",
        _ => "failed",
    };
    let after = record.runtime().unwrap_or_default();
    let why = record.message.as_deref().unwrap_or("for no known reason");
    format!("task `{}` {how} after {after:.1?}: {why}", record.task)
}

/// `2 tasks`.
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The names of some tasks, and the number of the remaining ones.
fn named(tasks: &[Arc<str>]) -> String {
    let shown = tasks.iter().take(MOST_NAMED).map(|task| format!("`{task}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match tasks.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, named};

    #[test]
    fn many_names_are_cut_short() {
        let names = |count: usize| (0..count).map(|n| format!("t{n}").into()).collect::<Vec<_>>();
        assert_eq!(named(&names(1)), "`t0`");
        assert_eq!(named(&names(7)), "`t0`, `t1`, `t2`, `t3`, `t4` and 2 more");
        assert_eq!(
            (counted(1, "task"), counted(2, "task")),
            ("1 task".into(), "2 tasks".into())
        );
    }
}
