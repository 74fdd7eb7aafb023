//! A run log that several nodes share.

use std::sync::Arc;

use crate::error::Result;
use crate::log::{Action, Cause, Record, RunLog, Write};

/// A run log that several nodes share. Only the leader writes, but a leader that was replaced may not know it
/// yet, so the log decides.
pub trait SharedLog: RunLog {
    /// Writes like [`RunLog::write`], unless another node was faster. Every write has a [term](Write::term).
    /// Its [number](Write::number) is random across nodes: it only serves to detect that the last write is
    /// repeated.
    ///
    /// Claims are texts that may be claimed only once: each start of a run claims its occurrence. They are
    /// stored in the same transaction as the write, so if two nodes start the same occurrence, only one
    /// succeeds, regardless of their terms. A log may forget claims after a day.
    ///
    /// # Errors
    ///
    /// [`Error::is_superseded`](crate::Error::is_superseded) is true, and nothing is stored,
    ///
    /// - if the term is lower than one that the log has seen ([`Error::superseded`](crate::Error::superseded)),
    /// - if one of the claims was made before ([`Error::claimed`](crate::Error::claimed)),
    /// - if a record ends a run that is not open in the log, because another node has recorded its end.
    ///
    /// Otherwise returns the errors of [`RunLog::write`]. A write that is repeated with the same
    /// [number](Write::number) does not conflict with itself.
    fn write_claiming(&self, write: &Write<'_>, claims: &[Arc<str>]) -> Result<()>;

    /// Returns a number that changes with each write of any node. A node that stands by reads it often, to
    /// detect new records. Returns `None`, the default, if the log has no such number.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read.
    fn writes(&self) -> Result<Option<u64>> {
        Ok(None)
    }

    /// Prepares for a first write without blocking, for example by connecting to a server. A node that stands
    /// by calls this occasionally, so that it can write without delay once it leads.
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

/// Returns the claim of a start record: the occurrence that it decides. Returns `None` for other records, and
/// for starts that no statement made, because those are bound to an entry that is removed in the same write,
/// or to the lead itself.
///
/// An occurrence is a task and the instant at which it was due. A retry is an occurrence of its own. The
/// repetition of a crashed run is decided once in each term.
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
