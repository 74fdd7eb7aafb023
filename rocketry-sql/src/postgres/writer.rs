//! Writing: one transaction per write, one statement for all of its records.

use postgres::error::SqlState;
use rocketry_core::log::{Past, Retention, Write};
use rocketry_core::{Error, Result};

use super::batch::Batch;
use super::connection::{Connection, Target};
use super::failure::is_lost;
use super::insert::{add_facts, add_plan, add_records};
use super::joined::Joined;
use super::rollup;
use super::turn::{self, Fenced, Refused, Turn};
use crate::ledger::{Ledger, Plan};

/// How often a write is tried while other nodes write.
const TURNS: usize = 5;

pub(super) struct Writer {
    target: Target,
    /// Whether nodes share the log: each write has a term.
    is_shared: bool,
    open: Option<Open>,
}

/// A connection with the right to write.
struct Open {
    connection: Connection,
    ledger: Ledger,
    /// The number of the last write, as the same bits.
    last_write: Option<i64>,
    turn: Turn,
}

impl Open {
    /// Reads what others have written meanwhile.
    fn read_again(&mut self) -> Result<(), postgres::Error> {
        let known = rollup::read_known(&mut self.connection)?;
        self.ledger = known.ledger;
        self.last_write = known.last_write;
        self.turn = Turn(Some(known.writes));
        Ok(())
    }
}

impl Writer {
    /// A writer of a log that belongs to one app, or is shared by nodes.
    pub(super) fn new(target: Target, is_shared: bool) -> Self {
        Writer {
            target: target.writable(),
            is_shared,
            open: None,
        }
    }

    pub(super) fn write(&mut self, write: &Write<'_>, claims: &[String]) -> Result<()> {
        if let Some(term) = write.term.filter(|_| self.is_shared && write.is_empty()) {
            return self.fence(term);
        }
        let number = write.number.map(u64::cast_signed);
        let refused = self.in_turn("written", |open| {
            if number.is_some() && open.last_write == number {
                // The write was stored, but the connection was lost before the server could confirm it.
                return Ok(Done::Yes(()));
            }
            let plan = open.ledger.plan(write.records);
            if let Some(refused) = insert(open, write, claims, &plan)? {
                return Ok(Done::Refused(refused));
            }
            open.ledger.note(plan, write.records);
            open.last_write = number.or(open.last_write);
            open.turn = open.turn.next();
            Ok(Done::Yes(()))
        })?;
        if let Done::Refused(refused) = refused {
            return Err(refused.error(write));
        }
        let written = write.records.len();
        if self
            .open
            .as_ref()
            .is_some_and(|open| open.ledger.is_full(written))
        {
            // The write itself has succeeded. A failed roll-up is retried later.
            let _ = self.roll_up();
        }
        Ok(())
    }

    /// Prevents nodes with lower terms from writing, and reads what others have written.
    fn fence(&mut self, term: u64) -> Result<()> {
        self.open()?;
        let refused = self.with("written", |open| {
            let refused = open.turn.fence(&mut open.connection, term)?;
            if let Fenced::Stale = refused {
                open.read_again()?;
            }
            Ok(refused)
        })?;
        match refused {
            Fenced::Refused(highest) => Err(Error::superseded(term, highest)),
            Fenced::Yes | Fenced::Stale => Ok(()),
        }
    }

    /// Connects, and prepares everything that a new leader needs, so that it can write without delay.
    pub(super) fn prepare(&mut self) {
        let is_open = self.open.is_some();
        // The next write reports the error.
        if self.open().is_ok() && !is_open {
            let _ = self.with("read", |open| rollup::look(&mut open.connection));
        }
    }

    pub(super) fn load(&mut self) -> Result<Past> {
        self.open()?;
        if self.is_shared {
            // No node leads during a takeover. This reads the records that are not rolled up yet; a later write rolls them up.
            return self.with("read", |open| rollup::look(&mut open.connection));
        }
        self.roll_up()?;
        self.with("read", |open| rollup::read_past(&mut open.connection))
    }

    pub(super) fn forget(&mut self, retention: &Retention) -> Result<u64> {
        self.open()?;
        self.roll_up()?;
        let forgotten = self.change("written", |batch, ledger| {
            let count = rollup::forget(batch, ledger, retention)?;
            Ok(count)
        })?;
        if let Some(open) = &mut self.open {
            open.ledger.forgotten(forgotten);
        }
        Ok(forgotten as u64)
    }

    /// Releases the right to write. A lost connection has lost it too, or will once the server notices.
    pub(super) fn close(&mut self) -> Result<()> {
        if let Some(mut open) = self.open.take() {
            let give_back = "SELECT pg_advisory_unlock_all()";
            let _ = open.connection.client.batch_execute(give_back);
        }
        Ok(())
    }

    /// Rolls up the records since the last roll-up.
    fn roll_up(&mut self) -> Result<()> {
        let is_due = |open: &Open| open.ledger.since().records > 0;
        if !self.open.as_ref().is_some_and(is_due) {
            return Ok(());
        }
        let is_shared = self.is_shared;
        self.change("written", |batch, ledger| {
            rollup::write(batch, ledger)?;
            if is_shared {
                turn::forget_claims(batch, ledger.last_record)?;
            }
            Ok(())
        })?;
        if let Some(open) = &mut self.open {
            open.ledger.rolled_up();
        }
        // Until this is done, readers search every block.
        let _ = self.change("written", |batch, _| rollup::note_presence(batch));
        Ok(())
    }

