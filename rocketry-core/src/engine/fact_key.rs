//! The keys of facts, and the JSON of facts that have parts.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::deferred::DeferredStart;
use super::pause::PauseScope;
use super::task_option::TaskOption;
use crate::cluster::RELAYED;
use crate::log::Cause;
use crate::param::Wire;
use crate::time::Timestamp;

/// The subject of a fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FactKey {
    /// An option of a task that differs from the code.
    Option(TaskOption, Arc<str>),
    /// The last result of a task.
    Result(Arc<str>),
    /// A parameter of a task; `null` if it was removed although the code declares it.
    TaskParam(Arc<str>, Arc<str>),
    /// A parameter of the session; `null` if it was removed although the code declares it.
    Param(Arc<str>),
    /// A requested run, by its number.
    Request(u64),
    /// A deferred start of a task.
    Deferred(Arc<str>),
    /// The number of consecutive crashes of the app while a task ran.
    Crashes(Arc<str>),
    /// When the app ended last.
    Ended,
    /// The count of a task's schedule, where it does not follow from the records.
    Counted(Arc<str>),
    /// A pause.
    Paused(PauseScope),
    /// Whether the next start of a task by its schedule is to be skipped.
    SkipNext(Arc<str>),
    /// When a task was first seen whose first run waits, in microseconds; until it has run.
    FirstSeen(Arc<str>),
    /// A backfill of a task that is in progress.
    Backfill(Arc<str>),
    /// The progress of a task's backfill.
    BackfillPlace(Arc<str>),
    /// A note of the app.
    Note(Arc<str>),
    /// An entry of the audit log, by its number.
    Audit(u64),
    /// The catch-up of a task, and the instant up to which its starts were checked.
    CatchUp(Arc<str>),
    /// The progress of a catch-up.
    CatchUpPlace(Arc<str>),
    /// The number of the last call of another node that was made.
    Relayed,
}

impl fmt::Display for FactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactKey::Option(option, task) => write!(f, "{option}/{task}"),
            FactKey::Result(task) => write!(f, "result/{task}"),
            // A name may contain any character, so its length comes first.
            FactKey::TaskParam(task, key) => write!(f, "task_param/{}/{task}/{key}", task.len()),
            FactKey::Param(key) => write!(f, "param/{key}"),
            FactKey::Request(number) => write!(f, "batch/{number:020}"),
            FactKey::Deferred(task) => write!(f, "pending/{task}"),
            FactKey::Crashes(task) => write!(f, "crashes/{task}"),
            FactKey::Ended => f.write_str("app/ended"),
            FactKey::Counted(task) => write!(f, "counted/{task}"),
            FactKey::Paused(PauseScope::App) => f.write_str("paused/app"),
            FactKey::Paused(PauseScope::Group(group)) => write!(f, "paused/group/{group}"),
            FactKey::Paused(PauseScope::Task(task)) => write!(f, "paused/task/{task}"),
            FactKey::SkipNext(task) => write!(f, "skip_next/{task}"),
            FactKey::FirstSeen(task) => write!(f, "first_seen/{task}"),
            FactKey::Backfill(task) => write!(f, "backfill/{task}"),
            FactKey::BackfillPlace(task) => write!(f, "backfill_place/{task}"),
            FactKey::Note(name) => write!(f, "note/{name}"),
            FactKey::Audit(number) => write!(f, "audit/{number:020}"),
            FactKey::CatchUp(task) => write!(f, "catch_up/{task}"),
            FactKey::CatchUpPlace(task) => write!(f, "catch_up_place/{task}"),
            FactKey::Relayed => f.write_str(RELAYED),
        }
    }
}

impl FactKey {
    /// The task that the fact concerns; none for facts of the app and of requested runs.
    pub(crate) fn task(&self) -> Option<&Arc<str>> {
        match self {
            FactKey::Option(_, task)
            | FactKey::Result(task)
            | FactKey::TaskParam(task, _)
            | FactKey::Deferred(task)
            | FactKey::Crashes(task)
            | FactKey::Counted(task)
            | FactKey::Paused(PauseScope::Task(task))
            | FactKey::SkipNext(task)
            | FactKey::FirstSeen(task)
            | FactKey::Backfill(task)
            | FactKey::BackfillPlace(task)
            | FactKey::CatchUp(task)
            | FactKey::CatchUpPlace(task) => Some(task),
            FactKey::Param(_)
            | FactKey::Request(_)
            | FactKey::Audit(_)
            | FactKey::Ended
            | FactKey::Relayed
            | FactKey::Note(_)
            | FactKey::Paused(PauseScope::App | PauseScope::Group(_)) => None,
        }
    }

