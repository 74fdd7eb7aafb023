//! Queries of the log.

use std::path::Path;

use rocketry_core::{Result, RunId};
use rusqlite::types::{FromSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Row, ToSql, params_from_iter};

use super::files::Identity;
use super::{connection, files};
use crate::error::Store;
use crate::find::Database;
use crate::row::Cells;
use crate::statement::{Dialect, Param, Statement};

/// A read-only connection.
#[derive(Debug)]
pub(super) struct Reader(Option<Open>);

#[derive(Debug)]
struct Open {
    connection: Connection,
    /// The identity of the open file.
    identity: Option<Identity>,
}

impl Reader {
    pub(super) fn open(file: &Path, store: &Store) -> Result<Self> {
        Open::new(file, store).map(|open| Reader(Some(open)))
    }

    /// Returns the connection. Opens the log if it is closed.
    pub(super) fn connection(&mut self, file: &Path, store: &Store) -> Result<&Connection> {
        let open = match self.0.take() {
            Some(open) => open,
            None => Open::new(file, store)?,
        };
        Ok(&self.0.insert(open).connection)
    }

    /// Closes the connection if another log has taken the place of the open one. A deleted log stays readable.
    pub(super) fn leave(&mut self, file: &Path) {
        let there = files::identity(file).ok().flatten();
        if there.is_some() && self.0.as_ref().is_some_and(|open| open.identity != there) {
            self.close();
        }
    }

    pub(super) fn close(&mut self) {
        self.0 = None;
    }
}

impl Open {
    fn new(file: &Path, store: &Store) -> Result<Self> {
        let connection = connection::open(file, store)?;
        let done = connection.pragma_update(None, "query_only", true);
        done.map_err(|cause| store.sqlite_open(&cause))?;
        Ok(Open {
            connection,
            identity: files::identity(file).ok().flatten(),
        })
    }
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
            // A number too great for SQLite is stored as a text.
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

/// The stored form of a run id.
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
