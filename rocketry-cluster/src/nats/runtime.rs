//! The runtime thread of the NATS clients. Callers wait on their own threads.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

/// Waits for the result of a future; `None` if there is none within the limit. May be called anywhere, even
/// inside a future.
pub(super) fn wait<T: Send + 'static>(
    limit: Duration,
    future: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    runtime()?.spawn(async move {
        if let Ok(done) = tokio::time::timeout(limit, future).await {
            // The caller may have stopped waiting.
            let _ = sender.send(done);
        }
    });
    receiver.recv_timeout(limit).ok()
}

/// Spawns a future, and ignores its result.
pub(super) fn start(future: impl Future<Output = ()> + Send + 'static) {
    if let Some(runtime) = runtime() {
        runtime.spawn(future);
    }
}

/// Returns `None` if the system can't create a thread.
fn runtime() -> Option<&'static Runtime> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let start = || {
        let mut builder = Builder::new_multi_thread();
        builder
            .worker_threads(1)
            .thread_name("rocketry-nats")
            .enable_all();
        builder.build().ok()
    };
    RUNTIME.get_or_init(start).as_ref()
}
