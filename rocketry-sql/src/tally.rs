//! The tallies of each task since the last roll-up.

use rocketry_core::Action;
#[cfg(feature = "sqlite")]
use rocketry_core::Timestamp;
#[cfg(feature = "sqlite")]
use rocketry_core::log::TaskPast;

/// The columns of a task's tallies, in the order of [`Tally::columns`].
pub(crate) const COLUMNS: [&str; 16] = [
    "task",
    "last_action",
    "last_due",
    "run_count",
    "last_run",
    "success_count",
    "last_success",
    "fails_in_row",
    "fail_count",
    "last_fail",
    "terminate_count",
    "last_terminate",
    "inaction_count",
    "last_inaction",
    "crash_count",
    "last_crash",
];

/// How many of the columns are enough for a task that has only succeeded.
#[cfg(feature = "sqlite")]
pub(crate) const USUAL: usize = 7;

/// The end of the statement that adds tallies: `was` is the stored row, `excluded` the added one.
pub(crate) const ADD: &str = "ON CONFLICT (task) DO UPDATE SET \
    last_action = excluded.last_action, last_due = coalesce(excluded.last_due, was.last_due), \
    run_count = was.run_count + excluded.run_count, last_run = coalesce(excluded.last_run, was.last_run), \
    success_count = was.success_count + excluded.success_count, \
    last_success = coalesce(excluded.last_success, was.last_success), \
    fail_count = was.fail_count + excluded.fail_count, last_fail = coalesce(excluded.last_fail, was.last_fail), \
    terminate_count = was.terminate_count + excluded.terminate_count, \
    last_terminate = coalesce(excluded.last_terminate, was.last_terminate), \
    inaction_count = was.inaction_count + excluded.inaction_count, \
    last_inaction = coalesce(excluded.last_inaction, was.last_inaction), \
    crash_count = was.crash_count + excluded.crash_count, \
    last_crash = coalesce(excluded.last_crash, was.last_crash), \
    fails_in_row = excluded.fails_in_row + CASE WHEN excluded.success_count + excluded.terminate_count + \
        excluded.inaction_count + excluded.crash_count > 0 THEN 0 ELSE was.fails_in_row END";

/// The tallies of the records since the last roll-up.
#[derive(Debug, Default)]
pub(crate) struct Since {
    /// The tallies of tasks, in order of first appearance.
    pub(crate) tasks: Vec<(i64, Tally)>,
    /// The index of each task in `tasks`, by its number; [`NOWHERE`] if it is not there.
    places: Vec<u32>,
    pub(crate) records: usize,
    /// The start records of runs that the database lists as open, and that have ended.
    pub(crate) ended: Vec<i64>,
}

const NOWHERE: u32 = u32::MAX;

/// What tallies need of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noted {
    pub(crate) task: i64,
    pub(crate) action: Action,
    pub(crate) created: i64,
    pub(crate) due: i64,
}

/// The tallies of a task.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    counts: [u32; 6],
    /// The last instant of each action that has happened.
    last: [i64; 6],
    last_action: Action,
    last_due: i64,
    fails_in_row: u32,
}

impl Since {
    pub(crate) fn note(&mut self, what: Noted) {
        let index = index(what.task);
        if self.places.len() <= index {
            self.places.resize(index + 1, NOWHERE);
        }
        let place = &mut self.places[index];
        if *place == NOWHERE {
            *place = u32::try_from(self.tasks.len()).unwrap_or(NOWHERE);
            self.tasks.push((what.task, Tally::new(what.action)));
        }
        self.tasks[*place as usize].1.note(what);
    }

    /// The tasks with a started run.
    pub(crate) fn started(&self) -> impl Iterator<Item = i64> {
        let started = self.tasks.iter().filter(|(_, tally)| tally.has(Action::Run));
        started.map(|(task, _)| *task)
    }
}

/// The index of a task. The numbers of tasks start at 1.
pub(crate) fn index(task: i64) -> usize {
    usize::try_from(task).unwrap_or(0)
}

/// The values of [`COLUMNS`] for the past of a task.
#[cfg(feature = "sqlite")]
pub(crate) fn columns_of(task: i64, past: &TaskPast) -> [Option<i64>; COLUMNS.len()] {
    let count = |action: Action| Some(past.tallies[action as usize].count.cast_signed());
    let last = |action: Action| past.tallies[action as usize].last.map(Timestamp::as_micros);
    let has_run = past.tallies[Action::Run as usize].count > 0;
    arranged(
        [
            Some(task),
            past.last.map(|action| i64::from(action as u8)),
            has_run.then_some(past.last_due.as_micros()),
            Some(i64::from(past.fails_in_row)),
        ],
        count,
        last,
    )
}

/// Arranges values in the order of [`COLUMNS`]: the task, its last action, when the last run was due, the
/// failures in a row, and the count and last instant of each action.
fn arranged(
    [task, last_action, last_due, fails_in_row]: [Option<i64>; 4],
    count: impl Fn(Action) -> Option<i64>,
    last: impl Fn(Action) -> Option<i64>,
) -> [Option<i64>; COLUMNS.len()] {
    [
        task,
        last_action,
        last_due,
        count(Action::Run),
        last(Action::Run),
        count(Action::Success),
        last(Action::Success),
        fails_in_row,
        count(Action::Fail),
        last(Action::Fail),
        count(Action::Terminate),
        last(Action::Terminate),
        count(Action::Inaction),
        last(Action::Inaction),
        count(Action::Crash),
        last(Action::Crash),
    ]
}

impl Tally {
    fn new(action: Action) -> Self {
        Tally {
            counts: [0; 6],
            last: [0; 6],
            last_action: action,
            last_due: 0,
            fails_in_row: 0,
        }
    }

    fn note(&mut self, what: Noted) {
        let index = what.action as usize;
        self.counts[index] += 1;
        self.last[index] = what.created;
        self.last_action = what.action;
        match what.action {
            Action::Run => self.last_due = what.due,
            Action::Fail => self.fails_in_row += 1,
            _ => self.fails_in_row = 0,
        }
    }

    fn has(&self, action: Action) -> bool {
        self.counts[action as usize] > 0
    }

    /// Returns whether the task has only started and succeeded.
    #[cfg(feature = "sqlite")]
    pub(crate) fn is_usual(&self) -> bool {
        self.counts[Action::Fail as usize..]
            .iter()
            .all(|count| *count == 0)
    }

    /// The values of [`COLUMNS`].
    pub(crate) fn columns(&self, task: i64) -> [Option<i64>; COLUMNS.len()] {
        let count = |action: Action| Some(i64::from(self.counts[action as usize]));
        let last = |action: Action| self.has(action).then(|| self.last[action as usize]);
        arranged(
            [
                Some(task),
                Some(i64::from(self.last_action as u8)),
                self.has(Action::Run).then_some(self.last_due),
                Some(i64::from(self.fails_in_row)),
            ],
            count,
            last,
        )
    }
}
