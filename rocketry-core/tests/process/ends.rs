//! Checks how processes end, and that they leave nothing behind.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use rocketry_core::{Action, Config, Exit, Params, Record};

use crate::app::{impatient, patient, run, with};
use crate::pipe::{Pipe, Witness};
use crate::post::{Post, children};
use crate::runner::Case;

/// The first argument of a process that is an app with one run, to be killed by a test.
pub(crate) const AS_APP: &str = "--as-app";

/// The same for the app of a command.
pub(crate) const AS_APP_OF_COMMAND: &str = "--as-app-of-command";

/// The argument for a `main` that reads its standard input before it runs the app.
pub(crate) const READS_FIRST: &str = "--reads-first";

pub(crate) const CASES: &[Case] = &[
    ("a_leak_goes_with_its_process", leak),
    ("one_that_spins_is_killed_and_the_scheduler_goes_on", spin),
    ("an_asynchronous_run_is_cut_off", cut_off),
    ("one_that_is_told_to_end_and_stays_is_killed", stubborn),
    ("one_that_leaks_all_it_may_have_aborts", leak_on),
    ("one_that_heeds_its_flag_ends_by_itself", heed),
    ("a_panic_is_its_message", panic),
    ("an_abort_is_a_signal_with_the_last_words", abort),
    ("an_exit_in_a_run_is_a_failure", exit),
    ("one_that_is_killed_says_so", killed),
    ("a_hundred_megabytes_of_output_leave_their_end", output),
    ("the_children_of_a_process_end_with_it", grandchild),
    ("nothing_survives_the_app", orphans),
    ("a_command_does_not_survive_the_app_either", orphans_of_a_command),
    ("a_main_that_reads_before_does_not_wait_for_ever", reads_first),
    ("a_forced_end_of_the_app_waits_for_nobody", forced),
];

fn exit_of(record: &Record) -> Option<Exit> {
    record.process().map(|process| process.exit)
}

fn nobody_is_left() {
    assert_eq!(children(), Vec::<String>::new());
}

fn leak() {
    let record = run("leak", Params::new());
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Success, Some(Exit::Code(0)))
    );
    nobody_is_left();
}

fn spin() {
    let post = Post::new();
    let record = with(impatient(), async |session| {
        let run = session
            .task("spin")
            .unwrap()
            .run(Params::new().with("post", post.path()));
        let witness = tokio::task::block_in_place(|| post.wait());
        let tick = session.task("tick").unwrap();
        for _ in 0..10 {
            assert_eq!(tick.run(Params::new()).await.unwrap().action, Action::Success);
        }
        session.task("spin").unwrap().terminate();
        let record = run.await.unwrap();
        tokio::task::block_in_place(|| witness.sees_the_end());
        record
    });
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Terminate, Some(Exit::Signal(9)))
    );
    assert_eq!(record.message.as_deref(), Some("it was asked to end"));
    nobody_is_left();
}

/// Terminates a run that has reported.
pub(crate) fn stopped(task: &str) -> Record {
    let post = Post::new();
    with(patient(), async |session| {
        let run = session
            .task(task)
            .unwrap()
            .run(Params::new().with("post", post.path()));
        let witness = tokio::task::block_in_place(|| post.wait());
        session.task(task).unwrap().terminate();
        let record = run.await.unwrap();
        tokio::task::block_in_place(|| witness.sees_the_end());
        record
    })
}

fn cut_off() {
    let record = stopped("sleep");
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Terminate, Some(Exit::Code(0)))
    );
    nobody_is_left();
}

fn heed() {
    let record = stopped("heed");
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Terminate, Some(Exit::Code(0)))
    );
    assert_eq!(
        record
            .process()
            .map(|process| process.output.to_string())
            .as_deref(),
        Some("going\n")
    );
    nobody_is_left();
}

fn stubborn() {
    let post = Post::new();
    let record = with(impatient(), async |session| {
        let task = session.task("stubborn").unwrap();
        let run = task.run(Params::new().with("post", post.path()));
        let witness = tokio::task::block_in_place(|| post.wait());
        task.terminate();
        let record = run.await.unwrap();
        tokio::task::block_in_place(|| witness.sees_the_end());
        record
    });
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Terminate, Some(Exit::Signal(9)))
    );
    nobody_is_left();
}

fn leak_on() {
    let record = run("leak on", Params::new());
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Fail, Some(Exit::Signal(6)))
    );
    let message = record.message.as_deref().unwrap_or_default();
    assert!(
        message.starts_with("the process ended with signal 6 (SIGABRT):\n"),
        "{message}"
    );
    // It is unspecified which thread runs out of memory first, and whether a backtrace follows.
    let output = &record.process().unwrap().output;
    assert!(output.contains("memory allocation of "), "{output}");
    nobody_is_left();
}

fn panic() {
    let record = run("panic", Params::new());
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Fail, Some(Exit::Code(0)))
    );
    assert_eq!(record.message.as_deref(), Some("panicked: number 5 is too much"));
    assert!(record.process().unwrap().output.contains("number 5 is too much"));
    nobody_is_left();
}

fn abort() {
    let record = run("abort", Params::new());
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Fail, Some(Exit::Signal(6)))
    );
    assert_eq!(
        record.message.as_deref(),
        Some("the process ended with signal 6 (SIGABRT):\nlast words")
    );
    nobody_is_left();
}

