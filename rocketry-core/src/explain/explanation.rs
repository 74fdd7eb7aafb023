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
/// It prints as a tree with a sentence on top. The names of its fields are those of its JSON and stay stable; fields may be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Explanation {
    /// The task.
    pub task: Arc<str>,
    /// The instant that is explained.
    pub at: Timestamp,
    /// The present, when it was explained.
    pub now: Timestamp,
    /// The zone of the task, by whose clock instants are printed.
    pub zone: Zone,
    /// The answer in one sentence.
    pub sentence: String,
    /// The same as data.
    pub outlook: Outlook,
    /// Whether a run is due: the statement is true, a deferred start is left to make, or a run was requested. `None` if that is not
    /// known, or depends on a custom condition that has to be asked.
    pub due: Option<bool>,
    /// Whether a run starts: it is due, nothing holds it back, and it is not skipped.
    pub starts: Option<bool>,
    /// Whether a start is due that is skipped: see [`Task::skip_next`](crate::Task::skip_next).
    pub skips: bool,
    /// What holds a run back, the weightiest first.
    pub holds: Vec<HeldBy>,
    /// The start condition.
    pub start: Option<Node>,
    /// The end condition.
    pub end: Option<Node>,
    /// The runs under way, oldest first; at most 20.
    pub running: Vec<OpenRun>,
    /// How many requested runs have not begun.
    pub queued: usize,
    /// Which starts are made up for that are missed: see [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up).
    #[serde(default, with = "crate::choice::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub catch_up: Option<CatchUp>,
    /// How many starts that were missed are still to be made.
    #[serde(default)]
    pub catching_up: usize,
    /// What could not be told, in words.
    pub gaps: Vec<String>,
}

/// The tree, with the sentence on top.
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
