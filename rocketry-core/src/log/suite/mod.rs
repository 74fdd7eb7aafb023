//! A test suite for implementations of run logs.
//!
//! ```
//! use rocketry::log::{MemoryLog, suite};
//! use std::sync::Arc;
//!
//! // A log in memory keeps its records as long as a handle to it exists.
//! let logs: Vec<Arc<MemoryLog>> = (0..suite::LOGS).map(|_| Arc::default()).collect();
//! suite::hold(|number| logs[number].clone());
//! ```

mod draw;

use std::sync::Arc;
use std::thread;

use self::draw::{BEGIN, Draw};
use super::{Action, Cursor, Fact, MemoryLog, Past, Query, Record, Records, Retention, RunLog, Write};
use crate::time::Timestamp;

/// The number of logs that the suite opens.
pub const LOGS: usize = 12;

/// Tests a log against the contract of [`RunLog`]. `open` opens the log with a given number, which is empty at
/// first and keeps what was written to it. At most one handle to each log is open at a time, not counting a
/// closed one.
///
/// Writes and queries are drawn from a fixed seed. The results must equal those of the in-memory log.
///
/// # Panics
///
/// Panics if the log breaks the contract, and says how.
pub fn hold<L: RunLog>(open: impl FnMut(usize) -> L) {
    hold_from(0, open);
}

/// Like [`hold`], but with different data for each seed, for tests that keep searching.
///
/// # Panics
///
/// Panics if the log breaks the contract, and says how.
pub fn hold_from<L: RunLog>(seed: u64, mut open: impl FnMut(usize) -> L) {
    for number in 0..LOGS - 7 {
        let seed = seed.wrapping_mul(LOGS as u64).wrapping_add(number as u64);
        answers_as_memory_does(&mut || open(number), &mut Draw::new(seed));
    }
    takes_skipped_starts_for_no_runs(&mut || open(LOGS - 7));
    forgets_behind_what_lies_ahead(&open(LOGS - 6));
    refuses_older_terms(&mut || open(LOGS - 5));
    changes_hands(&mut || open(LOGS - 4));
    forgets_what_it_is_told_to(&mut || open(LOGS - 3));
    writes_all_or_nothing(&open(LOGS - 2));
    keeps_facts(&mut || open(LOGS - 1));
}

/// Writes and queries, with an occasional reopening of the log.
fn answers_as_memory_does<L: RunLog>(open: &mut dyn FnMut() -> L, draw: &mut Draw) {
    let model = MemoryLog::default();
    let mut log = open();
    for round in 0..6 {
        let records = draw.records(40);
        let facts = draw.facts();
        let write = Write {
            records: &records,
            facts: &facts,
            number: Some(round + 1),
            term: None,
        };
        log.write(&write).expect("it can be written");
        model.write(&write).expect("memory can be written");
        if draw.one_in(2) {
            drop(log);
            log = open();
        }
        let expected = model.load().expect("memory can be loaded");
        compare_past(&log.look().expect("it can be looked at"), &expected);
        compare_past(&log.load().expect("it can be loaded"), &expected);
        compare_past(
            &log.look().expect("it can be looked at while it is held"),
            &expected,
        );
    }
    for _ in 0..25 {
        let query = draw.query();
        compare(&log, &model, &query);
    }
}

/// Skipped starts are records like others, but not part of the past of their tasks.
fn takes_skipped_starts_for_no_runs<L: RunLog>(open: &mut dyn FnMut() -> L) {
    let at = |offset| Timestamp::from_micros(BEGIN + offset);
    let record = |task: &str, number: u64, action| Record {
        message: (action == Action::Skip).then(|| "overlap".into()),
        ..draw::record(task, number, action, at(number.cast_signed()))
    };
    let run = [record("fetch", 1, Action::Run), record("fetch", 1, Action::Fail)];
    let skips = [
        record("fetch", 2, Action::Skip),
        record("never run", 9, Action::Skip),
    ];
    let log = open();
    log.write(&Write::records(&run)).expect("it can be written");
    let before = log.load().expect("it can be loaded");
    log.write(&Write::records(&skips)).expect("it can be written");
    let expected = Past {
        last_run: Some(9),
        ..before
    };
    compare_past(&log.load().expect("it can be loaded"), &expected);
    let ask = |log: &L, query: Query| log.query(&query).expect("it can be asked").records;
    assert_eq!(
        ask(&log, Query::new().action(Action::Skip)),
        skips,
        "the skipped starts"
    );
    let ended = Query::new().end(at(0)..at(100));
    assert_eq!(ask(&log, ended), run[1..], "a skipped start has no end");
    drop(log);
    let log = open();
    compare_past(&log.load().expect("it can be loaded"), &expected);
    let retention = Retention {
        now: at(100),
        before: Some(at(100)),
        keep: None,
        bite: usize::MAX,
    };
    while log.forget(&retention).expect("it can be forgotten") > 0 {}
    compare_past(&log.load().expect("it can be loaded"), &expected);
}

