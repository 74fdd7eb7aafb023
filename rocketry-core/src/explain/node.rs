//! A part of an explained statement.

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::trigger::Trigger;
use crate::time::Timestamp;

/// A part of a statement at an instant. The parts form the tree of the statement as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Node {
    /// The part in canonical text.
    pub text: String,
    /// The label that the user gave it: see [`Condition::label`](crate::Condition::label).
    pub label: Option<String>,
    /// How it combines its members; [`Join::Leaf`] has none.
    pub join: Join,
    /// Whether it is true; `None` if that depends on a custom condition that has to be evaluated, or on
    /// unknown values.
    pub truth: Option<bool>,
    /// The value behind it, in words. Empty if it has members.
    pub value: String,
    /// The same as data; `None` if it has members.
    pub evidence: Option<Evidence>,
    /// When its truth last changed, if known.
    pub since: Option<Timestamp>,
    /// When time alone next changes its truth, to the opposite or to unknown. `None` if never, as far as is
    /// known.
    pub flips_at: Option<Timestamp>,
    /// The events that may change its truth. Empty if only time can, or if the members list them.
    pub flips_on: Vec<Trigger>,
    /// Its members.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub members: Vec<Node>,
}

/// How a part of a statement combines its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// It has no members.
    Leaf,
    /// True while all members are true.
    All,
    /// True while any member is true.
    Any,
    /// True while its only member is false.
    Not,
}

impl Node {
    /// Returns the label, or the text if there is no label.
    pub fn name(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.text)
    }
}
