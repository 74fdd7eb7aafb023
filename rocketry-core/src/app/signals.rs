//! Graceful shutdown on Ctrl-C and SIGTERM; a second signal ends the app immediately.

use std::io::Result;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::session::Session;

/// Listens until the task is aborted. Once this returns, a signal no longer kills the process.
pub(super) async fn listen(session: Session) -> JoinHandle<()> {
    let (ready, listening) = oneshot::channel();
    let listener = tokio::spawn(async move {
        let Ok(mut signals) = Signals::new() else { return };
        // The send fails if the app has ended meanwhile.
        let _ = ready.send(());
        if signals.next().await.is_ok() {
            session.shut_down();
        }
        while signals.next().await.is_ok() {
            session.shut_down_now();
        }
    });
    // An error means that signals can't be received; the app runs without them.
    let _ = listening.await;
    listener
}

/// The signals that end an app. They stay registered between signals, so that none is lost.
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
