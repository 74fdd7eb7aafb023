//! Streaming response bodies.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// The interval at which an idle stream is checked, so that a broken connection is noticed.
pub(super) const BEAT: Duration = Duration::from_secs(15);

/// How long a stream waits for a reader that does not read, before it drops the reader.
const PATIENCE: Duration = Duration::from_secs(30);

/// The maximum number of parts that wait for a reader.
const WAITING: usize = 16;

/// The sending end of a stream.
pub(super) struct Parts {
    sender: Sender<Bytes>,
    patience: Duration,
}

/// Creates a stream, and the response body that reads from it.
pub(super) fn stream() -> (Parts, Body) {
    with_patience(PATIENCE)
}

fn with_patience(patience: Duration) -> (Parts, Body) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Parts { sender, patience }, Body::new(Growing(receiver)))
}

impl Parts {
    /// Sends a part once there is room. Returns whether the reader is still connected.
    pub(super) async fn send(&self, part: Bytes) -> bool {
        let sent = tokio::time::timeout(self.patience, self.sender.send(part));
        matches!(sent.await, Ok(Ok(())))
    }

    /// Returns true if the reader has disconnected.
    pub(super) fn is_left(&self) -> bool {
        self.sender.is_closed()
    }
}

struct Growing(Receiver<Bytes>);

impl HttpBody for Growing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        waking: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(waking)
            .map(|part| part.map(|part| Ok(Frame::data(part))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Bytes;

    use super::{WAITING, with_patience};

    #[tokio::test]
    async fn a_reader_that_does_not_read_is_dropped() {
        let (parts, body) = with_patience(Duration::ZERO);
        for _ in 0..WAITING {
            assert!(parts.send(Bytes::from_static(b"x")).await);
        }
        assert!(!parts.send(Bytes::from_static(b"x")).await);
        assert!(!parts.is_left());
        drop(body);
        assert!(parts.is_left());
    }
}
