//! Translates queries to SQL.
//!
//! The number of a record is greater than all before it and never less than its instant in microseconds. How
//! far it can be ahead, the skew, is known. So one order serves both place and time: a range of instants is a
//! range of numbers, and only the edges need a closer look.
//!
//! A few thousand consecutive records form a block. Queries for single tasks are answered block by block,
//! because the index of tasks is organized by block: within a block it is so small that a write touches few of
//! its pages, however many tasks there are.

use rocketry_core::log::{Order, Query};

use crate::access_path::{AccessPath, access_path};
use crate::conditions::{Builder, NumberRange};
use crate::row::COLUMNS;
use crate::statement::{Dialect, Statement};

/// The statement for a page. Its last value is the limit. If records are found block by block, the two values
/// before it are the first and the last block.
pub(crate) fn page(query: &Query, numbers: NumberRange, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(query, numbers, dialect);
    let conditions = builder.conditions();
    let direction = match query.order {
        Order::Oldest => "ASC",
        Order::Newest | Order::Last => "DESC",
    };
    let by_number = format!("ORDER BY record.id {direction}");
    let found = match access_path(query) {
        AccessPath::ByBlock => {
            let [first, last, limit] = [(); 3].map(|()| builder.open());
            let records = dialect.in_blocks(&conditions, &format!("{by_number} LIMIT {limit}"));
            format!(
                "record.* FROM {records} AND block.id >= {first} AND block.id <= {last} \
                 ORDER BY block.id {direction}, record.id {direction} LIMIT {limit}"
            )
        }
        AccessPath::Rare => {
            let index = dialect.by_index("rocketry_record_rare");
            let limit = builder.open();
            format!("* FROM rocketry_record AS record{index} WHERE {conditions} {by_number} LIMIT {limit}")
        }
        // The sum keeps the planner from scanning all records in their order.
        AccessPath::ByRun => {
            let limit = builder.open();
            format!(
                "* FROM rocketry_record AS record WHERE {conditions} \
                 ORDER BY record.id + 0 {direction} LIMIT {limit}"
            )
        }
        AccessPath::Plain => {
            let limit = builder.open();
            format!("* FROM rocketry_record AS record WHERE {conditions} {by_number} LIMIT {limit}")
        }
    };
    builder.finish(format!(
        "SELECT {COLUMNS} FROM (SELECT {found}) AS record ORDER BY id {direction}"
    ))
}

/// The statement that counts matching records. If records are found block by block, its last two values are the
/// first and the last block.
pub(crate) fn count(query: &Query, numbers: NumberRange, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(query, numbers, dialect);
    let conditions = builder.conditions();
    let found = match access_path(query) {
        AccessPath::ByBlock => {
            let [first, last] = [(); 2].map(|()| builder.open());
            // Without an offset the planner would merge it into the outer query.
            let records = dialect.in_blocks(&conditions, "OFFSET 0");
            format!("{records} AND block.id >= {first} AND block.id <= {last}")
        }
        AccessPath::Rare => {
            let index = dialect.by_index("rocketry_record_rare");
            format!("rocketry_record AS record{index} WHERE {conditions}")
        }
        AccessPath::ByRun | AccessPath::Plain => format!("rocketry_record AS record WHERE {conditions}"),
    };
    builder.finish(match query.limit {
        None => format!("SELECT count(*) FROM {found}"),
        Some(most) => {
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            format!("SELECT count(*) FROM (SELECT 1 FROM {found} LIMIT {most}) AS counted")
        }
    })
}
