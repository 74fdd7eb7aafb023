//! The explanation of a task at an instant.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::clockface::Clockface;
use super::evidence::OpenRun;
use super::held::HeldBy;
use super::node::{Join, Node};
use super::outlook::Outlook;
use super::trigger::Trigger;
use crate::task::CatchUp;
use crate::time::{Timestamp, Zone};

/// Why a task starts or does not start at an instant: see [`Task::explain`](struct@crate::Task).
///
/// It is displayed as a tree below a sentence. The field names are also those of its JSON and are stable;
/// fields may be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Explanation {
    /// The task.
    pub task: Arc<str>,
    /// The explained instant.
    pub at: Timestamp,
    /// The time at which the explanation was created.
    pub now: Timestamp,
    /// The time zone of the task, in which instants are displayed.
    pub zone: Zone,
    /// The answer in one sentence.
    pub sentence: String,
    /// The same as data.
    pub outlook: Outlook,
    /// Whether a run is due: the statement is true, a deferred start is pending, or a run was requested.
    /// `None` if that is unknown or depends on a custom condition that has to be evaluated.
    pub due: Option<bool>,
    /// Whether a run starts: it is due, nothing holds it back, and it is not skipped.
    pub starts: Option<bool>,
    /// Whether a due start is skipped: see [`Task::skip_next`](crate::Task::skip_next).
    pub skips: bool,
    /// What holds a run back, the most important first.
    pub holds: Vec<HeldBy>,
    /// The start condition.
    pub start: Option<Node>,
    /// The end condition.
    pub end: Option<Node>,
    /// The runs in progress, oldest first; at most 20.
    pub running: Vec<OpenRun>,
    /// The number of requested runs that have not started.
    pub queued: usize,
    /// How missed starts are made up for: see [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up).
    #[serde(default, with = "crate::choice::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub catch_up: Option<CatchUp>,
    /// The number of missed starts that are still to be made.
    #[serde(default)]
    pub catching_up: usize,
    /// Descriptions of missing information.
    pub gaps: Vec<String>,
}

/// Displays the tree below the sentence.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let face = Clockface {
            now: self.at,
            zone: self.zone,
        };
        if self.at == self.now {
            writeln!(f, "{}", self.sentence)?;
        } else {
            writeln!(
                f,
                "at {}: {}",
                self.zone.local(self.at).format("%Y-%m-%d %H:%M:%S"),
                self.sentence
            )?;
        }
        for held in &self.holds {
            writeln!(f, "  waits for {}", held.line(face))?;
        }
        for (name, node) in [("starts", &self.start), ("ends", &self.end)] {
            if let Some(node) = node {
                writeln!(f, "  {name} when")?;
                tree(f, node, face, 2)?;
            }
        }
        if let Some(policy) = self.catch_up {
            write!(f, "  makes up for missed starts: {policy}")?;
            match self.catching_up {
                0 => writeln!(f)?,
                1 => writeln!(f, "; one is still to be made")?,
                left => writeln!(f, "; {left} are still to be made")?,
            }
        }
        for gap in &self.gaps {
            writeln!(f, "  note: {gap}")?;
        }
        Ok(())
    }
}

fn tree(f: &mut fmt::Formatter<'_>, node: &Node, face: Clockface, depth: usize) -> fmt::Result {
    let truth = match node.truth {
        Some(true) => "true",
        Some(false) => "false",
        None => "?",
    };
    write!(f, "{:indent$}{truth:<5} ", "", indent = 2 * depth)?;
    if let Some(label) = &node.label {
        write!(f, "{label}: ")?;
    }
    match node.join {
        Join::Leaf => write!(f, "{}", node.text)?,
        Join::All => f.write_str("all of")?,
        Join::Any => f.write_str("any of")?,
        Join::Not => f.write_str("not")?,
    }
    if !node.value.is_empty() {
        write!(f, " ({})", node.value)?;
    }
    if let Some(since) = node.since {
        write!(f, "; since {}", face.instant(since))?;
    }
    if let Some(at) = node.flips_at {
        write!(f, "; until {}", face.both(at))?;
    }
    if !node.flips_on.is_empty() {
        let triggers: Vec<String> = node.flips_on.iter().map(Trigger::to_string).collect();
        write!(f, "; may change with {}", triggers.join(", or "))?;
    }
    writeln!(f)?;
    node.members
        .iter()
        .try_for_each(|member| tree(f, member, face, depth + 1))
}
