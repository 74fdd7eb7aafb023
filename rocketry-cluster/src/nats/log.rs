//! The run log of a cluster in NATS.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::SharedLog;
use rocketry_core::log::{Page, Past, Retention, Write};
use rocketry_core::{Query, Result, RunLog};
use serde_json::json;

use super::address::Address;
use super::failure::{Answer, Failure};
use super::index::{Command, Index};
use super::link::Link;
use super::replica::Replica;
use super::stream::Stream;

/// The time limit of each call.
const PATIENCE: Duration = Duration::from_secs(10);

/// The number of attempts of a write while other nodes write.
const TURNS: usize = 5;

/// The run log of a cluster in a NATS stream. Each message is a write with its records, facts and claims. It
/// is appended only if the node knows the previous message, so a node with an outdated view decides nothing.
/// Records are read from an in-memory index that each node builds from the stream.
pub struct NatsLog(Replica<Index>);

impl NatsLog {
    /// Opens the log at the address of a cluster, and creates it if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid, or if no server with a supported version can be reached.
    pub fn open(address: &str) -> Result<Self> {
        Self::of(Link::new(Address::read(address)?))
    }

    pub(super) fn of(link: Link) -> Result<Self> {
        let subject = link.address().name.to_string();
        let subjects = vec![format!("{subject}.log"), format!("{subject}.log.past")];
        let stream = Stream::new(link.clone(), subject.clone(), subjects, json!({}));
        link.explain("opened", stream.open(PATIENCE))?;
        Ok(NatsLog(Replica::new(stream, format!("{subject}.log"))))
    }

    fn explain<T>(&self, done: &str, answer: Answer<T>) -> Result<T> {
        self.0.stream().link().explain(done, answer)
    }

    fn read<T>(&self, read: impl FnOnce(&Index) -> T) -> Result<T> {
        let known = self.0.now(PATIENCE).map(|known| read(&known.machine));
        self.explain("read", known)
    }

    fn write_in_turn(&self, write: &Write<'_>, claims: Option<&[Arc<str>]>) -> Result<()> {
        // A leader has a current view, so its writes need no read first. A node with an outdated view finds
        // out when its write is refused.
        let is_known = !is_nothing(write, claims) && self.0.known().number > 0;
        if is_known && matches!(self.try_write(write, claims), Ok(Some(()))) {
            return Ok(());
        }
        for _ in 0..TURNS {
            self.read(|_| ())?;
            if self.try_write(write, claims)?.is_some() {
                return Ok(());
            }
        }
        self.explain("written", Err(Failure::Stale))
    }

    /// Writes, if the node's view allows it. Returns `None` if the view has to be updated first.
    fn try_write(&self, write: &Write<'_>, claims: Option<&[Arc<str>]>) -> Result<Option<()>> {
        let known = self.0.known();
        let (index, number) = (&known.machine, known.number);
        if index.is_last(write) {
            return Ok(Some(()));
        }
        index.check(write, claims)?;
        if is_nothing(write, claims) && write.term.unwrap_or(0) <= index.past().term {
            return Ok(Some(()));
        }
        drop(known);
        match self.0.run_after(number, Command::write(write, claims), PATIENCE) {
            Err(Failure::Stale) => Ok(None),
            written => self.explain("written", written).map(Some),
        }
    }
}

/// Returns true if a write contains only a term.
fn is_nothing(write: &Write<'_>, claims: Option<&[Arc<str>]>) -> bool {
    write.records.is_empty() && write.facts.is_empty() && claims.unwrap_or_default().is_empty()
}

impl SharedLog for NatsLog {
    fn write_claiming(&self, write: &Write<'_>, claims: &[Arc<str>]) -> Result<()> {
        self.write_in_turn(write, Some(claims))
    }

    fn writes(&self) -> Result<Option<u64>> {
        let known = self.0.now(PATIENCE).map(|known| known.number);
        self.explain("read", known).map(Some)
    }

    fn prepare(&self) {
        // The next write reports the error.
        let _ = self.0.now(PATIENCE).map(drop);
    }
}

impl RunLog for NatsLog {
    fn write(&self, write: &Write<'_>) -> Result<()> {
        self.write_in_turn(write, None)
    }

    fn query(&self, query: &Query) -> Result<Page> {
        self.read(|index| index.log.query(query))?
    }

    fn count(&self, query: &Query) -> Result<u64> {
        self.read(|index| index.log.count(query))?
    }

    fn load(&self) -> Result<Past> {
        self.read(|index| index.past().clone())
    }

    fn look(&self) -> Result<Past> {
        self.load()
    }

    fn forget(&self, retention: &Retention) -> Result<u64> {
        let Some((before, count)) = self.read(|index| index.forgettable(retention))? else {
            return Ok(0);
        };
        self.explain("written", self.0.run(Command::Forget { before }, PATIENCE))?;
        self.explain("written", self.0.save(PATIENCE))?;
        Ok(count)
    }
}
