//! The id of a task in its app.

/// Identifies a task within its app. Never reused, even after the task is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub(crate) u32);

impl TaskId {
    /// Creates an id from its number.
    pub fn new(index: u32) -> Self {
        TaskId(index)
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}
