//! Processes that wait for a run: that they are used, that each makes one, and that none outlives its app. The other cases
//! are made with them as well.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::yield_now;

use rocketry_core::{Action, Config, Exit, Params, Phase, Session};

use crate::app::{impatient, with};
use crate::post::children;
use crate::runner::Case;

/// The first word of a process that is an app whose processes wait, for somebody who kills it.
pub(crate) const AS_APP: &str = "--as-app-that-waits";

pub(crate) const CASES: &[Case] = &[
    ("a_process_that_waits_makes_one_run", one_run_each),
    ("one_that_has_ended_is_replaced", killed_while_it_waits),
    ("none_that_waits_survives_the_app", orphans),
    ("a_restart_starts_others", restarted),
];

/// How many processes of the apps of all cases wait.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The settings of an app, with the number of waiting processes that the cases use.
pub(crate) fn settings(config: Config) -> Config {
    Config {
        warm_children: config.warm_children.max(COUNT.load(Ordering::Relaxed)),
        ..config
    }
}

/// Makes cases with processes that wait.
pub(crate) fn make_with<T>(cases: impl FnOnce() -> T) -> T {
    COUNT.store(2, Ordering::Relaxed);
    let made = cases();
    COUNT.store(0, Ordering::Relaxed);
    made
}

/// Runs a task until a process has made its run that was there before; the next ones are made by such processes, too, unless
/// they are quicker than these start.
pub(crate) async fn is_ready(session: &Session) {
    if COUNT.load(Ordering::Relaxed) > 0 {
        first_warm(session).await;
    }
}

fn waiting() -> Config {
    Config {
        warm_children: 2,
        ..impatient()
    }
}

/// The numbers of the processes that this one has started.
fn pids() -> BTreeSet<u32> {
    let pid = |stat: String| stat.split(' ').next().and_then(|pid| pid.parse().ok());
    children().into_iter().filter_map(pid).collect()
}

/// Runs a task in processes, until one that was there before has made the run. Tells which one.
async fn first_warm(session: &Session) -> u32 {
    let task = session.task("pid").unwrap();
    loop {
        let before = pids();
        let record = task.run(Params::new()).await.unwrap();
        assert_eq!(record.action, Action::Success);
        assert_eq!(record.process().unwrap().exit, Exit::Code(0));
        let pid = task.result().unwrap().read::<u32>().unwrap();
        if before.contains(&pid) {
            return pid;
        }
    }
}

fn one_run_each() {
    with(waiting(), async |session| {
        let mut made = BTreeSet::new();
        for _ in 0..3 {
            assert!(
                made.insert(first_warm(session).await),
                "it has ended with its run"
            );
        }
    });
    assert_eq!(children(), Vec::<String>::new());
}

fn killed_while_it_waits() {
    with(waiting(), async |session| {
        first_warm(session).await;
        let killed = pids();
        for pid in &killed {
            let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
        // One that is about to end still takes a request.
        for pid in killed {
            while is_alive(&pid.to_string()) {
                yield_now();
            }
        }
        first_warm(session).await;
    });
    assert_eq!(children(), Vec::<String>::new());
}

fn restarted() {
    let config = Config {
        restarting: rocketry_core::Restarting::Recall,
        ..waiting()
    };
    with(config, async |session| {
        first_warm(session).await;
        let before = pids();
        session.restart().unwrap();
        // Until then, a run is deferred.
        while session.phase() != Phase::Up {
            tokio::task::yield_now().await;
        }
        let after = first_warm(session).await;
        assert!(!before.contains(&after), "those of the app before have ended");
        assert!(pids().is_disjoint(&before), "{before:?}");
    });
    assert_eq!(children(), Vec::<String>::new());
}

fn orphans() {
    let mut app = Command::new(std::env::current_exe().unwrap())
        .arg(AS_APP)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = String::new();
    let stdout = app.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut told).unwrap();
    let pids: Vec<&str> = told.split_whitespace().collect();
    assert!(!pids.is_empty());
    app.kill().unwrap();
    app.wait().unwrap();
    for pid in pids {
        while is_alive(pid) {
            yield_now();
        }
    }
}

/// Whether a process still runs. One that is not reaped stays as a zombie.
fn is_alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// An app that reports which processes wait, and runs for ever.
pub(crate) fn be_the_app() -> ! {
    with(waiting(), async |session| {
        first_warm(session).await;
        let pids: Vec<String> = pids().iter().map(u32::to_string).collect();
        println!("{}", pids.join(" "));
        std::future::pending::<()>().await;
    });
    unreachable!("it is killed");
}
