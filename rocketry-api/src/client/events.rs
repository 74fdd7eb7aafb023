//! The stream of events, as a client reads it.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use rocketry_core::Event;

use super::error::ClientError;

/// What happens in an app: see [`Client::events`](super::Client::events).
#[derive(Debug)]
pub struct EventStream {
    body: Body,
    /// What has come and was not read as an event yet.
    buffer: Vec<u8>,
}

impl EventStream {
    pub(super) fn new(body: Body) -> Self {
        EventStream {
            body,
            buffer: Vec::new(),
        }
    }

    /// Waits for the first line, which says that the app has subscribed.
    pub(super) async fn begin(&mut self) -> Result<(), ClientError> {
        self.read_on().await.map(drop)
    }

    /// Waits for the next event; `None` once the app has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no event.
    ///
    /// # Errors
    ///
    /// Fails if the connection breaks, or if the app sends an event that this version does not know.
    pub async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        loop {
            while let Some(line) = self.take_line() {
                if let Some(json) = line.strip_prefix("data: ") {
                    return serde_json::from_str(json).map(Some).map_err(ClientError::broken);
                }
            }
            if !self.read_on().await? {
                return Ok(None);
            }
        }
    }

    fn take_line(&mut self) -> Option<String> {
        let end = self.buffer.iter().position(|byte| *byte == b'\n')?;
        let line: Vec<u8> = self.buffer.drain(..=end).collect();
        Some(String::from_utf8_lossy(&line[..end]).into_owned())
    }

    /// Reads the next part of the body; returns whether there was one.
    async fn read_on(&mut self) -> Result<bool, ClientError> {
        let frame = poll_fn(|waking| Pin::new(&mut self.body).poll_frame(waking)).await;
        match frame {
            None => Ok(false),
            Some(Ok(frame)) => {
                self.buffer
                    .extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
                Ok(true)
            }
            Some(Err(cause)) => Err(ClientError::broken(cause)),
        }
    }
}
