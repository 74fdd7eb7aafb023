//! The names that a task may use.

use super::pools::PoolId;
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The names that a task may use.
pub(crate) struct NameScope<'a> {
    /// Finds a task, or says what is wrong with its name.
    pub(crate) task: &'a dyn Fn(&str) -> Result<TaskId, String>,
    /// The session's parameters.
    pub(crate) params: &'a Params,
    /// The present.
    pub(crate) now: Timestamp,
    /// Finds a pool, or says what is wrong with its name.
    pub(crate) pool: &'a dyn Fn(&str) -> Result<PoolId, String>,
}
