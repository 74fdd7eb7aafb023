//! Logs in a PostgreSQL server, where there is one for tests.

use std::sync::Arc;

use rocketry_core::log::{Extra, Fact, Retention, Write};
use rocketry_core::{Action, Exit, ProcessEnd, Query, RunId, RunLog, Timestamp};
use rocketry_sql::PostgresLog;

use crate::odd_names;
use crate::records::record;
use crate::runs::runs;
use crate::server::Server;
use crate::successors;
use crate::versions;

/// A schema of its own on the server for tests; `None` without a server.
pub(crate) struct Place {
    address: String,
    client: postgres::Client,
}

impl Place {
    pub(crate) fn new(schema: &str) -> Option<Self> {
        let Ok(server) = std::env::var("POSTGRES_FOR_TESTS") else {
            eprintln!("skipped: POSTGRES_FOR_TESTS names no server");
            return None;
        };
        let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
        let fresh = format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path TO {schema}"
        );
        client.batch_execute(&fresh).unwrap();
        // The name tells the connections of one test from those of another.
        let settings = format!("options=-c%20search_path%3D{schema}&application_name={schema}");
        let address = format!("{server}?{settings}");
        Some(Place { address, client })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    fn open(&self) -> PostgresLog {
        PostgresLog::open(&self.address).unwrap()
    }

    fn cut_connections(&mut self, schema: &str) -> i64 {
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1";
        self.client.query_one(cut, &[&schema]).unwrap().get(0)
    }
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let Some(place) = Place::new("lease") else { return };
    let (first, second) = (place.open(), place.open());
    let records = runs("fetch", 0..3);
    first.write(&Write::records(&records)).unwrap();
    let error = second.write(&Write::records(&records)).unwrap_err();
    assert!(
        error.is_log() && error.to_string().contains("another app that is running has it"),
        "{error}"
    );
    assert_eq!(second.query(&Query::new()).unwrap().records, records);
    drop(first);
    second.write(&Write::records(&runs("fetch", 3..4))).unwrap();
    assert_eq!(second.count(&Query::new()).unwrap(), 8);
}

#[test]
fn another_app_has_the_log_once_one_has_ended() {
    if let Some(place) = Place::new("ended") {
        successors::follow_each_other(place.address());
    }
    if let Some(place) = Place::new("broken_off") {
        successors::follow_those_that_broke_off(place.address());
    }
}

#[test]
fn a_lost_connection_is_recreated_and_nothing_is_written_twice() {
    let Some(mut place) = Place::new("reconnect") else {
        return;
    };
    let log = place.open();
    log.write(&Write::records(&runs("fetch", 0..3))).unwrap();
    let known = log.load().unwrap();
    assert_eq!(place.cut_connections("reconnect"), 2);
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("fetch", 0..3));
    // The first write may find the connection lost; the core writes again.
    let more = runs("fetch", 3..6);
    if let Err(error) = log.write(&Write::records(&more)) {
        assert!(error.to_string().contains("can't be written"), "{error}");
        log.write(&Write::records(&more)).unwrap();
    }
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("fetch", 0..6));
    assert_eq!(known.tasks["fetch"].tallies[0].count, 3);
    assert_eq!(log.load().unwrap().tasks["fetch"].tallies[0].count, 6);
}

/// The connection may be lost when the write was kept and nobody could be told.
#[test]
fn a_write_is_made_once_however_often_it_is_tried() {
    let Some(mut place) = Place::new("once") else {
        return;
    };
    let log = place.open();
    let (first, second) = (runs("fetch", 0..3), runs("fetch", 3..5));
    let write = |records, number| {
        let number = Some(number);
        let facts = &[];
        log.write(&Write {
            records,
            facts,
            number,
            term: None,
        })
    };
    write(&first, 7).unwrap();
    place.cut_connections("once");
    // That it can't be written is told once at the most.
    write(&first, 7).or_else(|_| write(&first, 7)).unwrap();
    write(&second, 8).or_else(|_| write(&second, 8)).unwrap();
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("fetch", 0..5));
}

/// The log is asked from anywhere, also by an async task.
#[test]
fn it_may_be_asked_by_async_code() {
    let Some(place) = Place::new("asynchronous") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let log = place.open();
        log.write(&Write::records(&runs("fetch", 0..3))).unwrap();
        assert_eq!(log.count(&Query::new()).unwrap(), 6);
    });
}

