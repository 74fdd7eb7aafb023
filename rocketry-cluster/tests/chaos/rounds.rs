//! Faults at whatever instant: the cluster goes on, and nothing is lost or runs twice.

use std::time::{Duration, SystemTime};

use rustix::process::Signal;

use crate::checker;
use crate::database::Database;
use crate::folder::Folder;
use crate::nodes::Nodes;
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[
    ("rounds::a_cluster_endures_its_leaders_to_fail", endure),
    ("rounds::nodes_are_drained_one_after_the_other", drain),
    (
        "rounds::a_leader_that_is_frozen_within_a_write_holds_up_nobody",
        frozen_within_a_write,
    ),
];

/// Nodes that know of each other are drained one after the other, the leader first.
fn drain() {
    const KNOWN: &str = "SELECT name FROM rocketry_node ORDER BY name";
    let folder = Folder::new();
    let Some((mut nodes, journal)) = nodes("cluster_drained", &folder) else {
        return;
    };
    let leader = nodes.leader_other_than("");
    nodes.start_by_other_than("", now());
    let at = now();
    nodes.drain(&leader);
    let start = nodes.start_by_other_than(&leader, at);
    println!(
        "{leader} is drained: the next start is {} ms later",
        (i128::from(start) - at.cast_signed()) / 1000
    );
    let next = nodes.leader_other_than(&leader);
    let mut known: Vec<_> = nodes.database.rows(KNOWN).concat();
    assert!(!known.contains(&leader), "{known:?}");
    known.retain(|name| *name != next);
    let [standby] = &known[..] else {
        panic!("{known:?}")
    };
    nodes.drain(standby);
    assert_eq!(nodes.leader_other_than(""), next, "the leader has gone on");
    nodes.start_by_other_than("", now());
    assert_eq!(nodes.database.rows(KNOWN).concat(), [next]);
    nodes.end_all();
    assert!(nodes.database.rows(KNOWN).is_empty());
    checker::check(&mut nodes.database, &journal);
}

const KILLED: &str = "killed";

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Nodes with a new database, and the path of their journal. `None` if there is no server for tests.
fn nodes(database: &str, folder: &Folder) -> Option<(Nodes, String)> {
    let database = Database::new(database)?;
    let journal = folder.path("journal").display().to_string();
    Some((Nodes::start(database, &journal), journal))
}

/// The present in microseconds since 1970.
fn now() -> u128 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros()
}

fn wait(millis: u64) {
    std::thread::sleep(Duration::from_millis(millis));
}

fn random(seed: &mut u64, below: u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

fn endure() {
    let folder = Folder::new();
    let Some((mut nodes, journal)) = nodes("cluster_rounds", &folder) else {
        return;
    };
    let rounds = number("CHAOS_ROUNDS").unwrap_or(5);
    let mut seed = number("CHAOS_SEED").unwrap_or_else(|| u64::try_from(now()).unwrap_or(0));
    println!("{rounds} rounds, CHAOS_SEED={seed}");
    let mut leader = nodes.leader_other_than("");
    let first = random(&mut seed, 3);
    for round in 0..rounds {
        nodes.start_by_other_than("", now());
        wait(random(&mut seed, 500));
        // One call is carried while the leader fails, or just before.
        nodes.ask_other_than(&leader);
        wait(random(&mut seed, 20));
        let at = now();
        let fault = match (first + round) % 3 {
            0 => kill(&mut nodes, &leader),
            1 => end(&mut nodes, &leader),
            _ => freeze(&mut nodes, &leader),
        };
        let start = nodes.start_by_other_than(&leader, at);
        let gap = u128::try_from(start).unwrap_or(0).saturating_sub(at) / 1000;
        println!("{leader} is {fault}: the next start is {gap} ms later");
        if !nodes.is_running(&leader) && fault != KILLED {
            tell_hand_over(&mut nodes, start);
        }
        leader = nodes.leader_other_than(&leader);
    }
    nodes.wait_for_calls();
    nodes.wait_for_lost_runs();
    nodes.end_all();
    checker::check(&mut nodes.database, &journal);
    checker::each_request_is_made_once(&mut nodes.database, rounds);
}

/// Tells how long a leader that has ended in an orderly way was not replaced: from when it had nothing under way any more.
fn tell_hand_over(nodes: &mut Nodes, start: i64) {
    const ENDED: &str = "SELECT value FROM rocketry_fact WHERE key = 'app/ended'";
    let ended = nodes
        .database
        .one(ENDED)
        .and_then(|ended| ended.parse::<i64>().ok());
    if let Some(ended) = ended {
        println!("  {} ms after its end", (start - ended) / 1000);
    }
}

fn kill(nodes: &mut Nodes, leader: &str) -> &'static str {
    nodes.kill(leader);
    nodes.add();
    KILLED
}

fn end(nodes: &mut Nodes, leader: &str) -> &'static str {
    nodes.end(leader);
    nodes.add();
    "stopped in an orderly way"
}

/// Freezes a leader until another one leads, and lets it go on.
fn freeze(nodes: &mut Nodes, leader: &str) -> &'static str {
    nodes.signal(leader, Signal::STOP);
    nodes.leader_other_than(leader);
    nodes.signal(leader, Signal::CONT);
    "frozen"
}

/// A leader that is frozen between the statements of a write holds the lock of the state.
fn frozen_within_a_write() {
    let folder = Folder::new();
    let Some((mut nodes, journal)) = nodes("cluster_frozen", &folder) else {
        return;
    };
    let leader = nodes.leader_other_than("");
    nodes.start_by_other_than("", now());
    let lock = "BEGIN; SELECT * FROM rocketry_state FOR UPDATE";
    nodes.database.client.batch_execute(lock).unwrap();
    // The next write of the leader waits for the lock, and gets it while the leader is frozen.
    wait(400);
    nodes.signal(&leader, Signal::STOP);
    nodes.database.client.batch_execute("COMMIT").unwrap();
    let at = now();
    let start = nodes.start_by_other_than(&leader, at);
    let gap = u128::try_from(start).unwrap_or(0).saturating_sub(at) / 1000;
    println!("{leader} is frozen within a write: the next start is {gap} ms later");
    nodes.signal(&leader, Signal::CONT);
    nodes.start_by_other_than(&leader, now());
    nodes.end_all();
    checker::check(&mut nodes.database, &journal);
}
