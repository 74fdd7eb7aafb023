//! Tracks which code the scheduler waits for, so that this code does not wait for the scheduler.

use std::cell::Cell;

use crate::drops::free;

thread_local! {
    static BLOCKS_SCHEDULER: Cell<bool> = const { Cell::new(false) };
}

/// Returns true if the scheduler waits for the current code.
pub(crate) fn blocks_scheduler() -> bool {
    BLOCKS_SCHEDULER.get()
}

/// Calls a function that the scheduler waits for.
pub(crate) fn call_for_scheduler<T>(function: impl FnOnce() -> T) -> T {
    /// Restores the value even if the function panics.
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            BLOCKS_SCHEDULER.set(self.0);
        }
    }

    let _restore = Restore(BLOCKS_SCHEDULER.replace(true));
    let _free = free();
    function()
}
