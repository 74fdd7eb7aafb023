//! A program under way: started in a group of its own, and ended with everything that it started.

mod capture;
mod tail;

use std::future::Future;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::pin::pin;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::Child;

use super::race::race;
use crate::clock::Clock;
use crate::log::Exit;
use crate::param::TerminationFlag;
use crate::session::Session;
pub(crate) use capture::{Capture, Rest, both};
pub(crate) use tail::last_lines;

/// How much of what a program prints is kept for the run log.
pub(crate) const OUTPUT_KEPT: usize = 64 * 1024;

/// A program under way. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    group: Group,
}

/// A program and what it started, as far as that has not left its group.
#[derive(Clone, Copy)]
struct Group(Pid);

/// How long a program may go on after it was asked to end, and by whose clock.
#[derive(Clone, Copy)]
pub(crate) struct Patience<'a> {
    pub(crate) grace: Duration,
    pub(crate) clock: &'a Clock,
}

impl<'a> Patience<'a> {
    pub(crate) fn of(session: &'a Session) -> Self {
        Patience {
            grace: session.config().kill_grace,
            clock: session.clock(),
        }
    }
}

impl Program {
    /// Starts a program. Nothing here keeps the standard library from starting it without a fork, which would
    /// copy the page tables of a big app.
    pub(crate) fn start(mut command: Command) -> io::Result<Self> {
        // Ctrl-C goes to the app alone, which lets its runs end.
        command.process_group(0);
        let child = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()?;
        let number = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        let group = Group(number.ok_or_else(|| io::Error::other("a program without a number"))?);
        Ok(Program { child, group })
    }

    /// Waits for the end of the program. When the flag is raised it is asked to end, and killed after the grace.
    pub(crate) async fn watch(mut self, stop: &TerminationFlag, patience: Patience<'_>) -> io::Result<Exit> {
        let group = self.group;
        let mut ended = pin!(self.ended());
        let mut status = race(ended.as_mut(), stop.wait()).await;
        if status.is_none() {
            group.signal(Signal::TERM);
            status = race(ended.as_mut(), patience.clock.sleep(patience.grace)).await;
        }
        if let Some(status) = status {
            return Ok(exit(status?));
        }
        group.signal(Signal::KILL);
        Ok(exit(ended.await?))
    }

    /// Waits for the end of the program, and ends what it left behind in its group.
    ///
    /// Until this is over, the program's number is its own.
    async fn ended(&mut self) -> io::Result<ExitStatus> {
        if self.group.gone().await.is_ok() {
            self.group.sweep();
            return self.child.wait().await;
        }
        let status = self.child.wait().await;
        self.group.sweep();
        status
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A program that has been waited for has no number any more.
        if self.child.id().is_some() {
            self.group.signal(Signal::KILL);
        }
    }
}

impl Group {
    /// Sends a signal to all of the group, or to the program itself if it has left it.
    fn signal(self, signal: Signal) {
        if kill_process_group(self.0, signal).is_err() {
            // Somebody who has just ended cannot be told, and need not be.
            let _ = kill_process(self.0, signal);
        }
    }

    /// Ends what is left of the group without its program.
    fn sweep(self) {
        // Most often nothing is left.
        let _ = kill_process_group(self.0, Signal::KILL);
    }

    /// Waits until the program has ended, but does not take note of it: its number stays its own until then, and
    /// the group can be told nothing that another gets.
    #[cfg(target_os = "linux")]
    #[allow(
        deprecated,
        reason = "what takes its place is unsafe, for handles that may be closed elsewhere: this one can't be"
    )]
    async fn gone(self) -> io::Result<()> {
        use rustix::process::{PidfdFlags, pidfd_open};
        use tokio::io::{Interest, unix::AsyncFd};
        let watch = pidfd_open(self.0, PidfdFlags::NONBLOCK)?;
        let watch = AsyncFd::with_interest(watch, Interest::READABLE)?;
        watch.readable().await.map(drop)
    }

    #[cfg(not(target_os = "linux"))]
    async fn gone(self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

fn exit(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, signal) => Exit::Signal(signal.unwrap_or_default()),
    }
}

/// Waits for a future, while another gets on as far as it can.
pub(crate) async fn beside<T>(future: impl Future<Output = T>, aside: impl Future<Output = ()>) -> T {
    let aside = async {
        aside.await;
        std::future::pending::<()>().await;
    };
    match race(future, aside).await {
        Some(value) => value,
        None => unreachable!("what is aside never ends"),
    }
}
