//! Server-sent events, as read by a client.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use serde::de::DeserializeOwned;

use super::error::ClientError;

/// A body of server-sent events.
#[derive(Debug)]
pub(super) struct Sent {
    body: Body,
    /// The received bytes that have not been parsed yet.
    buffer: Vec<u8>,
    /// Whether the current event is a problem.
    is_problem: bool,
}

impl Sent {
    pub(super) fn new(body: Body) -> Self {
        Sent {
            body,
            buffer: Vec::new(),
            is_problem: false,
        }
    }

    /// Waits for the next item; `None` at the end. Dropping the future loses no item.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ClientError> {
        loop {
            while let Some(line) = self.take_line() {
                if line == "event: problem" {
                    self.is_problem = true;
                } else if let Some(json) = line.strip_prefix("data: ") {
                    if self.is_problem {
                        let problem = serde_json::from_str(json).map_err(ClientError::broken)?;
                        return Err(ClientError::Problem(problem));
                    }
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

    /// Reads the next part of the body. Returns whether there was one.
    pub(super) async fn read_on(&mut self) -> Result<bool, ClientError> {
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
