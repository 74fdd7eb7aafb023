//! Checks attempts: a run that is handed over, whose workers and leaders may be lost or only slow, so that
//! their messages may arrive late.
//!
//! The table of runs is the one of the twin. A worker whose attempt was abandoned does not know this, and may
//! end its attempt at any time.

use rocketry_core::cluster::{Job, Work as _};
use rocketry_core::log::Write;
use stateright::{Checker as _, Model, Property};

use crate::twin::work::{Table, TwinWork};

const KEY: &str = "fetch 1 0";
const WORKERS: [&str; 2] = ["a", "b"];

/// The rules. A broken cluster, which the checks must detect, lacks some of them.
#[derive(Clone, Copy)]
struct Cluster {
    /// The maximum number of attempts.
    attempts: u32,
    /// True if the end of an attempt identifies it.
    has_attempts: bool,
    /// True if the run log only accepts the end of a run that is open, and refuses lower terms.
    has_fence: bool,
}

const SOUND: Cluster = Cluster {
    attempts: 2,
    has_attempts: true,
    has_fence: true,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    table: Table,
    log: Log,
    /// The nodes that believe that they lead, by their terms. They do not know of each other.
    leaders: Vec<Leader>,
    /// The current attempt of each worker.
    made: [Option<u32>; 2],
    begun: u32,
    /// True if the end of an attempt was refused.
    has_refused: bool,
    /// True if the end of an abandoned attempt was recorded.
    has_kept_late_end: bool,
}