    /// Returns true if the fact overrides what the code declares, rather than being a state of its own.
    pub(crate) fn is_override(&self) -> bool {
        !matches!(
            self,
            FactKey::Result(_)
                | FactKey::Request(_)
                | FactKey::Deferred(_)
                | FactKey::Crashes(_)
                | FactKey::Ended
                | FactKey::Counted(_)
                | FactKey::Paused(_)
                | FactKey::SkipNext(_)
                | FactKey::FirstSeen(_)
                | FactKey::Backfill(_)
                | FactKey::BackfillPlace(_)
                | FactKey::Note(_)
                | FactKey::Audit(_)
                | FactKey::CatchUp(_)
                | FactKey::CatchUpPlace(_)
                | FactKey::Relayed
        )
    }

    /// Reads a key; `None` for one of another version of this crate.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('/')?;
        Some(match kind {
            "result" => FactKey::Result(rest.into()),
            "task_param" => {
                let (length, rest) = rest.split_once('/')?;
                let (task, key) = rest.split_at_checked(length.parse().ok()?)?;
                FactKey::TaskParam(task.into(), key.strip_prefix('/')?.into())
            }
            "param" => FactKey::Param(rest.into()),
            "batch" => FactKey::Request(rest.parse().ok()?),
            "pending" => FactKey::Deferred(rest.into()),
            "crashes" => FactKey::Crashes(rest.into()),
            "app" if rest == "ended" => FactKey::Ended,
            "cluster" if text == RELAYED => FactKey::Relayed,
            "counted" => FactKey::Counted(rest.into()),
            "paused" => FactKey::Paused(match rest.split_once('/') {
                None if rest == "app" => PauseScope::App,
                Some(("group", group)) => PauseScope::Group(group.into()),
                Some(("task", task)) => PauseScope::Task(task.into()),
                _ => return None,
            }),
            "skip_next" => FactKey::SkipNext(rest.into()),
            "first_seen" => FactKey::FirstSeen(rest.into()),
            "backfill" => FactKey::Backfill(rest.into()),
            "backfill_place" => FactKey::BackfillPlace(rest.into()),
            "note" => FactKey::Note(rest.into()),
            "audit" => FactKey::Audit(rest.parse().ok()?),
            "catch_up" => FactKey::CatchUp(rest.into()),
            "catch_up_place" => FactKey::CatchUpPlace(rest.into()),
            option => FactKey::Option(option.parse().ok()?, rest.into()),
        })
    }
}

/// A requested run as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RequestFact {
    pub(crate) task: String,
    pub(crate) params: BTreeMap<String, Wire>,
    #[serde(default)]
    pub(crate) if_due: bool,
    #[serde(default = "plainly_requested")]
    pub(crate) cause: Cause,
}

fn plainly_requested() -> Cause {
    Cause::Request { by: None }
}

impl RequestFact {
    /// The JSON of a run without parameters of its own.
    pub(crate) fn plain(task: &Arc<str>, if_due: bool, cause: &Cause) -> Option<Arc<str>> {
        let fact = RequestFact {
            task: task.to_string(),
            params: BTreeMap::new(),
            if_due,
            cause: cause.clone(),
        };
        serde_json::to_string(&fact).ok().map(Arc::from)
    }
}

/// A deferred start as JSON. Instants are in microseconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeferredFact {
    due: i64,
    at: i64,
    overlaps: bool,
}

impl DeferredFact {
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers can be turned into JSON")
    }
}

impl From<DeferredStart> for DeferredFact {
    fn from(start: DeferredStart) -> Self {
        DeferredFact {
            due: start.due.as_micros(),
            at: start.at.as_micros(),
            overlaps: start.overlaps,
        }
    }
}

impl From<DeferredFact> for DeferredStart {
    fn from(fact: DeferredFact) -> Self {
        DeferredStart {
            due: Timestamp::from_micros(fact.due),
            at: Timestamp::from_micros(fact.at),
            overlaps: fact.overlaps,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FactKey, TaskOption};
    use crate::engine::pause::PauseScope;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let name = || "jobs/fetch é/1".into();
        for key in [
            FactKey::Option(TaskOption::MaxRunning, name()),
            FactKey::Option(TaskOption::Start, name()),
            FactKey::Result(name()),
            FactKey::TaskParam(name(), "a/b".into()),
            FactKey::Param(name()),
            FactKey::Request(7),
            FactKey::Deferred(name()),
            FactKey::Crashes(name()),
            FactKey::Ended,
            FactKey::Counted(name()),
            FactKey::Paused(PauseScope::App),
            FactKey::Paused(PauseScope::Group(name())),
            FactKey::Paused(PauseScope::Task(name())),
            FactKey::SkipNext(name()),
            FactKey::FirstSeen(name()),
            FactKey::Backfill(name()),
            FactKey::BackfillPlace(name()),
            FactKey::Note(name()),
            FactKey::CatchUp(name()),
            FactKey::CatchUpPlace(name()),
        ] {
            assert_eq!(FactKey::parse(&key.to_string()), Some(key));
        }
        for text in [
            "later/1",
            "task_param/9/x/y",
            "batch/x",
            "disabled",
            "app/x",
            "paused/x",
        ] {
            assert_eq!(FactKey::parse(text), None, "{text}");
        }
    }
}
