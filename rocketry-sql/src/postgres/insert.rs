//! The rows of a write.

use std::collections::HashMap;

use rocketry_core::Record;
use rocketry_core::log::Fact;

use super::joined::Joined;
use crate::ledger::{Numbers, Plan};
use crate::row;

/// Adds what the records of a write refer to.
pub(super) fn add_plan<'v>(joined: &mut Joined<'v>, plan: &'v Plan) {
    if !plan.new_tasks.is_empty() {
        let tasks = plan.new_tasks.iter().map(|(number, name)| (*number, &**name));
        let (numbers, names): (Vec<i64>, Vec<&str>) = tasks.unzip();
        joined.change(
            "tasks",
            "INSERT INTO rocketry_task (id, name) SELECT task.* FROM turn, unnest(?::bigint[], ?::text[]) AS task",
        );
        joined.value(numbers);
        joined.value(names);
    }
    if !plan.new_blocks.is_empty() {
        let (numbers, firsts): (Vec<i64>, Vec<i64>) = plan.new_blocks.iter().copied().unzip();
        joined.change(
            "blocks",
            "INSERT INTO rocketry_block (id, first) SELECT block.* FROM turn, unnest(?::bigint[], ?::bigint[]) AS block",
        );
        joined.value(numbers);
        joined.value(firsts);
    }
}

const ADD_RECORDS: &str = "INSERT INTO rocketry_record SELECT record.* FROM turn, unnest(?::bigint[], ?::bigint[], ?::bigint[], \
    ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], \
    ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS record";

pub(super) fn add_records<'v>(joined: &mut Joined<'v>, records: &'v [Record], plan: &Plan) {
    if records.is_empty() {
        return;
    }
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
    joined.change("records", ADD_RECORDS);
    joined.value(planned(|numbers| numbers.record));
    joined.value(planned(|numbers| numbers.block));
    joined.value(planned(|numbers| numbers.task));
    joined.value(run_ids);
    joined.value(numbers(|record| i64::from(record.action as u8)));
    joined.value(numbers(|record| record.created.as_micros()));
    joined.value(numbers(|record| record.due.as_micros()));
    joined.value(numbers(|record| record.start.as_micros()));
    joined.value(texts(records, |record| record.message.as_deref()));
    joined.value(exits.0);
    joined.value(exits.1);
    joined.value(texts(records, |record| {
        record.process().map(|process| &*process.output)
    }));
    joined.value(texts(records, Record::params));
    joined.value(texts(records, Record::result));
    joined.value(texts(records, Record::version));
    joined.value(records.iter().map(row::cause).collect::<Vec<_>>());
    joined.value(records.iter().map(Record::upstream_json).collect::<Vec<_>>());
}

fn texts(records: &[Record], text: fn(&Record) -> Option<&str>) -> Vec<Option<&str>> {
    records.iter().map(text).collect()
}

/// Replaces facts. Keys have no unique index, because a long key exceeds the size of an index row; so old rows
/// are deleted.
pub(super) fn add_facts<'v>(joined: &mut Joined<'v>, facts: &'v [Fact]) {
    // Joined by the index. To compare with an array, the server goes through all of it for each fact.
    const TAKE_OUT: &str = "DELETE FROM rocketry_fact AS fact USING turn, unnest(?::text[]) AS given (key) \
                            WHERE left(fact.key, 500) = left(given.key, 500) AND fact.key = given.key";
    const PUT_IN: &str = "INSERT INTO rocketry_fact (key, value) SELECT fact.* FROM turn, unnest(?::text[], ?::text[]) AS fact";
    if facts.is_empty() {
        return;
    }
    let last: HashMap<&str, Option<&str>> = facts
        .iter()
        .map(|fact| (&*fact.key, fact.value.as_deref()))
        .collect();
    let keys: Vec<&str> = last.keys().copied().collect();
    joined.change("facts_before", TAKE_OUT);
    joined.value(keys);
    let set = last.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let (keys, values): (Vec<&str>, Vec<&str>) = set.unzip();
    if keys.is_empty() {
        return;
    }
    joined.change("facts", PUT_IN);
    joined.value(keys);
    joined.value(values);
}
