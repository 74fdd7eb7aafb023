//! Graceful shutdown on Ctrl-C and SIGTERM. A second signal ends the app immediately, and the process if the
//! app does not end.

use std::io::Result;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::dispatch::race::race;
use crate::session::{Session, Shared};

/// How long an app may take to end after the second signal, before the process ends.
const LAST_CHANCE: Duration = Duration::from_secs(5);

/// Listens for signals until it is dropped. It has a thread of its own, since the threads of the app may be stuck.
pub(super) struct Listener(#[expect(dead_code, reason = "its drop tells the thread")] oneshot::Sender<()>);

/// Starts to listen. Once this returns, a signal no longer kills the process; `None` means that signals can't be received.
pub(super) async fn listen(session: &Session) -> Option<Listener> {
    let (ready, listening) = oneshot::channel();
    let (over, ended) = oneshot::channel();
    let app = Arc::downgrade(&session.0);
    let heed = move || {
        // Without a runtime there is no listener, which the caller notices.
        if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
            runtime.block_on(heed(&app, ready, ended));
        }
    };
    let thread = thread::Builder::new().name("rocketry-signals".into()).spawn(heed);
    thread.ok()?;
    listening.await.ok()?;
    Some(Listener(over))
}

/// Follows signals until the app has ended.
async fn heed(app: &Weak<Shared>, ready: oneshot::Sender<()>, ended: oneshot::Receiver<()>) {
    let Ok(mut signals) = Signals::new() else { return };
    // The send fails if the app has ended meanwhile.
    let _ = ready.send(());
    race(follow(app, &mut signals), async { drop(ended.await) }).await;
}

/// The first signal shuts the app down, the second ends it immediately. A third signal, or an app that does
/// not end, ends the process.
async fn follow(app: &Weak<Shared>, signals: &mut Signals) {
    let shut_down = |now: bool| {
        let Some(session) = app.upgrade().map(Session::of) else {
            return;
        };
        if now {
            session.shut_down_now();
        } else {
            session.shut_down();
        }
    };
    if signals.next().await.is_err() {
        return;
    }
    shut_down(false);
    let Ok(signal) = signals.next().await else { return };
    shut_down(true);
    race(signals.next(), tokio::time::sleep(LAST_CHANCE)).await;
    std::process::exit(128 + signal);
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

    /// The number of the next signal.
    async fn next(&mut self) -> Result<i32> {
        let Signals { terminate, interrupt } = self;
        let interrupted = race(interrupt.recv(), async {
            terminate.recv().await;
        });
        let signal = match interrupted.await {
            Some(_) => rustix::process::Signal::INT,
            None => rustix::process::Signal::TERM,
        };
        Ok(signal.as_raw())
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Signals)
    }

    /// The signal number that a shell uses for Ctrl-C.
    async fn next(&mut self) -> Result<i32> {
        tokio::signal::ctrl_c().await.map(|()| 2)
    }
}
