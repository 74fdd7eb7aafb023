//! The rounds: start, wait a moment, kill, check.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, SystemTime};

use rocketry_core::log;
use rustix::process::{Pid, Signal, kill_process};

use crate::app::{Witness, build};
use crate::check::{check, queued};

const ADDRESS: &str = "CHAOS_ADDRESS";
const WITNESS: &str = "CHAOS_WITNESS";
const LAST: &str = "CHAOS_LAST";

/// Whether this is the process of the app.
pub(crate) fn is_child() -> bool {
    std::env::var_os(ADDRESS).is_some()
}

/// Runs the app; the last one ends by itself.
pub(crate) fn child() {
    let address = std::env::var(ADDRESS).unwrap();
    let witness = Witness::new(Path::new(&std::env::var_os(WITNESS).unwrap()));
    let app = build(&address, &witness);
    let turn = app
        .session()
        .param("turn")
        .map_or(0, |turn| turn.read::<u64>().unwrap());
    witness.tell("turn", turn);
    if std::env::var_os(LAST).is_some() {
        let session = app.session();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(500));
            session.shut_down();
        });
    }
    app.run().unwrap();
}

/// Kills an app that writes to a log, over and over, and checks the log each time.
pub(crate) fn run(address: &str, folder: &Path) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = number("CHAOS_SEED").unwrap_or(u64::from(now.subsec_nanos()) | 1);
    let rounds = number("CHAOS_ROUNDS").unwrap_or(6);
    println!("chaos: {rounds} rounds on {address}, CHAOS_SEED={seed}");
    let witness = folder.join("witness");
    let (mut draw, mut asked) = (seed, HashSet::new());
    for round in 0..rounds {
        let turn = turn(address);
        let mut app = start(address, &witness, false);
        thread::sleep(Duration::from_millis(100 + below(&mut draw, 500)));
        if round % 3 == 2 {
            pause(&app, Duration::from_millis(below(&mut draw, 200)));
        }
        app.kill().unwrap();
        app.wait().unwrap();
        let told = std::fs::read_to_string(&witness).unwrap_or_default();
        let last_turn = told.lines().rev().find_map(|line| line.strip_prefix("turn "));
        // An app that did not get this far has reported nothing.
        let turns = told.lines().filter(|line| line.starts_with("turn ")).count() as u64;
        if turns == round + 1 {
            assert_eq!(last_turn, Some(&*turn.to_string()), "a parameter is as it was");
        }
        let log = log::open(address).unwrap();
        asked.extend(queued(&*log));
        check(&*log, &told, &asked, false);
    }
    assert!(start(address, &witness, true).wait().unwrap().success());
    let log = log::open(address).unwrap();
    check(&*log, &std::fs::read_to_string(&witness).unwrap(), &asked, true);
    let runs = log
        .count(&rocketry_core::Query::new().action(rocketry_core::Action::Run))
        .unwrap();
    println!(
        "chaos: {runs} runs, {} of them asked for and waiting when a kill came",
        asked.len()
    );
}

fn start(address: &str, witness: &PathBuf, is_last: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(ADDRESS, address).env(WITNESS, witness);
    if is_last {
        command.env(LAST, "1");
    }
    command.spawn().unwrap()
}

/// Stops the app and lets it go on.
fn pause(app: &Child, length: Duration) {
    let pid = Pid::from_child(app);
    kill_process(pid, Signal::STOP).unwrap();
    thread::sleep(length);
    kill_process(pid, Signal::CONT).unwrap();
    thread::sleep(Duration::from_millis(50));
}

/// The parameter that the app changes, as the log knows it.
fn turn(address: &str) -> u64 {
    let facts = log::open(address).unwrap().load().unwrap().facts;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    facts
        .get("param/turn")
        .map_or(0, |turn| digits(turn).parse().unwrap())
}

fn below(draw: &mut u64, limit: u64) -> u64 {
    *draw ^= *draw << 13;
    *draw ^= *draw >> 7;
    *draw ^= *draw << 17;
    *draw % limit
}
