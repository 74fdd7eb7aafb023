//! The law: whatever is written and asked, the answer is that of the log in memory.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rocketry_core::log::{Extra, Fact, Order, Write, suite};
use rocketry_core::{Action, Exit, MemoryLog, ProcessEnd, Query, Record, RunId, RunLog, Timestamp};

const TASKS: [&str; 4] = ["fetch", "crunch", "reports::daily", "näher'\"--"];
const TEXTS: [&str; 5] = [
    "",
    "disk is full",
    "Zeile 1\nZeile 2 ☃",
    "{\"day\":\"2026-01-01\"}",
    "null",
];
/// The first of the instants, in microseconds, and how many are used.
const INSTANTS: Range<i64> = 1_767_225_600_000_000..1_767_225_600_000_040;

fn instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![9 => INSTANTS, 1 => -5..5_i64].prop_map(Timestamp::from_micros)
}

fn text() -> impl Strategy<Value = Option<Arc<str>>> {
    option::weighted(0.3, select(&TEXTS[..]).prop_map(Arc::from))
}

fn run_id() -> impl Strategy<Value = RunId> {
    prop_oneof![
        8 => (0..12_u64).prop_map(RunId::Number),
        1 => select(&["007", "night", ""][..]).prop_map(|name| RunId::Name(name.into())),
        1 => Just(RunId::Number(u64::MAX)),
    ]
}

fn extra() -> impl Strategy<Value = Extra> {
    let exit = prop_oneof![(-1..3).prop_map(Exit::Code), Just(Exit::Signal(9))];
    let process = (exit, select(&TEXTS[..])).prop_map(|(exit, output)| ProcessEnd {
        exit,
        output: output.into(),
    });
    (option::of(process), text(), text(), text()).prop_map(|(process, params, result, version)| Extra {
        process,
        params,
        result,
        version,
    })
}

prop_compose! {
    fn record()(
        task in select(&TASKS[..]),
        run_id in run_id(),
        action in select(&Action::ALL[..]),
        created in instant(),
        due in instant(),
        start in instant(),
        message in text(),
        extra in option::weighted(0.4, extra()),
    ) -> Record {
        let extra = extra.filter(|extra| *extra != Extra::default()).map(Arc::new);
        Record { task: task.into(), run_id, action, created, due, start, message, extra }
    }
}

fn fact() -> impl Strategy<Value = Fact> {
    (select(&["disabled/fetch", "batch/1", "ä"][..]), text()).prop_map(|(key, value)| Fact {
        key: key.into(),
        value,
    })
}

fn span() -> impl Strategy<Value = (Timestamp, Timestamp)> {
    (instant(), instant())
}

prop_compose! {
    fn question()(
        tasks in vec(select(&[TASKS[0], TASKS[1], TASKS[3], "unknown"][..]), 0..3),
        actions in vec(select(&Action::ALL[..]), 0..3),
        run in option::weighted(0.2, run_id()),
        created in option::weighted(0.4, span()),
        due in option::weighted(0.1, span()),
        start in option::weighted(0.1, span()),
        end in option::weighted(0.1, span()),
        runtime in option::weighted(0.1, (0..20_u64, 0..40_u64)),
        texts in [option::weighted(0.1, select(&TEXTS[..])), option::weighted(0.1, select(&TEXTS[..])),
            option::weighted(0.1, select(&TEXTS[..])), option::weighted(0.1, select(&TEXTS[..]))],
        details in (option::weighted(0.1, any::<bool>()), option::weighted(0.1, -1..2_i32)),
        order in select(&[Order::Oldest, Order::Newest, Order::Last][..]),
        limit in option::weighted(0.8, 0..7_usize),
    ) -> Query {
        let mut query = tasks.into_iter().fold(Query::new(), Query::task);
        query = actions.into_iter().fold(query, Query::action);
        query.run_id = run;
        if let Some((from, until)) = created { query = query.created(from..until); }
        if let Some((from, until)) = due { query = query.due(from..until); }
        if let Some((from, until)) = start { query = query.start(from..until); }
        if let Some((from, until)) = end { query = query.end(from..=until); }
        if let Some((least, most)) = runtime {
            query = query.runtime(Duration::from_nanos(least * 700)..Duration::from_micros(most));
        }
        let [message, output, params, version] = texts.map(|text| text.map(str::to_owned));
        (query.message, query.output, query.params, query.version) = (message, output, params, version);
        (query.has_result, query.exit_code) = details;
        (query.order, query.limit) = (order, limit);
        query
    }
}

