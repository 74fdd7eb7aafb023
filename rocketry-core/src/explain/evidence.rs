//! Evidence: the values behind the parts of a statement, as data.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::log::Action;
use crate::param::RunId;
use crate::time::Timestamp;

/// The value behind a part of a statement.
///
/// Serialised, it is an object whose `kind` is the name of the variant in snake case. Names are stable;
/// fields and variants may be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// `true`, `always`, `false`, `never`.
    Constant,
    /// An interval between runs: `every 10 seconds`.
    Interval {
        /// The start or end from which the interval is measured; `None` if there is none yet.
        last: Option<Timestamp>,
        /// When the interval ends.
        next: Option<Timestamp>,
    },
    /// Once in each occurrence of a period: `daily after 07:00`.
    Period {
        /// The task whose runs count.
        task: Arc<str>,
        /// The current occurrence.
        current: Option<Window>,
        /// When the next occurrence starts.
        next: Option<Timestamp>,
        /// Whether the current occurrence has had its run.
        used_up: bool,
        /// The last action that uses up an occurrence.
        last: Option<PastAction>,
    },
    /// A time of day, week, month or year: `time of day between 22:00 and 06:00`.
    Window {
        /// The window that is currently open.
        current: Option<Window>,
        /// When the next window opens.
        next: Option<Timestamp>,
    },
    /// The end of a run of a task: `after task 'fetch'`.
    Ended {
        /// The awaited task.
        task: Arc<str>,
        /// The ends that count.
        actions: Vec<Action>,
        /// When it last ended in one of these ways.
        ended: Option<Timestamp>,
        /// When the delay after that end is over, if there is a delay.
        delay_over: Option<Timestamp>,
        /// When the task of the statement last started. Earlier ends do not count.
        started: Option<Timestamp>,
    },
    /// How often something happened: `task 'fetch' has failed today at least 3 times`.
    Count {
        /// The task.
        task: Arc<str>,
        /// The actions that are counted.
        actions: Vec<Action>,
        /// How often it happened.
        count: u64,
        /// The required number: `at least 3`.
        wanted: String,
        /// The start of the range in which actions are counted; `None` if all count.
        from: Option<Timestamp>,
        /// When it last happened.
        last: Option<Timestamp>,
    },
    /// Runs in progress: `task 'fetch' is running`.
    Running {
        /// The task.
        task: Arc<str>,
        /// Its runs in progress, oldest first; at most 20.
        runs: Vec<OpenRun>,
        /// The number of runs in progress.
        count: u64,
        /// The required number: `at least 2`.
        wanted: String,
    },
    /// Retries of failures: `retry 3 times`.
    Retry {
        /// The number of failures since the last start that was not a retry.
        failures: u32,
        /// The maximum number of consecutive failures that are retried; `None` if there is no limit.
        limit: Option<u32>,
        /// When the last of them failed.
        failed_at: Option<Timestamp>,
        /// When the wait before the next retry ends.
        again_at: Option<Timestamp>,
    },
    /// The uptime of the scheduler.
    Scheduler {
        /// When it started.
        started: Timestamp,
    },
    /// The cycles of the scheduler.
    Cycles {
        /// The number of cycles so far.
        count: u64,
        /// The required number: `more than 3`.
        wanted: String,
    },
    /// `at most 10 runs`.
    Runs {
        /// The number of runs that have started.
        count: u64,
        /// The maximum number.
        limit: u64,
    },
    /// A parameter of the session.
    Param {
        /// Its name.
        name: String,
        /// Whether the parameter exists.
        exists: bool,
        /// Its value as text, if it has one and is not secret.
        value: Option<String>,
    },
    /// A custom condition, as last evaluated by the scheduler. An explanation never evaluates it.
    Custom {
        /// The last result; `None` if it was never evaluated.
        answer: Option<bool>,
        /// When it was evaluated.
        asked: Option<Timestamp>,
        /// How long the evaluation took, in microseconds.
        took_micros: Option<u64>,
        /// The error of the evaluation, if it failed. A failed evaluation counts as false.
        error: Option<Arc<str>>,
        /// Until when the result is valid. The scheduler then evaluates the condition again, if the statement
        /// still depends on it.
        counts_until: Option<Timestamp>,
    },
    /// The value is unknown for an instant in the past.
    NotKnown,
}

/// A window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// When it starts; `None` if it has always been open.
    pub start: Option<Timestamp>,
    /// When it ends, exclusive; `None` if it never ends.
    pub end: Option<Timestamp>,
}

/// A past action of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastAction {
    /// The action.
    pub action: Action,
    /// When it happened.
    pub at: Timestamp,
}

/// A run in progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenRun {
    /// The task.
    pub task: Arc<str>,
    /// The id of the run.
    pub run_id: RunId,
    /// When it started.
    pub start: Timestamp,
}
