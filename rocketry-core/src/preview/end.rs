//! The reason why a preview ends.

use std::fmt;

use serde::Serialize;

use crate::engine::hold::Hold;
use crate::time::{Timestamp, Zone};

/// Why a [preview](crate::preview) has no more starts.
///
/// Serialised, it is an object whose `end` is the name of the variant in snake case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "end", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PreviewEnd {
    /// The task has no start condition: it runs only on request.
    NoCondition,
    /// Something holds the task back, and it does not end by time alone.
    Held {
        /// What holds the task back.
        hold: Hold,
    },
    /// The condition will never be true again.
    Never {
        /// The parts of the condition that will never be true again, as written in a statement.
        parts: Vec<String>,
    },
    /// The condition contradicts itself.
    Contradiction {
        /// The contradiction, as a sentence.
        reason: String,
    },
    /// From an instant on, starts depend on something that can't be predicted.
    Unforeseen {
        /// The instant.
        at: Timestamp,
        /// The time zone of the task.
        zone: Zone,
        /// The parts of the condition that can't be predicted, as written in a statement.
        parts: Vec<String>,
    },
    /// The task is due again as soon as a run has ended, so its starts depend on how long runs take.
    AlwaysDue {
        /// The instant.
        at: Timestamp,
        /// The time zone of the task.
        zone: Zone,
    },
    /// The condition changes very often without being true, so the preview stopped searching.
    GaveUp {
        /// There is no start before this instant.
        until: Timestamp,
        /// The time zone of the task.
        zone: Zone,
    },
    /// The preview has used up its steps: see [`Preview::within_steps`](super::Preview::within_steps).
    OutOfSteps {
        /// The end of the searched range: later starts are unknown.
        until: Timestamp,
        /// The time zone of the task.
        zone: Zone,
        /// The number of steps that were allowed.
        steps: u64,
    },
}

impl fmt::Display for PreviewEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PreviewEnd::NoCondition => {
                f.write_str("the task has no start condition: it runs only on request")
            }
            PreviewEnd::Held { hold } => write!(f, "no start comes: it waits for {hold}"),
            PreviewEnd::Never { parts } => {
                let are = if parts.len() == 1 { "is" } else { "are" };
                write!(f, "no start ever comes: {} {are} never true", Listed(parts))
            }
            PreviewEnd::Contradiction { reason } => write!(f, "no start ever comes: {reason}"),
            PreviewEnd::Unforeseen { at, zone, parts } => {
                let at = Second(*at, *zone);
                write!(f, "whether the task starts at {at} depends on {}", Listed(parts))
            }
            PreviewEnd::AlwaysDue { at, zone } => write!(
                f,
                "at {} the task is due again as soon as a run has ended: the next start depends on how long the run takes",
                Second(*at, *zone)
            ),
            PreviewEnd::GaveUp { until, zone } => write!(
                f,
                "no start comes before {}: the condition changes too often to look further",
                Second(*until, *zone)
            ),
            PreviewEnd::OutOfSteps { until, zone, steps } => write!(
                f,
                "starts after {} are left out: finding them takes more than {steps} steps",
                Second(*until, *zone)
            ),
        }
    }
}

/// An instant in a zone for display, to the second: `2026-01-01 07:00:00 +02:00`.
struct Second(Timestamp, Zone);

impl fmt::Display for Second {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.0.in_zone(&self.1);
        write!(f, "{}", local.format("%Y-%m-%d %H:%M:%S %:z"))
    }
}

/// Parts of a condition in a sentence.
struct Listed<'a>(&'a [String]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            let before = match index {
                0 => "",
                index if index + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            write!(f, "{before}`{part}`")?;
        }
        Ok(())
    }
}
