//! Writing: one transaction a write, one statement for all of its records.

use std::collections::HashMap;

use postgres::error::SqlState;
use postgres::types::ToSql;
use rocketry_core::log::{Fact, Past, Retention, Write};
use rocketry_core::{Record, Result};

use super::connection::{Connection, Target};
use super::failure::is_lost;
use super::fold;
use crate::drift;
use crate::ledger::{Ledger, Numbers, Plan};
use crate::row;

pub(super) struct Writer {
    target: Target,
    open: Option<Open>,
}

/// A connection that may write.
struct Open {
    connection: Connection,
    ledger: Ledger,
    /// The number of the last write, bit by bit.
    last_write: Option<i64>,
}

impl Writer {
    pub(super) fn new(target: Target) -> Self {
        Writer {
            target: target.writable(),
            open: None,
        }
    }

    pub(super) fn write(&mut self, write: &Write<'_>) -> Result<()> {
        self.open()?;
        let number = write.number.map(u64::cast_signed);
        let highest = self.with("written", |open| {
            if number.is_some() && open.last_write == number {
                // The connection was lost before it could be told that this was kept.
                return Ok(0);
            }
            let plan = open.ledger.plan(write.records);
            let highest = insert(&mut open.connection, write, &plan)?;
            if write.check_term(highest).is_ok() {
                open.ledger.note(plan, write.records);
                open.last_write = number.or(open.last_write);
            }
            Ok(highest)
        })?;
        write.check_term(highest)?;
        let written = write.records.len();
        if self
            .open
            .as_ref()
            .is_some_and(|open| open.ledger.is_full(written))
        {
            // What was to be written is written. If the tallies can't be now, they will be later.
            let _ = self.fold();
        }
        Ok(())
    }

    pub(super) fn load(&mut self) -> Result<Past> {
        self.open()?;
        self.fold()?;
        self.with("read", |open| fold::read_past(&mut open.connection))
    }

    pub(super) fn forget(&mut self, retention: &Retention) -> Result<u64> {
        self.open()?;
        self.fold()?;
        self.with("written", |open| {
            let count = fold::forget(&mut open.connection, &open.ledger, retention)?;
            open.ledger.forgotten(count);
            Ok(count as u64)
        })
    }

    /// Gives back the right to write. A connection that is lost has it no longer, or only until the server sees that.
    pub(super) fn close(&mut self) -> Result<()> {
        if let Some(mut open) = self.open.take() {
            let give_back = "SELECT pg_advisory_unlock_all()";
            let _ = open.connection.client.batch_execute(give_back);
        }
        Ok(())
    }

