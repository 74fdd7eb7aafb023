//! Knows which code the scheduler waits for, so that this code does not wait for the scheduler in turn.

use std::cell::Cell;

use crate::drops::free;

thread_local! {
    static BLOCKS_SCHEDULER: Cell<bool> = const { Cell::new(false) };
}

/// Whether the scheduler waits for the code that runs now.
pub(crate) fn blocks_scheduler() -> bool {
    BLOCKS_SCHEDULER.get()
}

/// Calls a function that the scheduler waits for.
pub(crate) fn call_for_scheduler<T>(function: impl FnOnce() -> T) -> T {
    /// Restores the value also if the function panics.
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
