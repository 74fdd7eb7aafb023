//! The answer in one sentence: whether a run starts, and if not, when or after which event.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::clockface::Clockface;
use super::trigger::Trigger;
use crate::log::Cause;
use crate::param::RunId;
use crate::time::Timestamp;

/// Whether a run of a task starts at an instant, and if not, when or after which event it does.
///
/// Serialised, it is an object whose `kind` is the name of the variant in snake case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outlook {
    /// A run starts at this instant.
    Starts {
        /// Whether it was requested.
        requested: bool,
    },
    /// A run starts at this instant for an earlier one: for a missed start, or for a backfill.
    MakesUp {
        /// The past instant.
        due: Timestamp,
        /// Whether it is a catch-up or a backfill.
        cause: Cause,
    },
    /// A run is due or requested, and something holds it back.
    Waits {
        /// When it became due; `None` if it was requested, or if that is unknown.
        due: Option<Timestamp>,
        /// Whether it was requested.
        requested: bool,
        /// What it waits for, in words.
        hold: String,
    },
    /// Nothing is due, and something would hold a run back until a person or the app changes it.
    Held {
        /// What a run would wait for, in words.
        hold: String,
    },
    /// A run starts by time alone.
    StartsAt {
        /// When.
        at: Timestamp,
        /// The parts of the statement that change then.
        turns: Vec<Turn>,
        /// The names of the custom conditions that have to be true then.
        asks: Vec<String>,
        /// Whether a run is in progress, and the start is the next after it.
        running: bool,
        /// Whether an earlier start is skipped: see [`Task::skip_next`](crate::Task::skip_next).
        after_skip: bool,
    },
    /// A start is due at this instant and is skipped.
    Skips,
    /// Whether a run starts depends on custom conditions that the scheduler has to evaluate.
    Asks {
        /// Their names.
        conditions: Vec<String>,
    },
    /// Time alone starts no run: an event has to happen.
    StartsOn {
        /// The events that may start one.
        triggers: Vec<Trigger>,
        /// Whether a run is in progress.
        running: bool,
    },
    /// The start condition can't be true again.
    Finished,
    /// The task has no start condition: it runs only on request.
    NoStatement,
    /// The app started a run at this instant in the past.
    Started {
        /// The id of the run.
        run_id: RunId,
        /// Why it started.
        cause: Cause,
    },
    /// The app started no run at this instant in the past.
    StartedNone {
        /// Whether the statement was true, as far as is known.
        due: Option<bool>,
    },
}

/// A part of a statement whose truth changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Turn {
    /// The label of the part, or else its text.
    pub name: String,
    /// The new truth; `None` if it has to be evaluated.
    pub to: Option<bool>,
}

impl Outlook {
    /// The sentence.
    pub(super) fn sentence(&self, task: &Arc<str>, face: Clockface) -> String {
        match self {
            Outlook::Starts { requested: true } => format!("`{task}` starts, because a run was requested"),
            Outlook::Starts { requested: false } => format!("`{task}` is due and starts"),
            Outlook::MakesUp { due, cause } => {
                format!("`{task}` starts, to make up for {} ({cause})", face.instant(*due))
            }
            Outlook::Waits { due, requested, hold } => waits(task, *due, *requested, hold, face),
            Outlook::Held { hold } => format!("`{task}` does not start; it waits for {hold}"),
            Outlook::StartsAt {
                at,
                turns,
                asks,
                running,
                after_skip,
            } => {
                let (verb, at) = (starts(*running), face.both(*at));
                let skip = if *after_skip {
                    ", after a start that is skipped"
                } else {
                    ""
                };
                format!("`{task}` {verb} at {at}{}{}{skip}", when(turns), provided(asks))
            }
            Outlook::Skips => format!("`{task}` is due, and this start is skipped"),
            Outlook::Asks { conditions } => {
                format!(
                    "`{task}` starts if {} true at its next evaluation",
                    are(conditions)
                )
            }
            Outlook::StartsOn { triggers, running } => starts_on(task, triggers, *running),
            Outlook::Finished => format!("`{task}` is finished: its start condition can't be true again"),
            Outlook::NoStatement => {
                format!("`{task}` has no start condition: it runs when that is requested")
            }
            Outlook::Started { run_id, cause } => format!("`{task}` started run {run_id} ({cause})"),
            Outlook::StartedNone { due } => format!("`{task}` started no run{}", why_none(*due)),
        }
    }
}

fn waits(task: &Arc<str>, due: Option<Timestamp>, requested: bool, hold: &str, face: Clockface) -> String {
    if requested {
        return format!("a run of `{task}` was requested, but waits for {hold}");
    }
    let since = due.map_or_else(String::new, |due| format!(" since {}", face.instant(due)));
    format!("`{task}` would be due{since}, but waits for {hold}")
}

fn starts_on(task: &Arc<str>, triggers: &[Trigger], running: bool) -> String {
    let verb = starts(running);
    if triggers.is_empty() {
        return format!(
            "`{task}` {verb} once its start condition turns true, which time alone does not make it"
        );
    }
    let triggers: Vec<String> = triggers.iter().map(Trigger::to_string).collect();
    format!("`{task}` {verb} no sooner than with {}", triggers.join(", or "))
}

const fn why_none(due: Option<bool>) -> &'static str {
    match due {
        Some(false) => ": its start condition was false",
        Some(true) => ", although its start condition was true",
        None => "; whether its start condition was true is not known",
    }
}

const fn starts(running: bool) -> &'static str {
    if running {
        "is running and will start again"
    } else {
        "will start"
    }
}

/// `, when `time of day after 07:00` turns true`.
fn when(turns: &[Turn]) -> String {
    let each: Vec<String> = turns
        .iter()
        .map(|Turn { name, to }| match to {
            Some(truth) => format!("`{name}` turns {truth}"),
            None => format!("`{name}` is evaluated"),
        })
        .collect();
    if each.is_empty() {
        String::new()
    } else {
        format!(", when {}", each.join(" and "))
    }
}

fn provided(asks: &[String]) -> String {
    if asks.is_empty() {
        String::new()
    } else {
        format!(", if {} true then", are(asks))
    }
}

/// `` `a` is``, `` `a` and `b` are``.
fn are(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", quoted.join(" and "))
}
