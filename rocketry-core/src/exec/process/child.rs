//! The process of a single run: executes the run, answers, and exits.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs::File;
use std::future::pending;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::exit;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use rustix::fs::{FileType, fstat};
use rustix::process::{Signal, getpgrp, getpid, kill_current_process_group, kill_process};
use rustix::stdio::{dup2_stdin, stdin};
use tokio::runtime::{self, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use super::{ASKED, WAITS};
use crate::dispatch::race::race;
use crate::engine::spec::Spec;
use crate::error::{Error, Kind, Result};
use crate::exec::response::Response;
use crate::param::{Argument, Context, Entry, Params, RunContext, TerminationFlag, Value};
use crate::session::Session;
use crate::session::remote::{Given, Request};
use crate::task::{Outcome, Work};
use crate::time::Timestamp;

/// The exit code of a process that has answered.
const ANSWERED: i32 = 0;

/// The exit code of a process that has not received a request.
const NOT_ASKED: i32 = 70;

/// The number of threads that poll the futures of a run.
const WORKERS: usize = 2;

/// How long a function runs before the runtime gets its own thread. Many runs need none.
const SOON_OVER: Duration = Duration::from_millis(1);

/// How long the request may take to arrive. It was sent before this program reached its `main`.
const REQUEST: Duration = Duration::from_secs(30);

/// Returns whether this process was started for a single run of a task with
/// [`Execution::Process`](crate::Execution::Process).
///
/// Such a process executes the program's `main` like any other, until it runs the app. A `main` that does
/// something expensive before that, or something that must not be done twice, can skip it in such a process.
///
/// ```
/// if !rocketry::is_child() {
///     println!("welcome");
/// }
/// ```
pub fn is_child() -> bool {
    asked().is_some()
}

/// The reason why this process was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// A run whose request was already sent.
    Run,
    /// A run that will be sent later.
    Wait,
}

/// The reason why this process was started, if it was started for a run. Later, the socket is no longer its
/// standard input.
fn asked() -> Option<Asked> {
    static ASKED_FOR: OnceLock<Option<Asked>> = OnceLock::new();
    *ASKED_FOR.get_or_init(look)
}

/// Returns true if standard input is the socket that the environment names.
fn look() -> Option<Asked> {
    let asked = std::env::var(ASKED).ok()?;
    let (number, waits) = asked.split_once(' ').unwrap_or((&asked, ""));
    let input = fstat(stdin()).ok()?;
    let is_socket = FileType::from_raw_mode(input.st_mode) == FileType::Socket;
    let is_named = number.parse() == Ok(input.st_ino);
    let asked = if waits == WAITS { Asked::Wait } else { Asked::Run };
    (is_socket && is_named).then_some(asked)
}

/// Executes the run that this process was started for, on its own runtime, and exits.
pub(crate) fn run(session: &Session) -> ! {
    let (request, socket) = asked_for();
    let task = session.state().find(&request.task);
    let is_async = task.is_ok_and(|id| session.state().task(id).spec.handler.is_async());
    let broken = if is_async {
        on_workers(session, request, &socket)
    } else {
        on_this_thread(session, request, &socket)
    };
    let Err(cause) = broken;
    answer(
        &socket,
        &Response::Fail(format!("the runtime can't be made: {cause}")),
    )
}

fn on_workers(session: &Session, request: Request, socket: &UnixStream) -> io::Result<Infallible> {
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()?;
    die_with_the_app(socket, None)?;
    runtime.block_on(async { answer(socket, &make(session, request).await) })
}

/// Executes a blocking run in place. In a process this short, every started thread matters.
fn on_this_thread(session: &Session, request: Request, socket: &UnixStream) -> io::Result<Infallible> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    die_with_the_app(socket, Some(runtime))?;
    let _inside = handle.enter();
    let flag = TerminationFlag::default();
    heed_signals(&flag);
    let response = match prepare(session, request, flag.clone()) {
        Ok(Work::Blocking(function)) => Response::of(Some(function())),
        Ok(Work::Async(future)) => Response::of(handle.block_on(race(future, flag.wait()))),
        Err(error) => Response::NotSetUp(error.to_string()),
    };
    answer(socket, &response)
}

