//! Warm processes, which are started before a run needs one, and wait for it.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::mem;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::oneshot::{Receiver, channel, error::TryRecvError};

use super::{Started, Talk, launch};
use crate::threads::Threads;

/// Threads for starting processes, which takes time. The blocking threads of a runtime belong to the user,
/// and may all be in use.
static STARTING: Threads = Threads::new("rocketry-start");

/// Processes that wait for a run. Each makes one run, like a process that was started for it, and is then
/// replaced.
#[derive(Clone)]
pub(in crate::exec) struct WarmChildren {
    /// The number of processes to keep waiting.
    count: usize,
    runtime: Handle,
    pool: Arc<Mutex<Pool>>,
}

#[derive(Default)]
struct Pool {
    waiting: VecDeque<WarmChild>,
    /// A receiver for each process that is being started, notified when it has started.
    coming: Vec<Receiver<()>>,
    closed: bool,
}

/// A process that waits for its request.
struct WarmChild {
    started: Started,
    /// The app's end of its socket.
    socket: UnixStream,
    /// Whether it has announced that it waits.
    waits: bool,
    /// Whether its output is copied, which is fixed when it starts.
    echo: bool,
}

/// The state of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It has not reached its app yet. If something is sent now, its `main` might read it.
    Starting,
    Waits,
    Gone,
}

impl WarmChildren {
    pub(in crate::exec) fn new(count: usize, runtime: Handle) -> Self {
        WarmChildren {
            count,
            runtime,
            pool: Arc::default(),
        }
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts as many processes as are missing.
    pub(in crate::exec) fn fill(&self, echo: bool) {
        let mut pool = self.pool();
        pool.coming
            .retain_mut(|coming| coming.try_recv() == Err(TryRecvError::Empty));
        let missing = self.count.saturating_sub(pool.waiting.len() + pool.coming.len());
        if pool.closed || missing == 0 {
            return;
        }
        for _ in 0..missing {
            let warm = self.clone();
            let (done, coming) = channel();
            let start = move || {
                let _inside = warm.runtime.enter();
                // If a process can't be started, the next run that needs one reports the reason.
                if let Ok(child) = WarmChild::start(echo) {
                    warm.pool().waiting.push_back(child);
                }
                drop(done);
            };
            if STARTING.leave(Box::new(start)).is_ok() {
                pool.coming.push(coming);
            }
        }
    }

    /// Sends a request to a warm process. Returns the request if there is none.
    pub(super) fn give(&self, mut request: Vec<u8>, echo: bool) -> Result<Started, Vec<u8>> {
        while let Some(child) = self.take(echo) {
            match child.ask(request) {
                Ok(started) => return Ok(started),
                // It has just ended.
                Err(unsent) => request = unsent,
            }
        }
        Err(request)
    }

    /// The process that has waited longest. Drops processes that have ended, and those whose output setting
    /// has changed.
    fn take(&self, echo: bool) -> Option<WarmChild> {
        let mut gone = Vec::new();
        let mut pool = self.pool();
        let mut found = None;
        for mut child in mem::take(&mut pool.waiting) {
            match child.stage() {
                Stage::Waits if found.is_none() && child.echo == echo => found = Some(child),
                Stage::Waits | Stage::Starting if child.echo == echo => pool.waiting.push_back(child),
                _ => gone.push(child),
            }
        }
        drop(pool);
        drop(gone);
        found
    }

    /// Ends the waiting processes, and starts no more.
    pub(in crate::exec) async fn close(&self) {
        let coming = {
            let mut pool = self.pool();
            pool.closed = true;
            mem::take(&mut pool.coming)
        };
        for started in coming {
            // It is dropped rather than sent.
            let _ = started.await;
        }
        let waiting = mem::take(&mut self.pool().waiting);
        for child in waiting {
            child.started.program.kill().await;
        }
    }
}

impl WarmChild {
    fn start(echo: bool) -> io::Result<Self> {
        let (program, output, socket) = launch(None, echo)?;
        let talk = Talk::new(socket.try_clone()?)?;
        Ok(WarmChild {
            started: Started {
                program,
                output,
                talk,
            },
            socket,
            waits: false,
            echo,
        })
    }

    fn stage(&mut self) -> Stage {
        loop {
            match self.socket.read(&mut [0; 8]) {
                Ok(1..) => self.waits = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return if self.waits { Stage::Waits } else { Stage::Starting };
                }
                Ok(0) | Err(_) => return Stage::Gone,
            }
        }
    }

    /// Sends the request, or as much of it as is accepted immediately.
    fn ask(self, mut request: Vec<u8>) -> Result<Started, Vec<u8>> {
        let WarmChild {
            mut started,
            mut socket,
            ..
        } = self;
        match socket.write(&request) {
            Ok(sent) => drop(request.drain(..sent)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return Err(request),
        }
        match started.talk.send(socket, request.clone()) {
            Ok(()) => Ok(started),
            Err(_) => Err(request),
        }
    }
}
