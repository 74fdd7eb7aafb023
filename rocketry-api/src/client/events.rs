//! The stream of events, as a client reads it.

use axum::body::Body;
use rocketry_core::Event;

use super::error::ClientError;
use super::sent::Sent;

/// A stream of the events of an app: see [`Client::events`](super::Client::events).
#[derive(Debug)]
pub struct EventStream(Sent);

impl EventStream {
    pub(super) fn new(body: Body) -> Self {
        EventStream(Sent::new(body))
    }

    /// Waits for the first line, which confirms that the app has subscribed.
    pub(super) async fn begin(&mut self) -> Result<(), ClientError> {
        self.0.read_on().await.map(drop)
    }

    /// Waits for the next event. Returns `None` once the app has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no event.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection breaks, or if the app sends an event that this version does not know.
    pub async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        self.0.next().await
    }
}
