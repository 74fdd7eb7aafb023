//! What nodes know of each other.

use std::thread;
use std::time::{Duration, Instant};

use rocketry_cluster::Nodes;
use rocketry_cluster::twin::{TwinLog, TwinStore};
use rocketry_core::cluster::{Cluster, HeardNode, Membership, NodeInfo, NodeProfile, Seat};
use rocketry_core::{Action, Clock, Config, Event, Phase, Query, Rocketry, Session};

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
fn a_node_asks_another_one_to_drain() {
    let store = TwinStore::default();
    let a = Alone::join("a", &store);
    a.until(|nodes| nodes.iter().any(|node| node.term.is_some()));
    let b = Alone::join("b", &store);
    let nodes = a.until(|nodes| nodes.len() == 2);
    let before = Instant::now();
    a.member.ask_to_drain(&nodes[1].instance);
    let nodes = b.until(|nodes| nodes.iter().any(|node| node.is_draining));
    assert_eq!((&*nodes[1].name, nodes[1].is_draining), ("b", true));
    println!("it knows after {:?}", before.elapsed());
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
    let told = HeardNode {
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

/// A heartbeat of another node.
fn heard(name: &str, silent_for: u64) -> HeardNode {
    HeardNode {
        heartbeat: Seat::new(name, LEASE, Clock::system()).heartbeat(),
        silent_for: Duration::from_secs(silent_for),
        term: None,
        is_asked_to_drain: false,
    }
}

fn named(name: &str) -> Rocketry {
    let config = Config {
        node: Some(name.into()),
        ..Config::default()
    };
    Rocketry::builder().config(config)
}

const BEGIN: &str = "2026-01-01T00:00:00Z";

#[test]
fn the_leader_tells_which_nodes_are_lost() {
    let cluster = Scripted::default();
    let (mut a, b) = (cluster.node(named("a"), BEGIN), cluster.node(named("b"), BEGIN));
    a.lead(1);
    let mut events = a.app.session().subscribe();
    let told = |nodes: [HeardNode; 2]| {
        for node in [&a, &b] {
            node.seat.hear(nodes.to_vec());
        }
    };
    let (present, lost) = (heard("c", 0), heard("d", 9));
    told([present.clone(), lost.clone()]);
    told([present.clone(), lost.clone()]);
    let gone = HeardNode {
        silent_for: Duration::from_secs(4),
        ..present
    };
    told([gone.clone(), lost.clone()]);
    told([gone, lost]);
    a.app.settle();
    let changes = std::iter::from_fn(|| events.try_next()).filter(|event| *event == Event::NodesChanged);
    assert_eq!(changes.count(), 2, "each time that something is new");
    let failures = a.app.session().failures();
    let [failure] = &failures[..] else {
        panic!("{failures:?}")
    };
    assert_eq!(
        &*failure.message,
        "node `c` has not been heard of for 3s: it is down, frozen or disconnected"
    );
    assert_eq!(b.app.session().failures(), [], "the leader tells it");
}

#[test]
fn a_follower_that_is_asked_to_drain_ends_and_takes_no_lead() {
    let cluster = Scripted::default();
    let mut b = cluster.node(named("b"), BEGIN);
    let asked = HeardNode {
        heartbeat: b.seat.heartbeat(),
        is_asked_to_drain: true,
        ..heard("b", 0)
    };
    b.seat.hear(vec![asked]);
    assert!(b.seat.is_draining());
    assert!(b.app.session().nodes()[0].is_draining);
    b.app.settle();
    assert_eq!(b.app.session().phase(), Phase::Closing);
    b.app.close().unwrap();
}

#[test]
fn a_leader_that_drains_ends_once_its_runs_have() {
    let cluster = Scripted::default();
    let slow = |session: Session| async move { session.clock().sleep(Duration::from_secs(60)).await };
    let mut a = cluster.node(named("a").func("slow", "every 10 minutes", slow), BEGIN);
    a.lead(1);
    a.app.run_until("2026-01-01T00:10:30Z");
    a.app.session().drain_node("b").unwrap_err();
    a.seat.hear(vec![HeardNode {
        heartbeat: a.seat.heartbeat(),
        ..heard("a", 0)
    }]);
    a.app.session().by("ann").drain_node("a").unwrap();
    assert!(a.seat.is_draining());
    a.app.settle();
    assert_eq!(a.app.session().phase(), Phase::Closing, "a run is under way");
    assert!(a.seat.term().is_some(), "its end is this node's to record");
    a.app.run_until("2026-01-01T00:40:00Z");
    assert_eq!(a.app.records(&Query::new().action(Action::Success)).len(), 2);
    assert_eq!(
        a.app.records(&Query::new().action(Action::Run)).len(),
        2,
        "nothing new starts"
    );
    let audit = a.app.session().audit();
    assert_eq!(audit[0].to_string(), "ann: `drain` of `a`");
    a.app.close().unwrap();
}

#[test]
fn a_node_is_drained_through_the_leader() {
    let cluster = Scripted::carrying();
    let (mut a, b) = (cluster.node(named("a"), BEGIN), cluster.node(named("b"), BEGIN));
    a.lead(1);
    b.seat.follow(Some("a".into()));
    let (c, again, other) = (heard("c", 0), heard("twice", 0), heard("twice", 0));
    let instance = c.heartbeat.instance.clone();
    for node in [&a, &b] {
        node.seat
            .hear(vec![c.clone(), again.clone(), other.clone(), heard("lost", 9)]);
    }
    let session = b.app.session().by("ann");
    let error = session.drain_node("d").unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = session.drain_node("twice").unwrap_err().to_string();
    assert!(
        error.contains("several nodes have the name `twice`: give one of `twice#"),
        "{error}"
    );
    session.drain_node("c").unwrap();
    let deadline = Instant::now() + PATIENCE;
    while cluster.asked_to_drain.lock().unwrap().is_empty() {
        assert!(Instant::now() < deadline, "it is never asked");
        a.app.settle();
        thread::park_timeout(Duration::from_millis(2));
    }
    assert_eq!(*cluster.asked_to_drain.lock().unwrap(), [instance.to_string()]);
    let audit = a.app.session().audit();
    assert_eq!(audit[0].to_string(), "ann by node b: `drain` of `c`");
}
