//! The runs of a simulation, as read by a client.

use axum::body::Body;

use super::error::ClientError;
use super::sent::Sent;
use crate::simulation::SimulatedRun;

/// The runs of a simulation: see [`Client::simulate_runs`](super::Client::simulate_runs).
#[derive(Debug)]
pub struct RunStream {
    runs: Sent,
    is_over: bool,
}

impl RunStream {
    pub(super) fn new(body: Body) -> Self {
        RunStream {
            runs: Sent::new(body),
            is_over: false,
        }
    }

    /// Waits for the next run. Returns `None` at the end of the simulation.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no run.
    ///
    /// # Errors
    ///
    /// Returns an error if the simulation fails before its end, or if the connection breaks.
    pub async fn next(&mut self) -> Result<Option<SimulatedRun>, ClientError> {
        if self.is_over {
            return Ok(None);
        }
        match self.runs.next().await? {
            Some(Some(run)) => Ok(Some(run)),
            Some(None) => {
                self.is_over = true;
                Ok(None)
            }
            None => Err(ClientError::broken("the simulation was interrupted")),
        }
    }
}
