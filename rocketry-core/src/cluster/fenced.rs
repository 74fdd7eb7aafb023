//! The run log of a node: every write carries the term of the node's lead.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::seat::{Role, Seat};
use super::shared_log::{SharedLog, claim};
use crate::error::{Error, Result};
use crate::log::{Fact, Page, Past, Query, Retention, RunLog, Write};

/// The prefix of the keys of requests among the facts.
const REQUEST: &str = "batch/";

/// The key of the fact that stores the last call of another node.
pub(crate) const RELAYED: &str = "cluster/relayed";

/// The shared log as seen by one node, which writes only while it leads.
pub(crate) struct FencedLog {
    log: Arc<dyn SharedLog>,
    seat: Seat,
    /// Distinguishes the write numbers of this node from those of others.
    origin: u64,
    /// The last call of another node that the log knows as decided.
    relayed: AtomicU64,
}

impl FencedLog {
    pub(crate) fn new(log: Arc<dyn SharedLog>, seat: Seat) -> Self {
        let origin = RandomState::new().hash_one(std::process::id());
        FencedLog {
            log,
            seat,
            origin,
            relayed: AtomicU64::new(0),
        }
    }

    /// Returns the key that claims the calls after the last decided one. Only one write can use it, so each
    /// call is decided once.
    fn calls(&self) -> Arc<str> {
        format!("calls after {}", self.relayed.load(Ordering::Relaxed)).into()
    }

    fn not_leading(&self) -> Error {
        match self.seat.role() {
            Role::Follower { leader } => Error::not_leading(leader.as_deref()),
            Role::Leader { .. } => Error::not_leading(None),
        }
    }
}

impl RunLog for FencedLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        let Some(term) = self.seat.writing_term() else {
            if write.is_empty() {
                self.log.prepare();
                return Ok(());
            }
            return Err(self.not_leading());
        };
        let starts = write.records.iter().filter_map(|record| claim(record, term));
        let relayed = relayed(write.facts);
        let others = requests(write.facts).chain(relayed.map(|_| self.calls()));
        let claims: Vec<Arc<str>> = starts.chain(others).collect();
        let write = Write {
            term: Some(term),
            number: write.number.map(|number| number ^ self.origin),
            ..*write
        };
        self.log.write_claiming(&write, &claims)?;
        if let Some(last) = relayed {
            self.relayed.store(last, Ordering::Relaxed);
        }
        Ok(())
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.log.query(query)
    }

    fn count(&self, query: &Query) -> Result<u64> {
        self.log.count(query)
    }

    fn load(&self) -> Result<Past> {
        let past = self.log.load()?;
        let last = past.facts.get(RELAYED).and_then(|value| value.parse().ok());
        self.relayed.store(last.unwrap_or(0), Ordering::Relaxed);
        Ok(past)
    }

    fn look(&self) -> Result<Past> {
        self.log.look()
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        let term = self.seat.writing_term();
        term.map_or(Ok(0), |_| self.log.forget(retention))
    }

    fn close(&self) -> Result<()> {
        self.log.close()
    }
}

/// The requests that a write removes from the queue because their runs start or are refused. Each request is
/// decided once.
fn requests(facts: &[Fact]) -> impl Iterator<Item = Arc<str>> {
    let removed = facts.iter().filter(|fact| fact.value.is_none());
    let requests = removed.filter(|fact| fact.key.starts_with(REQUEST));
    requests.map(|fact| fact.key.clone())
}

/// Returns the last call of another node that a write decides, if it decides any.
fn relayed(facts: &[Fact]) -> Option<u64> {
    let fact = facts.iter().find(|fact| &*fact.key == RELAYED)?;
    fact.value.as_ref()?.parse().ok()
}
