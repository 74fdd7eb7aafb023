//! Which records to delete.

use rocketry_core::Timestamp;
use rocketry_core::log::Retention;

use crate::find::Database;
use crate::statement::{Param, Statement};

/// Returns the number of the last record to delete now, where the log has `count` records.
pub(crate) fn last_to_go<D: Database>(
    database: &mut D,
    count: u64,
    retention: &Retention,
) -> Result<Option<i64>, D::Error> {
    let bite = retention.bite as u64;
    let excess = retention.keep.map_or(0, |keep| count.saturating_sub(keep));
    let too_many = last_of_oldest(database, excess.min(bite))?;
    let too_old = match retention.before {
        Some(before) => last_too_old(database, retention, before)?,
        None => None,
    };
    let Some(last) = too_many.max(too_old) else {
        return Ok(None);
    };
    Ok(last_of_oldest(database, bite)?.map(|most| last.min(most)))
}

/// Returns the number of the last of the `count` oldest records.
fn last_of_oldest<D: Database>(database: &mut D, count: u64) -> Result<Option<i64>, D::Error> {
    if count == 0 {
        return Ok(None);
    }
    let mut statement = Statement::new(D::DIALECT);
    let limit = statement.place(Param::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    statement.sql =
        format!("SELECT max(id) FROM (SELECT id FROM rocketry_record ORDER BY id LIMIT {limit}) AS oldest");
    let found = database.ask(&statement, |row| row.int(0).ok().flatten())?;
    Ok(found.into_iter().flatten().next())
}

/// Returns the number of the last record that is too old, before the first that is not. Records with instants
/// ahead of the clock are skipped: they are as old as the record after them.
fn last_too_old<D: Database>(
    database: &mut D,
    retention: &Retention,
    before: Timestamp,
) -> Result<Option<i64>, D::Error> {
    let mut statement = Statement::new(D::DIALECT);
    let now = statement.place(Param::Int(retention.now.as_micros()));
    let limit = i64::try_from(retention.bite).unwrap_or(i64::MAX);
    let limit = statement.place(Param::Int(limit));
    statement.sql =
        format!("SELECT id, created FROM rocketry_record WHERE created <= {now} ORDER BY id LIMIT {limit}");
    let found = database.ask(&statement, |row| Some((row.int(0).ok()??, row.int(1).ok()??)))?;
    let old = found.into_iter().flatten();
    let old = old.take_while(|(_, created)| *created < before.as_micros());
    Ok(old.last().map(|(number, _)| number))
}
