//! Events: what happens in an app, for everything that watches it.

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

/// How many events wait to be published at most.
const LIMIT: usize = 8192;

/// Something that happened in an app: see [`Session::subscribe`](crate::Session::subscribe).
///
/// Serialised, an event is an object whose `event` has the name of its variant in snake case.
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
    /// A requested run is not made.
    Refused {
        /// The task.
        task: Arc<str>,
        /// Why, in words.
        reason: String,
    },
    /// A run that is due or was requested is held back.
    Held {
        /// The task.
        task: Arc<str>,
        /// What it waits for.
        hold: Hold,
    },
    /// A run has started. The run log keeps this record.
    Started(Record),
    /// A run has ended. The run log keeps this record.
    Ended(Record),
    /// A start was due and is not made.
    Skipped {
        /// The task.
        task: Arc<str>,
        /// Why.
        reason: SkipReason,
        /// How many starts in a row.
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
    /// An option of a task that was changed in an earlier life of the app has the code's value again, because the code
    /// has changed since: see [`Task::overrides`](crate::Task::overrides). It comes at the start-up of the app.
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
    /// A task, a group or the app is paused from now on, or the end of its pause has changed.
    Paused(Pause),
    /// A task, a group or the app is no longer paused: it was resumed, or its pause has ended.
    Resumed(PauseScope),
    /// The next start of a task by its schedule is to be skipped.
    SkipsNext {
        /// The task.
        task: Arc<str>,
    },
    /// A backfill of a task was started.
    BackfillStarted {
        /// The task.
        task: Arc<str>,
        /// How many runs it makes.
        progress: BackfillProgress,
    },
    /// A backfill of a task is over.
    BackfillEnded {
        /// The task.
        task: Arc<str>,
        /// How its runs have ended.
        progress: BackfillProgress,
    },
    /// Something was done to the app on behalf of a person or a program: see [`Session::audit`](crate::Session::audit).
    Audited(AuditEntry),
    /// Starts of a task were missed: see [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up).
    CatchesUp {
        /// The task.
        task: Arc<str>,
        /// How many runs make up for them.
        runs: usize,
        /// How many of them are not made.
        left_out: usize,
    },
    /// Something other than a run has failed.
    Failed(Failure),
    /// The run log can't be written: no run starts until it can.
    LogPaused {
        /// Since when.
        since: Timestamp,
        /// Why.
        reason: String,
    },
    /// The run log can be written again.
    LogResumed,
    /// The app has entered a phase.
    PhaseChanged {
        /// The phase.
        phase: Phase,
    },
    /// The node that leads the [cluster](crate::Rocketry::cluster) of the app has changed, as this node sees it.
    LeaderChanged {
        /// The name of the node that leads; `None` if none does, or that is not known.
        leader: Option<Arc<str>>,
    },
    /// A node of the [cluster](crate::Rocketry::cluster) of the app has come or left, is not heard of or heard of again, drains, or has
    /// another part in the lead: see [`Session::nodes`](crate::Session::nodes).
    NodesChanged,
    /// The subscriber was too slow and has missed events.
    Lagged {
        /// How many.
        missed: u64,
    },
}

/// The phase of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// The app is a node of a [cluster](crate::Rocketry::cluster) that another node leads: nothing starts here.
    Standby,
    /// The start-up tasks run.
    Starting,
    /// Tasks start as their statements say.
    Up,
    /// Nothing starts any more; the runs under way may end.
    Closing,
    /// Nothing starts any more; the runs under way are cut off.
    Forced,
    /// The app has ended.
    Over,
}

/// Why a start that was due is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// It came while the task had as many concurrent runs as it may, and [`overlap`](crate::TaskBuilder::overlap) is `skip`.
    /// A start that is still due when the run ends is late instead. Starts count as one while the statement stays true.
    Overlap,
    /// It waited for room in a pool until its statement was false again.
    Pool,
    /// It waited for the run log until its statement was false again.
    Log,
    /// The task was disabled before its deferred start was made.
    Disabled,
    /// The task was changed before its deferred start was made.
    Changed,
    /// It was to be skipped, or was not to be made up for: see [`Task::skip_next`](crate::Task::skip_next) and
    /// [`Task::cancel_catch_up`](crate::Task::cancel_catch_up).
    Asked,
    /// The app was late, for instance because the machine slept or the app did not run, and the statement was false again
    /// by the time that it looked: a cron expression outside of its grace, or the end of a window. What custom conditions
    /// would have said is not known, so a statement with one has none.
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

    /// The name: `overlap`, `pool`, `log`, `disabled`, `changed`, `asked`, `misfire`.
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
    /// Returns why a start was skipped; `None` for the record of a run.
    pub fn skip_reason(&self) -> Option<SkipReason> {
        let reason = self.message.as_deref().filter(|_| self.action == Action::Skip);
        reason?.parse().ok()
    }
}

/// An event on its way to be published.
#[derive(Debug)]
pub(crate) enum Pending {
    Event(Event),
    /// The record at this place among those to be written. It becomes an event once it is complete.
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

/// Events that wait for the scheduler. Nothing is kept while nothing subscribes.
#[derive(Debug, Default)]
pub(crate) struct EventQueue {
    subscribers: usize,
    /// Whether `tracing` is told of events as well.
    is_traced: bool,
    waiting: VecDeque<Event>,
    missed: u64,
}

impl EventQueue {
    /// Whether anything subscribes.
    #[inline]
    pub(crate) fn is_wanted(&self) -> bool {
        self.subscribers > 0 || self.is_traced
    }

    /// Sets whether `tracing` is told of events.
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

    /// Adds an event, if anything subscribes. Without a scheduler that takes them, the oldest are dropped and counted.
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

    /// Moves the events to those that are to be published.
    pub(crate) fn take(&mut self, into: &mut Vec<Pending>) {
        if self.missed > 0 {
            let missed = std::mem::take(&mut self.missed);
            into.push(Pending::Event(Event::Lagged { missed }));
        }
        into.extend(self.waiting.drain(..).map(Pending::Event));
    }
}
