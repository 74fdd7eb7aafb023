//! Calls that steer an app, in any order and from anywhere: nothing hangs, no run is lost, and the log is consistent.
//!
//! On manual time, random calls meet running tasks; a model says when exactly the tasks without a condition run, and
//! laws hold for all of them. On the system's clock, threads call at random, and the laws hold as well.

mod calls;
mod laws;
mod model;
mod threads;
mod watchdog;
mod world;

use proptest::prelude::*;

use watchdog::Watchdog;
use world::World;

fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.max(1000),
        max_shrink_iters: 5_000,
        failure_persistence: None,
        ..usual
    }
}

#[test]
fn any_calls_in_any_order_lose_nothing() {
    let watchdog = Watchdog::start("calls on manual time");
    proptest!(config(), |(case in calls::cases())| {
        watchdog.doing(&case);
        let mut world = World::new(&case);
        for call in &case.calls {
            world.call(call);
        }
        world.end()?;
    });
}

#[test]
fn calls_from_many_threads_lose_nothing() {
    let watchdog = Watchdog::start("calls from threads");
    for seed in 0..threads::rounds() {
        watchdog.doing(&seed);
        threads::round(seed);
    }
}
