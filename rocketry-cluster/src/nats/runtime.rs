//! The thread on which the clients of NATS run. Callers wait on their own threads.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

/// Waits for what a future gives; `None` if there is nothing within the limit. May be called anywhere, also where futures run.
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

/// Lets a future run, whatever comes of it.
pub(super) fn start(future: impl Future<Output = ()> + Send + 'static) {
    if let Some(runtime) = runtime() {
        runtime.spawn(future);
    }
}

/// `None` if the system gives no thread.
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
