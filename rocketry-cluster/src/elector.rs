//! Runs for the lead: a pure function of the store's answers and of the elapsed time.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::Role;

use crate::lease::{Entry, Lease};

/// The next step of a node to become the leader, or to stay the leader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read the lease, and pass the answer to [`Elector::has_read`].
    Read,
    /// Replace the lease that has this revision, and pass the answer to [`Elector::has_put`].
    Put {
        /// The expected revision.
        expected: Option<u64>,
        /// The lease.
        lease: Lease,
    },
    /// Wait until an instant.
    Wait {
        /// In terms of the node's clock.
        until: Duration,
    },
}

/// Runs for the lead on behalf of one node. It has no side effects: [`next`](Self::next) returns the next
/// step, and the answers are passed to it. All instants count from a fixed instant, by a monotonic clock of
/// the node.
///
/// ```
/// use std::time::Duration;
/// use rocketry::cluster::Role;
/// use rocketry_cluster::{Elector, Step};
///
/// let at = Duration::from_millis;
/// let mut elector = Elector::new("a", "a#1", Duration::from_secs(3));
/// assert_eq!(elector.next(at(0)), Step::Read);
/// elector.has_read(at(10), Ok::<_, ()>(None));
/// let Step::Put { expected, lease } = elector.next(at(10)) else { panic!() };
/// assert_eq!((expected, lease.term), (None, 1));
/// elector.has_put(at(10), at(20), Ok::<_, ()>(Some(7)));
/// // It may rely on its lead for three quarters of the lease, from when it sent the request.
/// assert_eq!(elector.role(), Role::Leader { term: 1, until: at(2260) });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Elector {
    node: Arc<str>,
    instance: Arc<str>,
    lease: Duration,
    /// The lease as last read, and since when it has not changed.
    seen: Option<(Entry, Duration)>,
    /// Whether the store has returned the current lease, so that it can be replaced.
    is_known: bool,
    lead: Option<Lead>,
    /// When a follower acts next.
    next: Duration,
    /// When the node runs for the lead again after it has resigned.
    not_before: Duration,
    /// The lead that has to be released in the store.
    release: Option<Lead>,
}

/// The lead of this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Lead {
    term: u64,
    revision: u64,
    /// Until when the node may rely on it.
    until: Duration,
    /// When to renew it.
    renew: Duration,
    /// Whether a renewal was refused, perhaps because an earlier one succeeded after all.
    is_doubtful: bool,
}

impl Elector {
    /// Creates the elector of a node that stands by. `instance` must differ from that of every other node,
    /// and from that of the same node before a restart.
    pub fn new(node: impl Into<Arc<str>>, instance: impl Into<Arc<str>>, lease: Duration) -> Self {
        Elector {
            node: node.into(),
            instance: instance.into(),
            lease,
            seen: None,
            is_known: false,
            lead: None,
            next: Duration::ZERO,
            not_before: Duration::ZERO,
            release: None,
        }
    }

    /// Returns the time limit of each call of the store: a quarter of the lease.
    pub fn limit(&self) -> Duration {
        self.lease / 4
    }

    /// Returns the role of the node, as far as it knows.
    pub fn role(&self) -> Role {
        match self.lead {
            Some(Lead { term, until, .. }) => Role::Leader { term, until },
            None => Role::Follower {
                leader: self.leader(),
            },
        }
    }

    fn leader(&self) -> Option<Arc<str>> {
        let (entry, _) = self.seen.as_ref()?;
        let is_other = entry.lease.is_held && entry.lease.instance != self.instance;
        is_other.then(|| entry.lease.node.clone())
    }

    /// Returns the next step at an instant.
    pub fn next(&mut self, now: Duration) -> Step {
        if let Some(lead) = self.release {
            return self.put(Some(lead.revision), lead.term, false);
        }
        self.lead.take_if(|lead| lead.until <= now);
        match self.lead {
            Some(lead) if lead.is_doubtful && self.next <= now => Step::Read,
            Some(lead) if lead.is_doubtful => Step::Wait {
                until: self.next.min(lead.until),
            },
            Some(lead) if lead.renew <= now => self.put(Some(lead.revision), lead.term, true),
            Some(lead) => Step::Wait {
                until: lead.renew.min(lead.until),
            },
            None => self.run_for_lead(now),
        }
    }

    fn run_for_lead(&mut self, now: Duration) -> Step {
        if now < self.next {
            return Step::Wait { until: self.next };
        }
        if !self.is_known || now < self.not_before {
            return Step::Read;
        }
        match &self.seen {
            None => self.put(None, 1, true),
            Some((entry, since)) if self.is_free(entry, *since, now) => {
                self.put(Some(entry.revision), entry.lease.term + 1, true)
            }
            Some(_) => Step::Read,
        }
    }

    /// Returns true if a lease can be taken: it was released, it belongs to this node from an earlier lead,
    /// or it was not renewed for its whole length.
    fn is_free(&self, entry: &Entry, since: Duration, now: Duration) -> bool {
        let is_own = entry.lease.instance == self.instance;
        !entry.lease.is_held || is_own || now.saturating_sub(since) >= self.lease
    }