/// Executes the run that this process was started for, on the current runtime, and exits.
pub(crate) async fn serve(session: &Session) -> ! {
    let (request, socket) = asked_for();
    let response = match die_with_the_app(&socket, None) {
        Ok(()) => make(session, request).await,
        Err(cause) => Response::Fail(format!("the process can't listen to its app: {cause}")),
    };
    answer(&socket, &response)
}

fn answer(mut socket: &UnixStream, response: &Response) -> ! {
    let answer = response.to_bytes();
    // An app that no longer listens is no reason to continue.
    let _ = socket.write_all(&answer);
    let _ = io::stdout().flush();
    exit(ANSWERED);
}

/// The run that this process was started for.
fn asked_for() -> (Request, UnixStream) {
    let waits = asked() == Some(Asked::Wait);
    let asked = take_over().and_then(|mut socket| Ok((read(&mut socket, waits)?, socket)));
    asked.unwrap_or_else(|cause| {
        eprintln!("the run that this process was started for is not known: {cause}");
        exit(NOT_ASKED);
    })
}

/// Takes the socket from standard input, which is empty afterwards.
fn take_over() -> io::Result<UnixStream> {
    let socket = UnixStream::from(stdin().try_clone_to_owned()?);
    dup2_stdin(File::open("/dev/null")?)?;
    Ok(socket)
}

/// Reads the request. A warm process announces itself first, and exits with an app that has no request for
/// it.
fn read(socket: &mut UnixStream, waits: bool) -> io::Result<Request> {
    socket.set_read_timeout((!waits).then_some(REQUEST))?;
    if waits {
        // A blank, which has no meaning before the answer.
        socket.write_all(b" ")?;
    }
    let line = read_line(socket)?;
    if waits && line.is_empty() {
        exit(ANSWERED);
    }
    socket.set_read_timeout(None)?;
    let hint = "; does `main` read the standard input before it runs the app?";
    serde_json::from_slice(&line).map_err(|cause| io::Error::other(format!("{cause}{hint}")))
}

/// Reads a line, after which nothing may follow.
fn read_line(socket: &mut UnixStream) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    while line.last() != Some(&b'\n') {
        match socket.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) => break,
            read => line.extend_from_slice(&chunk[..read?]),
        }
    }
    Ok(line)
}

/// Listens on a thread for the end of the app, and then ends this process and everything that it started. The
/// thread also starts the thread of a runtime that has none, after a moment.
///
/// It does nothing else, because the run may leave no time to other threads. The mechanism of the system
/// (`PR_SET_PDEATHSIG`) would end only this process, and would do so when the thread that started it ends.
fn die_with_the_app(socket: &UnixStream, runtime: Option<Runtime>) -> io::Result<()> {
    let app = socket.try_clone()?;
    let listen = move || {
        if let Some(runtime) = runtime
            && goes_on(&app)
        {
            // If it can't be started, requests of the function to the runtime are not carried out.
            let _ = thread::Builder::new().spawn(move || runtime.block_on(pending::<()>()));
        }
        wait_for_the_end(&app);
        end_all();
    };
    thread::Builder::new()
        .name("rocketry-app".to_owned())
        .spawn(listen)?;
    Ok(())
}

/// Returns true if the app continues for a moment.
fn goes_on(app: &UnixStream) -> bool {
    let timed = app.set_read_timeout(Some(SOON_OVER)).is_ok();
    let ended = timed && hear(app).is_ok();
    !ended && app.set_read_timeout(None).is_ok()
}

fn wait_for_the_end(app: &UnixStream) {
    while let Err(error) = hear(app) {
        if error.kind() != io::ErrorKind::Interrupted {
            break;
        }
    }
}