type Written = Vec<(Vec<Record>, Vec<Fact>)>;

fn written() -> impl Strategy<Value = Written> {
    vec((vec(record(), 0..40), vec(fact(), 0..4)), 0..5)
}

/// Asks both for all pages, at most twenty.
fn compare(log: &dyn RunLog, model: &MemoryLog, query: &Query) {
    assert_eq!(
        log.count(query).unwrap(),
        model.count(query).unwrap(),
        "{query:?}"
    );
    let (mut ours, mut theirs) = (query.clone(), query.clone());
    for _ in 0..20 {
        let (page, expected) = (log.query(&ours).unwrap(), model.query(&theirs).unwrap());
        assert_eq!(page.records, expected.records, "{ours:?}");
        assert_eq!(page.more, expected.more, "{ours:?}");
        assert_eq!(page.cursor.is_some(), expected.cursor.is_some(), "{ours:?}");
        let (Some(cursor), Some(other)) = (page.cursor, expected.cursor) else {
            break;
        };
        ours.after = Some(cursor);
        theirs.after = Some(other);
    }
}

/// Writes and asks; `reopen` leaves the log and comes back to it.
fn hold<L: RunLog>(reopen: impl Fn() -> L, written: &Written, questions: &[Query]) {
    let model = MemoryLog::default();
    let mut log = reopen();
    for (number, (records, facts)) in written.iter().enumerate() {
        let write = Write {
            records,
            facts,
            number: None,
        };
        log.write(&write).unwrap();
        model.write(&write).unwrap();
        if number % 2 == 1 {
            drop(log);
            log = reopen();
        }
        if number % 3 == 0 {
            assert_eq!(log.load().unwrap(), model.load().unwrap());
        }
    }
    assert_eq!(log.load().unwrap(), model.load().unwrap());
    for query in questions {
        compare(&log, &model, query);
    }
}

/// A quarter of the usual cases: each makes a log of its own.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases / 4,
        failure_persistence: None,
        ..usual
    }
}

/// The suite of the core, with blocks and intervals so small that every way of finding records is taken.
#[cfg(feature = "sqlite")]
#[test]
fn sqlite_passes_the_suite() {
    let folder = std::env::temp_dir().join(format!("rocketry-sql-suite-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    suite::hold(|number| crate::SqliteLog::open(folder.join(format!("{number}.db"))).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(feature = "postgres")]
#[test]
fn postgres_passes_the_suite() {
    let Ok(address) = std::env::var("POSTGRES_FOR_TESTS") else {
        eprintln!("skipped: POSTGRES_FOR_TESTS names no server");
        return;
    };
    let mut client = postgres::Client::connect(&address, postgres::NoTls).unwrap();
    let schema = |number: usize| format!("suite_{number}");
    for schema in (0..suite::LOGS).map(schema) {
        let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        client.batch_execute(&fresh).unwrap();
    }
    suite::hold(|number| {
        let settings = format!("options=-c%20search_path%3D{}", schema(number));
        crate::PostgresLog::open(&format!("{address}?{settings}")).unwrap()
    });
}

#[cfg(feature = "sqlite")]
proptest! {
    #![proptest_config(config())]

    #[test]
    fn sqlite_answers_as_memory_does(written in written(), questions in vec(question(), 1..20)) {
        let folder = std::env::temp_dir().join(format!("rocketry-sql-law-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("app.db");
        let open = || crate::SqliteLog::open(&file).unwrap().synchronous(crate::Synchronous::Normal);
        hold(open, &written, &questions);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

#[cfg(feature = "postgres")]
proptest! {
    #![proptest_config(config())]

    #[test]
    fn postgres_answers_as_memory_does(written in written(), questions in vec(question(), 1..20)) {
        let Ok(address) = std::env::var("POSTGRES_FOR_TESTS") else {
            eprintln!("skipped: POSTGRES_FOR_TESTS names no server");
            return Ok(());
        };
        let mut client = postgres::Client::connect(&address, postgres::NoTls).unwrap();
        client.batch_execute("DROP SCHEMA IF EXISTS law CASCADE; CREATE SCHEMA law").unwrap();
        let address = format!("{address}?options=-c%20search_path%3Dlaw");
        hold(|| crate::PostgresLog::open(&address).unwrap(), &written, &questions);
    }
}
