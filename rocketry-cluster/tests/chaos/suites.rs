//! The suites, on PostgreSQL.

use std::time::Duration;

use rocketry_cluster::{Lease, suite};
use rocketry_core::cluster::Relay as _;
use rocketry_sql::{PostgresLease, PostgresLog, PostgresRelay, PostgresWork};

use crate::database::Database;
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[
    ("suites::the_lease_passes_the_suite", lease),
    ("suites::nodes_pass_the_suite", nodes),
    ("suites::the_log_passes_the_suite", log),
    ("suites::calls_pass_the_suite", calls),
    (
        "suites::a_call_is_handed_in_after_a_connection_was_lost",
        lost_connection,
    ),
    ("suites::work_passes_the_suite", work),
    ("suites::a_follower_is_woken_by_a_release", woken),
    ("suites::settings_that_risk_records_are_reported", risks),
];

const SECOND: Duration = Duration::from_secs(1);

fn lease() {
    let Some(database) = Database::new("cluster_lease") else {
        return;
    };
    suite::hold_store(|| PostgresLease::new(&database.address).unwrap());
}

fn nodes() {
    let Some(database) = Database::new("cluster_nodes") else {
        return;
    };
    suite::hold_nodes(|| PostgresLease::new(&database.address).unwrap());
}

fn log() {
    let Some(database) = Database::new("cluster_log") else {
        return;
    };
    suite::hold_log(|| PostgresLog::open_shared(&database.address).unwrap());
    // An app of its own can't write while a node has the log.
    let node = PostgresLog::open_shared(&database.address).unwrap();
    rocketry_core::RunLog::load(&node).unwrap();
    let alone = PostgresLog::open(&database.address).unwrap();
    let refused = rocketry_core::RunLog::load(&alone).unwrap_err();
    assert!(
        refused.to_string().contains("another app that is running has it"),
        "{refused}"
    );
}

fn calls() {
    let Some(database) = Database::new("cluster_calls") else {
        return;
    };
    suite::hold_relay(|| PostgresRelay::new(&database.address).unwrap());
}

fn lost_connection() {
    const CUT: &str =
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'hands in'";
    let Some(mut database) = Database::new("cluster_lost") else {
        return;
    };
    let address = format!("{}&application_name=hands%20in", database.address);
    let mut relay = PostgresRelay::new(&address).unwrap();
    let first = relay.hand_in("first").unwrap();
    assert_eq!(database.one(CUT).as_deref(), Some("t"));
    assert!(relay.hand_in("second").unwrap() > first);
}

fn work() {
    let Some(database) = Database::new("cluster_work") else {
        return;
    };
    suite::hold_work(|| PostgresWork::new(&database.address).unwrap());
}

fn woken() {
    let Some(database) = Database::new("cluster_woken") else {
        return;
    };
    let mut leader = PostgresLease::new(&database.address).unwrap();
    let mut follower = PostgresLease::new(&database.address).unwrap();
    let lease = Lease {
        term: 1,
        node: "a".into(),
        instance: "a#1".into(),
        is_held: false,
    };
    // The first wait only begins to listen.
    assert_eq!(
        rocketry_cluster::Store::read(&mut follower, 10 * SECOND).unwrap(),
        None
    );
    assert!(rocketry_cluster::Store::wait(&mut follower, 10 * SECOND));
    let waiting = std::thread::spawn(move || rocketry_cluster::Store::wait(&mut follower, 3600 * SECOND));
    rocketry_cluster::Store::put(&mut leader, None, &lease, 10 * SECOND).unwrap();
    // Without the release it would wait for an hour.
    waiting.join().unwrap();
    drop(database);
}

fn risks() {
    let Some(mut database) = Database::new("cluster_risks") else {
        return;
    };
    let off = "?options=-c%20search_path%3Dcluster_risks%20-c%20synchronous_commit%3Doff";
    let server = database.address.split('?').next().unwrap();
    let mut lease = PostgresLease::new(&format!("{server}{off}")).unwrap();
    let told = lease.risks(10 * SECOND).unwrap();
    assert!(
        told.iter()
            .any(|risk| risk.contains("`synchronous_commit = off`")),
        "{told:?}"
    );
    let fsync = database.one("SHOW fsync");
    let mut safe = PostgresLease::new(&database.address).unwrap();
    let told = Vec::len(&safe.risks(10 * SECOND).unwrap());
    assert_eq!(told, usize::from(fsync.as_deref() == Some("off")));
}
