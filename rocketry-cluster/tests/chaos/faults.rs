//! The faults that affect the nodes of a cluster.

use std::time::Duration;

use rustix::process::Signal;

use crate::engine::Engine;
use crate::node::LEASE;
use crate::nodes::Nodes;
use crate::proxy::Way;

/// A kind of fault.
pub(crate) struct Fault<E> {
    pub(crate) what: &'static str,
    /// Causes it on a leader or around it. The number is random and below 1,000.
    pub(crate) happen: fn(&mut Nodes<E>, &str, u64),
    /// Whether another node leads because of it.
    pub(crate) ends_lead: bool,
    pub(crate) is_orderly: bool,
    /// Repairs the fault.
    pub(crate) is_over: fn(&mut Nodes<E>, &str),
}

const OPEN: Way = Way::Open(Duration::ZERO);

impl<E: Engine> Fault<E> {
    /// One that ends the lead, and is over when another node leads.
    const ONE: Self = Fault {
        what: "",
        happen: |_, _, _| {},
        ends_lead: true,
        is_orderly: false,
        is_over: |_, _| {},
    };

    pub(crate) const ALL: &[Self] = &[
        Self {
            what: "the leader is frozen",
            happen: |nodes, leader, _| nodes.signal(leader, Signal::STOP),
            is_over: |nodes, leader| nodes.signal(leader, Signal::CONT),
            ..Self::ONE
        },
        Self {
            what: "the leader is cut off, and what it sends arrives later",
            happen: |nodes, leader, _| nodes.set_way(leader, Way::Frozen),
            is_over: |nodes, leader| nodes.set_way(leader, OPEN),
            ..Self::ONE
        },
        Self {
            what: "the leader is killed",
            happen: |nodes, leader, _| nodes.kill(leader),
            is_over: |nodes, _| nodes.add(),
            ..Self::ONE
        },
        Self {
            what: "the connections of the leader are cut",
            happen: |nodes, leader, _| nodes.set_way(leader, Way::Cut),
            is_over: |nodes, leader| nodes.set_way(leader, OPEN),
            ..Self::ONE
        },
        Self {
            what: "the leader is stopped in an orderly way",
            happen: |nodes, leader, _| nodes.end(leader),
            is_orderly: true,
            is_over: |nodes, _| nodes.add(),
            ..Self::ONE
        },
        Self {
            what: "the leader is frozen before it commits a write",
            happen: |nodes, leader, _| freeze_at_commit(nodes, leader, Way::FreezesBeforeCommit),
            is_over: |nodes, leader| nodes.signal(leader, Signal::CONT),
            ..Self::ONE
        },
        Self {
            what: "the leader is frozen before it knows that a write is committed",
            happen: |nodes, leader, _| freeze_at_commit(nodes, leader, Way::FreezesAfterCommit),
            is_over: |nodes, leader| nodes.signal(leader, Signal::CONT),
            ..Self::ONE
        },
        Self {
            what: "a follower is cut off",
            happen: |nodes, leader, chance| {
                let other = nodes.last_other_than(leader);
                nodes.set_way(&other, Way::Frozen);
                std::thread::sleep(LEASE + Duration::from_millis(chance));
                nodes.set_way(&other, OPEN);
            },
            ends_lead: false,
            ..Self::ONE
        },
        Self {
            what: "everything is slow",
            happen: |nodes, _, chance| {
                nodes.set_ways(Way::Open(Duration::from_millis(chance / 8)));
                std::thread::sleep(Duration::from_secs(1));
                nodes.set_ways(OPEN);
            },
            ends_lead: false,
            ..Self::ONE
        },
        Self {
            what: "the clock of the leader is set forward, and it is killed",
            happen: |nodes, leader, chance| {
                nodes.say(leader, &format!("clock {}", 1_000_000 + 2000 * chance));
                std::thread::sleep(Duration::from_millis(1200));
                nodes.kill(leader);
            },
            is_over: |nodes, _| nodes.add(),
            ..Self::ONE
        },
        Self {
            what: "the clock of the leader is set back and forward",
            happen: |nodes, leader, chance| {
                for micros in [-1_000_000 - 2000 * i64::try_from(chance).unwrap(), 0] {
                    nodes.say(leader, &format!("clock {micros}"));
                    std::thread::sleep(Duration::from_millis(1200));
                }
            },
            ends_lead: false,
            ..Self::ONE
        },
        Self {
            what: "the server is killed and started again",
            happen: |nodes, _, chance| {
                if !nodes.engine.kill_server(Duration::from_millis(chance)) {
                    println!("skipped: there is no server of scripts/nats or scripts/postgres");
                }
            },
            ends_lead: false,
            ..Self::ONE
        },
    ];
}

/// Freezes a leader together with what it sends when it commits a write. What was on the way arrives while it is frozen.
fn freeze_at_commit(nodes: &mut Nodes<impl Engine>, leader: &str, way: Way) {
    nodes.set_way(leader, way);
    nodes.wait_until_frozen(leader);
    nodes.signal(leader, Signal::STOP);
    nodes.set_way(leader, OPEN);
}
