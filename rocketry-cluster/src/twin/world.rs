//! A whole cluster on manual time, with seeded faults.

use std::collections::BTreeMap;
use std::time::Duration;

use super::clock::{Chance, SimClock};
use super::network::{Message, Network, Quality};
use super::server::{Occurrence, Server};
use super::sim_node::{Deed, SimNode};
use crate::elector::Elector;

/// The duration of a step, in microseconds.
const STEP: u64 = 10_000;

/// The lease of a simulated cluster.
const LEASE: Duration = Duration::from_secs(3);

/// The duration of the faults, and of the recovery after them, in microseconds.
const BAD: u64 = 25_000_000;
const GOOD: u64 = 12_000_000;

/// The interval at which each task is due, in microseconds.
const EVERY: u64 = 700_000;
const TASKS: u64 = 3;

/// When the leader is drained, in a cluster in which it is, in microseconds.
const DRAINED: u64 = 10_000_000;

/// The faults of a simulated cluster that a test may select. Losses, delays, duplicates, frozen nodes and
/// partitions always occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    /// The maximum error of the rates of clocks, in percent. Up to 10 is tolerated.
    pub clock_percent: u64,
    /// Whether two nodes claim to lead, regardless of the lease.
    pub two_leaders: bool,
    /// Whether the log refuses lower terms.
    pub has_fence: bool,
    /// Whether the log refuses existing claims.
    pub has_claims: bool,
}

impl Default for Faults {
    fn default() -> Self {
        Faults {
            clock_percent: 10,
            two_leaders: false,
            has_fence: true,
            has_claims: true,
        }
    }
}

/// The result of a simulation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The number of occurrences that were due.
    pub due: usize,
    /// The number of occurrences that were never decided.
    pub lost: usize,
    /// The number of occurrences that were decided more than once.
    pub decided_twice: usize,
    /// The number of occurrences that began more than once.
    pub begun_twice: usize,
    /// The number of occurrences that began.
    pub begun: usize,
    /// How often a node took the lead.
    pub leads: usize,
    /// The number of steps in which two nodes relied on their leads.
    pub two_trusted: usize,
    /// The number of steps in which a node led after it had given up its lead to drain.
    pub led_while_draining: usize,
    /// The longest time without a leader after the faults were over.
    pub longest_gap: Duration,
}

/// A simulated cluster of three nodes and a server.
///
/// ```
/// use rocketry_cluster::twin::{Faults, World};
///
/// let report = World::new(7, Faults::default()).run();
/// assert_eq!((report.begun_twice, report.lost), (0, 0));
/// ```
pub struct World {
    chance: Chance,
    faults: Faults,
    now: u64,
    nodes: Vec<SimNode>,
    server: Server,
    network: Network,
    due: Vec<Occurrence>,
    begun: BTreeMap<Occurrence, usize>,
    leader: Option<(usize, u64)>,
    led_last: u64,
    /// Whether the leader is drained.
    drains: bool,
    report: Report,
}

impl World {
    /// Creates a cluster with seeded faults.
    pub fn new(seed: u64, faults: Faults) -> Self {
        let mut chance = Chance::new(seed);
        let node = |place: usize| {
            let name = format!("node {place}");
            let elector = Elector::new(&*name, format!("{name}#1"), LEASE);
            let mut node = SimNode::new(place, elector, SimClock::new(&mut chance, faults.clock_percent));
            node.self_declared = (faults.two_leaders && place < 2).then_some(1);
            node
        };
        let nodes = (0..3).map(node).collect();
        World {
            nodes,
            chance,
            faults,
            now: 0,
            server: Server::new(faults.has_fence, faults.has_claims),
            network: Network::default(),
            due: Vec::new(),
            begun: BTreeMap::new(),
            leader: None,
            led_last: 0,
            drains: false,
            report: Report::default(),
        }
    }

    /// Drains the current or last leader after a while: it gives up its lead, and no longer runs for it.
    #[must_use]
    pub fn drain_leader(mut self) -> Self {
        self.drains = true;
        self
    }

    /// Lets time pass: first with faults, then without.
    pub fn run(mut self) -> Report {
        while self.now < BAD + GOOD {
            self.step();
        }
        self.count();
        self.report
    }

