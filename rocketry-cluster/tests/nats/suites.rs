//! The suites, on NATS.

use std::time::Duration;

use rocketry_cluster::{Lease, NatsLog, NatsRelay, NatsStore, NatsWork, Store as _, suite};
use rocketry_core::log::suite as log_suite;

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
    assert!(follower.wait(SECOND));
    let waiting = std::thread::spawn(move || follower.wait(3600 * SECOND));
    leader.put(None, &lease, 10 * SECOND).unwrap();
    // Without the release it would wait for an hour.
    assert!(waiting.join().unwrap());
}

#[test]
fn settings_that_risk_records_are_told() {
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
