//! The nodes of the cluster, as last reported to this node.

use std::cmp::Reverse;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rocketry_syntax::ast::Delta;

use super::heartbeat::{HeardNode, NodeInfo};
use crate::clock::Clock;

/// The last known nodes, and when they were reported by the clock of this node.
#[derive(Debug, Default)]
pub(super) struct Roster(Mutex<(Vec<HeardNode>, Duration)>);

/// Changes of the nodes.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// Whether anything other than a load has changed.
    pub(crate) is_any: bool,
    /// The names of the nodes that are now lost.
    pub(crate) lost: Vec<Arc<str>>,
}

impl Roster {
    /// Stores the reports of nodes.
    pub(super) fn hear(&self, mut nodes: Vec<HeardNode>, lease: Duration, now: Duration) -> News {
        nodes.sort_by(|a, b| a.heartbeat.instance.cmp(&b.heartbeat.instance));
        let is_lost = |node: &HeardNode| node.silent_for >= lease;
        let told = |node: &HeardNode| {
            let drains = node.heartbeat.is_draining || node.is_asked_to_drain;
            (node.heartbeat.instance.clone(), node.term, drains, is_lost(node))
        };
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before: Vec<_> = heard.0.iter().map(told).collect();
        let was_present = |node: &&HeardNode| {
            let of_node = before
                .iter()
                .find(|(instance, ..)| *instance == node.heartbeat.instance);
            of_node.is_some_and(|(.., was_lost)| !was_lost)
        };
        let lost = nodes.iter().filter(|node| is_lost(node)).filter(was_present);
        let news = News {
            lost: lost.map(|node| node.heartbeat.profile.name.clone()).collect(),
            is_any: !nodes.iter().map(told).eq(before.iter().cloned()),
        };
        *heard = (nodes, now);
        news
    }

    /// The nodes, first those that are not lost, by name.
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
