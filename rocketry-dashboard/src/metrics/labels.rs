//! The labels of series.

/// The labels of a series.
pub(super) type Labels = Vec<(&'static str, String)>;

/// The number of tasks with their own series. The rest share the label `other`, so that the number of series
/// is bounded.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskLabels(pub(super) usize);

impl TaskLabels {
    /// The label of a task, given its position in the app.
    pub(super) fn of(self, position: usize, name: &str) -> String {
        if position < self.0 {
            name.to_owned()
        } else {
            "other".to_owned()
        }
    }
}
