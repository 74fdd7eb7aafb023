//! Events: everything that happens in an app, for observers.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::audit::AuditEntry;
use super::backfill::BackfillProgress;
use super::changed_option::Override;
use super::hold::Hold;
use super::pause::{Pause, PauseScope};
use crate::choice::chosen;
use crate::error::Error;
use crate::failure::Failure;
use crate::log::{Action, Record};
use crate::time::Timestamp;

/// The maximum number of events that wait to be published.
const LIMIT: usize = 8192;

/// Something that happened in an app: see [`Session::subscribe`](crate::Session::subscribe).
///
/// Serialised, an event is an object whose `event` is the name of its variant in snake case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A run was requested and is queued.
    Requested {
        /// The task.
        task: Arc<str>,
    },
    /// A requested run was refused.
    Refused {
        /// The task.
        task: Arc<str>,
        /// The reason, in words.
        reason: String,
    },
    /// A run that is due or was requested can't start yet.
    Held {
        /// The task.
        task: Arc<str>,
        /// What it waits for.
        hold: Hold,
    },
    /// A run has started. The run log has stored this record.
    Started(Record),
    /// A run has ended. The run log has stored this record.
    Ended(Record),
    /// A start was due but did not happen.
    Skipped {
        /// The task.
        task: Arc<str>,
        /// The reason.
        reason: SkipReason,
        /// The number of consecutive starts.
        count: u64,
    },
    /// A task was added to the running app.
    TaskAdded {
        /// The task.
        task: Arc<str>,
    },
    /// The definition of a task has changed: a condition, its priority, a parameter.
    TaskChanged {
        /// The task.
        task: Arc<str>,
    },
    /// An option of a task that was changed in an earlier life of the app has its value from the code again,
    /// because the code has changed: see [`Task::overrides`](crate::Task::overrides). Published during the
    /// start-up of the app.
    Superseded(Override),
    /// A task was deleted.
    TaskDeleted {
        /// The task.
        task: Arc<str>,
    },
    /// A task was disabled.
    TaskDisabled {
        /// The task.
        task: Arc<str>,
    },
    /// A task was enabled.
    TaskEnabled {
        /// The task.
        task: Arc<str>,
    },
    /// A task, a group or the app was paused, or the end of its pause has changed.
    Paused(Pause),
    /// A task, a group or the app is no longer paused, because it was resumed or its pause has ended.
    Resumed(PauseScope),
    /// The next scheduled start of a task will be skipped.
    SkipsNext {
        /// The task.
        task: Arc<str>,
    },
    /// A backfill of a task was started.
    BackfillStarted {
        /// The task.
        task: Arc<str>,
        /// The number of its runs.
        progress: BackfillProgress,
    },
    /// A backfill of a task has ended.
    BackfillEnded {
        /// The task.
        task: Arc<str>,
        /// The outcomes of its runs.
        progress: BackfillProgress,
    },
    /// An action was taken on behalf of a person or a program: see [`Session::audit`](crate::Session::audit).
    Audited(AuditEntry),
    /// Starts of a task were missed: see [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up).
    CatchesUp {
        /// The task.
        task: Arc<str>,
        /// The number of runs that make up for them.
        runs: usize,
        /// The number of missed starts that are not caught up on.
        left_out: usize,
    },
    /// A failure outside of a run occurred.
    Failed(Failure),
    /// The run log can't be written. No run starts until it can.
    LogPaused {
        /// When this began.
        since: Timestamp,
        /// The reason.
        reason: String,
    },
    /// The run log can be written again.
    LogResumed,
    /// The app has entered a phase.
    PhaseChanged {
        /// The phase.
        phase: Phase,
    },
    /// The leader of the app's [cluster](crate::Rocketry::cluster) has changed, as seen by this node.
    LeaderChanged {
        /// The name of the leader; `None` if there is none or it is unknown.
        leader: Option<Arc<str>>,
    },
    /// A node of the app's [cluster](crate::Rocketry::cluster) has joined or left, was lost or has
    /// reappeared, is draining, or has changed its role: see [`Session::nodes`](crate::Session::nodes).
    NodesChanged,
    /// The subscriber was too slow and has missed events.
    Lagged {
        /// The number of missed events.
        missed: u64,
    },
}

/// The phase of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// The app is a node of a [cluster](crate::Rocketry::cluster) with another leader. Nothing starts here.
    Standby,
    /// The start-up tasks are running.
    Starting,
    /// Tasks start as defined by their statements.
    Up,
    /// Nothing starts any more. Runs in progress may finish.
    Closing,
    /// Nothing starts any more. Runs in progress are terminated.
    Forced,
    /// The app has ended.
    Over,
}

