//! Where the scheduler stands still: whoever waited there for a run would wait for himself.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;

thread_local! {
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// Whether the scheduler waits for what is being done here.
pub(super) fn is_here() -> bool {
    HERE.get()
}

/// Calls a function for which the scheduler waits.
pub(crate) fn standing_still<T>(function: impl FnOnce() -> T) -> T {
    /// Puts it back also if the function panics.
    struct Back(bool);

    impl Drop for Back {
        fn drop(&mut self) {
            HERE.set(self.0);
        }
    }

    let _back = Back(HERE.replace(true));
    function()
}

/// Awaits a future for which the scheduler waits.
pub(crate) async fn await_standing_still<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|waking| standing_still(|| future.as_mut().poll(waking))).await
}
