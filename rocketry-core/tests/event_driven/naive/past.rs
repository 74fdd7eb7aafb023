//! What has happened, of which nothing is ever forgotten.

use std::sync::Arc;

use rocketry_core::cond::{CondCall, Facts, Resolve, TaskId};
use rocketry_core::log::{History, Series, StartedBy};
use rocketry_core::{Action, Dates, Params, Record, RunId, Timestamp};
use rocketry_syntax::ast::Delta;

use super::runs::Run;
use crate::Line;
use crate::apps::Case;
use crate::days::{CALENDAR, days_off};
use crate::statements::name;

/// What conditions may look at.
pub(super) struct Past {
    histories: Vec<History>,
    pub(super) params: Params,
    pub(super) lines: Vec<Line>,
    startup: Timestamp,
    /// Which tasks' first runs wait for the next period.
    waits: Vec<bool>,
}

impl Past {
    pub(super) fn new(case: &Case) -> Self {
        let mut history = History::default();
        let of_actions = [Series::Happened, Series::Delayed].map(|series| Action::ALL.map(series));
        for series in of_actions
            .into_iter()
            .flatten()
            .chain([Series::Failures, Series::LastStart])
        {
            history.keep(series, Delta(u64::MAX));
        }
        Past {
            histories: vec![history; case.tasks.len()],
            params: Params::new(),
            lines: Vec::new(),
            startup: case.frame.start,
            waits: case.tasks.iter().map(|task| task.waits).collect(),
        }
    }

    /// Records the start of a run. If it was deferred it counts for the period in which it was due.
    pub(super) fn start(&mut self, run: Run, by: StartedBy, deferred: bool, at: Timestamp) {
        let record = self.line(run, Action::Run, at);
        let counts_for = if deferred { run.due } else { at };
        self.histories[run.task].start(&record, by, counts_for);
    }

    /// Notes that a start was skipped. If it was deferred it counts for the period in which it was due.
    pub(super) fn skip(&mut self, task: usize, due: Timestamp, deferred: bool, at: Timestamp) {
        let counts_for = if deferred { due } else { at };
        self.histories[task].skip(due, at, counts_for);
    }

    /// Records the end of a run.
    pub(super) fn end(&mut self, run: Run, action: Action, at: Timestamp) {
        let record = self.line(run, action, at);
        self.histories[run.task].record(&record);
    }

    /// How many runs of a task have failed in a row, and when the last one did, unless its schedule has started another.
    pub(super) fn failures(&self, task: usize) -> Option<(u32, Timestamp)> {
        self.histories[task].failing()
    }

    fn line(&mut self, run: Run, action: Action, at: Timestamp) -> Record {
        let name = name(run.task);
        self.lines.push(Line {
            task: name.clone(),
            action,
            at,
            due: run.due,
        });
        Record {
            task: name.as_str().into(),
            run_id: RunId::Number(run.number),
            action,
            created: at,
            due: run.due,
            start: run.start,
            message: run.overdue.then(|| "it took longer than its timeout".into()),
            extra: None,
        }
    }
}

impl Facts for Past {
    fn history(&self, task: TaskId) -> &History {
        &self.histories[index(task)]
    }

    fn startup(&self) -> Timestamp {
        self.startup
    }

    /// Statements only ask whether there has been one.
    fn cycles(&self) -> u64 {
        1
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn poll_interval(&self) -> Delta {
        Delta(1)
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        self.waits[index(task)].then_some(self.startup)
    }
}

fn index(task: TaskId) -> usize {
    let mut ids = (0u32..).map(TaskId::new);
    ids.position(|id| id == task).expect("the task is in the app")
}

/// Knows the tasks of every case by their names.
pub(super) struct Names;

impl Resolve for Names {
    fn task(&self, wanted: &str) -> Result<TaskId, String> {
        let known = (0..6).find(|task| name(*task) == wanted);
        let index = known.ok_or_else(|| format!("there is no task `{wanted}`"))?;
        Ok(TaskId::new(u32::try_from(index).expect("few tasks")))
    }

    fn phrase(&self, phrase: &str) -> Result<Arc<CondCall>, String> {
        Err(format!("`{phrase}` is given as a call, not as a phrase"))
    }

    fn calendar(&self, name: &str) -> Result<Dates, String> {
        (name == CALENDAR)
            .then(days_off)
            .ok_or_else(|| format!("there is no calendar '{name}'"))
    }

    fn is_made(&self, _param: &str) -> bool {
        false
    }
}
