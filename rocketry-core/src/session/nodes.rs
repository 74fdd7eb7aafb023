//! The nodes of the app's cluster, and how to drain one.

use std::sync::Arc;

use super::Session;
use super::calls::Call;
use crate::cluster::{News, NodeInfo, Seat};
use crate::engine::audit::AuditedAction;
use crate::engine::event::Event;
use crate::engine::state::Phase;
use crate::error::{Error, Kind, Result, did_you_mean};

impl Session {
    /// Returns the nodes of the app's [cluster](crate::Rocketry::cluster), including this one: first those
    /// that are not lost, by name. The list is as of the last heartbeat of this node, at most half a
    /// [lease](crate::Config::lease) ago; the call itself makes no request.
    ///
    /// Returns an empty list if the app is not a node, or before its first heartbeat. The list omits nodes
    /// that have left, and nodes that have been lost for ten minutes.
    ///
    /// ```
    /// use rocketry::{Rocketry, Session};
    ///
    /// fn tell(session: &Session) {
    ///     for node in session.nodes() {
    ///         let leads = if node.term.is_some() { "leads" } else { "stands by" };
    ///         println!("{} {leads} and makes {} runs; last heard of at {}", node.name, node.runs, node.seen);
    ///     }
    /// }
    ///
    /// let session = Rocketry::builder().build()?.session();
    /// tell(&session);
    /// assert!(session.nodes().is_empty(), "an app without a cluster is no node");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn nodes(&self) -> Vec<NodeInfo> {
        self.seat().map_or_else(Vec::new, Seat::nodes)
    }

    /// Returns true if this node has a lane.
    pub(crate) fn has_lane(&self, lane: &str) -> bool {
        self.seat()
            .is_some_and(|seat| seat.lanes().iter().any(|own| **own == *lane))
    }

    /// Returns whether the app is a node of a cluster.
    pub fn is_node(&self) -> bool {
        self.seat().is_some()
    }

    /// Drains this node: it takes no new runs and does not run for the lead, and its app ends once its runs
    /// in progress have ended, as after [`shut_down`](Self::shut_down). If this node leads, nothing new
    /// starts in the cluster until then, and another node takes the lead immediately afterwards.
    /// [`nodes`](Self::nodes) shows on every node that this one is draining.
    ///
    /// An app that is not a node shuts down.
    ///
    /// ```
    /// use rocketry::{Phase, Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily", || async {});
    /// let app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// app.session().drain();
    /// assert_eq!(app.session().phase(), Phase::Closing);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn drain(&self) {
        let mut change = self.change();
        let name = self.seat().map(Seat::name);
        change.audit(|_| match name {
            Some(name) => AuditedAction::new("drain").what(name),
            None => AuditedAction::new("drain"),
        });
        self.close_in(change, Phase::Closing);
    }

    /// Drains a node of the cluster, given its name or its instance. The node [drains](Self::drain) with its
    /// next heartbeat, within half a [lease](crate::Config::lease). A node that stands by forwards the call
    /// to the leader, so that there is one audit entry.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let session = Rocketry::builder().build()?.session();
    /// let error = session.drain_node("a").unwrap_err();
    /// assert_eq!(error.to_string(), "the app is not a node of a cluster: see `Rocketry::cluster`");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the app is not a node, or if several nodes have the name; use the instance in that
    /// case. [`Error::is_not_found`] is true if there is no such node; the message contains the most similar
    /// name.
    pub fn drain_node(&self, node: &str) -> Result<()> {
        if !self.is_node() {
            let message = "the app is not a node of a cluster: see `Rocketry::cluster`";
            return Err(Error::new(Kind::State, message));
        }
        let found = find(self.nodes(), node)?;
        if found.is_this {
            self.drain();
        } else if !self.forwards(|| Ok(Call::Drain(found.name.clone(), found.instance.clone()))) {
            self.drain_instance(&found.name, &found.instance);
        }
        Ok(())
    }

    /// Connects the thread that runs for the lead with this app: it reports the other nodes to the app, and
    /// the app to them.
    pub(super) fn watch_nodes(&self, seat: &Seat) {
        let app = Arc::downgrade(&self.0);
        seat.on_heartbeat(move || Session::of(app.upgrade()?).runs_here());
        let app = Arc::downgrade(&self.0);
        seat.on_drain(move || {
            if let Some(shared) = app.upgrade() {
                Session::of(shared).drain();
            }
        });
        let app = Arc::downgrade(&self.0);
        seat.on_news(move |news| {
            if let Some(shared) = app.upgrade() {
                Session::of(shared).report_nodes(news);
            }
        });
    }

    /// Reports changes of the nodes. The leader reports which nodes are lost.
    fn report_nodes(&self, news: &News) {
        self.change().events.push(|| Event::NodesChanged);
        let Some(seat) = self.seat().filter(|seat| seat.term().is_some()) else {
            return;
        };
        for name in &news.lost {
            let lease = seat.lease();
            let message = format!(
                "node `{name}` has not been heard of for {lease:?}: it is down, frozen or disconnected"
            );
            self.fail_in_cluster(None, message);
        }
    }

    /// Drains a node on behalf of this node, which leads.
    pub(super) fn drain_instance(&self, name: &str, instance: &Arc<str>) {
        let Some(node) = &self.0.node else { return };
        if node.seat.instance() == instance {
            // Facts written after the app has begun to close are left to the next leader, which can't do
            // this.
            drop(self.change());
            return self.drain();
        }
        self.change().audit(|_| AuditedAction::new("drain").what(name));
        if let Some(membership) = node.membership() {
            membership.ask_to_drain(instance);
        }
    }
}

/// The node with a name or an instance. For a name, prefers a node that is not lost.
fn find(nodes: Vec<NodeInfo>, wanted: &str) -> Result<NodeInfo> {
    let fits = |node: &&NodeInfo| *node.name == *wanted || *node.instance == *wanted;
    let all: Vec<&NodeInfo> = nodes.iter().filter(fits).collect();
    let present: Vec<&NodeInfo> = all.iter().copied().filter(|node| !node.is_lost).collect();
    match (&present[..], &all[..]) {
        ([node], _) | ([], [node]) => Ok((*node).clone()),
        (_, []) => {
            let near = did_you_mean(wanted, nodes.iter().map(|node| &*node.name));
            Err(Error::not_found(format!(
                "the cluster has no node `{wanted}`{near}"
            )))
        }
        (_, several) => {
            let instances: Vec<String> = several
                .iter()
                .map(|node| format!("`{}`", node.instance))
                .collect();
            let message = format!(
                "several nodes have the name `{wanted}`: give one of {}",
                instances.join(", ")
            );
            Err(Error::new(Kind::State, message))
        }
    }
}
