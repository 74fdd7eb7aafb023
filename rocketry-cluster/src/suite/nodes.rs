//! The test suite for heartbeats in a store.

use std::time::Duration;

use rocketry_core::Timestamp;
use rocketry_core::cluster::{HeardNode, Heartbeat, NodeProfile};

use super::{LIMIT, lease};
use crate::store::Store;

/// Tests the heartbeats of nodes in a store. `open` opens the same store for another node. The store must
/// never have contained a lease or a node.
///
/// ```
/// use rocketry_cluster::{suite, twin::TwinStore};
///
/// let store = TwinStore::default();
/// suite::hold_nodes(|| store.of_another_node());
/// ```
///
/// # Panics
///
/// Panics if the store breaks the contract, and says how.
pub fn hold_nodes<S: Store>(mut open: impl FnMut() -> S) {
    let (mut a, mut b) = (open(), open());
    let alone = beat(&mut a, &heartbeat("a", 0));
    assert_eq!(told(&alone), [heartbeat("a", 0)], "a node hears of itself");
    let both = beat(&mut b, &heartbeat("b", 1));
    assert_eq!(told(&both), [heartbeat("a", 0), heartbeat("b", 1)]);
    assert_eq!(both.iter().find_map(|node| node.term), None, "there is no lease");
    a.put(None, &lease(1, "a", true), LIMIT).expect("the first lease");
    let busy = Heartbeat {
        is_draining: true,
        ..heartbeat("a", 7)
    };
    let both = beat(&mut a, &busy);
    assert_eq!(told(&both), [busy, heartbeat("b", 1)], "it tells anew");
    let terms: Vec<_> = sorted(&both).iter().map(|node| node.term).collect();
    assert_eq!(terms, [Some(1), None], "the term of the node that has the lease");
    grows_silent(&mut a, &mut b);
    drains_when_asked(&mut a, &mut b);
    b.forget(&["a#1", "nobody"], LIMIT)
        .expect("nodes can be forgotten");
    let alone = beat(&mut b, &heartbeat("b", 1));
    assert_eq!(told(&alone), [heartbeat("b", 1)], "it is forgotten");
    let both = beat(&mut a, &heartbeat("a", 0));
    assert_eq!(told(&both).len(), 2, "it is there after all");
    assert!(!sorted(&both)[0].is_asked_to_drain, "it is another row");
}

/// The silence of a node is measured by the store, and ends with its next heartbeat.
fn grows_silent(a: &mut impl Store, b: &mut impl Store) {
    let silence = |nodes: &[HeardNode]| sorted(nodes)[1].silent_for;
    // The store measures while it responds, so the duration of the first response counts as well.
    let since = std::time::Instant::now();
    let before = silence(&beat(a, &heartbeat("a", 0)));
    let after = loop {
        let after = silence(&beat(a, &heartbeat("a", 0)));
        if after > before {
            break after;
        }
    };
    assert!(
        after <= before + since.elapsed() + Duration::from_millis(1),
        "{before:?}, {after:?}"
    );
    let asked = std::time::Instant::now();
    let again = silence(&beat(b, &heartbeat("b", 1)));
    assert!(
        again <= asked.elapsed() + Duration::from_millis(1),
        "it has just told: {again:?}"
    );
}

fn drains_when_asked(a: &mut impl Store, b: &mut impl Store) {
    let asked = |nodes: Vec<HeardNode>| {
        sorted(&nodes)
            .iter()
            .map(|node| node.is_asked_to_drain)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        a.ask_to_drain("nobody", LIMIT).ok(),
        Some(false),
        "there is no such node"
    );
    assert_eq!(b.ask_to_drain("a#1", LIMIT).ok(), Some(true));
    assert_eq!(asked(beat(b, &heartbeat("b", 1))), [true, false]);
    assert_eq!(
        asked(beat(a, &heartbeat("a", 2))),
        [true, false],
        "a heartbeat does not undo it"
    );
}

fn beat(store: &mut impl Store, heartbeat: &Heartbeat) -> Vec<HeardNode> {
    store.beat(heartbeat, LIMIT).expect("it can tell of itself")
}

fn heartbeat(name: &str, runs: usize) -> Heartbeat {
    let profile = NodeProfile {
        version: Some("1.2".into()),
        lanes: vec!["gpu".into(), "a lane, with \"signs\"".into()],
        ..NodeProfile::from(name)
    };
    Heartbeat {
        profile,
        instance: format!("{name}#1").into(),
        runs,
        is_draining: false,
        started: Timestamp::from_micros(1_767_225_600_000_001),
    }
}

fn sorted(nodes: &[HeardNode]) -> Vec<&HeardNode> {
    let mut nodes: Vec<_> = nodes.iter().collect();
    nodes.sort_by_key(|node| node.heartbeat.instance.clone());
    nodes
}

fn told(nodes: &[HeardNode]) -> Vec<Heartbeat> {
    sorted(nodes).iter().map(|node| node.heartbeat.clone()).collect()
}
