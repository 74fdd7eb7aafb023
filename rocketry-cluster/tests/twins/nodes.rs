//! What nodes know of each other.

use std::thread;
use std::time::{Duration, Instant};

use rocketry_cluster::Nodes;
use rocketry_cluster::twin::{TwinLog, TwinStore};
use rocketry_core::cluster::{Cluster, Membership, NodeInfo, NodeProfile, Seat};
use rocketry_core::{Clock, Config, Rocketry};

use crate::support::Scripted;

/// The lease here. Time is real, since threads run for the lead.
const LEASE: Duration = Duration::from_millis(200);

/// How long anything may take here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A node without an app.
struct Alone {
    seat: Seat,
    store: TwinStore,
    member: Box<dyn Membership>,
}

impl Alone {
    fn join(name: &str, store: &TwinStore) -> Self {
        let own = store.of_another_node();
        let store = own.clone();
        let profile = NodeProfile {
            version: Some("1.2".into()),
            lanes: vec!["gpu".into()],
            ..NodeProfile::from(name)
        };
        let seat = Seat::new(profile, LEASE, Clock::system());
        let nodes = Nodes::new(move || Ok(own.clone()), || Ok(TwinLog::default()));
        let member = nodes.join(seat.clone()).unwrap();
        Alone { seat, store, member }
    }

    /// Waits until the nodes that this one knows are so.
    fn until(&self, is_so: impl Fn(&[NodeInfo]) -> bool) -> Vec<NodeInfo> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let nodes = self.seat.nodes();
            if is_so(&nodes) {
                return nodes;
            }
            assert!(Instant::now() < deadline, "it is never so: {nodes:#?}");
            thread::park_timeout(Duration::from_millis(5));
        }
    }
}

fn names(nodes: &[NodeInfo]) -> Vec<(&str, bool)> {
    nodes.iter().map(|node| (&*node.name, node.is_lost)).collect()
}

#[test]
fn nodes_know_of_each_other_until_they_leave() {
    let store = TwinStore::default();
    let a = Alone::join("a", &store);
    a.until(|nodes| nodes.iter().any(|node| node.term == Some(1)));
    let b = Alone::join("b", &store);
    let nodes = a.until(|nodes| nodes.len() == 2);
    assert_eq!(nodes, {
        let mut same = b.until(|nodes| nodes.len() == 2);
        same[0].is_this = true;
        same[1].is_this = false;
        // Each has heard of them at another instant.
        for (node, same) in nodes.iter().zip(&mut same) {
            same.seen = node.seen;
        }
        same
    });
    let [first, second] = &nodes[..] else {
        panic!("two nodes")
    };
    assert_eq!((&*first.name, first.term, first.is_this), ("a", Some(1), true));
    assert_eq!((&*second.name, second.term, second.is_this), ("b", None, false));
    assert_eq!(second.version.as_deref(), Some("1.2"));
    assert_eq!(second.lanes, ["gpu".into()]);
    a.member.leave();
    let nodes = b.until(|nodes| nodes.len() == 1);
    assert_eq!((&*nodes[0].name, nodes[0].term), ("b", Some(2)));
}

#[test]
fn a_node_that_is_cut_off_is_lost_until_it_is_heard_of() {
    let store = TwinStore::default();
    let a = Alone::join("a", &store);
    a.until(|nodes| nodes.iter().any(|node| node.term.is_some()));
    let b = Alone::join("b", &store);
    b.until(|nodes| nodes.len() == 2);
    a.until(|nodes| nodes.len() == 2);
    a.store.cut_off(true);
    let nodes = b.until(|nodes| nodes.iter().any(|node| node.is_lost));
    assert_eq!(
        names(&nodes),
        [("b", false), ("a", true)],
        "those that are lost come last"
    );
    let nodes = a.until(|nodes| nodes.iter().all(|node| node.is_lost));
    assert_eq!(
        nodes.len(),
        2,
        "it can't reach the others, and can't tell who is lost"
    );
    let nodes = b.until(|nodes| nodes[0].term == Some(2));
    assert_eq!(nodes[1].term, None);
    a.store.cut_off(false);
    b.until(|nodes| names(nodes) == [("a", false), ("b", false)]);
}

#[test]
fn a_node_that_starts_again_takes_the_place_of_the_one_before() {
    let store = TwinStore::default();
    let before = Alone::join("a", &store);
    before.until(|nodes| nodes.len() == 1);
    before.store.cut_off(true);
    let again = Alone::join("a", &store);
    // It hears of both at first.
    let nodes = again.until(|nodes| nodes.len() == 1);
    assert!(nodes[0].is_this);
}

#[test]
fn a_session_tells_the_nodes() {
    let cluster = Scripted::default();
    let config = Config {
        node: Some("a".into()),
        lanes: vec!["gpu".into(), "eu".into()],
        ..Config::default()
    };
    let app = Rocketry::builder().config(config).version("3.1");
    let node = cluster.node(app, "2026-01-01T00:00:00Z");
    let session = node.app.session();
    assert!(session.is_node());
    assert_eq!(session.nodes(), [], "nothing is heard yet");
    let told = rocketry_core::cluster::HeardNode {
        heartbeat: node.seat.heartbeat(),
        silent_for: Duration::from_secs(2),
        term: None,
        is_asked_to_drain: false,
    };
    node.seat.hear(vec![told]);
    let [own] = &session.nodes()[..] else {
        panic!("one node")
    };
    assert_eq!(
        (&*own.name, own.version.as_deref(), own.is_this),
        ("a", Some("3.1"), true)
    );
    assert_eq!(own.lanes, ["gpu".into(), "eu".into()]);
    assert_eq!(own.seen.to_string(), "2025-12-31T23:59:58.000000Z");
    assert_eq!(own.started, session.started());
    assert!(!own.is_lost, "a lease takes 3 s");
}
