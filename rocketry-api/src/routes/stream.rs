//! Bodies that grow while something goes on.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// How often something is looked at if nothing happens, so that a connection that broke is noticed.
pub(super) const BEAT: Duration = Duration::from_secs(15);

/// How long a stream waits for a reader that does not read. Then it drops the reader.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many parts may wait for a reader.
const WAITING: usize = 16;

/// The end of a stream that parts are put into.
pub(super) struct Parts {
    sender: Sender<Bytes>,
    patience: Duration,
}

/// A stream, and the body that it becomes.
pub(super) fn stream() -> (Parts, Body) {
    with_patience(PATIENCE)
}

fn with_patience(patience: Duration) -> (Parts, Body) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Parts { sender, patience }, Body::new(Growing(receiver)))
}

impl Parts {
    /// Sends a part once there is room. Returns whether the reader still reads.
    pub(super) async fn send(&self, part: Bytes) -> bool {
        let sent = tokio::time::timeout(self.patience, self.sender.send(part));
        matches!(sent.await, Ok(Ok(())))
    }

    /// Whether the reader has gone.
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
