//! An entry of a calendar or a picture.

use std::sync::Arc;

use crate::log::{Action, Record};
use crate::preview::PlannedStart;
use crate::simulate::SimulatedRun;
use crate::time::Timestamp;

/// A start or a run to export.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The name of the task.
    pub task: Arc<str>,
    /// When the run starts.
    pub start: Timestamp,
    /// When it ends, if known.
    pub end: Option<Timestamp>,
    /// How it ends, if known.
    pub action: Option<Action>,
    /// A note.
    pub note: Option<String>,
}

impl Entry {
    /// Creates an entry for a start of a task.
    pub fn new(task: impl Into<Arc<str>>, start: Timestamp) -> Self {
        Entry {
            task: task.into(),
            start,
            end: None,
            action: None,
            note: None,
        }
    }

    /// Creates an entry for a planned start of a task. A change of the clock becomes its note.
    pub fn planned(task: &str, start: PlannedStart) -> Self {
        Entry {
            task: task.into(),
            start: start.at,
            end: None,
            action: None,
            note: start.clock_change.map(|change| change.to_string()),
        }
    }

    /// Creates an entry for a run from the record of its end.
    ///
    /// ```
    /// use rocketry::{Action, Query, Rocketry, export::Entry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// app.run_until("2026-01-08T00:00:00Z");
    /// let ends = app.records(&Query::new().action(Action::Success));
    /// assert_eq!(ends.iter().map(Entry::recorded).count(), 7);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn recorded(record: &Record) -> Self {
        Entry {
            task: record.task.clone(),
            start: record.start,
            end: record.end(),
            action: Some(record.action).filter(|action| action.is_end()),
            note: record.message.as_deref().map(str::to_owned),
        }
    }
}

impl From<&SimulatedRun> for Entry {
    fn from(run: &SimulatedRun) -> Self {
        Entry {
            task: run.task.clone(),
            start: run.start,
            end: run.end,
            action: Some(run.action).filter(|action| action.is_end()),
            note: None,
        }
    }
}
