//! The route for the stream of events.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::stream::{BEAT, Parts, stream};
use crate::hub::Follower;
use crate::problem::Problem;
use crate::state::Api;

/// Streams events until the app ends or the reader disconnects. A reader that does not read is dropped; when
/// it reconnects, it gets the current state.
pub(super) async fn events(State(api): State<Api>) -> Result<Response, Problem> {
    let events = api.hub().follow(api.steer()?);
    let (parts, body) = stream();
    tokio::spawn(pass_on(events, parts));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, body).into_response())
}

async fn pass_on(mut events: Follower, to: Parts) {
    // The headers are sent with the first part of the body.
    let mut part = Bytes::from_static(b": events\n\n");
    while to.send(part).await {
        part = match tokio::time::timeout(BEAT, events.next()).await {
            Ok(Some(part)) => {
                tokio::time::sleep(events.turn()).await;
                part
            }
            Ok(None) => return,
            Err(_) => Bytes::from_static(b":\n\n"),
        };
    }
}