fn exit() {
    let record = run("exit", Params::new().with("code", 3));
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Fail, Some(Exit::Code(3)))
    );
    assert_eq!(
        record.message.as_deref(),
        Some("the process ended with exit code 3")
    );
    let record = run("exit", Params::new().with("code", 0));
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Fail, Some(Exit::Code(0)))
    );
    assert_eq!(
        record.message.as_deref(),
        Some("the process ended before its run did, with exit code 0")
    );
    nobody_is_left();
}

fn killed() {
    let record = run("kill", Params::new());
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Fail, Some(Exit::Signal(9)))
    );
    assert_eq!(
        record.message.as_deref(),
        Some("the process ended with signal 9 (SIGKILL)")
    );
    nobody_is_left();
}

fn output() {
    let before = peak_memory();
    let record = run("print", Params::new().with("megabytes", 100_usize));
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Success, Some(Exit::Code(0)))
    );
    let output = record.process().unwrap().output.clone();
    assert!(
        output.starts_with("[the last 65536 of 104857608 bytes]\nxxx"),
        "{}",
        &output[..80]
    );
    assert!(output.ends_with("xxxthe end\n"));
    assert!(
        peak_memory() - before < 20_000,
        "{} kB more than before",
        peak_memory() - before
    );
    nobody_is_left();
}

/// Returns the peak memory of this process, in kilobytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a system with /proc");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

fn grandchild() {
    let (post, pipe) = (Post::new(), Pipe::new());
    let record = with(impatient(), async |session| {
        let task = session.task("parent").unwrap();
        let pipe_path = pipe.path().to_string_lossy().into_owned();
        let run = task.run(Params::new().with("post", post.path()).with("pipe", pipe_path));
        let witnesses = tokio::task::block_in_place(|| [pipe.wait(), post.wait()]);
        task.terminate();
        let record = run.await.unwrap();
        tokio::task::block_in_place(|| witnesses.into_iter().for_each(Witness::sees_the_end));
        record
    });
    assert_eq!(
        (record.action, exit_of(&record)),
        (Action::Terminate, Some(Exit::Signal(9)))
    );
    nobody_is_left();
}

/// Starts an app with one run, kills it once the run is in progress, and returns when all processes are gone.
fn kill_the_app(word: &str, at_work: impl FnOnce() -> Vec<Witness>, words: &[&Path]) {
    let mut app = Command::new(std::env::current_exe().unwrap())
        .arg(word)
        .args(words)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let witnesses = at_work();
    app.kill().unwrap();
    app.wait().unwrap();
    witnesses.into_iter().for_each(Witness::sees_the_end);
}

fn orphans() {
    let (post, pipe) = (Post::new(), Pipe::new());
    let address = post.path();
    let words = [Path::new(&address), pipe.path()];
    kill_the_app(AS_APP, || vec![pipe.wait(), post.wait()], &words);
}

fn orphans_of_a_command() {
    let (ready, told) = (Pipe::new(), Pipe::new());
    let words = [ready.path(), told.path()];
    kill_the_app(AS_APP_OF_COMMAND, || vec![told.wait()], &words);
}

fn reads_first() {
    let app = Command::new(std::env::current_exe().unwrap())
        .arg(READS_FIRST)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8(app.stdout).unwrap();
    assert!(
        told.starts_with("fail: the process ended with exit code 101:\n"),
        "{told}"
    );
    assert!(told.contains("there is nothing to read"), "{told}");
}

/// An app whose `main` is not made for a process of its own.
pub(crate) fn tell_how_it_went() {
    let record = run("nothing", Params::new());
    println!("{}: {}", record.action, record.message.unwrap_or_default());
}

/// An app that does nothing but one run, which does not end.
pub(crate) fn be_the_app(words: &[String]) -> ! {
    let [post, pipe] = words else {
        panic!("a post and a pipe: {words:?}")
    };
    let params = Params::new()
        .with("post", post.clone())
        .with("pipe", pipe.clone());
    let record = run("parent", params);
    unreachable!("it does not end: {record:?}");
}

/// An app of a command that ignores its request to end, so the app has to track it.
pub(crate) fn be_the_app_of_a_command(words: &[String]) -> ! {
    let [ready, told] = words else {
        panic!("two pipes: {words:?}")
    };
    let record = with(patient(), async |session| {
        let command = session.task("command").unwrap();
        let params = Params::new().with("ready", ready.clone());
        let run = command.run(params.with("told", told.clone()));
        tokio::task::block_in_place(|| Witness::of(File::open(ready).unwrap()));
        command.terminate();
        run.await
    });
    unreachable!("it does not end: {record:?}");
}

fn forced() {
    let post = Post::new();
    let witness = with(Config::default(), async |session| {
        session
            .task("spin")
            .unwrap()
            .run(Params::new().with("post", post.path()));
        let witness = tokio::task::block_in_place(|| post.wait());
        session.shut_down();
        session.shut_down_now();
        witness
    });
    // The runtime is gone, and with it the task that waited for the grace period.
    witness.sees_the_end();
    // Its files are closed shortly before it has ended. Without the runtime, no task is left to reap it.
    while !children().iter().all(|stat| stat.contains(") Z ")) {
        std::thread::yield_now();
    }
}
