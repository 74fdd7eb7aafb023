//! The run log in memory.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use rocketry_core::log::{DEFAULT_CAPACITY, Fact, Order, Records, Retention, Write};
use rocketry_core::{Action, Config, MemoryLog, Query, Record, RunId, RunLog, Task, Timestamp, Zone};

use crate::support::{app, start};

const TASKS: [&str; 3] = ["fetch", "crunch", "jobs::report"];

fn record(task: usize, action: usize, at: i64, run: u64) -> Record {
    let at = Timestamp::from_micros(at);
    Record {
        task: TASKS[task].into(),
        run_id: RunId::Number(run),
        action: Action::ALL[action],
        created: at,
        due: at,
        start: at,
        message: None,
        extra: None,
    }
}

/// Records in the order of their time.
fn records() -> impl Strategy<Value = Vec<Record>> {
    let one = (0..TASKS.len(), 0..Action::ALL.len(), 0..5i64, 0..6u64);
    vec(one, 0..60).prop_map(|all| {
        let mut at = 0;
        let each = |(task, action, later, run)| {
            at += later;
            record(task, action, at, run)
        };
        all.into_iter().map(each).collect()
    })
}

prop_compose! {
    fn query()(
        task in prop::option::of(0..=TASKS.len()),
        actions in vec(0..Action::ALL.len(), 0..3),
        from in prop::option::of(0..120i64),
        until in prop::option::of(0..120i64),
        run in prop::option::of(0..6u64),
        last in prop::option::of(0..5usize),
    ) -> Query {
        let query = Query::new();
        let query = task.into_iter().fold(query, |query, task| query.task(*TASKS.get(task).unwrap_or(&"nobody")));
        let query = actions.into_iter().fold(query, |query, action| query.action(Action::ALL[action]));
        let query = from.into_iter().fold(query, |query, from| query.created(Timestamp::from_micros(from)..));
        let query = until.into_iter().fold(query, |query, until| query.due(..Timestamp::from_micros(until)));
        let query = run.into_iter().fold(query, |query, run| query.run_id(RunId::Number(run)));
        last.into_iter().fold(query, Query::last)
    }
}

/// A log as simple as can be.
fn naive(records: &[Record], capacity: usize, query: &Query, last: Option<usize>) -> Vec<Record> {
    let kept: VecDeque<_> = records
        .iter()
        .skip(records.len().saturating_sub(capacity))
        .collect();
    let found: Vec<Record> = kept
        .into_iter()
        .filter(|record| query.admits(record))
        .cloned()
        .collect();
    let skipped = last.map_or(0, |last| found.len().saturating_sub(last));
    found[skipped..].to_vec()
}

proptest! {
    #[test]
    fn the_log_answers_as_a_list_would(
        records in records(),
        query in query(),
        last in prop::option::of(0..5usize),
        capacity in 1..40usize,
        at_once in 1..5usize,
    ) {
        let log = MemoryLog::new(capacity);
        for some in records.chunks(at_once) {
            log.write(&Write::records(some)).unwrap();
        }
        let asked = last.into_iter().fold(query.clone(), Query::last);
        prop_assert_eq!(log.query(&asked).unwrap().records, naive(&records, capacity, &query, last.or(query.limit)));
    }
}

proptest! {
    #[test]
    fn pages_are_the_whole_in_pieces(
        records in records(),
        query in query(),
        order in prop::sample::select(vec![Order::Oldest, Order::Newest]),
        length in 1..5usize,
    ) {
        let log = MemoryLog::default();
        log.write(&Write::records(&records)).unwrap();
        let mut query = query;
        (query.order, query.limit) = (order, None);
        let whole = log.query(&query).unwrap();
        prop_assert!(!whole.more);
        prop_assert_eq!(whole.records.len() as u64, log.count(&query).unwrap());
        let (mut pieces, mut asked) = (Vec::new(), query.clone().limit(length));
        loop {
            let page = log.query(&asked).unwrap();
            prop_assert!(page.records.len() == length || !page.more);
            pieces.extend(page.records);
            let Some(cursor) = page.cursor.filter(|_| page.more) else { break };
            asked = asked.after(cursor.to_string().parse().unwrap());
        }
        prop_assert_eq!(&pieces, &whole.records);
        let one_by_one: Vec<Record> = Records::new(&log, query).map(Result::unwrap).collect();
        prop_assert_eq!(one_by_one, pieces);
    }

    #[test]
    fn what_is_forgotten_still_counts(records in records(), keep in 0..40u64, before in 0..120i64, bite in 1..50usize) {
        let log = MemoryLog::default();
        log.write(&Write::records(&records)).unwrap();
        let past = log.load().unwrap();
        let before = Timestamp::from_micros(before);
        let retention = Retention { now: Timestamp::MAX, before: Some(before), keep: Some(keep), bite };
        let too_many = records.len().saturating_sub(usize::try_from(keep).unwrap());
        let too_old = records.partition_point(|record| record.created < before);
        let dropped = too_many.max(too_old).min(bite);
        prop_assert_eq!(log.forget(&retention).unwrap(), dropped as u64);
        prop_assert_eq!(log.load().unwrap(), past);
        prop_assert_eq!(log.query(&Query::new()).unwrap().records, &records[dropped..]);
    }
}