#[test]
fn what_it_cant_keep_is_replaced() {
    let Some(place) = Place::new("nul") else { return };
    let log = place.open();
    let mut start = record("a\0b", 1, Action::Run, 0);
    start.run_id = RunId::Name("x\0".into());
    start.message = Some("\0".into());
    log.write(&Write::records(&[start])).unwrap();
    let query = Query::new().task("a\0b").run_id(RunId::Name("x\0".into()));
    let found = &log.query(&query).unwrap().records[0];
    assert_eq!(
        (&*found.task, found.message.as_deref()),
        ("a\u{FFFD}b", Some("\u{FFFD}"))
    );
}

#[test]
fn old_records_go_in_bites_and_open_runs_stay_known() {
    let Some(place) = Place::new("retention") else {
        return;
    };
    let log = place.open();
    let start = record("long", 1, Action::Run, 0);
    log.write(&Write::records(std::slice::from_ref(&start))).unwrap();
    log.write(&Write::records(&runs("fetch", 0..10))).unwrap();
    let known = log.load().unwrap();
    let retention = Retention {
        now: Timestamp::MAX,
        before: Some(record("fetch", 0, Action::Run, 8).created),
        keep: None,
        bite: 10,
    };
    let bites: Vec<u64> = (0..3).map(|_| log.forget(&retention).unwrap()).collect();
    assert_eq!(bites, [10, 7, 0]);
    assert_eq!(log.query(&Query::new()).unwrap().records, runs("fetch", 8..10));
    assert_eq!(known.tasks["long"].open, [start]);
    assert_eq!(log.load().unwrap(), known);
}

/// Tables of every version are brought to the newest, with all that is in them.
#[test]
fn tables_of_every_version_are_brought_up_to_date() {
    for version in 1..=versions::NEWEST_IN_POSTGRES {
        let Some(mut place) = Place::new("versions") else {
            return;
        };
        let script = versions::script("postgres", version);
        place.client.batch_execute(&script).unwrap();
        versions::check(&place.open());
        let new = "SELECT version FROM rocketry_state";
        let new: i64 = place.client.query_one(new, &[]).unwrap().get(0);
        assert_eq!(new, i64::from(versions::NEWEST_IN_POSTGRES));
    }
}

#[test]
fn tables_of_a_newer_version_are_left_alone() {
    let Some(mut place) = Place::new("newer") else {
        return;
    };
    drop(place.open());
    place
        .client
        .batch_execute("UPDATE rocketry_state SET version = 99")
        .unwrap();
    let error = PostgresLog::open(&place.address).unwrap_err();
    assert!(error.to_string().contains("has tables of version 99"), "{error}");
}

#[test]
fn a_row_that_is_no_record_is_passed_over() {
    let Some(mut place) = Place::new("malformed") else {
        return;
    };
    let log = place.open();
    log.write(&Write::records(&runs("fetch", 0..2))).unwrap();
    let known = log.load().unwrap();
    let damage = "UPDATE rocketry_record SET task = 4711 WHERE id = (SELECT min(id) FROM rocketry_record)";
    place.client.batch_execute(damage).unwrap();
    assert_eq!(
        log.query(&Query::new()).unwrap().records,
        runs("fetch", 0..2)[1..]
    );
    assert_eq!(log.load().unwrap(), known);
}

#[test]
fn a_server_that_is_not_there_is_named_without_the_password() {
    let address = "postgres://me:secret@localhost:1/jobs?connect_timeout=2";
    let error = PostgresLog::open(address).unwrap_err().to_string();
    let start = "the run log `postgres://me@localhost/jobs` can't be reached: error connecting to server";
    assert!(error.starts_with(start) && !error.contains("secret"), "{error}");
    let error = PostgresLog::open("postgres://me@localhost/jobs?colour=red")
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "it is not the address of a database: unknown option `colour`"
    );
}

/// Longer than a row of an index.
#[test]
fn names_keys_and_runs_may_be_long() {
    let Some(place) = Place::new("long") else { return };
    // PostgreSQL compresses what repeats itself.
    let noise = |seed: u64| -> String {
        let mut state = seed;
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from_u32(0x4E00 + u32::try_from(state >> 50).unwrap()).unwrap()
        };
        (0..9000).map(|_| letter()).collect()
    };
    let log = place.open();
    let (name, run) = (noise(1), RunId::Name(noise(2).into()));
    let mut records = vec![
        record(&name, 0, Action::Run, 0),
        record(&name, 0, Action::Success, 1),
    ];
    for record in &mut records {
        record.run_id = run.clone();
    }
    let fact = |value: Option<&str>| Fact {
        key: noise(3).into(),
        value: value.map(Into::into),
    };
    for value in ["1", "2"] {
        log.write(&Write {
            records: &records,
            facts: &[fact(Some(value))],
            ..Write::default()
        })
        .unwrap();
    }
    drop(log);
    let log = place.open();
    let past = log.load().unwrap();
    assert_eq!(past.tasks[&*name].tallies[0].count, 2);
    assert_eq!(&*past.facts[&*noise(3)], "2");
    let found = |query: Query| log.count(&query).unwrap();
    assert_eq!(found(Query::new().task(&name)), 4);
    assert_eq!(found(Query::new().run_id(run)), 4);
    assert_eq!(found(Query::new().task(&name[..1500])), 0);
    log.write(&Write::facts(&[fact(None)])).unwrap();
    assert!(log.load().unwrap().facts.is_empty());
}

