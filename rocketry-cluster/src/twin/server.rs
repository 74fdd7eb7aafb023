//! The server of a simulated cluster: the lease, and a log of decided occurrences.

use std::collections::BTreeSet;

use crate::lease::{Entry, Lease};

/// A task and the instant at which it was due, in microseconds.
pub(super) type Occurrence = (u64, u64);

/// A request of a node to the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Call {
    Read,
    Put {
        expected: Option<u64>,
        lease: Lease,
    },
    /// Takes over the log: from now on, lower terms are refused.
    Load {
        term: u64,
    },
    /// Records starts. A repetition with the same number has no effect.
    Write {
        term: u64,
        number: u64,
        starts: Vec<Occurrence>,
    },
}

/// A response of the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Read(Option<Entry>),
    Put(Option<u64>),
    Loaded(BTreeSet<Occurrence>),
    Written,
    Refused,
}

/// The server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Server {
    entry: Option<Entry>,
    term: u64,
    /// The decided occurrences, once for each decision.
    pub(super) decided: Vec<Occurrence>,
    claims: BTreeSet<Occurrence>,
    pub(super) numbers: BTreeSet<u64>,
    /// True if the server refuses lower terms and existing claims.
    has_fence: bool,
    has_claims: bool,
}

impl Server {
    pub(super) fn new(has_fence: bool, has_claims: bool) -> Self {
        Server {
            has_fence,
            has_claims,
            ..Server::default()
        }
    }

    pub(super) fn answer(&mut self, call: Call) -> Answer {
        match call {
            Call::Read => Answer::Read(self.entry.clone()),
            Call::Put { expected, lease } => Answer::Put(self.put(expected, lease)),
            Call::Load { term } => {
                if self.refuses(term) {
                    return Answer::Refused;
                }
                Answer::Loaded(self.claims.clone())
            }
            Call::Write { term, number, starts } => self.write(term, number, starts),
        }
    }

    fn put(&mut self, expected: Option<u64>, lease: Lease) -> Option<u64> {
        if self.entry.as_ref().map(|entry| entry.revision) != expected {
            return None;
        }
        let revision = expected.unwrap_or(0) + 1;
        self.entry = Some(Entry { revision, lease });
        Some(revision)
    }

    fn write(&mut self, term: u64, number: u64, starts: Vec<Occurrence>) -> Answer {
        if self.numbers.contains(&number) {
            return Answer::Written;
        }
        let is_claimed = starts.iter().any(|start| self.claims.contains(start));
        if self.refuses(term) || self.has_claims && is_claimed {
            return Answer::Refused;
        }
        self.numbers.insert(number);
        self.claims.extend(&starts);
        self.decided.extend(starts);
        Answer::Written
    }

    fn refuses(&mut self, term: u64) -> bool {
        let is_refused = self.has_fence && term < self.term;
        self.term = self.term.max(term);
        is_refused
    }
}
