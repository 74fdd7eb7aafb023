//! Routes for the nodes of the app's cluster.

use axum::extract::State;
use rocketry_core::cluster::NodeInfo;

use super::extract::{Acting, Named};
use crate::problem::{Problem, ProblemKind};
use crate::reply::{Json, Reply};
use crate::state::Api;
use crate::types::Done;

pub(super) async fn list(State(api): State<Api>) -> Json<Vec<NodeInfo>> {
    Json(api.session().nodes())
}

pub(super) async fn drain(Acting(api): Acting) -> Reply<Done> {
    api.drain().map(Json)
}

pub(super) async fn drain_node(Acting(api): Acting, Named(node): Named) -> Reply<Done> {
    api.drain_node(&node).map(Json)
}

impl Api {
    /// Drains the node that receives the request: `POST /api/drain`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app is not running, or is not a node.
    pub fn drain(&self) -> Result<Done, Problem> {
        let session = self.steer()?;
        if !session.is_node() {
            let detail = format!(
                "`{}` is not a node of a cluster: shut it down instead",
                self.name()
            );
            return Err(Problem::new(ProblemKind::Refused, detail));
        }
        session.drain();
        Ok(Done {
            message: "this node takes no new runs, and ends once its runs have ended".to_owned(),
        })
    }

    /// Drains a node of the cluster: `POST /api/nodes/{node}/drain`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the app is not running, if it is not a node, or if there is no such node.
    pub fn drain_node(&self, node: &str) -> Result<Done, Problem> {
        let session = self.steer()?;
        let named = session.nodes().into_iter().find(|other| *other.instance == *node);
        let name = named.map_or_else(|| node.into(), |node| node.name);
        session.drain_node(node)?;
        Ok(Done {
            message: format!("node `{name}` takes no new runs, and ends once its runs have ended"),
        })
    }
}
