//! Events that may change the truth of a condition.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::log::Action;

/// An event that may change the truth of a part of a statement.
///
/// Its text completes the sentence "it may change with …".
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trigger {
    /// An action of a task.
    Run {
        /// The task.
        task: Arc<str>,
        /// The actions, any of which may change it.
        actions: Vec<Action>,
    },
    /// A parameter of the session is set or removed.
    Param {
        /// Its name.
        name: String,
    },
    /// A custom condition returns another result.
    Answer,
    /// The scheduler completes a cycle.
    Cycle,
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trigger::Run { task, actions } => {
                let names: Vec<&str> = actions.iter().map(|action| noun(*action)).collect();
                let article = if names.first() == Some(&"inaction") {
                    "an"
                } else {
                    "a"
                };
                match names.split_last() {
                    Some((last, others)) if !others.is_empty() => {
                        write!(f, "{article} {} or {last} of `{task}`", others.join(", "))
                    }
                    _ => write!(f, "{article} {} of `{task}`", names.concat()),
                }
            }
            Trigger::Param { name } => write!(f, "a change of the parameter `{name}`"),
            Trigger::Answer => f.write_str("another answer of the condition"),
            Trigger::Cycle => f.write_str("a cycle of the scheduler"),
        }
    }
}

/// The noun of an action.
pub(super) const fn noun(action: Action) -> &'static str {
    match action {
        Action::Run => "start",
        Action::Success => "success",
        Action::Fail => "failure",
        Action::Terminate => "termination",
        Action::Inaction => "inaction",
        Action::Crash => "crash",
        Action::Skip => "skipped start",
    }
}
