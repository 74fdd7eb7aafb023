//! Checks the lease, the fence and the claims: two nodes whose messages arrive in any order, late or never,
//! and which freeze at any instant.

use std::collections::BTreeMap;
use std::time::Duration;

use stateright::{Checker as _, Model, Property};

use crate::elector::Elector;
use crate::twin::clock::SimClock;
use crate::twin::network::Message;
use crate::twin::server::{Answer, Call, Occurrence, Server};
use crate::twin::sim_node::{Deed, SimNode};

const LEASE: u64 = 3_000_000;

/// The time that passes per step. All actions of nodes are due at multiples of it.
const STEP: u64 = LEASE / 4;

/// The occurrences, all of which are due from the beginning.
const DUE: &[Occurrence] = &[(0, 0)];

/// The way in which nodes take the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    /// The nodes share a lease. Nothing else is checked.
    Lease,
    /// The nodes declare themselves leaders: both in the first term, and later in further terms. Only the run
    /// log is checked.
    Declared,
}

/// The rules. A broken cluster, which the checks must detect, lacks some of them.
#[derive(Clone, Copy, Debug)]
struct Cluster {
    lead: Lead,
    has_fence: bool,
    has_claims: bool,
    /// True if a node measures its lead from the time of its request, rather than from the response.
    counts_from_sending: bool,
    /// The number of steps of time.
    steps: u64,
    /// The maximum number of messages in progress; further messages are lost.
    most: usize,
}

/// Checks the lease: a lost node is replaced, and comes back.
const LEASE_ONLY: Cluster = Cluster {
    lead: Lead::Lease,
    has_fence: true,
    has_claims: true,
    counts_from_sending: true,
    steps: 5,
    most: 2,
};

/// Checks the run log.
const LOG_ONLY: Cluster = Cluster {
    lead: Lead::Declared,
    steps: 1,
    most: usize::MAX,
    ..LEASE_ONLY
};

/// The maximum number of events, unless `CLUSTER_DEPTH` is greater.
const DEPTH: usize = 18;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    now: u64,
    nodes: Vec<SimNode>,
    server: Server,
    /// The messages in progress, by node, number of the call, and whether they are responses.
    under_way: BTreeMap<(usize, u64, bool), Message>,
    /// The occurrences that nodes have started.
    begun: Vec<Occurrence>,
    /// The greatest term of a call that has arrived.
    term: u64,
    /// True if a write in a lower term was accepted.
    has_stale_write: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Action {
    TimePasses,
    /// A node declares that it leads in a greater term.
    Declares(usize),
    /// A node acts. A node that does not act is frozen.
    Acts(usize),
    Arrives((usize, u64, bool)),
}

impl State {
    /// Returns the highest count of any occurrence.
    fn most(of: &[Occurrence]) -> usize {
        let mut counts = BTreeMap::<Occurrence, usize>::new();
        for occurrence in of {
            *counts.entry(*occurrence).or_default() += 1;
        }
        counts.into_values().max().unwrap_or(0)
    }

    fn at(&self, node: usize) -> Duration {
        self.nodes[node].clock.at(self.now)
    }

    fn leaders(&self) -> usize {
        let leads = |node: &&SimNode| node.term(node.clock.at(self.now)).is_some();
        self.nodes.iter().filter(leads).count()
    }

    fn act(&mut self, node: usize, lead: Lead) {
        let (at, mut deeds) = (self.at(node), Vec::new());
        match lead {
            Lead::Lease => self.nodes[node].act_for_lease(at, &mut deeds),
            Lead::Declared => self.nodes[node].act_for_app(at, DUE, &mut deeds),
        }
        self.carry_out(node, deeds);
    }

    fn arrive(&mut self, key: (usize, u64, bool), counts_from_sending: bool) {
        match self.under_way.remove(&key).expect("it is under way") {
            Message::Call { node, number, call } => {
                let answer = self.ask_server(call);
                let answer = Message::Answer { node, number, answer };
                self.under_way.insert((node, number, true), answer);
            }
            Message::Answer { node, number, answer } => {
                let (at, mut deeds) = (self.at(node), Vec::new());
                if !counts_from_sending {
                    self.nodes[node].forget_when_sent(at);
                }
                self.nodes[node].take(at, number, answer, &mut deeds);
                self.carry_out(node, deeds);
            }
        }
    }

