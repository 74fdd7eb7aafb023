//! The suites, on NATS.

use std::sync::Arc;
use std::time::Duration;

use rocketry_cluster::{Lease, NatsLog, NatsRelay, NatsStore, NatsWork, Store as _, suite};
use rocketry_core::cluster::{Relay as _, SharedLog as _};
use rocketry_core::log::{Fact, Retention, Write, suite as log_suite};
use rocketry_core::{Action, Query, Record, Rocketry, RunId, RunLog as _, Timestamp};

use crate::server;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_lease_passes_the_suite() {
    let Some(app) = server::app("lease") else { return };
    suite::hold_store(|| NatsStore::new(&app).unwrap());
}

#[test]
fn nodes_pass_the_suite() {
    let Some(app) = server::app("nodes") else { return };
    suite::hold_nodes(|| NatsStore::new(&app).unwrap());
}

#[test]
fn the_log_passes_the_suites() {
    let Some(app) = server::app("log") else { return };
    suite::hold_log(|| NatsLog::open(&app).unwrap());
    let apps: Vec<_> = (0..log_suite::LOGS)
        .filter_map(|_| server::app("alone"))
        .collect();
    log_suite::hold(|number| NatsLog::open(&apps[number]).unwrap());
}

#[test]
fn calls_pass_the_suite() {
    let Some(app) = server::app("calls") else { return };
    suite::hold_relay(|| NatsRelay::new(&app).unwrap());
}

#[test]
fn work_passes_the_suite() {
    let Some(app) = server::app("work") else { return };
    suite::hold_work(|| NatsWork::new(&app).unwrap());
}

#[test]
fn a_follower_is_woken_by_a_release() {
    let Some(app) = server::app("woken") else { return };
    let (mut leader, mut follower) = (NatsStore::new(&app).unwrap(), NatsStore::new(&app).unwrap());
    let lease = Lease {
        term: 1,
        node: "a".into(),
        instance: "a#1".into(),
        is_held: false,
    };
    // The first wait only begins to listen.
    assert!(follower.wait(10 * SECOND));
    let waiting = std::thread::spawn(move || follower.wait(3600 * SECOND));
    leader.put(None, &lease, 10 * SECOND).unwrap();
    // Without the release it would wait for an hour.
    assert!(waiting.join().unwrap());
}

#[test]
fn settings_that_risk_records_are_reported() {
    let Some(app) = server::app("risks") else { return };
    let risks = |app: &str| NatsStore::new(app).unwrap().risks(10 * SECOND).unwrap();
    // One server keeps the streams, however many there are.
    let app = format!("{app}?replicas=1");
    let told = risks(&app);
    assert!(
        told.iter()
            .any(|risk| risk.contains("one NATS server keeps the run log")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|risk| risk.contains("set `sync_interval: always`")),
        "{told:?}"
    );
    assert_eq!(risks(&format!("{app}&sync_interval=always")), told[..1]);
}

/// What is longer than a message is a batch of several, which is kept as a whole.
#[test]
fn texts_of_any_length_are_kept() {
    let Some(app) = server::app("long") else { return };
    let text = "ä\n".repeat(1_500_000);
    let fact = Fact {
        key: "long".into(),
        value: Some(text.as_str().into()),
    };
    let log = NatsLog::open(&app).unwrap();
    log.write(&Write::facts(&[fact])).unwrap();
    let (mut a, mut b) = (NatsRelay::new(&app).unwrap(), NatsRelay::new(&app).unwrap());
    let number = a.hand_in(&text).unwrap();
    assert_eq!(b.take_up(0).unwrap(), [(number, text.clone())]);
    let past = NatsLog::open(&app).unwrap().load().unwrap();
    assert_eq!(past.facts["long"].len(), text.len());
}

/// Of many writes and commands, only the states are left, and those that came after them.
#[test]
fn what_is_saved_is_deleted_from_the_stream() {
    let Some(app) = server::app("saved") else { return };
    let log = NatsLog::open(&app).unwrap();
    let record = |number: u64| {
        let at = Timestamp::from_micros(number.cast_signed());
        Record {
            task: "fetch".into(),
            run_id: RunId::Number(number),
            action: Action::Run,
            created: at,
            due: at,
            start: at,
            message: None,
            extra: None,
        }
    };
    let claim = |number: u64| -> [Arc<str>; 1] { [format!("fetch@{number}").into()] };
    for number in 0..5200 {
        let write = Write {
            records: &[record(number)],
            number: Some(number + 1),
            term: Some(1),
            ..Write::default()
        };
        log.write_claiming(&write, &claim(number)).unwrap();
    }
    let retention = Retention {
        now: Timestamp::MAX,
        before: None,
        keep: Some(100),
        bite: 10_000,
    };
    assert_eq!(log.forget(&retention).unwrap(), 5100);
    let other = NatsLog::open(&app).unwrap();
    assert_eq!(
        other.load().unwrap(),
        log.load().unwrap(),
        "counts include all records"
    );
    let all = other.query(&Query::new()).unwrap();
    assert_eq!(all.records, log.query(&Query::new()).unwrap().records);
    assert_eq!((all.records.len(), all.cursor.unwrap().number()), (100, 5199));
    let again = Write {
        number: Some(9000),
        term: Some(1),
        ..Write::default()
    };
    let refused = other.write_claiming(&again, &claim(3)).unwrap_err();
    assert!(refused.is_superseded(), "{refused}");
    // The states are one message each, and of the log there is one command more: the one that forgets.
    assert_eq!(server::count(&app, ""), 100 + 1 + 1);
}

/// A server is told of an app, and not found by it.
#[test]
fn mistakes_are_reported() {
    let told = |address: &str| NatsLog::open(address).map(drop).unwrap_err().to_string();
    assert!(told("nats://127.0.0.1:1/app").contains("the cluster `nats://127.0.0.1:1/app` can't be opened"));
    let app = Rocketry::builder().cluster("nats://127.0.0.1").build();
    let told = app.unwrap_err().to_string();
    assert!(told.contains("the name of the app is missing"), "{told}");
}

/// A server that has lost what it acknowledged, as after a loss of power, is written on.
#[test]
fn what_a_server_has_lost_is_not_waited_for() {
    let Some(server) = server::Own::start() else {
        return;
    };
    let app = format!("{}/lost", server.address);
    let fact = |key: &str| Fact {
        key: key.into(),
        value: Some("1".into()),
    };
    let log = NatsLog::open(&app).unwrap();
    let (mut a, mut b) = (NatsRelay::new(&app).unwrap(), NatsRelay::new(&app).unwrap());
    log.write(&Write::facts(&[fact("kept")])).unwrap();
    let first = a.hand_in("kept").unwrap();
    server.keep();
    log.write(&Write::facts(&[fact("lost")])).unwrap();
    let lost = [a.hand_in("lost").unwrap(), a.hand_in("lost, too").unwrap()];
    server.lose_what_came_after();
    log.write(&Write::facts(&[fact("later")])).unwrap();
    let facts = log.load().unwrap().facts;
    let mut keys: Vec<&str> = facts.keys().map(|key| &**key).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["kept", "later"]);
    let later = a.hand_in("later").unwrap();
    assert!(lost.contains(&later), "{lost:?}, {later}");
    let calls = [(first, "kept"), (later, "later")].map(|(number, text)| (number, text.to_owned()));
    assert_eq!(b.take_up(0).unwrap(), calls);
}
