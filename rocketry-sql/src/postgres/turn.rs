//! The order of writes of nodes that share a log.
//!
//! Each write locks the row of the state first, so writes come one after the other. A node that finds that others have written
//! since its last write reads the state again before it writes.

use postgres::error::{DbError, SqlState};
use rocketry_core::log::Write;
use rocketry_core::{Error, Record};

use super::batch::Batch;
use super::connection::Connection;
use super::joined::Joined;
use crate::drift::{self, Drifts};
use crate::ledger::Ledger;

type Result<T> = std::result::Result<T, postgres::Error>;

/// How long claims are kept, in microseconds: a day. Older nodes are fenced by their terms.
const CLAIMS_KEPT: i64 = 86_400_000_000;

/// The number of writes by nodes, as known to the node; `None` if the log is not shared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Turn(pub(super) Option<i64>);

/// The reason why a write is refused.
#[derive(Debug)]
pub(super) enum Refused {
    /// Others have written since the node last read the state.
    Stale,
    /// A node with this higher term has written.
    Term(u64),
    /// The claim was made before.
    Claimed(String),
    /// The run is not open.
    Ended(String),
}

/// Whether nodes with lower terms are prevented from writing.
#[derive(Debug, Default)]
pub(super) enum Fenced {
    #[default]
    Yes,
    /// They are, and others have written since the node last read the state.
    Stale,
    /// A node with this higher term has written.
    Refused(u64),
}

impl Turn {
    /// Raises the highest term in one statement.
    pub(super) fn fence(&mut self, connection: &mut Connection, term: u64) -> Result<Fenced> {
        const RAISE: &str =
            "UPDATE rocketry_state SET term = $1, writes = writes + 1 WHERE term <= $1 RETURNING writes";
        let term = i64::try_from(term).unwrap_or(i64::MAX);
        let raised = connection.rows(RAISE, &[&term])?;
        let Some(row) = raised.first() else {
            let highest = connection.row("SELECT term FROM rocketry_state")?;
            return Ok(Fenced::Refused(highest.try_get::<_, i64>(0)?.unsigned_abs()));
        };
        let next = self.next();
        let is_known = next.0 == Some(row.try_get(0)?);
        *self = next;
        Ok(if is_known { Fenced::Yes } else { Fenced::Stale })
    }

    /// Takes the turn: locks the row of the state. Returns the reason if the write must not be made.
    pub(super) fn take(self, batch: &mut Batch<'_>) -> Result<Option<Refused>> {
        let Some(known) = self.0 else { return Ok(None) };
        // The lock prevents other nodes from writing until this write is complete.
        let found = batch.query("SELECT writes FROM rocketry_state FOR UPDATE", &[])?;
        let writes: i64 = found.first().map_or(Ok(0), |row| row.try_get(0))?;
        if known != writes {
            return Ok(Some(Refused::Stale));
        }
        batch.add("UPDATE rocketry_state SET writes = writes + 1", &[])?;
        Ok(None)
    }

    /// Takes the turn in the same statement as a write, which changes nothing if it is not this node's turn. `turn` has a row if it is.
    pub(super) fn join(self, joined: &mut Joined<'_>, write: &Write<'_>, drifts: Option<Drifts>) {
        let (set, columns) = match drifts {
            Some(drifts) => (
                format!(", ({}) = (?, ?, ?, ?, ?)", drift::COLUMNS),
                Some(drifts.columns()),
            ),
            None => (String::new(), None),
        };
        let term = write.term.map(|term| i64::try_from(term).unwrap_or(i64::MAX));
        joined.change(
            "turn",
            &format!(
                "UPDATE rocketry_state SET term = greatest(term, ?::bigint), writes = writes + 1, \
                 last_write = coalesce(?::bigint, last_write){set} \
                 WHERE coalesce(term <= ?::bigint, true) AND coalesce(writes = ?::bigint, true) RETURNING writes"
            ),
        );
        joined.value(term);
        joined.value(write.number.map(u64::cast_signed));
        columns
            .into_iter()
            .flatten()
            .for_each(|column| joined.value(column));
        joined.value(term);
        joined.value(self.0);
    }

