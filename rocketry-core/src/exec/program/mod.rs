//! A running program: started in its own process group, and ended together with everything that it started.

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

/// The number of bytes of output that are kept for the run log.
pub(crate) const OUTPUT_KEPT: usize = 64 * 1024;

/// A running program. Dropping it kills it.
pub(crate) struct Program {
    charge: Charge,
    exit_watch: ExitWatch,
}

/// The responsibility for the end of a program.
struct Charge {
    /// Present until it has been waited for.
    child: Option<Child>,
    group: Group,
    /// Present until it has been waited for, if it has to end with an app that is killed.
    kept: Option<Guarded>,
}

/// A program and its descendants that have not left its process group.
#[derive(Clone, Copy)]
struct Group(Pid);

/// The grace period after a program was asked to end, and the clock that measures it.
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
    /// Starts a program. Nothing here prevents the standard library from starting it without a fork, which
    /// would copy the page tables of a large app. Needs a runtime.
    pub(crate) fn start(mut command: Command) -> io::Result<Self> {
        // The state that the previous app has left is for the app only.
        withhold(&mut command, crate::exec::LEFT);
        // Ctrl-C goes to the app only, which lets its runs end.
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

    /// Starts a program that also ends with an app that is killed, because it does not detect that itself.
    pub(crate) fn start_kept(command: Command) -> io::Result<Self> {
        // The remaining steps take no time.
        orphan_reaper::be_there();
        let mut program = Self::start(command)?;
        program.charge.kept = Guarded::new(program.charge.group.0);
        Ok(program)
    }

    /// Waits for the end of the program. When the flag is set, the program is asked to end, and killed after
    /// the grace period.
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
        // Only its end matters.
        let _ = self.ended().await;
    }

    /// Waits for the end of the program, and ends what it left behind in its process group.
    async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.exit_watch.wait().await?;
        self.charge.settle()
    }
}

/// Removes a variable of the app from a program's environment. Removing a missing variable would copy all
/// others.
pub(crate) fn withhold(command: &mut Command, variable: &str) {
    if std::env::var_os(variable).is_some() {
        command.env_remove(variable);
    }
}

impl Charge {
    /// Reaps the program, and ends what it left behind in its process group.
    fn settle(&mut self) -> io::Result<ExitStatus> {
        // The process id and the group id are not reused until it is waited for.
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
            // The process has to be reaped, but not by the code that drops it, which may be the runtime. If
            // no thread can be created any more, the end of the app does it.
            let _ = thread::Builder::new().spawn(move || child.wait());
        }
    }
}

impl Group {
    /// Sends a signal to the whole group, or to the program itself if it has left the group.
    fn signal(self, signal: Signal) {
        if kill_process_group(self.0, signal).is_err() {
            // A process that has just ended can't receive it, and need not.
            let _ = kill_process(self.0, signal);
        }
    }

    /// Ends the rest of the group without its program.
    fn sweep(self) {
        // Usually, nothing is left.
        let _ = kill_process_group(self.0, Signal::KILL);
    }
}

fn exit(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, signal) => Exit::Signal(signal.unwrap_or_default()),
    }
}

/// Awaits a future while polling another one.
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
