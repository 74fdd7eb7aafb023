//! The functions that execute handed-over runs and wait for them.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::super::Session;
use super::assignment::AssignedRun;
use super::table::Fate;
use crate::engine::run::Run;

/// The functions that execute handed-over runs and wait for them. The modules that implement them build on
/// this one.
#[derive(Clone, Copy)]
pub(crate) struct RunFunctions {
    /// Executes a run for the leader.
    pub(crate) make: fn(&Session, &Handle, AssignedRun),
    /// Waits for the end of a handed-over run.
    pub(crate) wait: fn(&Session, &Handle, Arc<Run>, oneshot::Receiver<Fate>),
}
