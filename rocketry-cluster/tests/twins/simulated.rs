//! Simulated clusters, and the suites for what they are made of. `CLUSTER_SEEDS` says how many seeds are tried, and
//! `CLUSTER_SEED` repeats one.

use std::cell::Cell;
use std::time::Duration;

use rocketry_cluster::suite;
use rocketry_cluster::twin::{Faults, Report, TwinLog, TwinRelay, TwinStore, TwinWork, World};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs a cluster for each seed, and hands each report to a check.
fn for_each_seed(faults: Faults, check: impl Fn(&Report)) {
    for_each_world(|seed| World::new(seed, faults), check);
}

fn for_each_world(make: impl Fn(u64) -> World, check: impl Fn(&Report)) {
    let seeds = match number("CLUSTER_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CLUSTER_SEEDS").unwrap_or(20),
    };
    for seed in seeds {
        let report = make(seed).run();
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&report)));
        assert!(checked.is_ok(), "CLUSTER_SEED={seed}: {report:?}");
    }
}

fn nothing_doubled_or_lost(report: &Report) {
    assert_eq!((report.decided_twice, report.begun_twice, report.lost), (0, 0, 0));
    assert!(report.begun > 0);
}

#[test]
fn whatever_goes_wrong_nothing_is_lost_or_runs_twice() {
    let (clusters, leads) = (Cell::new(0), Cell::new(0));
    for_each_seed(Faults::default(), |report| {
        nothing_doubled_or_lost(report);
        clusters.set(clusters.get() + 1);
        leads.set(leads.get() + report.leads);
        assert_eq!(report.two_trusted, 0, "one node at a time relies on its lead");
        // A lease, and how long a follower takes to look and to ask.
        assert!(
            report.longest_gap < Duration::from_millis(3750),
            "{:?}",
            report.longest_gap
        );
    });
    assert!(
        leads.get() > 2 * clusters.get() || clusters.get() == 1,
        "the lead changes hands"
    );
}

#[test]
fn clocks_that_nobody_can_rely_on_cost_no_more_than_the_lead() {
    let faults = Faults {
        clock_percent: 60,
        ..Faults::default()
    };
    for_each_seed(faults, nothing_doubled_or_lost);
}

#[test]
fn two_leaders_run_nothing_twice() {
    let faults = Faults {
        two_leaders: true,
        ..Faults::default()
    };
    for_each_seed(faults, |report| {
        nothing_doubled_or_lost(report);
        assert!(report.two_trusted > 0);
    });
}

#[test]
fn a_leader_that_drains_is_replaced_and_leads_no_more() {
    let drained = |seed| World::new(seed, Faults::default()).drain_leader();
    for_each_world(drained, |report| {
        nothing_doubled_or_lost(report);
        assert_eq!((report.led_while_draining, report.two_trusted), (0, 0));
        assert!(
            report.longest_gap < Duration::from_millis(3750),
            "{:?}",
            report.longest_gap
        );
    });
}

/// The checks above would notice a log without its protections.
#[test]
fn without_claims_two_leaders_do_run_something_twice() {
    let faults = Faults {
        two_leaders: true,
        has_claims: false,
        ..Faults::default()
    };
    let doubled = (0..5).map(|seed| World::new(seed, faults).run().begun_twice);
    assert!(doubled.sum::<usize>() > 0);
}

#[test]
fn without_a_fence_a_leader_that_was_replaced_decides_again() {
    let faults = Faults {
        clock_percent: 60,
        has_fence: false,
        has_claims: false,
        ..Faults::default()
    };
    let doubled = (0..40).map(|seed| World::new(seed, faults).run().decided_twice);
    assert!(doubled.sum::<usize>() > 0);
}

#[test]
fn the_same_seed_gives_the_same_cluster() {
    let report = World::new(11, Faults::default()).run();
    assert_eq!(report, World::new(11, Faults::default()).run());
    assert_ne!(report, World::new(12, Faults::default()).run());
}

#[test]
fn the_twins_pass_the_suites() {
    let store = TwinStore::default();
    suite::hold_store(|| store.of_another_node());
    let store = TwinStore::default();
    suite::hold_nodes(|| store.of_another_node());
    let log = TwinLog::default();
    suite::hold_log(|| log.clone());
    let relay = TwinRelay::default();
    suite::hold_relay(|| relay.of_another_node());
    let work = TwinWork::default();
    suite::hold_work(|| work.of_another_node());
}
