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
use rocketry_core::{Event, Events};
use tokio::sync::mpsc;

use crate::problem::Problem;
use crate::state::Api;

/// How often something is sent if nothing happens, so that a connection that broke is noticed.
const BEAT: Duration = Duration::from_secs(15);

/// How many events wait for a slow reader. Beyond that, the app counts what the reader misses.
const WAITING: usize = 64;

/// Streams events until the app ends or the reader goes away.
pub(super) async fn stream(State(api): State<Api>) -> Result<Response, Problem> {
    let events = api.steer()?.subscribe();
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(pass_on(events, sender));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::new(Lines(receiver))).into_response())
}

async fn pass_on(mut events: Events, to: mpsc::Sender<Bytes>) {
    // The headers go out with the first part of the body.
    let mut line = Bytes::from_static(b": events\n\n");
    loop {
        if to.send(line).await.is_err() {
            return;
        }
        line = match tokio::time::timeout(BEAT, events.next()).await {
            Ok(Some(event)) => sent(&event),
            Ok(None) => return,
            Err(_) => Bytes::from_static(b":\n\n"),
        };
    }
}

/// An event as a server-sent event.
fn sent(event: &Event) -> Bytes {
    match serde_json::to_string(event) {
        Ok(json) => Bytes::from(format!("data: {json}\n\n")),
        Err(mistake) => Bytes::from(format!(": an event that is no JSON: {mistake}\n\n")),
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