#[test]
fn facts_are_kept_until_they_are_no_longer_so() {
    let log = MemoryLog::default();
    let fact = |key: &str, value: Option<&str>| Fact {
        key: key.into(),
        value: value.map(Into::into),
    };
    let (a, b) = (fact("a", Some("1")), fact("b", Some("2")));
    log.write(&Write {
        records: &[record(0, 0, 1, 7)],
        facts: &[a, b, fact("a", Some("3"))],
        ..Write::default()
    })
    .unwrap();
    log.write(&Write::facts(&[fact("b", None), fact("c", None)]))
        .unwrap();
    let past = log.load().unwrap();
    assert_eq!(past.facts, [("a".into(), "3".into())].into());
    assert_eq!(past.last_run, Some(7));
    assert_eq!(past.tasks["fetch"].open, [record(0, 0, 1, 7)]);
}

#[test]
fn a_log_without_room_keeps_the_newest_record() {
    let log = MemoryLog::new(0);
    log.write(&Write::records(&[record(0, 0, 1, 1), record(0, 1, 2, 1)]))
        .unwrap();
    assert_eq!(log.query(&Query::new()).unwrap().records, [record(0, 1, 2, 1)]);
}

#[test]
fn how_much_is_kept_is_a_setting() {
    assert_eq!(Config::default().log_capacity, DEFAULT_CAPACITY);
    let small = app().config(Config {
        zone: Zone::UTC,
        log_capacity: 5,
        ..Config::default()
    });
    let mut app = start(small.func("work", "every 1 second", || async {}));
    app.run_for(Duration::from_secs(100));
    assert_eq!(app.records(&Query::new()).len(), 5);
    assert_eq!(
        app.session().task("work").unwrap().total(Action::Run),
        101,
        "conditions remember all"
    );
}

#[test]
fn records_are_found_by_task_action_time_run_and_number() {
    let mut app = start(app().func("fetch", "every 10 seconds", || async {}).func(
        "crunch",
        "after task 'fetch'",
        || async { Err::<(), _>("no") },
    ));
    app.run_for(Duration::from_secs(60));
    let count = |query: &Query| app.session().log(query).unwrap().len();
    assert_eq!(count(&Query::new()), 28);
    assert_eq!(count(&Query::new().task("fetch")), 14);
    assert_eq!(count(&Query::new().task("crunch").action(Action::Fail)), 7);
    assert_eq!(
        count(&Query::new().action(Action::Fail).action(Action::Success)),
        14
    );
    let minute: Timestamp = "2026-01-01T00:01:00Z".parse().unwrap();
    assert_eq!(count(&Query::new().created(minute..)), 4);
    assert_eq!(count(&Query::new().created(..minute)), 24);
    let newest = app.records(&Query::new().task("crunch").last(1)).remove(0);
    let run = app.records(&Query::new().run_id(newest.run_id));
    assert_eq!(
        run.iter().map(|record| record.action).collect::<Vec<_>>(),
        [Action::Run, Action::Fail]
    );
    assert_eq!(count(&Query::new().task("nobody")), 0);
}

#[test]
fn records_are_found_by_the_last_segment_of_a_name() {
    let app = start(app().func("jobs::fetch", "daily", || async {}));
    assert_eq!(
        app.records(&Query::new().task("fetch")),
        app.records(&Query::new().task("jobs::fetch"))
    );
    assert_eq!(app.starts("fetch").len(), 1);
}

#[test]
fn a_task_names_its_runs() {
    fn by_due(run: &rocketry_core::NewRun<'_>) -> String {
        format!("{}@{}#{}", run.task, &run.due.to_string()[11..16], run.number % 2)
    }
    let mut app = start(
        app().task(
            Task::func("work", || {})
                .start("daily after 07:00")
                .run_id(by_due),
        ),
    );
    app.run_until("2026-01-01T08:00:00Z");
    let number = app.records(&Query::new())[0].run_id.to_string();
    assert!(number.starts_with("work@07:00#"), "{number}");
    assert_eq!(app.records(&Query::new().run_id(RunId::from(&*number))).len(), 2);
}

#[test]
fn numbers_of_runs_rise() {
    let mut app = start(
        app()
            .func("a", "every 1 second", || {})
            .func("b", "every 2 seconds", || {}),
    );
    app.run_for(Duration::from_secs(10));
    let runs = app.records(&Query::new().action(Action::Run));
    assert!(runs.is_sorted_by(|a, b| a.run_id < b.run_id));
}
