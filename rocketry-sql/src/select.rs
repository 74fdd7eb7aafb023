//! From a question to SQL.
//!
//! A record's number rises with every record and is never less than its instant in microseconds, and it is ahead of it
//! by at most the skew, which is known. So one order serves both the place and the time of a record: a range of instants
//! is a range of numbers, of which only the edges have to be looked at.
//!
//! Some thousand records in a row are a block. What is asked of single tasks is looked up block by block, because the
//! index of the tasks is one: within a block it is so small that writing to it touches few pages, however many tasks
//! there are.

use rocketry_core::log::{Order, Query};

use crate::conditions::{Builder, NumberRange};
use crate::row::COLUMNS;
use crate::statement::{Dialect, Statement};
use crate::way::{Way, way};

/// The statement for a page. Its last value says how many records there may be; where records are looked up block by
/// block, the two before say in which, from the first to the last.
pub(crate) fn page(query: &Query, numbers: NumberRange, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(query, numbers, dialect);
    let conditions = builder.conditions();
    let direction = match query.order {
        Order::Oldest => "ASC",
        Order::Newest | Order::Last => "DESC",
    };
    let by_number = format!("ORDER BY record.id {direction}");
    let found = match way(query) {
        Way::ByBlock => {
            let [first, last, limit] = [(); 3].map(|()| builder.open());
            let records = dialect.in_blocks(&conditions, &format!("{by_number} LIMIT {limit}"));
            format!(
                "record.* FROM {records} AND block.id >= {first} AND block.id <= {last} \
                 ORDER BY block.id {direction}, record.id {direction} LIMIT {limit}"
            )
        }
        Way::Rare => {
            let index = dialect.by_index("rocketry_record_rare");
            let limit = builder.open();
            format!("* FROM rocketry_record AS record{index} WHERE {conditions} {by_number} LIMIT {limit}")
        }
        // A sum keeps the database from going through all records in their order.
        Way::ByRun => {
            let limit = builder.open();
            format!(
                "* FROM rocketry_record AS record WHERE {conditions} \
                 ORDER BY record.id + 0 {direction} LIMIT {limit}"
            )
        }
        Way::Plain => {
            let limit = builder.open();
            format!("* FROM rocketry_record AS record WHERE {conditions} {by_number} LIMIT {limit}")
        }
    };
    builder.finish(format!(
        "SELECT {COLUMNS} FROM (SELECT {found}) AS record ORDER BY id {direction}"
    ))
}

/// The statement that counts what fits. Where records are looked up block by block, its last two values say in which.
pub(crate) fn count(query: &Query, numbers: NumberRange, dialect: Dialect) -> Statement {
    let mut builder = Builder::new(query, numbers, dialect);
    let conditions = builder.conditions();
    let found = match way(query) {
        Way::ByBlock => {
            let [first, last] = [(); 2].map(|()| builder.open());
            // Without an offset it would be no question of its own.
            let records = dialect.in_blocks(&conditions, "OFFSET 0");
            format!("{records} AND block.id >= {first} AND block.id <= {last}")
        }
        Way::Rare => {
            let index = dialect.by_index("rocketry_record_rare");
            format!("rocketry_record AS record{index} WHERE {conditions}")
        }
        Way::ByRun | Way::Plain => format!("rocketry_record AS record WHERE {conditions}"),
    };
    builder.finish(format!("SELECT count(*) FROM {found}"))
}
