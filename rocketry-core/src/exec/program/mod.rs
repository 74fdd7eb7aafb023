//! A program under way: started in a group of its own, and ended with everything that it started.

mod capture;
mod exit_watch;
mod feed;
mod orphan_reaper;
mod tail;

use std::future::Future;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::pin::pin;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::clock::Clock;
use crate::dispatch::race::race;
use crate::log::Exit;
use crate::param::TerminationFlag;
use crate::session::Session;
pub(crate) use capture::{Capture, Rest, both};
use exit_watch::ExitWatch;
pub(crate) use feed::Feed;
use orphan_reaper::Guarded;
pub(crate) use tail::{last_bytes, reason};

/// How much of what a program prints is kept for the run log.
pub(crate) const OUTPUT_KEPT: usize = 64 * 1024;

/// A program under way. Dropping it kills it.
pub(crate) struct Program {
    charge: Charge,
    exit_watch: ExitWatch,
}

/// Whoever has it sees to the end of a program.
struct Charge {
    /// Until it has been waited for.
    child: Option<Child>,
    group: Group,
    /// Until it has been waited for, if it is to be ended for an app that can't.
    kept: Option<Guarded>,
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
            grace: session.in_force().kill_grace,
            clock: session.clock(),
        }
    }
}

impl Program {
    /// Starts a program. Nothing here keeps the standard library from starting it without a fork, which would
    /// copy the page tables of a big app. Needs a runtime.
    pub(crate) fn start(mut command: Command) -> io::Result<Self> {
        // What the app before this one has left is the app's alone.
        withhold(&mut command, crate::exec::LEFT);
        // Ctrl-C goes to the app alone, which lets its runs end.
        let child = command.process_group(0).spawn()?;
        let group = Group(Pid::from_child(&child));
        let charge = Charge {
            child: Some(child),
            group,
            kept: None,
        };
        let exit_watch = ExitWatch::of(group.0);
        Ok(Program { charge, exit_watch })
    }

    /// Starts a program that ends with the app also if that is killed, and does not see to it itself.
    pub(crate) fn start_kept(command: Command) -> io::Result<Self> {
        // What follows the start takes no time.
        orphan_reaper::be_there();
        let mut program = Self::start(command)?;
        program.charge.kept = Guarded::new(program.charge.group.0);
        Ok(program)
    }

    /// Waits for the end of the program. When the flag is raised it is asked to end, and killed after the grace.
    pub(crate) async fn watch(mut self, stop: &TerminationFlag, patience: Patience<'_>) -> io::Result<Exit> {
        let group = self.charge.group;
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

    /// Kills the program, and waits for its end.
    pub(crate) async fn kill(mut self) {
        self.charge.group.signal(Signal::KILL);
        // Its end is all that was wanted.
        let _ = self.ended().await;
    }

    /// Waits for the end of the program, and ends what it left behind in its group.
    async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.exit_watch.wait().await?;
        self.charge.settle()
    }
}

/// Keeps a variable of the app from a program. To be without one that is not there, all others would be copied.
pub(crate) fn withhold(command: &mut Command, variable: &str) {
    if std::env::var_os(variable).is_some() {
        command.env_remove(variable);
    }
}

impl Charge {
    /// Takes note of the end of the program, and ends what it left behind in its group.
    fn settle(&mut self) -> io::Result<ExitStatus> {
        // Its number is its own, and that of the group, until it is waited for.
        self.group.sweep();
        self.kept = None;
        let mut child = self.child.take().ok_or(io::ErrorKind::NotFound)?;
        child.wait()
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            self.group.signal(Signal::KILL);
            self.kept = None;
            // Somebody has to take note of its end, but not whoever drops it: that may be the runtime. Where there
            // are no threads any more, the end of the app does it.
            let _ = thread::Builder::new().spawn(move || child.wait());
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
