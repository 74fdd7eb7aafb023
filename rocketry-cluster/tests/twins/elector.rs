//! The elector, step by step.

use std::time::Duration;

use rocketry_cluster::twin::TwinStore;
use rocketry_cluster::{Elector, Step, Store};
use rocketry_core::cluster::Role;

const LEASE: Duration = Duration::from_secs(3);

fn at(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// An elector whose calls are answered at once.
struct Runner {
    elector: Elector,
    store: TwinStore,
}

impl Runner {
    fn new(name: &str, store: &TwinStore) -> Self {
        Runner {
            elector: Elector::new(name, format!("{name}#1"), LEASE),
            store: store.of_another_node(),
        }
    }

    /// Acts until there is something to wait for; returns until when.
    fn act(&mut self, now: Duration) -> Duration {
        for _ in 0..20 {
            match self.elector.next(now) {
                Step::Read => self.elector.has_read(now, self.store.read(LEASE)),
                Step::Put { expected, lease } => {
                    let answer = self.store.put(expected, &lease, LEASE);
                    self.elector.has_put(now, now, answer);
                }
                Step::Wait { until } => return until,
            }
        }
        panic!("it asks the store again and again");
    }

    /// Acts until an instant; returns whether it leads then.
    fn run_until(&mut self, mut now: Duration, end: Duration) -> bool {
        while now < end {
            now = self.act(now).max(now + at(1));
        }
        self.act(end);
        self.leads(end)
    }

    fn leads(&self, now: Duration) -> bool {
        matches!(self.elector.role(), Role::Leader { until, .. } if now < until)
    }
}

#[test]
fn a_leader_that_is_gone_is_replaced_after_its_lease() {
    let store = TwinStore::default();
    let (mut a, mut b) = (Runner::new("a", &store), Runner::new("b", &store));
    assert!(a.run_until(at(0), at(1000)));
    assert!(
        !b.run_until(at(1000), at(3900)),
        "it has seen the lease for less than its length"
    );
    assert_eq!(
        b.elector.role(),
        Role::Follower {
            leader: Some("a".into())
        }
    );
    assert!(b.run_until(at(3900), at(4010)));
    assert!(matches!(b.elector.role(), Role::Leader { term: 2, .. }));
}

#[test]
fn a_leader_that_gives_up_is_replaced_at_once() {
    let store = TwinStore::default();
    let (mut a, mut b) = (Runner::new("a", &store), Runner::new("b", &store));
    a.act(at(0));
    b.act(at(10));
    a.elector.resign(at(20));
    assert!(!a.leads(at(20)));
    a.act(at(20));
    assert!(b.run_until(at(20), at(520)));
    // The one that has given up runs for the lead again, but not before the length of a lease.
    b.elector.resign(at(600));
    b.act(at(600));
    assert!(!a.run_until(at(600), at(3000)));
    assert!(a.run_until(at(3000), at(3600)));
}

#[test]
fn a_leader_that_is_cut_off_concedes_before_another_one_leads() {
    let store = TwinStore::default();
    let (mut a, mut b) = (Runner::new("a", &store), Runner::new("b", &store));
    a.act(at(0));
    b.act(at(1));
    a.store.cut_off(true);
    let mut gap = 0;
    for now in (0..6000).step_by(10) {
        a.act(at(now));
        b.act(at(now));
        assert!(!(a.leads(at(now)) && b.leads(at(now))));
        gap += u64::from(!a.leads(at(now)) && !b.leads(at(now)));
    }
    assert!(b.leads(at(6000)));
    assert!((70..120).contains(&gap), "{gap}");
}

#[test]
fn a_renewal_that_was_made_without_an_answer_counts() {
    let store = TwinStore::default();
    let mut a = Runner::new("a", &store);
    let renew = a.act(at(0));
    let Step::Put { expected, lease } = a.elector.next(renew) else {
        panic!("it renews its lead");
    };
    // The store makes it, and the answer is lost.
    a.store.put(expected, &lease, LEASE).unwrap();
    a.elector.has_put(renew, renew + at(700), Err(()));
    assert!(
        a.run_until(renew + at(700), at(2000)),
        "it has seen that the lease is its own"
    );
    assert_eq!(a.store.read(LEASE).unwrap().unwrap().lease.term, 1);
}

#[test]
fn a_node_that_stands_aside_keeps_its_lead_until_it_resigns() {
    let store = TwinStore::default();
    let (mut a, mut b) = (Runner::new("a", &store), Runner::new("b", &store));
    a.act(at(0));
    b.act(at(10));
    a.elector.stand_aside();
    assert!(a.run_until(at(10), at(9000)), "it renews its lead");
    a.elector.resign(at(9000));
    a.act(at(9000));
    assert!(b.run_until(at(9000), at(9510)));
    b.elector.resign(at(10_000));
    b.act(at(10_000));
    assert!(
        !a.run_until(at(10_000), at(60_000)),
        "nobody leads, and it does not either"
    );
}
