//! Ctrl-C and SIGTERM end an app gracefully; a second one at once.

use std::io::Result;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::session::Session;

/// Listens until it is aborted. When this returns, a signal no longer kills the process.
pub(super) async fn listen(session: Session) -> JoinHandle<()> {
    let (ready, listening) = oneshot::channel();
    let listener = tokio::spawn(async move {
        let Ok(mut signals) = Signals::new() else { return };
        // Nobody waits any more if the app has ended meanwhile.
        let _ = ready.send(());
        if signals.next().await.is_ok() {
            session.shut_down();
        }
        while signals.next().await.is_ok() {
            session.shut_down_now();
        }
    });
    // An error means that nothing can be listened to; the app runs all the same.
    let _ = listening.await;
    listener
}

/// The signals that end an app. They stay registered from one to the next, so that none is lost in between.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> Result<()> {
        let Signals { terminate, interrupt } = self;
        let terminated = async {
            terminate.recv().await;
        };
        crate::exec::race(interrupt.recv(), terminated).await;
        Ok(())
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Signals)
    }

    async fn next(&mut self) -> Result<()> {
        tokio::signal::ctrl_c().await
    }
}
