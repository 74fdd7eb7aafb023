//! `nodes`, `drain`: the nodes of the cluster, and how to drain one.

use clap::Args;
use rocketry_core::cluster::NodeInfo;

use super::context::Context;
use super::steer::said;
use crate::exit::Outcome;
use crate::output::{Cell, Table, When};

/// Lists the nodes of the app's cluster
///
/// Each node sends two heartbeats per lease. A node without a heartbeat for a lease is lost: it has ended, is
/// frozen or is disconnected. If all nodes are lost, the node that was asked can't reach the others.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  nodes                                    all nodes
  nodes -o json                            with their instances")]
pub(crate) struct Nodes {}

/// Drains a node of the cluster
///
/// The node takes no new runs, and its app ends once its runs in progress have ended. If it is the leader,
/// another node then takes the lead.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  drain                                    the node that is asked
  drain worker-2                           another one")]
pub(crate) struct Drain {
    /// The name of the node, or its instance if several nodes have the name; without one, the node that is
    /// asked
    node: Option<String>,
}

/// The fields in CSV.
const FIELDS: &[&str] = &[
    "name",
    "instance",
    "version",
    "lanes",
    "runs",
    "term",
    "is_draining",
    "is_lost",
    "is_this",
    "started",
    "seen",
];

impl Nodes {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let nodes = client.nodes().await?;
        let app = client.app().await?;
        let when = When {
            now: app.now,
            zone: app.zone,
        };
        let none = if app.running {
            "the app is not a node of a cluster"
        } else {
            "the app does not run here, so it is not a node of a cluster"
        };
        context.out.list(&nodes, FIELDS, |_| table(&nodes, none, when))
    }
}

impl Drain {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.steerer().await?;
        let done = client.drain(self.node.as_deref()).await?;
        said(context, &done.message)
    }
}

fn table(nodes: &[NodeInfo], none: &'static str, when: When) -> Table {
    let heads = ["NODE", "ROLE", "RUNS", "LANES", "VERSION", "STARTED", "LAST SEEN"];
    let mut table = Table::new(&heads, none).flexible(&["NODE", "LANES", "VERSION"]);
    for node in nodes {
        let this = if node.is_this { " (asked)" } else { "" };
        let lanes = (!node.lanes.is_empty()).then(|| node.lanes.join(", "));
        table.row([
            Cell::new(format!("{}{this}", node.name)),
            Cell::new(role(node)),
            Cell::new(node.runs.to_string()),
            Cell::of(lanes),
            Cell::of(node.version.as_deref()),
            Cell::new(when.relative(node.started)),
            Cell::new(when.relative(node.seen)),
        ]);
    }
    table
}

/// The role of a node in its cluster: "leads (term 3)", "drains", "lost".
fn role(node: &NodeInfo) -> String {
    let leads = node.term.map(|term| format!("leads (term {term})"));
    let mut words = Vec::from_iter(leads);
    if node.is_lost {
        words.push("lost".to_owned());
    }
    if node.is_draining {
        words.push("drains".to_owned());
    }
    if words.is_empty() {
        words.push("stands by".to_owned());
    }
    words.join(", ")
}
