//! Which nodes there are, as a node has last heard.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rocketry_syntax::ast::Delta;

use super::heartbeat::{HeardNode, NodeInfo};
use crate::clock::Clock;

/// The nodes that a node has last heard of, and when that was by its own clock.
#[derive(Debug, Default)]
pub(super) struct Roster(Mutex<(Vec<HeardNode>, Duration)>);

impl Roster {
    pub(super) fn hear(&self, nodes: Vec<HeardNode>, now: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (nodes, now);
    }

    /// The nodes: those that are not lost first, by their names.
    pub(super) fn nodes(&self, own: &str, lease: Duration, clock: &Clock) -> Vec<NodeInfo> {
        let (now, elapsed) = (clock.now(), clock.elapsed());
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (nodes, at) = &*heard;
        let since = elapsed.saturating_sub(*at);
        let tell = |node: &HeardNode| {
            let silent_for = node.silent_for.saturating_add(since);
            let told = node.heartbeat.clone();
            NodeInfo {
                name: told.profile.name,
                is_this: *told.instance == *own,
                instance: told.instance,
                version: told.profile.version,
                lanes: told.profile.lanes,
                runs: told.runs,
                is_draining: told.is_draining || node.is_asked_to_drain,
                term: node.term,
                is_lost: silent_for >= lease,
                started: told.started,
                seen: now.saturating_sub(Delta::from(silent_for)),
            }
        };
        let mut nodes: Vec<NodeInfo> = nodes.iter().map(tell).collect();
        drop(heard);
        nodes.sort_by(|a, b| {
            let key = |node: &NodeInfo| (node.is_lost, node.name.clone(), Reverse(node.started));
            key(a).cmp(&key(b))
        });
        nodes
    }
}
