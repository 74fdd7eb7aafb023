//! Sends real signals to real processes, and checks what they do afterwards and how they end.
//!
//! A test waits for what the app prints, never for a time to pass.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::{fs, io};

use rocketry_core::{Moment, Query, Rocketry, Session, Task, TaskBuilder};
use rustix::process::{Pid, Signal, kill_process};

/// The variable that selects what the app's process does.
const AS_APP: &str = "SIGNALLED_APP";
/// Begins the lines that the app prints; those of the test's frame do not.
const MARK: &str = "app: ";

fn say(what: impl std::fmt::Display) {
    println!("{MARK}{what}");
}

/// A permanent run, which is asked to end as soon as the app begins to close.
fn server() -> TaskBuilder {
    struct Closing;
    impl Drop for Closing {
        fn drop(&mut self) {
            say("closing");
        }
    }
    let serve = || async {
        let _closing = Closing;
        say("serving");
        std::future::pending::<()>().await;
    };
    Task::func("server", serve).start("every 1 day").permanent(true)
}

/// A run that continues until a line is entered, regardless of its termination flag.
fn work() -> TaskBuilder {
    let wait = || {
        say("working");
        io::stdin().read_line(&mut String::new()).map(drop)
    };
    Task::func("work", wait).start("every 1 day")
}

/// A set-up that never ends.
fn stuck() {
    say("stuck");
    loop {
        std::thread::park();
    }
}

fn app() -> Rocketry {
    Rocketry::builder()
        .task(server())
        .task(work())
        .task(Task::func("tidy", || async { say("tidying") }).on_shutdown(true))
        .before(Moment::Shutdown, || say("hook"))
}

/// Prints the records of a task.
fn tell(session: &Session, task: &str) {
    let records = session
        .log(&Query::new().task(task))
        .expect("the log can be read");
    let actions: Vec<&str> = records.iter().map(|record| record.action.name()).collect();
    say(format_args!("{task}: {}", actions.join(", ")));
}

/// The app's process; does nothing when run as a test.
#[test]
fn the_app_itself() {
    let Ok(what) = std::env::var(AS_APP) else { return };
    if what == "stuck" {
        return app().setup(stuck).run().expect("it never ends");
    }
    let app = app().build().expect("the app can be built");
    let session = app.session();
    app.run().expect("the app ends well");
    for task in ["work", "server", "tidy"] {
        tell(&session, task);
    }
    say("over");
}

/// The app, as seen by its parent.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    input: ChildStdin,
}

impl Running {
    /// Starts the app, and waits until all its runs are under way.
    fn start() -> Self {
        let mut running = Running::start_as("usual");
        let mut under_way: Vec<_> = (0..2).map(|_| running.next()).collect();
        under_way.sort();
        assert_eq!(
            under_way,
            ["serving", "working"].map(|said| Some(said.to_owned()))
        );
        running
    }

    /// Starts the app with the given behavior.
    fn start_as(what: &str) -> Self {
        let itself = std::env::current_exe().expect("the test has a path");
        let mut child = Command::new(itself)
            .args(["--exact", "the_app_itself", "--nocapture"])
            .env(AS_APP, what)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the app starts");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let input = child.stdin.take().expect("it is piped");
        Running { child, lines, input }
    }

    /// Returns the next line of the app, or `None` once it has ended.
    fn next(&mut self) -> Option<String> {
        let mut lines = self.lines.by_ref().map_while(Result::ok);
        lines.find_map(|line| line.split_once(MARK).map(|(_, said)| said.to_owned()))
    }

    fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the app is alive");
    }

    fn go_on(&mut self) {
        writeln!(self.input).expect("the app listens");
    }

    /// Returns the remaining lines of the app and its exit status.
    fn end(mut self) -> (Vec<String>, ExitStatus) {
        let said = std::iter::from_fn(|| self.next()).collect();
        (said, self.child.wait().expect("the app ends"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended by itself unless the test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ends_gracefully(signal: Signal) {
    let mut app = Running::start();
    app.send(signal);
    assert_eq!(app.next().as_deref(), Some("closing"));
    app.go_on();
    let (said, status) = app.end();
    assert_eq!(
        said,
        [
            "hook",
            "tidying",
            "work: run, success",
            "server: run, terminate",
            "tidy: run, success",
            "over"
        ]
    );
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_request_to_terminate_lets_the_run_under_way_end() {
    ends_gracefully(Signal::TERM);
}

#[test]
fn ctrl_c_lets_the_run_under_way_end() {
    ends_gracefully(Signal::INT);
}

#[test]
fn a_second_signal_does_not_wait_for_a_run_that_ignores_its_flag() {
    for (first, second) in [
        (Signal::TERM, Signal::TERM),
        (Signal::INT, Signal::INT),
        (Signal::INT, Signal::TERM),
    ] {
        let mut app = Running::start();
        app.send(first);
        assert_eq!(app.next().as_deref(), Some("closing"));
        app.send(second);
        let (said, status) = app.end();
        assert_eq!(
            said,
            [
                "hook",
                "work: run, terminate",
                "server: run, terminate",
                "tidy: ",
                "over"
            ]
        );
        assert_eq!(status.code(), Some(0));
    }
}

/// A set-up that blocks its thread for ever keeps the app from ending, but not the process.
#[test]
fn a_second_signal_ends_a_process_that_is_stuck() {
    let mut app = Running::start_as("stuck");
    assert_eq!(app.next().as_deref(), Some("stuck"));
    app.send(Signal::INT);
    app.send(Signal::TERM);
    let (said, status) = app.end();
    assert_eq!(said, [""; 0]);
    assert!(matches!(status.code(), Some(130 | 143)), "{status}");
}

/// Returns the child processes of a process.
fn children(parent: u32) -> Vec<String> {
    let stat = |entry: fs::DirEntry| fs::read_to_string(entry.path().join("stat")).ok();
    let parent = parent.to_string();
    let processes = fs::read_dir("/proc").expect("there is such a folder").flatten();
    processes
        .filter_map(stat)
        // The name stands in brackets, then come the state and the parent.
        .filter(|stat| {
            let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
            after_name.split_whitespace().nth(1) == Some(&parent)
        })
        .collect()
}

#[test]
fn a_killed_app_leaves_no_process_behind() {
    let app = Running::start();
    let left = children(app.child.id());
    assert_eq!(left, [""; 0], "an app of functions has no process but its own");
    app.send(Signal::KILL);
    let (said, status) = app.end();
    assert_eq!(said, [""; 0]);
    assert_eq!(status.code(), None, "it was cut off");
}