/// The reason why a start that was due did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// It fell due while the task had its maximum number of concurrent runs, and
    /// [`overlap`](crate::TaskBuilder::overlap) is `skip`. If the start is still due when the run ends, it is
    /// late instead of skipped. While the statement stays true, starts count as one.
    Overlap,
    /// It waited for room in a pool until its statement became false.
    Pool,
    /// It waited for the run log until its statement became false.
    Log,
    /// The task was disabled before its deferred start happened.
    Disabled,
    /// The task was changed before its deferred start happened.
    Changed,
    /// It was skipped, or its catch-up was cancelled, on request: see
    /// [`Task::skip_next`](crate::Task::skip_next) and
    /// [`Task::cancel_catch_up`](crate::Task::cancel_catch_up).
    Asked,
    /// The app was late, for instance because the machine was asleep or the app was down, and the statement
    /// had become false by then: a cron expression outside of its grace, or the end of a window. Statements
    /// with custom conditions have no misfires, because the past results of the conditions are unknown.
    Misfire,
}

impl SkipReason {
    /// All reasons.
    pub const ALL: [SkipReason; 7] = [
        SkipReason::Overlap,
        SkipReason::Pool,
        SkipReason::Log,
        SkipReason::Disabled,
        SkipReason::Changed,
        SkipReason::Asked,
        SkipReason::Misfire,
    ];

    /// Returns the name: `overlap`, `pool`, `log`, `disabled`, `changed`, `asked`, `misfire`.
    pub const fn name(self) -> &'static str {
        match self {
            SkipReason::Overlap => "overlap",
            SkipReason::Pool => "pool",
            SkipReason::Log => "log",
            SkipReason::Disabled => "disabled",
            SkipReason::Changed => "changed",
            SkipReason::Asked => "asked",
            SkipReason::Misfire => "misfire",
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for SkipReason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl FromStr for SkipReason {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let known = SkipReason::ALL.map(|reason| (reason.name(), reason));
        chosen(text, "reason of a skipped start", &known)
    }
}

impl<'de> Deserialize<'de> for SkipReason {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        crate::choice::read(from)
    }
}

impl Record {
    /// Returns why a start was skipped, or `None` for the record of a run.
    pub fn skip_reason(&self) -> Option<SkipReason> {
        let reason = self.message.as_deref().filter(|_| self.action == Action::Skip);
        reason?.parse().ok()
    }
}

/// An event on its way to be published.
#[derive(Debug)]
pub(crate) enum Pending {
    Event(Event),
    /// The record at this index among those to be written. It becomes an event once it is complete.
    Record(usize),
}

impl Pending {
    /// The event, given the records that were written with it.
    pub(crate) fn resolve(self, records: &[Record]) -> Event {
        match self {
            Pending::Event(event) => event,
            Pending::Record(place) => {
                let record = records[place].clone();
                if record.action.is_end() {
                    Event::Ended(record)
                } else {
                    Event::Started(record)
                }
            }
        }
    }
}

/// Events that wait for the scheduler. Nothing is kept without subscribers.
#[derive(Debug, Default)]
pub(crate) struct EventQueue {
    subscribers: usize,
    /// Whether `tracing` also receives events.
    is_traced: bool,
    waiting: VecDeque<Event>,
    missed: u64,
}

impl EventQueue {
    /// Returns true if there are subscribers.
    #[inline]
    pub(crate) fn is_wanted(&self) -> bool {
        self.subscribers > 0 || self.is_traced
    }

    /// Sets whether `tracing` receives events.
    pub(crate) fn set_traced(&mut self, is_traced: bool) {
        self.is_traced = is_traced;
    }

    pub(crate) fn add_subscriber(&mut self) {
        self.subscribers += 1;
    }

    pub(crate) fn remove_subscriber(&mut self) {
        self.subscribers -= 1;
        if !self.is_wanted() {
            *self = EventQueue::default();
        }
    }

    /// Adds an event, if there are subscribers. If no scheduler takes the events, the oldest are dropped and
    /// counted.
    pub(crate) fn push(&mut self, event: impl FnOnce() -> Event) {
        if !self.is_wanted() {
            return;
        }
        if self.waiting.len() == LIMIT {
            self.waiting.pop_front();
            self.missed += 1;
        }
        self.waiting.push_back(event());
    }

    /// Moves the events to those to be published.
    pub(crate) fn take(&mut self, into: &mut Vec<Pending>) {
        if self.missed > 0 {
            let missed = std::mem::take(&mut self.missed);
            into.push(Pending::Event(Event::Lagged { missed }));
        }
        into.extend(self.waiting.drain(..).map(Pending::Event));
    }
}
