//! The app of these tests, whose tasks affect the process in which they run.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use rocketry_core::__private::{Handler, asynchronous, blocking, outcome, param};
use rocketry_core::{
    Action, Config, Error, Execution, Inaction, Params, Record, Result, Rocketry, Session, Task, TaskBuilder,
    TerminationFlag,
};

use serde_json::Value as Json;

use crate::post::report;
use crate::serving::serve;
use crate::warm;

fn apart(name: &'static str, handler: Handler) -> TaskBuilder {
    TaskBuilder::new(name, rocketry_core::__private::location!())
        .handler(handler)
        .execution(Execution::Process)
}

/// All tasks.
pub(crate) fn app(config: Config) -> Rocketry {
    let tasks = [
        apart(
            "add",
            blocking((param!(a: u32), param!(b: u32)), |(a, b)| outcome!(add(a, b))),
        ),
        apart(
            "echo",
            blocking((param!(text: String),), |(text,)| outcome!(text)),
        ),
        apart(
            "count",
            asynchronous((param!(words: BTreeMap<String, f64>),), |(words,)| async move {
                outcome!(sum(&words))
            }),
        ),
        apart("pid", blocking((), |()| outcome!(std::process::id()))),
        apart("spawn", blocking((), |()| outcome!(spawn()))),
        apart("leak", blocking((), |()| outcome!(leak()))),
        apart(
            "spin",
            blocking((param!(post: String),), |(post,)| outcome!(spin(&post))),
        ),
        apart(
            "sleep",
            asynchronous((param!(post: String),), |(post,)| async move {
                outcome!(sleep(&post).await)
            }),
        ),
        apart(
            "heed",
            blocking(
                (param!(post: String), param!(flag: TerminationFlag)),
                |(post, flag)| outcome!(heed(&post, &flag)),
            ),
        ),
        apart("panic", blocking((), |()| outcome!(panic_with(5)))),
        apart("abort", blocking((), |()| outcome!(abort()))),
        apart(
            "exit",
            blocking((param!(code: i32),), |(code,)| outcome!(exit(code))),
        ),
        apart("kill", blocking((), |()| outcome!(kill()))),
        apart(
            "print",
            blocking((param!(megabytes: usize),), |(megabytes,)| {
                outcome!(print(megabytes))
            }),
        ),
        apart("nothing", blocking((), |()| outcome!(nothing()))),
        apart(
            "parent",
            blocking((param!(post: String), param!(pipe: String)), |(post, pipe)| {
                outcome!(parent(&post, &pipe))
            }),
        ),
        apart(
            "stubborn",
            blocking(
                (param!(post: String), param!(flag: TerminationFlag)),
                |(post, flag)| outcome!(stubborn(&post, &flag)),
            ),
        ),
        apart("leak on", blocking((), |()| outcome!(leak_on()))),
        apart("secret", blocking((), |()| outcome!(Secret))),
        apart(
            "give back",
            blocking((param!(value: Json),), |(value,)| outcome!(value)),
        ),
        apart(
            "nest",
            blocking((param!(value: Json),), |(value,)| outcome!(vec![value])),
        ),
        apart(
            "divide",
            blocking((param!(value: f64),), |(value,)| outcome!(1.0 / value)),
        ),
        Task::command("command", COMMAND).shell(true),
        Task::func("tick", || async {}),
    ];
    let tasks = tasks.into_iter();
    #[cfg(feature = "script")]
    let tasks = tasks.chain(crate::code::tasks());
    tasks.fold(Rocketry::builder().config(warm::settings(config)), Rocketry::task)
}

/// Settings with a short grace period.
pub(crate) fn impatient() -> Config {
    Config {
        kill_grace: Duration::from_millis(20),
        ..Config::default()
    }
}

/// Settings under which a run that is asked to end has to end by itself.
pub(crate) fn patient() -> Config {
    Config {
        kill_grace: Duration::from_secs(3600),
        ..Config::default()
    }
}

