//! When a node tells of itself, and which nodes it forgets: pure functions of what it hears and of the time that passes.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::{HeardNode, Heartbeat};

/// How long a node that is not heard of is told of.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// When a node tells of itself: twice a lease, and at once when the leader changes or the node begins to drain.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    due: Duration,
    told: News,
}

/// What is told at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// The leader, as far as the node knows.
    pub(crate) leader: Option<Arc<str>>,
    /// The term of the node's own lead.
    pub(crate) term: Option<u64>,
    pub(crate) is_draining: bool,
}

impl Pulse {
    /// Whether the node has to tell of itself.
    pub(crate) fn is_due(&self, now: Duration, news: &News) -> bool {
        now >= self.due || *news != self.told
    }

    /// Notes that the node has told of itself, or has tried.
    pub(crate) fn beats(&mut self, now: Duration, lease: Duration, news: News) {
        self.due = now + lease / 2;
        self.told = news;
    }
}

/// The nodes that need not be told of any more: those that are not heard of for long, and a node's own before a restart.
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