    /// Why it is not this node's turn; `None` if it is.
    pub(super) fn look(self, connection: &mut Connection, term: Option<u64>) -> Result<Option<Refused>> {
        let row = connection.row("SELECT term, writes FROM rocketry_state")?;
        let (highest, writes) = (
            row.try_get::<_, i64>(0)?.unsigned_abs(),
            row.try_get::<_, i64>(1)?,
        );
        if term.is_some_and(|term| term < highest) {
            return Ok(Some(Refused::Term(highest)));
        }
        Ok(self
            .0
            .is_some_and(|known| known != writes)
            .then_some(Refused::Stale))
    }

    /// The next turn, after one that was used.
    pub(super) fn next(self) -> Self {
        Turn(self.0.map(|writes| writes + 1))
    }
}

/// Makes claims, unless one of them was made before: then the whole write fails by the key of the table.
pub(super) fn add_claims<'v>(joined: &mut Joined<'v>, claims: &'v [String], made: i64) {
    const MAKE: &str = "INSERT INTO rocketry_claim SELECT decode(md5(claim), 'hex'), ?::bigint FROM turn, unnest(?::text[]) AS claim";
    if !claims.is_empty() {
        joined.change("claims", MAKE);
        joined.value(made);
        joined.value(claims);
    }
}

/// The claim by which a write has failed; gives the failure back if it is another one.
pub(super) fn claimed(
    connection: &mut Connection,
    claims: &[String],
    cause: postgres::Error,
) -> Result<Refused> {
    const FIND: &str = "SELECT claim FROM unnest($1::text[]) AS claim \
                        WHERE EXISTS (SELECT FROM rocketry_claim WHERE key = decode(md5(claim), 'hex')) LIMIT 1";
    let is_unique = cause.code() == Some(&SqlState::UNIQUE_VIOLATION);
    let table = cause.as_db_error().and_then(DbError::table);
    if !is_unique || table != Some("rocketry_claim") {
        return Err(cause);
    }
    match connection.rows(FIND, &[&claims])?.first() {
        Some(row) => Ok(Refused::Claimed(row.try_get(0)?)),
        None => Err(cause),
    }
}

/// Forgets claims that are so old that only a node with an old term could make them again, and calls of that age.
pub(super) fn forget_claims(batch: &mut Batch<'_>, last_record: i64) -> Result<()> {
    let before = last_record.saturating_sub(CLAIMS_KEPT);
    batch.add("DELETE FROM rocketry_claim WHERE made < $1", &[&before])?;
    batch.add("DELETE FROM rocketry_call WHERE made < $1", &[&before])
}

/// Checks that each end is that of a run that is open, or begins in the same write.
pub(super) fn check_ends(ledger: &Ledger, records: &[Record]) -> Option<Refused> {
    let mut ends = records
        .iter()
        .enumerate()
        .filter(|(_, record)| record.action.is_end());
    let begins_before = |place: usize, end: &Record| {
        let is_start = |record: &Record| !record.action.is_end() && record.action.is_of_run();
        records[..place]
            .iter()
            .any(|record| is_start(record) && record.run_id == end.run_id && record.task == end.task)
    };
    let closed =
        ends.find(|(place, end)| !ledger.is_open(&end.task, &end.run_id) && !begins_before(*place, end));
    closed.map(|(_, end)| Refused::Ended(format!("{} of task `{}`", end.run_id, end.task)))
}

impl Refused {
    /// The error for a write that was refused for good.
    pub(super) fn error(self, write: &Write<'_>) -> Error {
        match self {
            Refused::Stale => Error::log("other nodes keep writing"),
            Refused::Term(highest) => Error::superseded(write.term.unwrap_or(0), highest),
            Refused::Claimed(claim) => Error::claimed(&claim),
            Refused::Ended(run) => Error::ended_elsewhere(&run),
        }
    }
}
