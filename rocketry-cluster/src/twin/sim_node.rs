//! A node of a simulated cluster: its elector, and an app that starts due occurrences while it leads.

use std::collections::BTreeSet;
use std::time::Duration;

use rocketry_core::cluster::Role;

use super::clock::SimClock;
use super::server::{Answer, Call, Occurrence};
use crate::elector::{Elector, Step};

/// A call that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Waiting {
    number: u64,
    sent: Duration,
    call: Call,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct SimNode {
    pub(super) elector: Elector,
    pub(super) clock: SimClock,
    /// The true instants until which the node is frozen and disconnected from the server.
    pub(super) frozen: u64,
    pub(super) cut_off: u64,
    /// The calls of the elector and of the app that wait for responses.
    lease_call: Option<Waiting>,
    log_call: Option<Waiting>,
    /// The occurrences that the app knows to be decided, and the term in which it took over, if it has.
    known: Option<(u64, BTreeSet<Occurrence>)>,
    /// The term in which the node claims to lead, regardless of the elector.
    pub(super) self_declared: Option<u64>,
    /// True if the node gives up the lead and no longer runs for it.
    pub(super) drains: bool,
    /// True if it has given up the lead. It does so between two calls, as the thread of a node does.
    pub(super) has_drained: bool,
    number: u64,
}

/// An action of a node: it sends a call, or starts runs.
#[derive(Debug)]
pub(super) enum Deed {
    Send(u64, Call),
    Begin(Vec<Occurrence>),
}

impl SimNode {
    pub(super) fn new(place: usize, elector: Elector, clock: SimClock) -> Self {
        SimNode {
            elector,
            clock,
            frozen: 0,
            cut_off: 0,
            lease_call: None,
            log_call: None,
            known: None,
            self_declared: None,
            drains: false,
            has_drained: false,
            number: (place as u64) << 48,
        }
    }

    /// The term in which the node relies on its lead at an instant of its clock.
    pub(super) fn term(&self, now: Duration) -> Option<u64> {
        let elected = match self.elector.role() {
            Role::Leader { term, until } if now < until => Some(term),
            _ => None,
        };
        self.self_declared.or(elected)
    }

    /// Executes the actions that are due.
    pub(super) fn act(&mut self, now: Duration, due: &[Occurrence], deeds: &mut Vec<Deed>) {
        self.act_for_lease(now, deeds);
        self.act_for_app(now, due, deeds);
    }

    pub(super) fn act_for_lease(&mut self, now: Duration, deeds: &mut Vec<Deed>) {
        if let Some(waiting) = self
            .lease_call
            .take_if(|waiting| now >= waiting.sent + self.elector.limit())
        {
            match waiting.call {
                Call::Put { .. } => self.elector.has_put(waiting.sent, now, Err(())),
                _ => self.elector.has_read(now, Err(())),
            }
        }
        if self.lease_call.is_some() {
            return;
        }
        if self.drains && !self.has_drained {
            self.elector.stand_aside();
            self.elector.resign(now);
            self.has_drained = true;
        }
        let call = match self.elector.next(now) {
            Step::Read => Call::Read,
            Step::Put { expected, lease } => Call::Put { expected, lease },
            Step::Wait { .. } => return,
        };
        self.lease_call = Some(self.send(now, call, deeds));
    }

    pub(super) fn act_for_app(&mut self, now: Duration, due: &[Occurrence], deeds: &mut Vec<Deed>) {
        let Some(term) = self.term(now) else {
            (self.known, self.log_call) = (None, None);
            return;
        };
        if self.known.as_ref().is_some_and(|(known, _)| *known != term) {
            (self.known, self.log_call) = (None, None);
        }
        // A write without a response is repeated with its number.
        if let Some(waiting) = self
            .log_call
            .take_if(|waiting| now >= waiting.sent + self.elector.limit())
        {
            self.log_call = Some(self.send(now, waiting.call, deeds));
        }
        if self.log_call.is_some() {
            return;
        }
        let Some((_, decided)) = &self.known else {
            self.log_call = Some(self.send(now, Call::Load { term }, deeds));
            return;
        };
        let starts: Vec<Occurrence> = due
            .iter()
            .filter(|start| !decided.contains(*start))
            .copied()
            .collect();
        if !starts.is_empty() {
            let number = self.number + 1;
            self.log_call = Some(self.send(now, Call::Write { term, number, starts }, deeds));
        }
    }

    fn send(&mut self, sent: Duration, call: Call, deeds: &mut Vec<Deed>) -> Waiting {
        self.number += 1;
        let number = self.number;
        deeds.push(Deed::Send(number, call.clone()));
        Waiting { number, sent, call }
    }

    /// Continues numbering after the numbers that are in use.
    #[cfg(test)]
    pub(super) fn recount(&mut self, place: usize, in_use: impl Iterator<Item = u64>) {
        let waits = self.lease_call.iter().chain(&self.log_call);
        let first = (place as u64) << 48;
        self.number = waits
            .map(|waiting| waiting.number)
            .chain(in_use)
            .fold(first, u64::max);
    }

    /// Resets the time at which the pending call to the lease was sent to the present.
    #[cfg(test)]
    pub(super) fn forget_when_sent(&mut self, now: Duration) {
        if let Some(waiting) = &mut self.lease_call {
            waiting.sent = now;
        }
    }

    /// Returns true if it waits for the answer to a call.
    #[cfg(test)]
    pub(super) fn awaits(&self, number: u64) -> bool {
        let mut waits = self.lease_call.iter().chain(&self.log_call);
        waits.any(|waiting| waiting.number == number)
    }

    /// Takes in a response. A late response is dropped.
    pub(super) fn take(&mut self, now: Duration, number: u64, answer: Answer, deeds: &mut Vec<Deed>) {
        if let Some(waiting) = self.lease_call.take_if(|waiting| waiting.number == number) {
            match answer {
                Answer::Put(revision) => self.elector.has_put(waiting.sent, now, Ok::<_, ()>(revision)),
                Answer::Read(entry) => self.elector.has_read(now, Ok::<_, ()>(entry)),
                _ => {}
            }
        } else if let Some(waiting) = self.log_call.take_if(|waiting| waiting.number == number) {
            self.take_for_app(now, waiting.call, answer, deeds);
        }
    }

    fn take_for_app(&mut self, now: Duration, call: Call, answer: Answer, deeds: &mut Vec<Deed>) {
        match (answer, call) {
            (Answer::Loaded(decided), Call::Load { term }) => self.known = Some((term, decided)),
            (Answer::Written, Call::Write { term, starts, .. }) => {
                if let Some((_, decided)) = &mut self.known {
                    decided.extend(&starts);
                }
                // A run starts only while the node may rely on its lead.
                if self.term(now) == Some(term) {
                    deeds.push(Deed::Begin(starts));
                }
            }
            _ => {
                self.known = None;
                self.elector.resign(now);
            }
        }
    }
}