/// Serves the app while a test uses it.
pub(crate) fn with<T>(config: Config, act: impl AsyncFnOnce(&Session) -> T) -> T {
    serve(app(config), async |session| {
        warm::is_ready(session).await;
        act(session).await
    })
}

/// Runs a task once, and returns the record of the end of its run.
pub(crate) fn run(task: &str, params: Params) -> Record {
    with(impatient(), async |session| {
        let record = session.task(task)?.run(params).await?;
        let unmoved = session.task("tick")?.force_run().await?;
        assert_eq!(unmoved.action, Action::Success);
        Ok::<_, Error>(record)
    })
    .expect("a run that ends")
}

fn add(a: u32, b: u32) -> Result<u32, Inaction> {
    a.checked_add(b)
        .ok_or_else(|| Inaction::because("that is too much"))
}

fn sum(words: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    [("sum".to_owned(), words.values().sum())].into()
}

/// Spawns a task, and waits until the runtime has run it.
fn spawn() -> u32 {
    let (send, receive) = std::sync::mpsc::channel();
    tokio::spawn(async move { send.send(42) });
    receive.recv().expect("the runtime has a thread")
}

fn leak() {
    for _ in 0..200 {
        std::mem::forget(black_box(vec![1_u8; 1024 * 1024]));
    }
}

fn spin(post: &str) {
    let _line = report(post);
    spin_for_ever();
}

fn spin_for_ever() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

async fn sleep(post: &str) {
    let _line = report(post);
    std::future::pending::<()>().await;
}

/// Ends as soon as it is asked to.
fn heed(post: &str, flag: &TerminationFlag) {
    let _line = report(post);
    while !flag.is_set() {
        std::thread::yield_now();
    }
    println!("going");
}

fn panic_with(number: i32) {
    assert!(number < 5, "number {number} is too much");
}

fn abort() {
    eprintln!("last words");
    std::process::abort();
}

fn exit(code: i32) {
    std::process::exit(code);
}

fn kill() {
    let own = rustix::process::getpid();
    rustix::process::kill_process(own, rustix::process::Signal::KILL).expect("a process may kill itself");
    unreachable!("it is dead");
}

fn print(megabytes: usize) {
    let megabyte = vec![b'x'; 1024 * 1024];
    let mut stdout = std::io::stdout().lock();
    for _ in 0..megabytes {
        stdout.write_all(&megabyte).expect("somebody reads");
    }
    writeln!(stdout, "the end").expect("somebody reads");
}

fn nothing() -> Result<(), Inaction> {
    Err(Inaction::because("nothing to do"))
}

/// Continues although it was asked to end.
fn stubborn(post: &str, flag: &TerminationFlag) {
    let _line = report(post);
    while !flag.is_set() {
        std::thread::yield_now();
    }
    println!("I stay");
    spin_for_ever();
}

/// Leaks memory until its limit is exhausted.
fn leak_on() {
    const MEBIBYTES: u64 = 1024 * 1024;
    let limit = rustix::process::Rlimit {
        current: Some(2048 * MEBIBYTES),
        maximum: None,
    };
    rustix::process::setrlimit(rustix::process::Resource::As, limit).expect("a process may limit itself");
    loop {
        std::mem::forget(black_box(vec![1_u8; 64 * 1024 * 1024]));
    }
}

/// Has a child that minds nothing, reports to `--ready` that it is at work, and to `--told` whenever it is told to end.
const COMMAND: &str = "exec 9> \"$4\"; trap 'echo here >&9' TERM; (trap '' TERM; while :; do sleep 1000; done) & \
    echo here > \"$2\"; while :; do sleep 1000 & wait $!; done";

/// Has a child of its own.
#[allow(clippy::zombie_processes, reason = "that it is left behind is the point")]
fn parent(post: &str, pipe: &str) {
    let script = "exec 9> \"$1\"; trap '' TERM HUP; echo here >&9; while :; do sleep 1000; done";
    Command::new("sh")
        .args(["-c", script, "sh", pipe])
        .spawn()
        .expect("a shell");
    spin(post);
}

/// A value that can't be written as JSON.
struct Secret;