/// The name is another one to the database, and the same one at each start.
#[test]
fn a_name_with_nul_does_not_hold_up_a_restart() {
    let Some(place) = Place::new("nul_again") else {
        return;
    };
    for run in 0..3 {
        let log = place.open();
        log.write(&Write {
            records: &[record("a\0b", run, Action::Run, 0)],
            facts: &[("k\0", "1"), ("k\u{FFFD}", "2")].map(|(key, value)| Fact {
                key: key.into(),
                value: Some(value.into()),
            }),
            ..Write::default()
        })
        .unwrap();
        let past = log.load().unwrap();
        assert_eq!(past.tasks["a\u{FFFD}b"].tallies[0].count, run + 1);
        assert_eq!(&*past.facts["k\u{FFFD}"], "2");
    }
}

#[test]
fn permanent_failures_differ_from_passing_ones() {
    let Some(mut place) = Place::new("never") else {
        return;
    };
    let log = place.open();
    log.write(&Write::records(&runs("fetch", 0..1))).unwrap();
    let narrow = "CREATE UNIQUE INDEX narrow ON rocketry_record (id, output)";
    place.client.batch_execute(narrow).unwrap();
    let mut end = record("fetch", 9, Action::Success, 9);
    let noise: String = (0..20_000_u32)
        .filter_map(|number| char::from_u32(0x4E00 + number.wrapping_mul(2_654_435_761) % 20_000))
        .collect();
    end.extra = Some(Arc::new(Extra {
        process: Some(ProcessEnd {
            exit: Exit::Code(0),
            output: noise.into(),
        }),
        ..Extra::default()
    }));
    let error = log.write(&Write::records(&[end])).unwrap_err();
    assert!(error.is_unwritable(), "{error}");
    // The connection is as good as before.
    log.write(&Write::records(&runs("fetch", 1..2))).unwrap();
    assert_eq!(place.cut_connections("never"), 2);
    let error = log.write(&Write::records(&runs("fetch", 2..3))).unwrap_err();
    assert!(error.is_log() && !error.is_unwritable(), "{error}");
}

/// After a failover the address leads to another server, while the old one still answers.
#[test]
fn a_server_that_has_become_read_only_is_left() {
    let (Some(old), Some(new)) = (Server::new(), Server::new()) else {
        return;
    };
    let (first, second) = (old.start(&[]), new.start(&[]));
    let host = |address: &str| address.split(['@', '/']).nth(3).unwrap().to_owned();
    let both = format!("postgres://rocketry@{},{}/postgres", host(&first), host(&second));
    let log = PostgresLog::open(&both).unwrap();
    log.write(&Write::records(&runs("fetch", 0..3))).unwrap();

    let read_only = |is_on: bool| {
        let mut client = postgres::Client::connect(&first, postgres::NoTls).unwrap();
        let set = format!("ALTER SYSTEM SET default_transaction_read_only = {is_on}");
        client.batch_execute(&set).unwrap();
        client.batch_execute("SELECT pg_reload_conf()").unwrap();
    };
    read_only(true);
    let more = runs("fetch", 3..4);
    let error = (0..1000).find_map(|_| log.write(&Write::records(&more)).err());
    let told = error.expect("the server is read-only soon").to_string();
    assert!(told.contains("it takes a server that can be written"), "{told}");
    log.write(&Write::records(&more)).unwrap();
    let of_new = PostgresLog::open(&second).unwrap();
    for log in [&of_new, &log] {
        assert_eq!(log.query(&Query::new()).unwrap().records, more);
    }

    // Nobody else can be written to.
    let lonely = PostgresLog::open(&first).unwrap();
    let told = lonely.write(&Write::records(&more)).unwrap_err().to_string();
    assert!(told.contains("it takes a server that can be written"), "{told}");
    assert!(lonely.count(&Query::new()).unwrap() >= 6, "it can be read");
    read_only(false);
    let tries = (0..1000).find(|_| lonely.write(&Write::records(&more)).is_ok());
    tries.expect("the server can be written soon");
}

#[test]
fn names_may_be_odd() {
    let schema = |number| Place::new(&format!("odd_{number}"));
    if schema(0).is_some() {
        odd_names::survive_a_restart(|number| schema(number).unwrap().address().to_owned());
    }
}
