//! Runs in their own processes: the same program, started again.
//!
//! The new process has a socket as its standard input. It receives the request through the socket, a line of
//! JSON with the task and its parameters, and returns the answer in the same way. The program executes its
//! own `main` until it runs its app, which then serves the request instead of running (`child`).

mod child;
mod warm;

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe::Receiver;

use super::program::{Capture, OUTPUT_KEPT, Patience, Program, Rest, beside, both, reason};
use super::program_run::RunningProgram;
use crate::dispatch::live_output::LiveOutput;
use crate::engine::run::Run;
use crate::error::Error;
use crate::exec::prepare::not_set_up;
use crate::exec::response::Response;
use crate::log::{Exit, ProcessEnd};
use crate::session::Session;
use crate::session::remote::{Request, request};
use crate::task::Outcome;
pub use child::is_child;
pub(crate) use child::{run as run_as_child, serve as serve_as_child};
pub(super) use warm::WarmChildren;

/// The environment variable of a process that was started for a single run. It contains the number of the
/// socket that such a process has as its standard input, so that a process that only inherits the variable is
/// not misled. For a warm process, a word follows the number.
pub(crate) const ASKED: &str = "ROCKETRY_INTERNAL_RUN";

/// The word for a warm process.
const WAITS: &str = "waits";

/// How long to wait for a `main` that reads its standard input, where it finds nothing.
const NOTHING_TO_READ: Duration = Duration::from_secs(1);

/// The outcome of a run as it would arrive from another process.
pub(super) fn as_if_elsewhere(outcome: Outcome) -> Option<Outcome> {
    Response::of(Some(outcome)).into_outcome()
}

/// A process in progress.
pub(super) struct Started {
    program: Program,
    output: Capture,
    talk: Talk,
}

fn start_process(mut request: Vec<u8>, echo: bool) -> io::Result<Started> {
    let (program, output, socket) = launch(Some(&mut request), echo)?;
    let sender = if request.is_empty() {
        None
    } else {
        Some(socket.try_clone()?)
    };
    let mut talk = Talk::new(socket)?;
    if let Some(sender) = sender {
        talk.send(sender, request)?;
    }
    Ok(Started {
        program,
        output,
        talk,
    })
}

/// Starts a process, and sends as much of its request as is accepted immediately. Without a request, the
/// process waits for one. Returns the app's end of its socket.
/// of its socket.
fn launch(request: Option<&mut Vec<u8>>, echo: bool) -> io::Result<(Program, Capture, UnixStream)> {
    let (output, end) = Capture::new(OUTPUT_KEPT, echo)?;
    let (ours, theirs) = UnixStream::pair()?;
    theirs.set_read_timeout(Some(NOTHING_TO_READ))?;
    ours.set_nonblocking(true)?;
    let theirs = File::from(OwnedFd::from(theirs));
    let number = theirs.metadata()?.ino();
    let mut asked = number.to_string();
    if let Some(request) = request {
        // Most requests are short enough to arrive before the process runs.
        if let Ok(sent) = (&ours).write(request) {
            request.drain(..sent);
        }
    } else {
        asked = format!("{number} {WAITS}");
    }
    let (out, err) = both(end)?;
    let mut command = Command::new(program()?);
    let mut words = std::env::args_os();
    if let Some(name) = words.next() {
        command.arg0(name);
    }
    command.args(words).env(ASKED, asked);
    command.stdin(theirs).stdout(out).stderr(err);
    Ok((Program::start(command)?, output, ours))
}

/// The program that is running, even if its file was replaced.
fn program() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    let itself = PathBuf::from("/proc/self/exe");
    if cfg!(target_os = "linux") && path.as_os_str().to_string_lossy().ends_with(" (deleted)") {
        return Ok(itself);
    }
    Ok(path)
}

impl Started {
    /// Starts a run in a warm process, or in a new one.
    pub(super) fn start(run: &Run, session: &Session, warm: &WarmChildren) -> Result<Self, Outcome> {
        let request = request(run, session).map_err(|error| not_set_up(run, session, error))?;
        Started::start_with(&request, run, session, warm)
    }

