//! Blocking waits for plain functions.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::Handle;

/// Blocks the current thread until a future is ready, such as the end of a run or the status of a task. Use
/// it in runs with `execution = "thread"` and in code outside the app, with or without a runtime.
///
/// ```
/// use rocketry::{Params, Result, Session, block_on};
///
/// fn report(session: Session) -> Result<()> {
///     let fetched = block_on(session.task("fetch")?.run(Params::new()))?;
///     println!("fetched in {:?}", fetched.runtime());
///     Ok(())
/// }
/// ```
///
/// In a run on the scheduler and in a hook, waiting for the scheduler returns an error immediately, as
/// `await` does.
///
/// # Panics
///
/// Panics in an `async` function, because it would block the thread of that function. Use `await` there.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut poll = || future.as_mut().poll(&mut Context::from_waker(&waker));
    // A wait that would deadlock is refused immediately.
    if let Poll::Ready(output) = poll() {
        return output;
    }
    if let Ok(runtime) = Handle::try_current() {
        return runtime.block_on(future);
    }
    loop {
        thread::park();
        if let Poll::Ready(output) = poll() {
            return output;
        }
    }
}

/// Unparks a waiting thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
