//! The stream of events.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use rocketry_core::Event;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use crate::hub::sent;
use crate::problem::Problem;
use crate::state::Api;

/// How often something is sent if nothing happens, so that a connection that broke is noticed.
const BEAT: Duration = Duration::from_secs(15);

/// How long the stream waits for a reader that does not read. Then it drops the reader, who gets the present state on its return.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many events may wait for one reader after they have left the shared subscription.
const WAITING: usize = 16;

/// Streams events until the app ends or the reader goes away.
pub(super) async fn stream(State(api): State<Api>) -> Result<Response, Problem> {
    let events = api.hub().follow(api.steer()?);
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(pass_on(events, sender));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::new(Lines(receiver))).into_response())
}

async fn pass_on(mut events: Receiver<Bytes>, to: mpsc::Sender<Bytes>) {
    // The headers go out with the first part of the body.
    let mut line = Bytes::from_static(b": events\n\n");
    while let Ok(Ok(())) = tokio::time::timeout(PATIENCE, to.send(line)).await {
        line = match tokio::time::timeout(BEAT, events.recv()).await {
            Ok(Ok(event)) => event,
            Ok(Err(RecvError::Lagged(missed))) => sent(&Event::Lagged { missed }),
            Ok(Err(RecvError::Closed)) => return,
            Err(_) => Bytes::from_static(b":\n\n"),
        };
    }
}

/// The body of the response.
struct Lines(mpsc::Receiver<Bytes>);

impl HttpBody for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        waking: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(waking)
            .map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}