/// The app sends nothing more, so a read only returns at its end.
fn hear(mut app: &UnixStream) -> io::Result<usize> {
    app.read(&mut [0])
}

fn end_all() {
    if getpgrp() == getpid() {
        let _ = kill_current_process_group(Signal::KILL);
    }
    let _ = kill_process(getpid(), Signal::KILL);
}

async fn make(session: &Session, request: Request) -> Response {
    let flag = TerminationFlag::default();
    heed_signals(&flag);
    match prepare(session, request, flag.clone()) {
        Ok(work) => Response::of(work_on(work, &flag).await),
        Err(error) => Response::NotSetUp(error.to_string()),
    }
}

/// Lets a SIGTERM raise the flag from now on. Before, it ends the process.
fn heed_signals(flag: &TerminationFlag) {
    let raised = flag.clone();
    // If the signal can't be received, it still ends the process.
    if let Ok(mut told) = signal(SignalKind::terminate()) {
        tokio::spawn(async move {
            told.recv().await;
            raised.set();
        });
    }
}

/// Builds the run in this process's copy of the app, and resolves its parameters.
fn prepare(session: &Session, request: Request, flag: TerminationFlag) -> Result<Work> {
    let (spec, info) = adopt(session, request, flag)?;
    let context = session.context_in(spec.zone, Some(&info)).apart();
    spec.handler.prepare(&context)
}

/// Returns `None` if the run was cut off.
async fn work_on(work: Work, flag: &TerminationFlag) -> Option<Outcome> {
    let work = match work {
        Work::Async(future) => {
            let flag = flag.clone();
            tokio::spawn(async move { race(future, flag.wait()).await })
        }
        Work::Blocking(function) => tokio::task::spawn_blocking(move || Some(function())),
    };
    work.await
        .unwrap_or_else(|panic| Some(crate::exec::prepare::broken(panic)))
}

/// Applies the state in the request to this copy of the app.
fn adopt(session: &Session, request: Request, flag: TerminationFlag) -> Result<(Arc<Spec>, RunContext)> {
    let secrets = &session.config().secrets;
    let mut state = session.state();
    let id = state.find(&request.task).map_err(|message| {
        let hint = "the app that `main` runs first has to have it, from the start";
        Error::new(Kind::NotFound, format!("{message}: {hint}"))
    })?;
    for (name, wire) in request.results {
        if let Ok(id) = state.find(&name) {
            state.task_mut(id).runs.result = Value::from(wire).into();
        }
    }
    merge(&mut state.params, request.session);
    state.params.conceal(secrets);
    let spec = state.task(id).spec.clone();
    drop(state);
    let mut own = spec.params.clone();
    merge(&mut own, request.own);
    own.conceal(secrets);
    let mut batch = Params::from_wires(request.batch);
    batch.conceal(secrets);
    let info = RunContext {
        task: spec.name.clone(),
        task_id: id,
        run_id: request.run_id.into(),
        due: Timestamp::from_micros(request.due),
        flag: flag.into(),
        batch,
        own,
    };
    Ok((spec, info))
}

fn merge(params: &mut Params, given: BTreeMap<String, Given>) {
    for (key, given) in given {
        match given {
            Given::Value(wire) => params.set(&key, Entry::value_of(wire.into())),
            Given::Lost(why) => params.set(&key, Entry::argument(Lost(why))),
            Given::AsDeclared if params.get(&key).is_some() => {}
            Given::AsDeclared => {
                let why = "it was given while the app ran, and can't go to another process";
                params.set(&key, Entry::argument(Lost(why.to_owned())));
            }
        }
    }
}

/// A parameter that could not be sent.
struct Lost(String);

impl Argument for Lost {
    fn value(&self, _: &Context<'_>) -> Result<Value> {
        Err(Error::new(Kind::Parameter, &*self.0))
    }
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
