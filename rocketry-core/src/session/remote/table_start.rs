//! Opens the table of handed-over runs, and starts its threads.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;

use tokio::runtime::Handle;

use super::super::Session;
use super::functions::RunFunctions;
use super::incoming::Incoming;
use super::outgoing::Outgoing;
use super::table::WorkTable;
use crate::cluster::{Cluster, Seat};
use crate::error::{Error, Kind, Result};

impl WorkTable {
    /// Opens the table that the nodes share; `None` if the cluster has none.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be opened, or if a thread can't be created.
    pub(in crate::session) fn open(
        session: &Session,
        cluster: &dyn Cluster,
        seat: &Seat,
        functions: RunFunctions,
    ) -> Result<Option<Arc<WorkTable>>> {
        let (Some(lead), Some(out), Some(back)) =
            (cluster.open_work()?, cluster.open_work()?, cluster.open_work()?)
        else {
            return Ok(None);
        };
        let (outgoing, messages) = channel();
        let table = Arc::new(WorkTable::new(seat.instance().to_string(), lead, outgoing));
        let outgoing = Outgoing {
            work: out,
            app: Arc::downgrade(&session.0),
            table: table.clone(),
            unremoved: Vec::new(),
        };
        let incoming = Incoming {
            work: back,
            app: Arc::downgrade(&session.0),
            table: table.clone(),
            runtime: Handle::current(),
            functions,
            lanes: seat.lanes().iter().map(ToString::to_string).collect(),
            most_runs: session.config().max_node_runs.max(1),
            extended: None,
            refused: Vec::new(),
            beats: HashMap::new(),
            looked: None,
            looked_at_all: None,
            leaves_some: false,
            share: 0,
            has_failed: false,
        };
        spawn(move || outgoing.work(&messages))?;
        spawn(move || incoming.work())?;
        Ok(Some(table))
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = thread::Builder::new().name("rocketry-work".into()).spawn(work);
    thread.map(drop).map_err(|cause| {
        let message = format!("the threads that carry runs between nodes can't be started: {cause}");
        Error::new(Kind::State, message)
    })
}
