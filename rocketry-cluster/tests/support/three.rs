//! A cluster of three nodes, of which the test is one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocketry_cluster::twin::TwinLog;
use rocketry_core::cluster::{Cluster, HeardNode, Heartbeat, Membership, NodeProfile, Seat, SharedLog};
use rocketry_core::testing::TestApp;
use rocketry_core::{Result, Rocketry, Timestamp};

/// A cluster in which the node of the test, which leads, has heard of itself, of one that drains and of one that is lost.
#[derive(Clone, Default)]
pub(crate) struct Three {
    /// The instances of the nodes that were asked to drain.
    pub(crate) asked_to_drain: Arc<Mutex<Vec<String>>>,
}

impl Three {
    /// Starts an app as the node that leads. Its instance differs each time.
    #[allow(dead_code, reason = "not all tests have manual time")]
    pub(crate) fn start(&self, app: Rocketry) -> TestApp {
        let mut app = TestApp::start(app.cluster(self.clone()), "2026-01-01T08:30:00Z").unwrap();
        app.settle();
        app
    }
}

struct Member(Three);

impl Membership for Member {
    fn resign(&self) {}

    fn ask_to_drain(&self, instance: &str) {
        self.0.asked_to_drain.lock().unwrap().push(instance.to_owned());
    }

    fn leave(&self) {}
}

impl Cluster for Three {
    fn open_log(&self) -> Result<Box<dyn SharedLog>> {
        Ok(Box::new(TwinLog::default()))
    }

    fn join(&self, seat: Seat) -> Result<Box<dyn Membership>> {
        seat.lead(7, Duration::MAX);
        let own = HeardNode {
            heartbeat: seat.heartbeat(),
            silent_for: Duration::ZERO,
            term: Some(7),
            is_asked_to_drain: false,
        };
        let worker = other("worker-1", "#41-1", Duration::from_millis(1400), true);
        seat.hear(vec![
            own,
            worker,
            other("worker-2", "#42-1", Duration::from_secs(95), false),
        ]);
        Ok(Box::new(Member(self.clone())))
    }
}

/// Another node.
fn other(name: &str, instance: &str, silent_for: Duration, is_draining: bool) -> HeardNode {
    let profile = NodeProfile {
        version: Some("1.1.9".into()),
        lanes: vec!["gpu".into(), "eu".into()],
        ..NodeProfile::from(name)
    };
    HeardNode {
        heartbeat: Heartbeat {
            profile,
            instance: format!("{name}{instance}").into(),
            runs: 2,
            is_draining,
            started: Timestamp::from_micros(1_766_000_000_000_000),
        },
        silent_for,
        term: None,
        is_asked_to_drain: false,
    }
}
