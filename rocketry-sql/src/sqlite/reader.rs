//! Questions to the log.

use std::path::Path;

use rocketry_core::{Result, RunId};
use rusqlite::types::{FromSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Row, ToSql, params_from_iter};

use super::connection;
use crate::error::Store;
use crate::find::Database;
use crate::row::Cells;
use crate::statement::{Dialect, Param, Statement};

/// A connection that can't write.
pub(super) fn open(file: &Path, store: &Store) -> Result<Connection> {
    let connection = connection::open(file, store)?;
    let done = connection.pragma_update(None, "query_only", true);
    done.map_err(|cause| store.sqlite_open(&cause))?;
    Ok(connection)
}

impl Database for &Connection {
    const DIALECT: Dialect = Dialect::Sqlite;
    type Error = rusqlite::Error;

    fn ask<T>(
        &mut self,
        statement: &Statement,
        mut read: impl FnMut(&dyn Cells) -> T,
    ) -> rusqlite::Result<Vec<T>> {
        let mut asked = self.prepare_cached(&statement.sql)?;
        let rows = asked.query_map(params_from_iter(&statement.params), |row| Ok(read(row)))?;
        rows.collect()
    }
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
