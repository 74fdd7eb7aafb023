//! Waiting where there is no `await`.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::Handle;

/// Waits on this thread for what an `async` function would await, such as the end of a run or the status of a task: in a
/// run with `execution = "thread"`, and outside the app, with a runtime or without.
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
/// In a run on the scheduler and in a hook, what waits for the scheduler is an error at once, as it is with `await`.
///
/// # Panics
///
/// In an `async` function it panics rather than hold its thread up: `await` there.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut poll = || future.as_mut().poll(&mut Context::from_waker(&waker));
    // What can't be waited for here is told at once.
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

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
