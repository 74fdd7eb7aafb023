//! A run log that several nodes share.

use std::sync::Arc;

use crate::error::Result;
use crate::log::{Action, Cause, Record, RunLog, Write};

/// A run log that several nodes share. Only one of them leads and writes; but one that was replaced may not know yet, so
/// the log decides.
pub trait SharedLog: RunLog {
    /// Writes as [`RunLog::write`] does, unless another node has been faster. Every write has a
    /// [term](Write::term). Its [number](Write::number) is random among nodes: it tells whether the last write is repeated,
    /// and nothing else.
    ///
    /// Claims are texts that nobody has claimed before: each start of a run claims its occurrence. They are stored in the
    /// same transaction as the write, so of two nodes that start the same occurrence only one succeeds, whatever their
    /// terms. A log may forget claims after a day.
    ///
    /// # Errors
    ///
    /// [`Error::is_superseded`](crate::Error::is_superseded) holds, and nothing is stored,
    ///
    /// - if the term is lower than one that the log has seen ([`Error::superseded`](crate::Error::superseded)),
    /// - if one of the claims was made before ([`Error::claimed`](crate::Error::claimed)),
    /// - if a record ends a run that the log does not have as open: another node has recorded its end.
    ///
    /// Otherwise fails as [`RunLog::write`] does. A write that is repeated with the same [number](Write::number) does not
    /// conflict with itself.
    fn write_claiming(&self, write: &Write<'_>, claims: &[Arc<str>]) -> Result<()>;

    /// A number that changes with each write, whichever node makes it: a node that stands by asks for it often, to know when there
    /// is something new. `None`, the default, if the log has no such number.
    ///
    /// # Errors
    ///
    /// Fails if the log can't be read.
    fn writes(&self) -> Result<Option<u64>> {
        Ok(None)
    }

    /// Prepares for a first write without waiting, such as by connecting to a server. A node that stands by calls this now and
    /// then, so that it loses no time once it leads.
    fn prepare(&self) {}
}

impl<L: SharedLog + ?Sized> SharedLog for Arc<L> {
    fn write_claiming(&self, write: &Write<'_>, claims: &[Arc<str>]) -> Result<()> {
        (**self).write_claiming(write, claims)
    }

    fn writes(&self) -> Result<Option<u64>> {
        (**self).writes()
    }

    fn prepare(&self) {
        (**self).prepare();
    }
}

/// What the record of a start claims: the occurrence that it decides. `None` for other records, and for starts that no
/// statement made: those are bound to something that is removed in the same write, or to the lead itself.
///
/// An occurrence is a task and the instant at which it was due. A retry is one of its own. A run that crashed and is made
/// again is decided once in each term.
///
/// ```
/// use rocketry::cluster::claim;
/// use rocketry::{Action, Record, RunId, Timestamp};
///
/// let at = Timestamp::from_micros(1_767_225_600_000_000);
/// let start = Record {
///     task: "fetch".into(),
///     run_id: RunId::Number(1),
///     action: Action::Run,
///     created: at,
///     due: at,
///     start: at,
///     message: None,
///     extra: None,
/// };
/// assert_eq!(claim(&start, 7).as_deref(), Some("fetch@1767225600000000"));
/// ```
pub fn claim(record: &Record, term: u64) -> Option<Arc<str>> {
    if record.action != Action::Run {
        return None;
    }
    let (task, due) = (&record.task, record.due.as_micros());
    let claim = match record.cause()? {
        Cause::Statement => format!("{task}@{due}"),
        Cause::Retry { number } => format!("{task}@{due} retry {number}"),
        Cause::Restart => format!("{task}@{due} term {term}"),
        _ => return None,
    };
    Some(claim.into())
}