    /// Brings the tallies up to date.
    fn fold(&mut self) -> Result<()> {
        let is_due = |open: &Open| open.ledger.since().records > 0;
        if !self.open.as_ref().is_some_and(is_due) {
            return Ok(());
        }
        self.with("written", |open| {
            fold::write(&mut open.connection, &open.ledger)?;
            open.ledger.folded();
            Ok(())
        })?;
        // Until that is done, readers look into each block.
        let _ = self.with("written", |open| fold::survey(&mut open.connection));
        Ok(())
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

    /// Sees to a connection that may write, and knows what is written.
    fn open(&mut self) -> Result<()> {
        let is_open = self
            .open
            .as_ref()
            .is_some_and(|open| !open.connection.client.is_closed());
        if !is_open {
            self.open = None;
            let mut connection = self.target.connect()?;
            self.take_lease(&mut connection)?;
            let read = fold::read_ledger(&mut connection);
            let (ledger, last_write) = read.map_err(|cause| self.target.store.postgres("read", cause))?;
            self.open = Some(Open {
                connection,
                ledger,
                last_write,
            });
        }
        Ok(())
    }

    /// Takes the right to write, which the server takes back when the connection ends. It needs a moment to see that, so a
    /// successor waits for as long.
    fn take_lease(&self, connection: &mut Connection) -> Result<()> {
        const TAKE: &str = "BEGIN; SET LOCAL lock_timeout = '2s'; \
            SELECT pg_advisory_lock(hashtextextended('rocketry ' || current_schema(), 0)); COMMIT";
        let store = &self.target.store;
        let Err(cause) = connection.client.batch_execute(TAKE) else {
            return Ok(());
        };
        if cause.code() != Some(&SqlState::LOCK_NOT_AVAILABLE) {
            return Err(store.postgres("written", cause));
        }
        Err(store.fail(
            "written",
            "another app that is running has it. A log belongs to one app, or one process of it, at a time; \
             anybody may read it",
            "the advisory lock is taken",
        ))
    }
}

/// Writes, unless a newer leader has written. Gives the highest term before.
fn insert(connection: &mut Connection, write: &Write<'_>, plan: &Plan) -> Result<u64, postgres::Error> {
    let mut batch = Batch::new(connection)?;
    let highest = fold::raise_term(&mut batch, write.term)?;
    if write.check_term(highest).is_err() {
        return Ok(highest);
    }
    if let Some(drifts) = plan.drifts {
        let note = format!(
            "UPDATE rocketry_state SET ({}) = ($1, $2, $3, $4, $5)",
            drift::COLUMNS
        );
        batch.add(
            &note,
            &drifts
                .columns()
                .each_ref()
                .map(|column| column as &(dyn ToSql + Sync)),
        )?;
    }
    if !plan.new_tasks.is_empty() {
        let (numbers, names): (Vec<i64>, Vec<&str>) = plan
            .new_tasks
            .iter()
            .map(|(number, name)| (*number, &**name))
            .unzip();
        let add = "INSERT INTO rocketry_task (id, name) SELECT * FROM unnest($1::bigint[], $2::text[])";
        batch.add(add, &[&numbers, &names])?;
    }
    if !plan.new_blocks.is_empty() {
        let (numbers, firsts): (Vec<i64>, Vec<i64>) = plan.new_blocks.iter().copied().unzip();
        let add = "INSERT INTO rocketry_block (id, first) SELECT * FROM unnest($1::bigint[], $2::bigint[])";
        batch.add(add, &[&numbers, &firsts])?;
    }
    if let Some(number) = write.number.map(u64::cast_signed) {
        batch.add("UPDATE rocketry_state SET last_write = $1", &[&number])?;
    }
    if !write.records.is_empty() {
        insert_records(&mut batch, write.records, plan)?;
    }
    set(&mut batch, write.facts)?;
    batch.commit()?;
    Ok(highest)
}

fn insert_records(batch: &mut Batch<'_>, records: &[Record], plan: &Plan) -> Result<(), postgres::Error> {
    const ADD: &str = "INSERT INTO rocketry_record SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], \
        $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::bigint[], \
        $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[])";
    let planned = |number: fn(&Numbers) -> i64| -> Vec<i64> { plan.records.iter().map(number).collect() };
    let numbers = |number: fn(&Record) -> i64| -> Vec<i64> { records.iter().map(number).collect() };
    let run_ids: Vec<String> = records.iter().map(|record| record.run_id.to_string()).collect();
    let exits: (Vec<Option<i64>>, Vec<Option<i64>>) = records
        .iter()
        .map(|record| {
            let (code, signal) = row::exit(record);
            (code.map(i64::from), signal.map(i64::from))
        })
        .unzip();
    batch.add(
        ADD,
        &[
            &planned(|numbers| numbers.record),
            &planned(|numbers| numbers.block),
            &planned(|numbers| numbers.task),
            &run_ids,
            &numbers(|record| i64::from(record.action as u8)),
            &numbers(|record| record.created.as_micros()),
            &numbers(|record| record.due.as_micros()),
            &numbers(|record| record.start.as_micros()),
            &texts(records, |record| record.message.as_deref()),
            &exits.0,
            &exits.1,
            &texts(records, |record| record.process().map(|process| &*process.output)),
            &texts(records, Record::params),
            &texts(records, Record::result),
            &texts(records, Record::version),
        ],
    )
}

fn texts(records: &[Record], text: fn(&Record) -> Option<&str>) -> Vec<Option<&str>> {
    records.iter().map(text).collect()
}

/// No key is unique to the database, as a long one does not fit into an index: what holds of it is taken out first.
fn set(batch: &mut Batch<'_>, facts: &[Fact]) -> Result<(), postgres::Error> {
    const TAKE_OUT: &str = "DELETE FROM rocketry_fact WHERE left(key, 500) IN (SELECT left(key, 500) FROM unnest($1::text[]) AS key) \
                            AND key = ANY($1)";
    const PUT_IN: &str =
        "INSERT INTO rocketry_fact (key, value) SELECT * FROM unnest($1::text[], $2::text[])";
    if facts.is_empty() {
        return Ok(());
    }
    let last: HashMap<&str, Option<&str>> = facts
        .iter()
        .map(|fact| (&*fact.key, fact.value.as_deref()))
        .collect();
    let keys: Vec<&str> = last.keys().copied().collect();
    batch.add(TAKE_OUT, &[&keys])?;
    let set = last.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let (keys, values): (Vec<&str>, Vec<&str>) = set.unzip();
    batch.add(PUT_IN, &[&keys, &values])
}

/// Statements that are done as a whole, or not at all.
pub(super) struct Batch<'c> {
    connection: &'c mut Connection,
    is_done: bool,
}

impl<'c> Batch<'c> {
    pub(super) fn new(connection: &'c mut Connection) -> Result<Self, postgres::Error> {
        connection.client.batch_execute("BEGIN")?;
        Ok(Batch {
            connection,
            is_done: false,
        })
    }

    pub(super) fn add(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<(), postgres::Error> {
        self.count(sql, values).map(drop)
    }

    /// Does a statement, and tells how many rows it was about.
    pub(super) fn count(
        &mut self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, postgres::Error> {
        let statement = self.connection.prepare(sql)?;
        self.connection.client.execute(&statement, values)
    }

    pub(super) fn query(
        &mut self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<postgres::Row>, postgres::Error> {
        let statement = self.connection.prepare(sql)?;
        self.connection.client.query(&statement, values)
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection
    }

    pub(super) fn commit(mut self) -> Result<(), postgres::Error> {
        self.is_done = true;
        self.connection.client.batch_execute("COMMIT")
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // A connection that fails here is found closed by whoever uses it next.
            let _ = self.connection.client.batch_execute("ROLLBACK");
        }
    }
}