    fn step(&mut self) {
        self.now += STEP;
        if self.now % EVERY < STEP && self.now < BAD + GOOD / 2 {
            let due = self.now / EVERY * EVERY;
            self.due.extend((0..TASKS).map(|task| (task, due)));
        }
        if self.now < BAD {
            self.go_wrong();
        }
        if self.drains && self.now == DRAINED {
            self.drain();
        }
        for message in self.network.arrived(self.now) {
            self.deliver(message);
        }
        for place in 0..self.nodes.len() {
            self.let_act(place);
        }
        self.watch();
    }

    fn drain(&mut self) {
        let (place, _) = self.leader.unwrap_or_default();
        self.nodes[place].drains = true;
    }

    /// Occasionally freezes nodes and disconnects them. A node that is frozen while it waits for the response
    /// to a write is frozen between its claim and its run.
    fn go_wrong(&mut self) {
        for node in &mut self.nodes {
            if self.chance.happens(1) {
                node.frozen = self.now + self.chance.below(8_000_000);
            }
            if self.chance.happens(1) {
                node.cut_off = self.now + self.chance.below(6_000_000);
            }
        }
    }

    fn quality(&self) -> Quality {
        let is_bad = self.now < BAD;
        Quality {
            lost: if is_bad { 50 } else { 0 },
            twice: if is_bad { 30 } else { 0 },
            delay: if is_bad { 60_000 } else { 4_000 },
        }
    }

    fn send(&mut self, message: Message) {
        if self.nodes[message.node()].cut_off <= self.now || self.now >= BAD {
            let quality = self.quality();
            self.network.send(self.now, message, quality, &mut self.chance);
        }
    }

    fn deliver(&mut self, message: Message) {
        match message {
            Message::Call { node, number, call } => {
                let answer = self.server.answer(call);
                self.send(Message::Answer { node, number, answer });
            }
            Message::Answer { node, number, answer } => {
                let frozen = self.nodes[node].frozen;
                if frozen > self.now && self.now < BAD {
                    // The message waits until the node continues.
                    let quality = Quality {
                        lost: 0,
                        twice: 0,
                        delay: 1,
                    };
                    let message = Message::Answer { node, number, answer };
                    return self.network.send(frozen, message, quality, &mut self.chance);
                }
                let mut deeds = Vec::new();
                let at = self.nodes[node].clock.at(self.now);
                self.nodes[node].take(at, number, answer, &mut deeds);
                self.carry_out(node, deeds);
            }
        }
    }

    fn let_act(&mut self, place: usize) {
        let node = &mut self.nodes[place];
        if node.frozen > self.now && self.now < BAD {
            return;
        }
        let mut deeds = Vec::new();
        node.act(node.clock.at(self.now), &self.due, &mut deeds);
        self.carry_out(place, deeds);
    }

    fn carry_out(&mut self, node: usize, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Send(number, call) => self.send(Message::Call { node, number, call }),
                Deed::Begin(starts) => {
                    for start in starts {
                        *self.begun.entry(start).or_default() += 1;
                    }
                }
            }
        }
    }

    /// Records which node leads, and whether it is the only one.
    fn watch(&mut self) {
        let now = self.now;
        let nodes = self.nodes.iter().enumerate();
        let trusted = nodes.filter_map(|(place, node)| Some((place, node.term(node.clock.at(now))?)));
        let trusted: Vec<(usize, u64)> = trusted.collect();
        self.report.two_trusted += usize::from(trusted.len() > 1);
        let has_drained = |(place, _): &(usize, u64)| self.nodes[*place].has_drained;
        self.report.led_while_draining += usize::from(trusted.iter().any(has_drained));
        if let Some(leader) = trusted.first() {
            self.report.leads += usize::from(self.leader != Some(*leader));
            self.leader = Some(*leader);
            self.led_last = now;
        }
        // A node may be frozen at the end of the faults; the others then wait for the end of its lease.
        let since = self.led_last.max(BAD);
        if now > BAD {
            let gap = Duration::from_micros(now.saturating_sub(since));
            self.report.longest_gap = self.report.longest_gap.max(gap);
        }
    }

    fn count(&mut self) {
        let mut decided: BTreeMap<Occurrence, usize> = BTreeMap::new();
        for occurrence in &self.server.decided {
            *decided.entry(*occurrence).or_default() += 1;
        }
        let lost = self.due.iter().filter(|due| !decided.contains_key(*due));
        self.report.lost = lost.count();
        self.report.due = self.due.len();
        self.report.decided_twice = decided.values().filter(|times| **times > 1).count();
        self.report.begun_twice = self.begun.values().filter(|times| **times > 1).count();
        self.report.begun = self.begun.len();
        debug_assert!(self.faults.clock_percent < 100, "clocks go forward");
    }
}
