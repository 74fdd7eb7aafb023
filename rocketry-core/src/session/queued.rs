//! A run that was asked for.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::error::{Error, Kind, Result};
use crate::log::Record;

/// A run that was asked for with [`Task::run`](crate::Task::run). Await it to learn how it ended; drop it if that
/// does not matter.
///
/// Yields the record of the run's end.
///
/// # Errors
///
/// [`Error::is_state`] holds if the run is not made, because its task was deleted or the app has ended.
///
/// # Cancel safety
///
/// Dropping it does not concern the run.
#[derive(Debug)]
pub struct Queued(pub(super) oneshot::Receiver<Record>);

impl Future for Queued {
    type Output = Result<Record>;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Result<Record>> {
        let ended = Pin::new(&mut self.0).poll(waking);
        ended.map_err(|_| {
            Error::new(
                Kind::State,
                "the run was not made: its task was deleted or the app has ended",
            )
        })
    }
}
