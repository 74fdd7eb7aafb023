//! An override for display: an option of a task that differs from the code.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::task_option::TaskOption;
use crate::time::Timestamp;

/// An option of a task that was changed while the app ran, with the value in the code: see
/// [`Task::overrides`](crate::Task::overrides).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Override {
    /// The task.
    pub task: Arc<str>,
    /// The option.
    pub option: TaskOption,
    /// The current value; `None` if there is no condition.
    pub value: Option<String>,
    /// The value in the code.
    pub declared: Option<String>,
    /// The value before this change: that of the code, or of an earlier override.
    pub replaced: Option<String>,
    /// The caller that changed it, as set with [`Session::by`](crate::Session::by).
    pub by: Option<Arc<str>>,
    /// When it was changed.
    pub at: Timestamp,
}

impl Override {
    /// A sentence that explains why an override was discarded after its code has changed.
    pub(crate) fn farewell(&self) -> String {
        let Override { option, at, .. } = self;
        let (value, declared) = (or_none(self.value.as_ref()), or_none(self.declared.as_ref()));
        let by = self
            .by
            .as_ref()
            .map_or_else(String::new, |by| format!(" by {by}"));
        format!(
            "its option `{option}` is {declared} from now on: the code has changed it since it was set to {value}{by} at {at}"
        )
    }
}

/// As a sentence: "`start` of task `report` is `hourly` instead of `daily`, by ann at …".
impl fmt::Display for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Override { task, option, at, .. } = self;
        let (value, declared) = (or_none(self.value.as_ref()), or_none(self.declared.as_ref()));
        write!(
            f,
            "`{option}` of task `{task}` is {value} instead of {declared}, "
        )?;
        if let Some(by) = &self.by {
            write!(f, "by {by} ")?;
        }
        write!(f, "at {at}")
    }
}

/// A value in quotes.
fn or_none(value: Option<&String>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("`{value}`"))
}