    /// Starts a run from an existing request.
    pub(super) fn start_with(
        request: &Request,
        run: &Run,
        session: &Session,
        warm: &WarmChildren,
    ) -> Result<Self, Outcome> {
        let request = request
            .to_line()
            .map_err(|error| not_set_up(run, session, error))?;
        let echo = session.in_force().echo_output;
        let started = warm
            .give(request, echo)
            .or_else(|request| start_process(request, echo));
        warm.fill(echo);
        started
            .map_err(|cause| Outcome::Fail(format!("a process for the run can't be started: {cause}").into()))
    }
}

impl RunningProgram for Started {
    async fn finish(
        self,
        run: &Run,
        session: &Session,
        live: &LiveOutput,
    ) -> (Option<Outcome>, Option<ProcessEnd>) {
        let Started {
            program,
            mut output,
            mut talk,
        } = self;
        let watch = program.watch(run.info.flag(), Patience::of(session));
        let ended = beside(beside(watch, output.fill(live)), talk.go_on()).await;
        let output = output.finish(live);
        match ended.and_then(|exit| Ok((exit, talk.finish()?))) {
            Ok((exit, answer)) => {
                let outcome = outcome(run, session, exit, &answer, &output);
                let output = output.into();
                (outcome, Some(ProcessEnd { exit, output }))
            }
            Err(cause) => {
                let message = format!("the process of the run was lost: {cause}");
                (Some(Outcome::Fail(message.into())), None)
            }
        }
    }
}

/// The answer of the process; `None` if the run was cut off.
fn outcome(run: &Run, session: &Session, exit: Exit, answer: &[u8], output: &str) -> Option<Outcome> {
    match Response::read(answer) {
        Ok(Some(Response::NotSetUp(message))) => Some(not_set_up(run, session, Error::parameter(message))),
        Ok(Some(response)) => response.into_outcome(),
        Ok(None) => Some(Outcome::Fail(without_answer(exit, output, "").into())),
        Err(cause) => {
            let answer = format!("; its answer can't be read: {cause}");
            Some(Outcome::Fail(without_answer(exit, output, &answer).into()))
        }
    }
}

/// The communication between the app and the process.
struct Talk {
    /// The part of the request that still has to be sent, if any.
    request: Option<(tokio::net::UnixStream, Vec<u8>)>,
    /// Not a pipe, but read like one: for a socket, the runtime would also report that it is writable, and
    /// wake a thread for that.
    listen: Receiver,
    answer: Vec<u8>,
}

impl Talk {
    fn new(socket: UnixStream) -> io::Result<Self> {
        Ok(Talk {
            request: None,
            listen: Receiver::from_owned_fd_unchecked(socket.into())?,
            answer: Vec::new(),
        })
    }

    /// Sends the rest of a request, if any, in the meantime.
    fn send(&mut self, socket: UnixStream, rest: Vec<u8>) -> io::Result<()> {
        if !rest.is_empty() {
            self.request = Some((tokio::net::UnixStream::from_std(socket)?, rest));
        }
        Ok(())
    }

    /// Sends the request and receives the answer. Any error results in a missing answer.
    async fn go_on(&mut self) {
        if let Some((socket, request)) = &mut self.request
            && socket.write_all(request).await.is_err()
        {
            return;
        }
        while let Ok(1..) = self.listen.read_buf(&mut self.answer).await {}
    }

    /// The complete answer, once the process has ended.
    fn finish(self) -> io::Result<Vec<u8>> {
        let Talk {
            listen, mut answer, ..
        } = self;
        for chunk in Rest::of(listen.into_nonblocking_fd()?, usize::MAX) {
            answer.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

/// The message for a process that has not answered.
fn without_answer(exit: Exit, output: &str, answer: &str) -> String {
    let mut message = match exit {
        Exit::Code(0) if answer.is_empty() => {
            "the process ended before its run did, with exit code 0".to_owned()
        }
        exit => format!("the process ended with {exit}{answer}"),
    };
    let reason = reason(output);
    if !reason.is_empty() {
        message.push_str(":\n");
        message.push_str(reason);
    }
    message
}
