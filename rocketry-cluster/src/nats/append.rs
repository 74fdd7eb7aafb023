//! Appends to a stream: a single message, or an atomic batch.

use std::hash::{BuildHasher as _, RandomState};

use async_nats::{Client, HeaderMap};
use serde::Deserialize;

use super::api;
use super::failure::{Answer, Failure};

/// The maximum number of messages in a batch.
const MOST: usize = 1000;

/// The part of the maximum message size that is reserved for headers.
const FOR_HEADERS: usize = 4096;

/// The condition for an append: what the last message has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// The last message of the stream has this number.
    OfStream(u64),
    /// The last message of the same subject has this number; 0 if there is none.
    OfSubject(u64),
}

/// The position of an appended text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) first: u64,
    pub(super) last: u64,
}

/// The response of a server once it has stored a message.
#[derive(Deserialize)]
struct Kept {
    seq: u64,
    #[serde(default)]
    count: u64,
}

/// A message to append once. The servers detect duplicates by its id.
#[derive(Clone, Debug)]
pub(super) struct Message {
    text: Vec<u8>,
    expected: Option<Expected>,
    id: String,
}

impl Message {
    pub(super) fn new(text: Vec<u8>, expected: Option<Expected>) -> Self {
        let id = format!("{:016x}", RandomState::new().hash_one(text.len()));
        Message { text, expected, id }
    }
}

pub(super) async fn append(client: &Client, subject: &str, message: Message) -> Answer<Written> {
    let most = client.max_payload().saturating_sub(FOR_HEADERS).max(1);
    let length = message.text.len();
    if length <= most {
        let mut headers = headers(message.expected);
        headers.insert("Nats-Msg-Id", message.id);
        let kept = confirmed(client, subject, headers, message.text).await?;
        return Ok(Written {
            first: kept.seq,
            last: kept.seq,
        });
    }
    if length > most.saturating_mul(MOST) {
        return Err(Failure::TooLarge(length));
    }
    let kept = batch(client, subject, &message, most).await?;
    Ok(Written {
        first: kept.seq + 1 - kept.count.max(1),
        last: kept.seq,
    })
}

async fn batch(client: &Client, subject: &str, message: &Message, most: usize) -> Answer<Kept> {
    let parts: Vec<&[u8]> = message.text.chunks(most).collect();
    let mut expected = message.expected;
    for (number, part) in (1..).zip(&parts) {
        let mut headers = headers(expected.take());
        headers.insert("Nats-Batch-Id", &*message.id);
        headers.insert("Nats-Batch-Sequence", number.to_string());
        if number == parts.len() {
            headers.insert("Nats-Batch-Commit", "1");
            return confirmed(client, subject, headers, part.to_vec()).await;
        }
        let sent = client.publish_with_headers(subject.to_owned(), headers, part.to_vec().into());
        sent.await.map_err(Failure::other)?;
    }
    Err(Failure::other("there is nothing to write"))
}

fn headers(expected: Option<Expected>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    match expected {
        Some(Expected::OfStream(last)) => headers.insert("Nats-Expected-Last-Sequence", last.to_string()),
        Some(Expected::OfSubject(last)) => {
            headers.insert("Nats-Expected-Last-Subject-Sequence", last.to_string());
        }
        None => {}
    }
    headers
}

async fn confirmed(client: &Client, subject: &str, headers: HeaderMap, text: Vec<u8>) -> Answer<Kept> {
    let answer = client.request_with_headers(subject.to_owned(), headers, text.into());
    api::read(&answer.await.map_err(Failure::of_request)?.payload)
}
