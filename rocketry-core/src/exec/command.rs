//! Runs that are programs of the system.

use std::io;
use std::process::{Command, Stdio};

use super::prepare::not_set_up;
use super::program::{Capture, Feed, OUTPUT_KEPT, Patience, Program, beside, last_bytes, reason, withhold};
use super::program_run::RunningProgram;
use crate::dispatch::live_output::LiveOutput;
use crate::engine::run::Run;
use crate::log::{Exit, ProcessEnd};
use crate::param::{Context, Host, Value};
use crate::session::Session;
use crate::task::{CommandLine, Invocation, Outcome};

/// The number of bytes of standard output that form the result of a command.
const RESULT_KEPT: usize = 1024 * 1024;

/// A command in progress.
pub(super) struct Started {
    program: Program,
    stdin: Feed,
    stdout: Capture,
    stderr: Capture,
}

fn start_program(invocation: &Invocation, echo: bool) -> io::Result<Started> {
    let (stdout, out) = Capture::new(RESULT_KEPT, echo)?;
    let (stderr, err) = Capture::new(OUTPUT_KEPT, echo)?;
    let mut command = Command::new(&invocation.program);
    command
        .args(&invocation.arguments)
        .envs(invocation.env.iter().cloned());
    withhold(&mut command, super::process::ASKED);
    if let Some(folder) = &invocation.cwd {
        command.current_dir(folder);
    }
    let stdin = if let Some(text) = &invocation.stdin {
        let (stdin, end) = Feed::new(text.clone())?;
        command.stdin(end);
        stdin
    } else {
        command.stdin(Stdio::null());
        Feed::default()
    };
    command.stdout(out).stderr(err);
    let program = Program::start_kept(command)?;
    Ok(Started {
        program,
        stdin,
        stdout,
        stderr,
    })
}

/// Warns, once per task, that every user of the machine can read a secret.
fn report_exposed(task: &str, invocation: &Invocation, line: &CommandLine) {
    if let Some(secret) = invocation.exposed.as_ref().filter(|_| line.is_untold()) {
        tracing::warn!(
            task,
            "the secret parameter `{secret}` is an argument of the command of task `{task}`, which everybody on this \
             machine can read; pass it with `.env_from(\"…\", \"{secret}\")` or `.stdin_from(\"{secret}\")`"
        );
    }
}

/// The reason why a program did not start. The system returns the same error for a missing program and a
/// missing folder.
fn explain(invocation: &Invocation, cause: &io::Error) -> String {
    match &invocation.cwd {
        Some(folder) if !folder.is_dir() => format!("there is no folder `{}` to run in", folder.display()),
        _ => format!("`{}` can't be started: {cause}", invocation.program.display()),
    }
}

impl Started {
    /// Starts the program.
    pub(super) fn start(run: &Run, session: &Session) -> Result<Self, Outcome> {
        Started::start_with(session, run, session)
    }

    /// Starts the program with parameters from a host.
    pub(super) fn start_with(host: &dyn Host, run: &Run, session: &Session) -> Result<Self, Outcome> {
        let line = run.spec.handler.as_command().expect("its task is a command");
        let context = Context::new(host, session.now(), run.spec.zone, Some(&run.info));
        let prepared = line.prepare(&context);
        let invocation = prepared.map_err(|error| not_set_up(run, session, error))?;
        report_exposed(&run.spec.name, &invocation, line);
        let echo = session.in_force().echo_output;
        start_program(&invocation, echo).map_err(|cause| Outcome::Fail(explain(&invocation, &cause).into()))
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
            mut stdin,
            mut stdout,
            mut stderr,
        } = self;
        let watch = program.watch(run.info.flag(), Patience::of(session));
        let watch = Box::pin(beside(watch, stdin.give()));
        let ended = beside(beside(watch, stdout.fill(live)), stderr.fill(live)).await;
        let (stdout, stderr) = (stdout.finish(live), stderr.finish(live));
        match ended {
            Ok(exit) => {
                let (outcome, process) = finished(exit, stdout, &stderr);
                (Some(outcome), Some(process))
            }
            Err(cause) => {
                let message = format!("the command could not be waited for: {cause}");
                (Some(Outcome::Fail(message.into())), None)
            }
        }
    }
}

fn finished(exit: Exit, stdout: String, stderr: &str) -> (Outcome, ProcessEnd) {
    let mut output = last_bytes(&stdout, OUTPUT_KEPT).to_owned();
    output.push_str(stderr);
    let outcome = if exit.is_success() {
        Outcome::Success(Value::text(stdout))
    } else {
        let reason = reason(stderr);
        let gap = if reason.is_empty() { "" } else { ":\n" };
        Outcome::Fail(format!("the command ended with {exit}{gap}{reason}").into())
    };
    let process = ProcessEnd {
        exit,
        output: output.into(),
    };
    (outcome, process)
}