/// The records of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Log {
    term: u64,
    ends: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Leader {
    term: u64,
    /// The end that the leader is about to record.
    to_record: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Action {
    /// A worker takes the run and starts it.
    Takes(usize),
    /// A worker ends its attempt, possibly long after it was abandoned.
    Ends(usize),
    /// A leader finds that the worker of the run is lost.
    GivesUp(usize),
    /// A leader reads the end that a worker has reported.
    Reads(usize),
    /// The write of a leader arrives.
    Records(usize),
    /// Another node takes the lead.
    Leads,
}

impl State {
    /// Executes an operation on the table through a new connection.
    fn on_table<T>(&mut self, act: impl FnOnce(&mut TwinWork) -> rocketry_core::Result<T>) -> T {
        let mut work = TwinWork::of_table(self.table.clone());
        let done = act(&mut work).expect("the twin can be reached");
        self.table = work.table();
        done
    }

    /// Returns the worker and the attempt that count.
    fn current(&self) -> Option<(String, u32)> {
        self.table.current(KEY)
    }

    fn take(&mut self, worker: usize) {
        let taken = self.on_table(|work| work.take(WORKERS[worker], &[], &[], 1));
        if let Some(taken) = taken.first() {
            self.made[worker] = Some(taken.attempt);
            self.begun += 1;
        }
    }

    fn end(&mut self, worker: usize, has_attempts: bool) {
        let Some(attempt) = self.made[worker].take() else {
            return;
        };
        let current = self.current();
        let counts = current == Some((WORKERS[worker].to_owned(), attempt));
        let (by, named) = match current {
            Some(current) if !has_attempts => current,
            _ => (WORKERS[worker].to_owned(), attempt),
        };
        let is_kept = self.on_table(|work| work.end(&by, KEY, named, "done"));
        self.has_refused |= !is_kept;
        self.has_kept_late_end |= is_kept && !counts;
    }

    fn give_up(&mut self, leader: usize, attempts: u32) {
        let Some((_, attempt)) = self.current() else {
            return;
        };
        let term = self.leaders[leader].term;
        if attempt < attempts {
            self.on_table(|work| work.offer_again(term, KEY, attempt));
        } else if self.on_table(|work| work.give_up(term, KEY, attempt)) {
            self.leaders[leader].to_record = true;
        }
    }

    fn read(&mut self, leader: usize) {
        let ended = self.on_table(TwinWork::ended);
        self.leaders[leader].to_record |= !ended.is_empty();
    }

    fn record(&mut self, leader: usize, has_fence: bool) {
        let term = self.leaders[leader].term;
        self.leaders[leader].to_record = false;
        let write = Write {
            term: Some(term),
            ..Write::default()
        };
        let is_refused = write.check_term(self.log.term).is_err() || self.log.ends > 0;
        self.log.term = self.log.term.max(term);
        if !(is_refused && has_fence) {
            self.log.ends += 1;
            self.on_table(|work| work.forget(term, &[KEY.to_owned()]));
        }
    }

    /// A leader that finds the run open and without a job records that it has crashed.
    fn lead(&mut self) {
        let term = self.leaders.len() as u64 + 1;
        let open = self.on_table(|work| work.lead(term));
        self.log.term = term;
        self.leaders.push(Leader {
            term,
            to_record: open.is_empty() && self.log.ends == 0,
        });
    }
}

impl Model for Cluster {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let job = Job {
            key: KEY.into(),
            lane: None,
            text: String::new(),
        };
        let mut state = State {
            table: Table::default(),
            log: Log::default(),
            leaders: Vec::new(),
            made: [None; 2],
            begun: 0,
            has_refused: false,
            has_kept_late_end: false,
        };
        state.on_table(|work| {
            work.lead(1)?;
            work.hand_over(1, 1, &[job])
        });
        state.leaders.push(Leader {
            term: 1,
            to_record: false,
        });
        vec![state]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (worker, made) in state.made.iter().enumerate() {
            actions.push(match made {
                None => Action::Takes(worker),
                Some(_) => Action::Ends(worker),
            });
        }
        for (place, leader) in state.leaders.iter().enumerate() {
            actions.extend([Action::GivesUp(place), Action::Reads(place)]);
            if leader.to_record {
                actions.push(Action::Records(place));
            }
        }
        if state.leaders.len() < 3 {
            actions.push(Action::Leads);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Takes(worker) => next.take(worker),
            Action::Ends(worker) => next.end(worker, self.has_attempts),
            Action::GivesUp(leader) => next.give_up(leader, self.attempts),
            Action::Reads(leader) => next.read(leader),
            Action::Records(leader) => next.record(leader, self.has_fence),
            Action::Leads => next.lead(),
        }
        (next != *state).then_some(next)
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.log.ends <= 2
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("one end", |_, state: &State| state.log.ends <= 1),
            Property::always("no more attempts than allowed", |cluster, state: &State| {
                state.begun <= cluster.attempts
            }),
            Property::always("no late end", |_, state: &State| !state.has_kept_late_end),
            Property::sometimes("an end", |_, state: &State| state.log.ends == 1),
            Property::sometimes("a refusal", |_, state: &State| state.has_refused),
        ]
    }
}

/// Explores every order; returns the properties that do not hold.
fn broken(cluster: Cluster) -> Vec<&'static str> {
    let checker = cluster.checker().spawn_bfs().join();
    assert!(checker.is_done());
    let mut broken = checker.discoveries().into_keys().collect::<Vec<_>>();
    broken.retain(|name| !["an end", "a refusal"].contains(name));
    broken.sort_unstable();
    broken
}

#[test]
fn a_run_has_one_end_and_no_more_attempts_than_allowed_even_if_nodes_are_late() {
    for attempts in 1..=3 {
        let checker = Cluster { attempts, ..SOUND }.checker().spawn_bfs().join();
        checker.assert_properties();
    }
}

#[test]
fn without_a_rule_the_checker_finds_what_goes_wrong() {
    let unnamed = Cluster {
        has_attempts: false,
        ..SOUND
    };
    assert_eq!(broken(unnamed), ["no late end"]);
    let unfenced = Cluster {
        has_fence: false,
        ..SOUND
    };
    assert_eq!(broken(unfenced), ["one end"]);
    assert!(broken(SOUND).is_empty());
}
