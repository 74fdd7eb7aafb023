//! Runs queries on any database.

use rocketry_core::Record;
use rocketry_core::log::{Cursor, Order, Page, Query};

use crate::access_path::{AccessPath, access_path};
use crate::conditions::NumberRange;
use crate::drift::{self, Drifts};
use crate::presence::{self, Blocks};
use crate::row::{self, Cells};
use crate::select;
use crate::statement::{Dialect, Statement};

/// A database that runs statements.
pub(crate) trait Database {
    const DIALECT: Dialect;
    type Error;

    /// Runs a statement and returns the value that `read` makes of each row.
    fn ask<T>(
        &mut self,
        statement: &Statement,
        read: impl FnMut(&dyn Cells) -> T,
    ) -> Result<Vec<T>, Self::Error>;
}

/// Returns the matching records, and whether there are more. A row that is not a valid record is reported and
/// skipped.
pub(crate) fn page<D: Database>(database: &mut D, query: &Query) -> Result<Page, D::Error> {
    let limit = query.limit.unwrap_or(usize::MAX);
    let numbers = numbers(database, query)?;
    let mut statement = select::page(query, numbers, D::DIALECT);
    let mut found = Vec::new();
    for part in parts(database, query, numbers)? {
        let left = limit.saturating_add(1) - found.len();
        let left = i64::try_from(left).unwrap_or(i64::MAX);
        match part {
            Some(Blocks { first, last }) => statement.end_with([first, last, left]),
            None => statement.end_with([left]),
        }
        found.extend(database.ask(&statement, read)?);
        if found.len() > limit {
            break;
        }
    }
    let more = found.len() > limit;
    let chosen = found.into_iter().take(limit).flatten().collect();
    Ok(Page::of(query, chosen, more))
}

/// Returns how many records match, at most as many as the query's limit.
pub(crate) fn count<D: Database>(database: &mut D, query: &Query) -> Result<u64, D::Error> {
    let mut query = query.clone();
    (query.after, query.order) = (None, Order::Oldest);
    let query = &query;
    let numbers = numbers(database, query)?;
    let mut statement = select::count(query, numbers, D::DIALECT);
    let most = query.limit.map_or(u64::MAX, |limit| limit as u64);
    let mut count = 0;
    for part in parts(database, query, numbers)? {
        if let Some(Blocks { first, last }) = part {
            statement.end_with([first, last]);
        }
        let found = database.ask(&statement, |row| int(row, 0))?;
        count += found.into_iter().flatten().sum::<i64>().unsigned_abs();
        if count >= most {
            break;
        }
    }
    Ok(count.min(most))
}

/// Returns the range of numbers that may match.
fn numbers<D: Database>(database: &mut D, query: &Query) -> Result<NumberRange, D::Error> {
    let mut state = Statement::new(D::DIALECT);
    state.sql = format!("SELECT {} FROM rocketry_state", drift::COLUMNS);
    let drifts = database.ask(&state, |row| {
        [0, 1, 2, 3, 4].map(|column| int(row, column).unwrap_or(i64::MAX))
    })?;
    let drifts = drifts.into_iter().next().unwrap_or_default();
    Ok(NumberRange::of(query, Drifts::of(drifts)))
}

/// Returns the blocks to search, in the order of the query, or a single `None` if the query is not answered
/// block by block.
fn parts<D: Database>(
    database: &mut D,
    query: &Query,
    numbers: NumberRange,
) -> Result<Vec<Option<Blocks>>, D::Error> {
    if access_path(query) != AccessPath::ByBlock {
        return Ok(vec![None]);
    }
    let bounds = presence::bounds(numbers, D::DIALECT);
    let bounds = database.ask(&bounds, |row| [0, 1, 2].map(|column| int(row, column)))?;
    let [first, last, unknown] = bounds.into_iter().next().unwrap_or_default();
    let within = Blocks {
        first: first.unwrap_or(0),
        last: last.unwrap_or(i64::MAX),
    };
    let unknown = unknown.unwrap_or(0);
    let known = Blocks {
        first: 0,
        last: unknown - 1,
    };
    let found = match within.and(known) {
        Some(within) => {
            let presence = presence::presence(query, within, D::DIALECT);
            database.ask(&presence, |row| Some((int(row, 0)?, int(row, 1)?)))?
        }
        None => Vec::new(),
    };
    let found = found.into_iter().flatten().collect();
    let mut parts = presence::parts(found, within, unknown, D::DIALECT.gap());
    if query.order != Order::Oldest {
        parts.reverse();
    }
    Ok(parts.into_iter().map(Some).collect())
}

fn int(row: &dyn Cells, column: usize) -> Option<i64> {
    row.int(column).ok().flatten()
}

fn read(row: &dyn Cells) -> Option<(Cursor, Record)> {
    row::read_or_tell(row).map(|(id, record)| (Cursor::new(id.unsigned_abs()), record))
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use rocketry_core::log::{Query, Write};
    use rocketry_core::{Action, Record, RunId, RunLog, Timestamp};

    use super::{numbers, parts};
    use crate::SqliteLog;

    fn record(task: &str, number: u64) -> Record {
        let at = Timestamp::from_micros(number.cast_signed());
        Record {
            task: task.into(),
            run_id: RunId::Number(number),
            action: Action::Run,
            created: at,
            due: at,
            start: at,
            message: None,
            extra: None,
        }
    }

    #[test]
    fn a_task_that_hardly_ever_runs_is_looked_for_where_it_is() {
        let file = std::env::temp_dir().join(format!("rocketry-sql-find-{}.db", std::process::id()));
        let log = SqliteLog::open(&file).unwrap();
        for first in (1..1000).step_by(20) {
            let often = (first..first + 20).map(|number| record("often", number));
            let mut records: Vec<Record> = often.collect();
            if first == 401 {
                records[7] = record("seldom", first + 7);
            }
            log.write(&Write::records(&records)).unwrap();
        }
        let blocks = |task: &str| {
            let query = Query::new().task(task);
            let mut connection = &rusqlite::Connection::open(&file).unwrap();
            let numbers = numbers(&mut connection, &query).unwrap();
            let parts = parts(&mut connection, &query, numbers).unwrap();
            parts.into_iter().flatten().collect::<Vec<_>>()
        };
        // All of them in one statement.
        assert_eq!(blocks("often").len(), 1);
        let [one, rest] = &blocks("seldom")[..] else {
            panic!("the block of the record, and those of which nothing is known yet")
        };
        assert!(
            one.first == one.last && rest.last == i64::MAX,
            "{one:?}, {rest:?}"
        );
        assert!(rest.first > 40, "most is known: {rest:?}");
        drop(log);
        for suffix in ["", "-wal", "-shm", "-lease"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    }
}