/// Compares the state that an app needs when it starts.
fn compare_past(ours: &Past, expected: &Past) {
    assert_eq!(ours.last_run, expected.last_run, "the greatest number of a run");
    assert_eq!(ours.term, expected.term, "the highest term of a write");
    assert_eq!(ours.facts, expected.facts, "the facts that hold");
    assert_eq!(
        ours.tasks.len(),
        expected.tasks.len(),
        "how many tasks have a record"
    );
    for (task, past) in &expected.tasks {
        assert_eq!(ours.tasks.get(task), Some(past), "the past of `{task}`");
    }
}

/// Compares all pages.
fn compare(log: &impl RunLog, model: &MemoryLog, query: &Query) {
    let counts = (
        log.count(query).expect("it counts"),
        model.count(query).expect("memory counts"),
    );
    assert_eq!(counts.0, counts.1, "the count of {query:?}");
    let (mut ours, mut theirs) = (query.clone(), query.clone());
    for _ in 0..100 {
        let page = log.query(&ours).expect("it can be asked");
        let expected = model.query(&theirs).expect("memory can be asked");
        assert_eq!(page.records, expected.records, "{ours:?}");
        assert_eq!(page.more, expected.more, "whether there is more of {ours:?}");
        assert_eq!(
            page.cursor.is_some(),
            expected.cursor.is_some(),
            "the cursor of {ours:?}"
        );
        let (Some(cursor), Some(other)) = (page.cursor, expected.cursor) else {
            break;
        };
        let read: Cursor = cursor
            .to_string()
            .parse()
            .expect("a cursor can be handed on as text");
        (ours.after, theirs.after) = (Some(read), Some(other));
    }
}

/// Releases the log to another handle, which continues and returns it.
fn changes_hands<L: RunLog>(open: &mut dyn FnMut() -> L) {
    const TOGETHER: usize = 20;
    let model = MemoryLog::default();
    let mut draw = Draw::new(11);
    let mut go_on = |log: &L| {
        let past = log.load().expect("what others have closed can be loaded");
        compare_past(&past, &model.load().expect("memory can be loaded"));
        let records = draw.records(TOGETHER);
        let write = Write::records(&records);
        log.write(&write).expect("it can be written");
        model.write(&write).expect("memory can be written");
    };
    let first = open();
    go_on(&first);
    first.close().expect("it can be closed");
    first.close().expect("what is closed can be closed");
    let second = open();
    go_on(&second);
    compare_first(&first, &model, TOGETHER);
    second.close().expect("it can be closed");
    go_on(&first);
    compare(&first, &model, &Query::new());
}

/// Compares the oldest records: a closed log still has them.
fn compare_first(log: &impl RunLog, model: &MemoryLog, count: usize) {
    let query = Query::new().limit(count);
    let ours = log.query(&query).expect("what is closed can be asked");
    let expected = model.query(&query).expect("memory can be asked");
    assert_eq!(ours.records, expected.records, "what a closed log has");
}

fn forgets_what_it_is_told_to<L: RunLog>(open: &mut dyn FnMut() -> L) {
    let model = MemoryLog::default();
    let log = open();
    let mut draw = Draw::new(77);
    for _ in 0..5 {
        let (records, facts) = (draw.rising_records(60), draw.facts());
        let write = Write {
            records: &records,
            facts: &facts,
            number: None,
            term: None,
        };
        log.write(&write).expect("it can be written");
        model.write(&write).expect("memory can be written");
    }
    let past = log.load().expect("it can be loaded");
    let (last, half) = (place_of_last(&log), Timestamp::from_micros(BEGIN + 150));
    forget(&log, &model, None, Some(200));
    forget(&log, &model, Some(half), None);
    forget(&log, &model, Some(half), Some(20));
    assert_eq!(
        place_of_last(&log),
        last,
        "a place is that of its record for good"
    );
    compare_past(&log.load().expect("what was forgotten still counts"), &past);
    drop(log);
    let log = open();
    compare_past(&log.load().expect("also when it is opened again"), &past);
    assert_eq!(place_of_last(&log), last, "also when it is opened again");
    compare(&log, &model, &Query::new().newest_first().limit(7));
    let more = draw.rising_records(10);
    log.write(&Write::records(&more)).expect("it can be written");
    model
        .write(&Write::records(&more))
        .expect("memory can be written");
    compare(&log, &model, &Query::new().limit(7));
}

fn forget(log: &impl RunLog, model: &MemoryLog, before: Option<Timestamp>, keep: Option<u64>) {
    let retention = Retention {
        now: Timestamp::MAX,
        before,
        keep,
        bite: 25,
    };
    while log.forget(&retention).expect("it can forget") > 0 {}
    while model.forget(&retention).expect("memory can forget") > 0 {}
    compare(log, model, &Query::new());
}

