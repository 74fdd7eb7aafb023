//! Faults at random instants: the cluster continues, and nothing is lost or runs twice.

use std::time::{Duration, SystemTime};

use rustix::process::Signal;

use crate::checker;
use crate::database::Database;
use crate::engine::Engine;
use crate::faults::Fault;
use crate::folder::Folder;
use crate::nodes::Nodes;
use crate::runner::Case;
use crate::streams::Streams;

pub(crate) const CASES: &[Case] = &[
    ("rounds::a_cluster_endures_its_leaders_to_fail", || {
        endure(Database::new("cluster_rounds"));
    }),
    ("rounds::a_cluster_in_nats_endures_its_leaders_to_fail", || {
        endure(Streams::new("rounds"));
    }),
    ("rounds::nodes_are_drained_one_after_the_other", || {
        drain(Database::new("cluster_drained"));
    }),
    ("rounds::nodes_in_nats_are_drained_one_after_the_other", || {
        drain(Streams::new("drained"));
    }),
    (
        "rounds::one_of_three_servers_of_nats_may_fail",
        one_of_three_servers,
    ),
    (
        "rounds::a_leader_that_is_frozen_within_a_write_holds_up_nobody",
        frozen_within_a_write,
    ),
];

/// Nodes that know of each other are drained one after the other, the leader first.
fn drain(engine: Option<impl Engine>) {
    let folder = Folder::new();
    let Some((mut nodes, journal)) = nodes(engine, &folder) else {
        return;
    };
    let leader = nodes.leader_other_than("");
    nodes.next_start();
    let (at, mark) = (now(), nodes.mark());
    nodes.drain(&leader);
    let start = nodes.start_by_other_than(&leader, &mark);
    println!(
        "{leader} is drained: the next start is {} ms later",
        (i128::from(start) - at.cast_signed()) / 1000
    );
    let next = nodes.leader_other_than(&leader);
    let standby = nodes.only_one_other_than(&next);
    assert_ne!(standby, leader);
    nodes.drain(&standby);
    // The leader continues, or leads again if it was too slow for a moment.
    assert_eq!(nodes.leader_other_than(&standby), next);
    nodes.next_start();
    nodes.wait_until_known(&[&*next]);
    nodes.end_all();
    // If the store does not answer a node that ends, the other nodes remove it. The last node has no others.
    assert!(nodes.engine.nodes().iter().all(|known| *known == next));
    checker::check(&mut nodes.engine, &journal);
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Nodes, and the path of their journal. `None` if there is no server for tests.
fn nodes<E: Engine>(engine: Option<E>, folder: &Folder) -> Option<(Nodes<E>, String)> {
    let journal = folder.path("journal").display().to_string();
    Some((Nodes::start(engine?, &journal), journal))
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

fn endure<E: Engine>(engine: Option<E>) {
    let folder = Folder::new();
    let Some((mut nodes, journal)) = nodes(engine, &folder) else {
        return;
    };
    let faults = Fault::<E>::ALL;
    let kinds = faults.len() as u64;
    let rounds = number("CHAOS_ROUNDS").unwrap_or(kinds);
    let mut seed = number("CHAOS_SEED").unwrap_or_else(|| u64::try_from(now()).unwrap_or(0));
    println!("{rounds} rounds, CHAOS_SEED={seed}");
    let first = random(&mut seed, kinds);
    for round in 0..rounds {
        let leader = nodes.leader_other_than("");
        nodes.next_start();
        wait(random(&mut seed, 500));
        // One call is carried while a node fails, or just before.
        nodes.ask_other_than(&leader);
        wait(random(&mut seed, 20));
        // Each kind once, then any.
        let kind = if round < kinds {
            (first + round) % kinds
        } else {
            random(&mut seed, kinds)
        };
        let fault = &faults[usize::try_from(kind).unwrap_or(0)];
        suffer(&mut nodes, &leader, fault, random(&mut seed, 1000));
    }
    nodes.wait_for_requests();
    nodes.wait_for_lost_runs();
    nodes.end_all();
    checker::check(&mut nodes.engine, &journal);
    checker::each_request_is_decided_once(&nodes.requests());
}

/// Causes a fault, and waits until runs start again: on another leader if the first one is gone.
fn suffer<E: Engine>(nodes: &mut Nodes<E>, leader: &str, fault: &Fault<E>, chance: u64) {
    let (at, mark) = (now(), nodes.mark());
    (fault.happen)(nodes, leader, chance);
    let before = if fault.ends_lead { leader } else { "" };
    let start = nodes.start_by_other_than(before, &mark);
    let gap = u128::try_from(start).unwrap_or(0).saturating_sub(at) / 1000;
    println!("{leader}: {}; the next start is {gap} ms later", fault.what);
    if fault.is_orderly {
        tell_hand_over(nodes, start);
    }
    (fault.is_over)(nodes, leader);
}

/// Tells how long a leader that has ended in an orderly way was not replaced: from when it had nothing under way any more.
fn tell_hand_over(nodes: &mut Nodes<impl Engine>, start: i64) {
    if let Some(ended) = nodes.engine.ended() {
        println!("  {} ms after its end", (start - ended) / 1000);
    }
}

/// Nothing that the other servers have acknowledged is lost with one that is killed.
fn one_of_three_servers() {
    let (folder, servers) = (Folder::new(), Folder::new());
    let Some((mut nodes, journal)) = nodes(Streams::on_three("three", &servers.path("servers")), &folder)
    else {
        return;
    };
    for number in 1..=number("CHAOS_ROUNDS").map_or(1, |rounds| rounds.clamp(1, 3)) {
        nodes.leader_other_than("");
        nodes.next_start();
        let (at, mark) = (now(), nodes.mark());
        nodes.engine.kill_one(number);
        let start = nodes.start_by_other_than("", &mark);
        let gap = u128::try_from(start).unwrap_or(0).saturating_sub(at) / 1000;
        println!("server {number} of three is killed; the next start is {gap} ms later");
        nodes.next_start();
        nodes.engine.start_all();
    }
    nodes.wait_for_lost_runs();
    nodes.end_all();
    checker::check(&mut nodes.engine, &journal);
}

/// A leader that is frozen between the statements of a write holds the lock of the state.
fn frozen_within_a_write() {
    let folder = Folder::new();
    let Some((mut nodes, journal)) = nodes(Database::new("cluster_frozen"), &folder) else {
        return;
    };
    let leader = nodes.leader_other_than("");
    nodes.next_start();
    let lock = "BEGIN; SELECT * FROM rocketry_state FOR UPDATE";
    nodes.engine.client.batch_execute(lock).unwrap();
    // The next write of the leader waits for the lock, and gets it while the leader is frozen.
    wait(400);
    nodes.signal(&leader, Signal::STOP);
    nodes.engine.client.batch_execute("COMMIT").unwrap();
    let (at, mark) = (now(), nodes.mark());
    let start = nodes.start_by_other_than(&leader, &mark);
    let gap = u128::try_from(start).unwrap_or(0).saturating_sub(at) / 1000;
    println!("{leader} is frozen within a write: the next start is {gap} ms later");
    nodes.signal(&leader, Signal::CONT);
    nodes.next_start();
    nodes.end_all();
    checker::check(&mut nodes.engine, &journal);
}
