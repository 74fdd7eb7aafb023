//! The times of heartbeats, and the nodes to forget: pure functions of received heartbeats and the elapsed
//! time.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::{HeardNode, Heartbeat};

/// How long a lost node is still listed.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// The schedule of heartbeats: twice a lease, and immediately when the leader changes or the node begins to
/// drain.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    due: Duration,
    told: News,
}

/// The changes that are reported immediately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// The leader, as far as the node knows.
    pub(crate) leader: Option<Arc<str>>,
    /// The term of the node's own lead.
    pub(crate) term: Option<u64>,
    pub(crate) is_draining: bool,
}

impl Pulse {
    /// Returns true if a heartbeat is due.
    pub(crate) fn is_due(&self, now: Duration, news: &News) -> bool {
        now >= self.due || *news != self.told
    }

    /// Records that a heartbeat was sent or attempted.
    pub(crate) fn beats(&mut self, now: Duration, lease: Duration, news: News) {
        self.due = now + lease / 2;
        self.told = news;
    }
}

/// The nodes that no longer need to be listed: those that have been lost for long, and this node before a
/// restart.
pub(crate) fn forgotten<'a>(nodes: &'a [HeardNode], own: &Heartbeat, lease: Duration) -> Vec<&'a str> {
    let is_over = |node: &&HeardNode| {
        let told = &node.heartbeat;
        let is_before = told.profile.name == own.profile.name && told.started <= own.started;
        let kept = if is_before { lease } else { KEPT };
        told.instance != own.instance && node.silent_for >= kept
    };
    let over = nodes.iter().filter(is_over);
    over.map(|node| &*node.heartbeat.instance).collect()
}