    /// Changes everything that the ledger covers, in a transaction. If the log is shared and another node has
    /// written since, the ledger is read again first.
    fn change<T: Default>(
        &mut self,
        done: &str,
        act: impl Fn(&mut Batch<'_>, &Ledger) -> Result<T, postgres::Error>,
    ) -> Result<T> {
        let changed = self.in_turn(done, |open| {
            let Open {
                connection,
                ledger,
                turn,
                ..
            } = open;
            let mut batch = Batch::new(connection)?;
            if let Some(refused) = turn.take(&mut batch)? {
                return Ok(Done::Refused(refused));
            }
            let changed = act(&mut batch, ledger)?;
            batch.commit()?;
            *turn = turn.next();
            Ok(Done::Yes(changed))
        })?;
        match changed {
            Done::Yes(changed) => Ok(changed),
            Done::Refused(refused) => Err(refused.error(&Write::default())),
        }
    }

    /// Acts based on the ledger, and repeats this after reading the ledger again if other nodes have written
    /// since.
    fn in_turn<T: Default>(
        &mut self,
        done: &str,
        act: impl Fn(&mut Open) -> Result<Done<T>, postgres::Error>,
    ) -> Result<Done<T>> {
        for _ in 0..TURNS {
            self.open()?;
            let acted = self.with(done, &act)?;
            if !matches!(acted, Done::Refused(Refused::Stale)) {
                return Ok(acted);
            }
            self.with("read", Open::read_again)?;
        }
        Ok(Done::Refused(Refused::Stale))
    }

    fn with<T: Default>(
        &mut self,
        done: &str,
        act: impl FnOnce(&mut Open) -> Result<T, postgres::Error>,
    ) -> Result<T> {
        let result = self.open.as_mut().map(act).transpose();
        let result = result.map_err(|cause| self.failed(done, cause))?;
        Ok(result.unwrap_or_default())
    }

    fn failed(&mut self, done: &str, cause: postgres::Error) -> rocketry_core::Error {
        if is_lost(&cause) {
            self.open = None;
        }
        self.target.store.postgres(done, cause)
    }

    /// Ensures that there is a connection with the right to write, and that the ledger is read.
    fn open(&mut self) -> Result<()> {
        let is_open = self
            .open
            .as_ref()
            .is_some_and(|open| !open.connection.client.is_closed());
        if !is_open {
            self.open = None;
            let mut connection = self.target.connect()?;
            self.take_lease(&mut connection)?;
            let known = rollup::read_known(&mut connection);
            let known = known.map_err(|cause| self.target.store.postgres("read", cause))?;
            self.open = Some(Open {
                connection,
                ledger: known.ledger,
                last_write: known.last_write,
                turn: Turn(self.is_shared.then_some(known.writes)),
            });
        }
        Ok(())
    }

    /// Takes the right to write. The server releases it when the connection of the previous holder ends, which
    /// it may notice with a delay, so this waits for a moment. Nodes share it, and keep other apps out.
    fn take_lease(&self, connection: &mut Connection) -> Result<()> {
        const TAKE: &str = "BEGIN; SET LOCAL lock_timeout = '2s'; \
            SELECT pg_advisory_lock(hashtextextended('rocketry ' || current_schema(), 0)); COMMIT";
        const SHARE: &str = "BEGIN; SET LOCAL lock_timeout = '2s'; \
            SELECT pg_advisory_lock_shared(hashtextextended('rocketry ' || current_schema(), 0)); COMMIT; \
            SET idle_in_transaction_session_timeout = '1s'";
        let store = &self.target.store;
        let take = if self.is_shared { SHARE } else { TAKE };
        let Err(cause) = connection.client.batch_execute(take) else {
            return Ok(());
        };
        if cause.code() != Some(&SqlState::LOCK_NOT_AVAILABLE) {
            return Err(store.postgres("written", cause));
        }
        Err(store.fail(
            "written",
            "another app that is running has it. A log belongs to one app, or one process of it, at a time, or to the \
             nodes of a cluster; anybody may read it",
            "the advisory lock is taken",
        ))
    }
}

/// Whether an action was carried out.
enum Done<T> {
    Yes(T),
    Refused(Refused),
}

impl<T: Default> Default for Done<T> {
    fn default() -> Self {
        Done::Yes(T::default())
    }
}

/// Writes in one statement, unless the ledger is outdated or the write is refused. Returns the reason.
fn insert(
    open: &mut Open,
    write: &Write<'_>,
    claims: &[String],
    plan: &Plan,
) -> Result<Option<Refused>, postgres::Error> {
    let Open {
        connection,
        ledger,
        turn,
        ..
    } = open;
    if turn.0.is_some()
        && let Some(refused) = turn::check_ends(ledger, write.records)
    {
        // A ledger that is outdated may not know that the run is open.
        return turn
            .look(connection, write.term)
            .map(|other| other.or(Some(refused)));
    }
    let mut joined = Joined::default();
    turn.join(&mut joined, write, plan.drifts);
    turn::add_claims(&mut joined, claims, made(write));
    add_plan(&mut joined, plan);
    add_records(&mut joined, write.records, plan);
    add_facts(&mut joined, write.facts);
    match joined.rows(connection, "SELECT writes FROM turn") {
        Ok(rows) if rows.is_empty() => turn
            .look(connection, write.term)
            .map(|why| why.or(Some(Refused::Stale))),
        Ok(_) => Ok(None),
        Err(cause) => turn::claimed(connection, claims, cause).map(Some),
    }
}

/// When the claims of a write are made: the instant of its last record.
fn made(write: &Write<'_>) -> i64 {
    let now = || rocketry_core::Clock::system().now();
    let last = write.records.last().map(|record| record.created);
    last.unwrap_or_else(now).as_micros()
}
