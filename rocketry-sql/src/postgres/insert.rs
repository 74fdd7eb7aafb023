//! The rows of a write.

use std::collections::HashMap;

use postgres::types::ToSql;
use rocketry_core::Record;
use rocketry_core::log::Fact;

use super::batch::Batch;
use crate::drift;
use crate::ledger::{Numbers, Plan};
use crate::row;

/// Writes what the records of a write refer to.
pub(super) fn insert_plan(batch: &mut Batch<'_>, plan: &Plan) -> Result<(), postgres::Error> {
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
    Ok(())
}

const ADD_RECORDS: &str = "INSERT INTO rocketry_record SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], \
    $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::bigint[], \
    $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[])";

pub(super) fn insert_records(
    batch: &mut Batch<'_>,
    records: &[Record],
    plan: &Plan,
) -> Result<(), postgres::Error> {
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
        ADD_RECORDS,
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
            &records.iter().map(row::cause).collect::<Vec<_>>(),
            &records.iter().map(Record::upstream_json).collect::<Vec<_>>(),
        ],
    )
}

fn texts(records: &[Record], text: fn(&Record) -> Option<&str>) -> Vec<Option<&str>> {
    records.iter().map(text).collect()
}

/// Replaces facts. Keys have no unique index, because a long key exceeds the size of an index row; so old rows
/// are deleted first.
pub(super) fn set(batch: &mut Batch<'_>, facts: &[Fact]) -> Result<(), postgres::Error> {
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
