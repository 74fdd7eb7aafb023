//! The output of a run, as read by a client.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};

use super::error::ClientError;

/// A stream of the output of a run: see [`Client::follow_output`](super::Client::follow_output).
#[derive(Debug)]
pub struct OutputStream {
    body: Body,
    /// The beginning of a character whose rest has not arrived yet.
    cut: Vec<u8>,
}

impl OutputStream {
    pub(super) fn new(body: Body) -> Self {
        OutputStream {
            body,
            cut: Vec::new(),
        }
    }

    /// Waits for further output. Returns `None` once the run has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection breaks.
    pub async fn next(&mut self) -> Result<Option<String>, ClientError> {
        loop {
            let frame = poll_fn(|waking| Pin::new(&mut self.body).poll_frame(waking)).await;
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(ClientError::broken)?;
            self.cut
                .extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
            let text = self.take_text();
            if !text.is_empty() {
                return Ok(Some(text));
            }
        }
    }

    /// Takes the complete characters. An app sends text, but the parts may arrive split differently.
    fn take_text(&mut self) -> String {
        let whole = match std::str::from_utf8(&self.cut) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.cut.len(),
        };
        let bytes: Vec<u8> = self.cut.drain(..whole).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