    /// Removes messages that have no effect: responses that no node waits for, and requests whose responses
    /// no node waits for. Reuses free numbers, so that different pasts lead to equal states.
    fn drop_what_changes_nothing(&mut self) {
        let State { under_way, nodes, .. } = self;
        under_way.retain(|(node, number, is_answer), message| {
            let asks = matches!(message, Message::Call { call: Call::Read, .. });
            nodes[*node].awaits(*number) || !*is_answer && !asks
        });
        for (place, node) in nodes.iter_mut().enumerate() {
            let sent = under_way
                .keys()
                .filter(|(of, ..)| *of == place)
                .map(|(_, number, _)| *number);
            let known = self
                .server
                .numbers
                .iter()
                .filter(|number| **number >> 48 == place as u64);
            node.recount(place, sent.chain(known.copied()));
        }
    }

    fn ask_server(&mut self, call: Call) -> Answer {
        let term = match &call {
            Call::Load { term } | Call::Write { term, .. } => *term,
            _ => self.term,
        };
        let written = self.server.decided.len();
        let answer = self.server.answer(call);
        self.has_stale_write |= self.server.decided.len() > written && term < self.term;
        self.term = self.term.max(term);
        answer
    }

    fn carry_out(&mut self, node: usize, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Send(number, call) => {
                    let call = Message::Call { node, number, call };
                    self.under_way.insert((node, number, false), call);
                }
                Deed::Begin(starts) => self.begun.extend(starts),
            }
        }
    }
}

impl Model for Cluster {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let node = |place: usize| {
            let name = ["a", "b"][place];
            let elector = Elector::new(name, name, Duration::from_micros(LEASE));
            let mut node = SimNode::new(place, elector, SimClock::right());
            node.self_declared = (self.lead == Lead::Declared).then_some(1);
            node
        };
        vec![State {
            now: 0,
            nodes: vec![node(0), node(1)],
            server: Server::new(self.has_fence, self.has_claims),
            under_way: BTreeMap::new(),
            begun: Vec::new(),
            term: 0,
            has_stale_write: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        actions.push(Action::TimePasses);
        for (place, node) in state.nodes.iter().enumerate() {
            actions.push(Action::Acts(place));
            if node.self_declared == Some(1) {
                actions.push(Action::Declares(place));
            }
        }
        actions.extend(state.under_way.keys().copied().map(Action::Arrives));
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::TimePasses => next.now += STEP,
            Action::Declares(node) => next.nodes[node].self_declared = Some(2),
            Action::Acts(node) => next.act(node, self.lead),
            Action::Arrives(message) => next.arrive(message, self.counts_from_sending),
        }
        next.drop_what_changes_nothing();
        (next != *state).then_some(next)
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.now <= self.steps * STEP && state.under_way.len() <= self.most
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("decided at most once", |_, state: &State| {
                State::most(&state.server.decided) <= 1
            }),
            Property::always("begun at most once", |_, state: &State| {
                State::most(&state.begun) <= 1
            }),
            Property::always("no stale write", |_, state: &State| !state.has_stale_write),
            Property::always("one leader", |cluster, state: &State| {
                cluster.lead == Lead::Declared || state.leaders() <= 1
            }),
        ]
    }
}

impl Cluster {
    /// Explores every order within the bounds; returns the properties that do not hold.
    fn broken(self) -> Vec<&'static str> {
        let depth = std::env::var("CLUSTER_DEPTH").ok();
        let depth = depth.and_then(|depth| depth.parse().ok()).unwrap_or(DEPTH);
        let checker = self.checker().target_max_depth(depth).spawn_bfs().join();
        println!("{self:?}: {} states", checker.unique_state_count());
        let mut broken: Vec<_> = checker.discoveries().into_keys().collect();
        broken.sort_unstable();
        broken
    }
}

#[test]
fn one_node_relies_on_its_lead() {
    assert!(LEASE_ONLY.broken().is_empty());
    let late = Cluster {
        counts_from_sending: false,
        ..LEASE_ONLY
    };
    assert_eq!(late.broken(), ["one leader"]);
}

#[test]
fn an_occurrence_is_decided_once_whichever_node_leads() {
    assert!(LOG_ONLY.broken().is_empty());
    let unfenced = Cluster {
        has_fence: false,
        ..LOG_ONLY
    };
    assert_eq!(unfenced.broken(), ["no stale write"]);
    let unclaimed = Cluster {
        has_claims: false,
        ..LOG_ONLY
    };
    assert_eq!(unclaimed.broken(), ["begun at most once", "decided at most once"]);
}
