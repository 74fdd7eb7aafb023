//! Questions to the log.

use postgres::Row;
use postgres::types::{FromSql, ToSql};
use rocketry_core::log::{Cursor, Page};
use rocketry_core::{Query, Record, Result, RunId};

use super::connection::{Connection, Target};
use super::failure::is_lost;
use super::writer::without_nul;
use crate::row::{self, Cells};
use crate::select::{self, Dialect, Param, Statement};

const DIALECT: Dialect = Dialect {
    mark: '$',
    find: "strpos",
    names_index: false,
};

pub(super) struct Reader {
    target: Target,
    connection: Option<Connection>,
}

impl Reader {
    pub(super) fn new(target: Target) -> Self {
        Reader {
            target,
            connection: None,
        }
    }

    pub(super) fn open(&mut self) -> Result<()> {
        self.connected().map(drop)
    }

    pub(super) fn page(&mut self, query: &Query) -> Result<Page> {
        let rows = self.ask(query, select::page)?;
        let limit = query.limit.unwrap_or(usize::MAX);
        let chosen = rows.iter().take(limit).filter_map(read).collect();
        Ok(Page::of(query, chosen, rows.len() > limit))
    }

    pub(super) fn count(&mut self, query: &Query) -> Result<u64> {
        let rows = self.ask(query, select::count)?;
        let count = rows.first().map_or(0, |row| row.get::<_, i64>(0));
        Ok(count.unsigned_abs())
    }

    /// Asks once more if the connection turns out to be lost.
    fn ask(&mut self, query: &Query, statement: fn(&Query, i64, Dialect) -> Statement) -> Result<Vec<Row>> {
        let was_connected = self.connection.is_some();
        let mut answer = rows(self.connected()?, query, statement);
        if was_connected && answer.as_ref().is_err_and(is_lost) {
            self.connection = None;
            answer = rows(self.connected()?, query, statement);
        }
        answer.map_err(|cause| {
            if is_lost(&cause) {
                self.connection = None;
            }
            self.target.store.postgres("read", cause)
        })
    }

    fn connected(&mut self) -> Result<&mut Connection> {
        if self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.client.is_closed())
        {
            self.connection = None;
        }
        match &mut self.connection {
            Some(connection) => Ok(connection),
            none => Ok(none.insert(self.target.connect()?)),
        }
    }
}

fn rows(
    connection: &mut Connection,
    query: &Query,
    statement: fn(&Query, i64, Dialect) -> Statement,
) -> Result<Vec<Row>, postgres::Error> {
    let skew = connection.prepare("SELECT skew FROM rocketry_state")?;
    let skew: i64 = connection.client.query_one(&skew, &[])?.try_get(0)?;
    let Statement { sql, params } = statement(query, skew, DIALECT);
    let values: Vec<Box<dyn ToSql + Sync>> = params.into_iter().map(value).collect();
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value).collect();
    connection.client.query(&sql, &values)
}

fn value(param: Param) -> Box<dyn ToSql + Sync> {
    match param {
        Param::Int(number) => Box::new(number),
        Param::Text(text) => Box::new(without_nul(&text).into_owned()),
        Param::RunId(run_id) => Box::new(without_nul(&run_id.to_string()).into_owned()),
    }
}

/// Reads a record. A row that is none is told of, and passed over.
pub(super) fn read(row: &Row) -> Option<(Cursor, Record)> {
    row::read_or_tell(row).map(|(id, record)| (Cursor::new(id.unsigned_abs()), record))
}

impl Cells for Row {
    fn int(&self, column: usize) -> Result<Option<i64>, String> {
        cell(self, column)
    }

    fn text(&self, column: usize) -> Result<Option<String>, String> {
        cell(self, column)
    }

    fn run_id(&self, column: usize) -> Result<Option<RunId>, String> {
        let name: Option<&str> = cell(self, column)?;
        Ok(name.map(RunId::from))
    }
}

fn cell<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Result<Option<T>, String> {
    row.try_get(column).map_err(|cause| cause.to_string())
}
