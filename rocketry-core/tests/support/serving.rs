//! An app in real time, while a test does something with it.

use rocketry_core::{Rocketry, Session};
use tokio::runtime::{Builder, Runtime};

/// A runtime with several threads.
pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Serves an app for as long as the test does something with it, and shuts it down.
pub(crate) fn serve<T>(app: Rocketry, act: impl AsyncFnOnce(&Session) -> T) -> T {
    runtime().block_on(async {
        let app = app
            .handle_signals(false)
            .build()
            .expect("an app without mistakes");
        let session = app.session();
        let served = tokio::spawn(app.serve());
        let done = act(&session).await;
        session.shut_down();
        served
            .await
            .expect("the scheduler goes on")
            .expect("the scheduler ends well");
        done
    })
}