    fn put(&self, expected: Option<u64>, term: u64, is_held: bool) -> Step {
        let lease = Lease {
            term,
            node: self.node.clone(),
            instance: self.instance.clone(),
            is_held,
        };
        Step::Put { expected, lease }
    }

    /// Processes the answer to a read of the lease, at an instant.
    pub fn has_read<E>(&mut self, now: Duration, answer: Result<Option<Entry>, E>) {
        let Ok(found) = answer else {
            return self.look_again(now);
        };
        let is_as_seen = match (&self.seen, &found) {
            (Some((seen, _)), Some(found)) => seen.revision == found.revision,
            _ => false,
        };
        if !is_as_seen {
            self.seen = found.map(|entry| (entry, now));
        }
        self.is_known = true;
        if self.lead.is_some() {
            return self.settle_doubt();
        }
        let is_free = self
            .seen
            .as_ref()
            .is_none_or(|(entry, since)| self.is_free(entry, *since, now));
        if !is_free || now < self.not_before {
            self.look_again(now);
        }
    }

    /// Handles a refused renewal: if the lease still belongs to this node, an earlier renewal succeeded after
    /// all.
    fn settle_doubt(&mut self) {
        let seen = self.seen.as_ref().map(|(entry, _)| entry);
        let own = seen.filter(|entry| entry.lease.instance == self.instance && entry.lease.is_held);
        match (&mut self.lead, own) {
            (Some(lead), Some(own)) if own.lease.term == lead.term => {
                lead.revision = own.revision;
                lead.is_doubtful = false;
            }
            _ => self.lead = None,
        }
    }

    /// Processes the answer to a replacement of the lease that was sent at an instant.
    pub fn has_put<E>(&mut self, sent: Duration, now: Duration, answer: Result<Option<u64>, E>) {
        if let Some(released) = self.release.take() {
            // If it was not replaced, the others wait for the end of the lease.
            return self.note_release(&released, answer.ok().flatten(), now);
        }
        let lead = self.lead;
        match answer {
            Ok(Some(revision)) => self.has_lead(revision, sent, now),
            Ok(None) if lead.is_some() => {
                self.next = now;
                self.lead = lead.map(|lead| Lead {
                    is_doubtful: true,
                    ..lead
                });
            }
            // Another node was faster.
            Ok(None) => (self.is_known, self.next) = (false, now),
            Err(_) if lead.is_some() => {
                self.lead = lead.map(|lead| Lead {
                    renew: now + self.lease / 20,
                    ..lead
                });
            }
            Err(_) => {
                self.is_known = false;
                self.look_again(now);
            }
        }
    }

    fn has_lead(&mut self, revision: u64, sent: Duration, now: Duration) {
        let seen = self.seen.as_ref().map_or(0, |(entry, _)| entry.lease.term);
        let term = self.lead.map_or(seen + 1, |lead| lead.term);
        self.note(term, revision, true, now);
        self.lead = Some(Lead {
            term,
            revision,
            until: sent + self.lease * 3 / 4,
            renew: sent + self.lease / 4,
            is_doubtful: false,
        });
    }

    fn note(&mut self, term: u64, revision: u64, is_held: bool, now: Duration) {
        let lease = Lease {
            term,
            node: self.node.clone(),
            instance: self.instance.clone(),
            is_held,
        };
        self.seen = Some((Entry { revision, lease }, now));
    }

    fn note_release(&mut self, released: &Lead, revision: Option<u64>, now: Duration) {
        match revision {
            Some(revision) => self.note(released.term, revision, false, now),
            None => self.is_known = false,
        }
        self.look_again(now);
    }

    /// Reads the lease again soon, and when it ends.
    fn look_again(&mut self, now: Duration) {
        let soon = now + self.lease / 6;
        let end = self.seen.as_ref().map(|(_, since)| *since + self.lease);
        self.next = end.filter(|end| *end > now).map_or(soon, |end| soon.min(end));
    }

    /// Makes [`next`](Self::next) read the lease immediately. Call it when the store reports that the lease
    /// was released.
    pub fn look_now(&mut self, now: Duration) {
        self.next = self.next.min(now);
    }

    /// Gives up the lead, if the node has it. The node stands by from now on; the next step releases the
    /// lease in the store. The node runs for the lead again after the length of a lease.
    pub fn resign(&mut self, now: Duration) {
        if let Some(lead) = self.lead.take() {
            self.release = Some(lead);
        }
        self.not_before = self.not_before.max(now + self.lease);
    }

    /// Stops running for the lead. An existing lead is renewed until it [resigns](Self::resign).
    pub fn stand_aside(&mut self) {
        self.not_before = Duration::MAX;
    }

    /// Returns whether the release of the lead still has to be written to the store.
    pub fn is_releasing(&self) -> bool {
        self.release.is_some()
    }
}
