//! The values that parts of a statement see, as data.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::log::Action;
use crate::param::RunId;
use crate::time::Timestamp;

/// The value that a part of a statement sees.
///
/// Serialised, it is an object whose `kind` has the name of its variant in snake case. The names stay stable; fields and variants
/// may be added.
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
        /// When the interval is over.
        next: Option<Timestamp>,
    },
    /// Once in each occurrence of a period: `daily after 07:00`.
    Period {
        /// The task whose runs count.
        task: Arc<str>,
        /// The occurrence at hand.
        current: Option<Window>,
        /// When the next occurrence starts.
        next: Option<Timestamp>,
        /// Whether the occurrence at hand has had its run.
        used_up: bool,
        /// What happened last of what uses up an occurrence.
        last: Option<PastAction>,
    },
    /// A time of the day, week, month or year: `time of day between 22:00 and 06:00`.
    Window {
        /// The window that is open.
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
        /// When it last ended so.
        ended: Option<Timestamp>,
        /// When the delay after that end is over, if there is a delay.
        delay_over: Option<Timestamp>,
        /// When the task of the statement last started: an earlier end does not count.
        started: Option<Timestamp>,
    },
    /// How often something happened: `task 'fetch' has failed today at least 3 times`.
    Count {
        /// The task.
        task: Arc<str>,
        /// What is counted.
        actions: Vec<Action>,
        /// How often it happened.
        count: u64,
        /// How often it has to: `at least 3`.
        wanted: String,
        /// Since when it is counted; `None` if everything counts.
        from: Option<Timestamp>,
        /// When it happened last.
        last: Option<Timestamp>,
    },
    /// Runs under way: `task 'fetch' is running`.
    Running {
        /// The task.
        task: Arc<str>,
        /// Its runs under way, oldest first; at most 20.
        runs: Vec<OpenRun>,
        /// How many runs are under way.
        count: u64,
        /// How many have to be: `at least 2`.
        wanted: String,
    },
    /// Retries of failures: `retry 3 times`.
    Retry {
        /// How many runs have failed since the last start that was no retry.
        failures: u32,
        /// After how many failures in a row a run is made again; `None` if always.
        limit: Option<u32>,
        /// When the last of them failed.
        failed_at: Option<Timestamp>,
        /// When the wait before the next retry is over.
        again_at: Option<Timestamp>,
    },
    /// How long the scheduler has run.
    Scheduler {
        /// When it started.
        started: Timestamp,
    },
    /// The cycles of the scheduler.
    Cycles {
        /// How many it has made.
        count: u64,
        /// How many it has to have made: `more than 3`.
        wanted: String,
    },
    /// `at most 10 runs`.
    Runs {
        /// How many runs have started.
        count: u64,
        /// How many may.
        limit: u64,
    },
    /// A parameter of the session.
    Param {
        /// Its name.
        name: String,
        /// Whether there is such a parameter.
        exists: bool,
        /// Its value as text, if it has one and is no secret.
        value: Option<String>,
    },
    /// A custom condition, as far as the scheduler has called it. An explanation never calls it.
    Custom {
        /// The last answer; `None` if it was never asked for.
        answer: Option<bool>,
        /// When it was asked for.
        asked: Option<Timestamp>,
        /// How long the call took, in microseconds.
        took_micros: Option<u64>,
        /// Why the call failed, if it did. A call that fails counts as false.
        error: Option<Arc<str>>,
        /// Until when the answer counts: the scheduler asks again then, if the statement still depends on it.
        counts_until: Option<Timestamp>,
    },
    /// The value is not known for a past instant.
    NotKnown,
}

/// A window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Window {
    /// When it starts; `None` if it always has been open.
    pub start: Option<Timestamp>,
    /// When it ends, exclusive; `None` if never.
    pub end: Option<Timestamp>,
}

/// Something that happened to a run of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastAction {
    /// What happened.
    pub action: Action,
    /// When.
    pub at: Timestamp,
}

/// A run under way.
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
