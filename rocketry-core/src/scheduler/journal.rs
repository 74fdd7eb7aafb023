//! The journal of a run log with a writer thread: effects that wait until a write is durable.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::writer::{Ticket, Unwritten, Writer};
use crate::engine::event::Event;
use crate::engine::run::Run;
use crate::engine::waiters::Waiter;
use crate::error::{Error, Kind, Problem, Result};
use crate::log::{Record, Retention};
use crate::session::Session;
use crate::time::Timestamp;

/// The backoff before a write is retried. It doubles up to a limit.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(100);
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The effects that wait for the run log.
pub(crate) struct Journal {
    pub(super) writer: Writer,
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) trouble: Option<Trouble>,
}

/// The log can't be written.
#[derive(Clone, Copy)]
pub(super) struct Trouble {
    /// When to retry; [`Timestamp::MAX`] during a retry.
    pub(super) retry: Timestamp,
    /// The current backoff.
    pub(super) wait: Duration,
}

/// The effects that follow once a write is durable.
pub(super) struct Waiting {
    pub(super) ticket: Ticket,
    /// Runs to start.
    pub(super) runs: Vec<Arc<Run>>,
    /// Ends whose hooks are to be called.
    pub(super) ends: Vec<(Record, Arc<Run>)>,
    /// Events to publish.
    pub(super) events: Vec<Event>,
    /// Callers that wait for a record.
    pub(super) answers: Vec<(Waiter, Record)>,
    /// The last call of another node that this write decides.
    pub(super) relayed: u64,
}

impl Journal {
    /// Creates a journal for a log whose writes take time. Returns `None` for an immediate log.
    pub(super) fn start(session: &Session) -> Result<Option<Self>> {
        if session.0.log.is_immediate() {
            return Ok(None);
        }
        let writer = Writer::start(session.clone()).map_err(|cause| {
            Error::new(
                Kind::State,
                format!("the thread of the run log can't be started: {cause}"),
            )
        })?;
        Ok(Some(Journal {
            writer,
            waiting: VecDeque::new(),
            trouble: None,
        }))
    }

    pub(super) fn forget(&self, retention: Retention) {
        self.writer.forget(retention);
    }

    /// Returns the number of runs that were decided and wait for a log that can't be written.
    pub(super) fn stuck(&self) -> usize {
        let runs = self.waiting.iter().map(|waiting| waiting.runs.len());
        if self.trouble.is_some() { runs.sum() } else { 0 }
    }
}

impl From<Unwritten> for Error {
    fn from(unwritten: Unwritten) -> Self {
        let Unwritten {
            starts,
            ends,
            facts,
            error,
        } = unwritten;
        let message = format!(
            "the run log could not be written: {starts} starts and {ends} ends of runs and {facts} changes of the app are not recorded: {error}"
        );
        let location = None;
        Error::build(Kind::Log, vec![Problem { message, location }]).because(error)
    }
}
