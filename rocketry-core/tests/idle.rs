//! An app that has nothing to do does nothing: how often its threads wake up is what the system has counted.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rocketry_core::{Config, Rocketry, Session, Task, Zone};

/// The variable that marks the app's process.
const AS_APP: &str = "IDLE_APP";
const READY: &str = "the app is idle";
const TASKS: usize = 1_000;

/// Statements of every kind that are not true for now: for years, for hours, until something happens, for ever.
const STATEMENTS: [&str; 10] = [
    "every 30 days & scheduler has run over 12 hours",
    "cron 0 7 29 2 * & scheduler has run over 12 hours",
    "daily after 07:00 & after task 'task 0' failed",
    "after task 'task 1' succeeded",
    "after any tasks 'task 1', 'task 2' finished | never",
    "retry 3 times with backoff 10 minutes",
    "env 'prod' & every 10 seconds",
    "param 'mode' exists & minutely",
    "task 'task 3' is running for more than 10 minutes",
    "task 'task 4' has failed this hour at least 3 times & every 1 second",
];

fn app() -> Rocketry {
    let config = Config {
        zone: Zone::UTC,
        ..Config::default()
    };
    let ready = |session: Session| async move {
        let still = session.tasks().iter().filter(|task| task.is_running()).count();
        assert_eq!(still, 1, "nothing runs but this task");
        println!("{READY}");
    };
    let statements = STATEMENTS.iter().cycle().take(TASKS).enumerate();
    statements.fold(
        Rocketry::builder()
            .config(config)
            .func("ready", "every 30 days", ready),
        |app, (index, statement)| {
            app.task(Task::func(format!("task {index}"), || async {}).start(*statement))
        },
    )
}

/// The app's process; does nothing when run as a test.
#[test]
fn the_app_itself() {
    if std::env::var_os(AS_APP).is_some() {
        app().run().expect("the app runs");
    }
}

/// A child that does not outlive its test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the voluntary context switches of a process, which equal the wake-ups of its threads.
fn wake_ups(process: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("the process is alive");
    let status = threads.map(|thread| {
        let path = thread.expect("a thread").path().join("status");
        // A thread may end while it is examined.
        fs::read_to_string(path).unwrap_or_default()
    });
    let count = |status: String| {
        let mut lines = status.lines();
        let number = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        number.trim().parse::<u64>().ok()
    };
    status.filter_map(count).sum()
}

/// The kernel wakes the alarm thread when somebody sets the clock, so nothing looks at it. Two wake-ups are let pass for what
/// the system itself may have to do.
#[test]
fn a_thousand_tasks_that_wait_wake_no_thread() {
    let itself = std::env::current_exe().expect("the test has a path");
    let mut child = Command::new(itself)
        .args(["--exact", "the_app_itself", "--nocapture"])
        .env(AS_APP, "1")
        .stdout(Stdio::piped())
        .spawn()
        .map(Killed)
        .expect("the app starts");
    let output = child.0.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let ready = lines.any(|line| line.contains(READY));
    assert!(ready, "the app ended before it was idle");

    // Time has to pass here: it is what is measured. The first seconds are for what the start has left to do: a last look for
    // runs that block their thread comes up to two seconds after the last run.
    thread::sleep(Duration::from_millis(2500));
    let (before, from) = (wake_ups(child.0.id()), Instant::now());
    thread::sleep(Duration::from_secs(3));
    let (after, seconds) = (wake_ups(child.0.id()), from.elapsed().as_secs_f64());
    let woken = after - before;
    assert!(woken <= 2, "{woken} wake-ups in {seconds:.1} s");
    println!("{woken} wake-ups in {seconds:.1} s");
}
