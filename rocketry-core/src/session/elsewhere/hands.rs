//! How runs are made and waited for that were handed over.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::super::Session;
use super::assignment::AssignedRun;
use super::table::Fate;
use crate::engine::run::Run;

/// How runs are made and waited for. The modules that do that build on this one.
#[derive(Clone, Copy)]
pub(crate) struct Hands {
    /// Makes a run for the leader.
    pub(crate) make: fn(&Session, &Handle, AssignedRun),
    /// Waits for the end of a run that was handed over.
    pub(crate) wait: fn(&Session, &Handle, Arc<Run>, oneshot::Receiver<Fate>),
}
