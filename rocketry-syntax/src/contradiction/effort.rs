//! The limit on the work of comparing the parts of a statement.

use std::cell::Cell;

/// The maximum number of steps for a statement. A statement that a person writes takes a few hundred.
const STEPS: u64 = 30_000;

/// The remaining work for a statement. A step checks about one range of time.
///
/// Parts that are not compared because of this limit count as true at any time, so a statement that needs
/// more is accepted.
pub(crate) struct Effort(Cell<u64>);

impl Effort {
    /// The work that one statement may take.
    pub(crate) const fn for_statement() -> Self {
        Effort(Cell::new(STEPS))
    }

    /// Takes steps. Returns false, and uses up the rest, if there were not enough left.
    pub(super) fn take(&self, steps: usize) -> bool {
        let left = self.0.get().checked_sub(steps as u64);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