/// Deletes old records behind records from the future, written while the clock was ahead.
fn forgets_behind_what_lies_ahead(log: &impl RunLog) {
    const AHEAD: usize = 30;
    const PAST: usize = 100;
    const OLD: usize = 50;
    let at = |offset: i64| Timestamp::from_micros(BEGIN + offset);
    let mut draw = Draw::new(3);
    let mut records = draw.records(AHEAD + PAST);
    for (offset, record) in (0..).zip(&mut records[..AHEAD]) {
        record.created = at(1_000_000 + offset);
    }
    for (offset, record) in (0..).zip(&mut records[AHEAD..]) {
        record.created = at(offset);
    }
    log.write(&Write::records(&records)).expect("it can be written");
    let left = |first: usize| {
        let retention = Retention {
            now: at(1000),
            before: Some(records[first].created),
            keep: None,
            bite: 7,
        };
        while log.forget(&retention).expect("it can forget") > 0 {}
        log.query(&Query::new()).expect("it can be asked").records
    };
    assert_eq!(left(AHEAD), records, "nothing is too old yet");
    let wanted = &records[AHEAD + OLD..];
    assert_eq!(
        left(AHEAD + OLD),
        wanted,
        "what lies ahead is as old as what was written after it"
    );
}

/// Refuses writes of a replaced leader, and accepts those of an app that does not share the log.
fn refuses_older_terms<L: RunLog>(open: &mut dyn FnMut() -> L) {
    let mut draw = Draw::new(13);
    let mut expected = Vec::new();
    let mut log = open();
    for (term, is_taken) in [
        (None, true),
        (Some(3), true),
        (Some(2), false),
        (Some(3), true),
        (None, true),
        (Some(0), false),
        (Some(u64::MAX >> 1), true),
        (Some(4), false),
    ] {
        let (records, facts) = (draw.records(3), draw.facts());
        let before = log.load().expect("it can be loaded");
        let write = Write {
            records: &records,
            facts: &facts,
            number: None,
            term,
        };
        match log.write(&write) {
            Ok(()) if is_taken => expected.extend(records),
            Err(error) if !is_taken => assert!(error.is_superseded(), "{error}"),
            other => panic!("a write of term {term:?}: {other:?}"),
        }
        let after = log.load().expect("it can be loaded");
        if is_taken {
            assert_eq!(after.term, before.term.max(term.unwrap_or(0)), "the highest term");
        } else {
            compare_past(&after, &before);
        }
        drop(log);
        log = open();
    }
    let found = log.query(&Query::new()).expect("it can be asked").records;
    assert_eq!(found, expected, "nothing of a write that was refused is kept");
}

fn place_of_last(log: &impl RunLog) -> Option<Cursor> {
    log.query(&Query::new().last(1)).expect("it can be asked").cursor
}

/// Reads during writes: no read sees part of a write.
fn writes_all_or_nothing(log: &impl RunLog) {
    const WRITES: u64 = 30;
    const TOGETHER: usize = 7;
    thread::scope(|threads| {
        threads.spawn(|| {
            let mut draw = Draw::new(5);
            for _ in 0..WRITES {
                let records = draw.records(TOGETHER);
                log.write(&Write::records(&records)).expect("it can be written");
            }
        });
        loop {
            let seen = Records::new(log, Query::new()).map(|record| record.expect("it can be read"));
            let seen = seen.count();
            assert_eq!(seen % TOGETHER, 0, "a part of a write can be seen");
            if seen == TOGETHER * usize::try_from(WRITES).unwrap_or(0) {
                break;
            }
            thread::yield_now();
        }
    });
}

fn keeps_facts<L: RunLog>(open: &mut dyn FnMut() -> L) {
    let log = open();
    let fact = |key: &str, value: Option<&str>| Fact {
        key: key.into(),
        value: value.map(Arc::from),
    };
    let many: Vec<Fact> = (0..500)
        .map(|number| fact(&format!("batch/{number}"), Some("{}")))
        .collect();
    log.write(&Write::facts(&many)).expect("it can be written");
    let gone: Vec<Fact> = (1..500)
        .map(|number| fact(&format!("batch/{number}"), None))
        .collect();
    log.write(&Write::facts(&gone)).expect("it can be written");
    let again = [
        fact("a", Some("1")),
        fact("a", None),
        fact("a", Some("[2,\"☃\"]")),
    ];
    log.write(&Write::facts(&again)).expect("it can be written");
    drop(log);
    let facts = open().load().expect("it can be loaded").facts;
    let wanted = [("a".into(), "[2,\"☃\"]".into()), ("batch/0".into(), "{}".into())];
    assert_eq!(facts, wanted.into(), "the facts that hold");
}
