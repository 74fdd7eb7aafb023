//! Questions to the log.

use std::path::Path;

use rocketry_core::log::{Cursor, Page};
use rocketry_core::{Query, Record, Result, RunId};
use rusqlite::types::{FromSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Row, ToSql, params_from_iter};

use super::connection;
use crate::error::Store;
use crate::row::{self, Cells};
use crate::select::{self, Dialect, Param, Statement};

const DIALECT: Dialect = Dialect {
    mark: '?',
    find: "instr",
    names_index: true,
};

/// A connection that can't write.
pub(super) fn open(file: &Path, store: &Store) -> Result<Connection> {
    let connection = connection::open(file, store)?;
    let done = connection.pragma_update(None, "query_only", true);
    done.map_err(|cause| store.sqlite_open(&cause))?;
    Ok(connection)
}

pub(super) fn page(connection: &Connection, query: &Query) -> rusqlite::Result<Page> {
    let Statement { sql, params } = select::page(query, skew(connection)?, DIALECT);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(params))?;
    let limit = query.limit.unwrap_or(usize::MAX);
    let mut chosen = Vec::new();
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        seen += 1;
        if seen > limit {
            break;
        }
        chosen.extend(read(row));
    }
    Ok(Page::of(query, chosen, seen > limit))
}

pub(super) fn count(connection: &Connection, query: &Query) -> rusqlite::Result<u64> {
    let Statement { sql, params } = select::count(query, skew(connection)?, DIALECT);
    let mut statement = connection.prepare_cached(&sql)?;
    let count: i64 = statement.query_row(params_from_iter(params), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// How far the number of a record may be ahead of its instant.
fn skew(connection: &Connection) -> rusqlite::Result<i64> {
    let mut statement = connection.prepare_cached("SELECT skew FROM rocketry_state")?;
    statement.query_row([], |row| row.get(0))
}

/// Reads a record. A row that is none is told of, and passed over.
pub(super) fn read(row: &Row<'_>) -> Option<(Cursor, Record)> {
    row::read_or_tell(row).map(|(id, record)| (Cursor::new(id.unsigned_abs()), record))
}

impl Cells for Row<'_> {
    fn int(&self, column: usize) -> Result<Option<i64>, String> {
        cell(self, column)
    }

    fn text(&self, column: usize) -> Result<Option<String>, String> {
        cell(self, column)
    }

    fn run_id(&self, column: usize) -> Result<Option<RunId>, String> {
        let run_id = match cell(self, column)? {
            Some(Value::Integer(number)) => u64::try_from(number).ok().map(RunId::Number),
            // A number that is too great for SQLite is a text.
            Some(Value::Text(name)) => Some(match name.parse() {
                Ok(number) if number > i64::MAX as u64 => RunId::Number(number),
                _ => RunId::Name(name.into()),
            }),
            _ => None,
        };
        Ok(run_id)
    }
}

fn cell<T: FromSql>(row: &Row<'_>, column: usize) -> Result<Option<T>, String> {
    row.get(column).map_err(|cause| cause.to_string())
}

/// What a run is called, in SQLite.
pub(super) fn run_id_cell(run_id: &RunId) -> ToSqlOutput<'_> {
    match run_id {
        RunId::Number(number) => match i64::try_from(*number) {
            Ok(number) => ToSqlOutput::from(number),
            Err(_) => ToSqlOutput::from(number.to_string()),
        },
        RunId::Name(name) => ToSqlOutput::Borrowed(ValueRef::Text(name.as_bytes())),
    }
}

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Param::Int(number) => number.to_sql(),
            Param::Text(text) => text.to_sql(),
            Param::RunId(run_id) => Ok(run_id_cell(run_id)),
        }
    }
}
