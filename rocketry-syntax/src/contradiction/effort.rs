//! How much work it may take to compare the parts of a statement.

use std::cell::Cell;

/// How many steps a statement may take. A statement that a person writes takes a few hundred.
const STEPS: u64 = 30_000;

/// The work that is left for a statement. A step looks at about one stretch of time.
///
/// Parts that are not compared for lack of work count as true at any time, so a statement that takes more is accepted.
pub(crate) struct Effort(Cell<u64>);

impl Effort {
    /// The work that one statement may take.
    pub(crate) const fn for_statement() -> Self {
        Effort(Cell::new(STEPS))
    }

    /// Takes steps. Returns false if that is more than was left; then nothing is left.
    pub(super) fn take(&self, steps: usize) -> bool {
        let left = self.0.get().checked_sub(steps as u64);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
