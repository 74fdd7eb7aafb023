//! The JSON requests and responses of JetStream.

use async_nats::{Client, HeaderMap, Message, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::StreamExt as _;
use rocketry_core::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::failure::{Answer, Failure, Told};

/// Information about a stream.
#[derive(Debug, Deserialize)]
pub(super) struct Info {
    pub(super) config: Config,
    pub(super) state: State,
}

#[derive(Debug, Deserialize)]
pub(super) struct Config {
    pub(super) subjects: Vec<String>,
    pub(super) num_replicas: usize,
    pub(super) storage: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct State {
    pub(super) last_seq: u64,
}

/// A message of a stream.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) subject: String,
    pub(super) sequence: u64,
    /// When it was written, by the clock of the server.
    pub(super) time: Option<Timestamp>,
    /// Its number among the parts of a longer text, from 1.
    pub(super) part: Option<u64>,
    /// Whether it is the last part of the text.
    pub(super) is_whole: bool,
    pub(super) payload: Vec<u8>,
}

pub(super) async fn info(client: &Client, stream: &str) -> Answer<Info> {
    ask(client, &format!("STREAM.INFO.{stream}"), &Json::Null).await
}

pub(super) async fn create(client: &Client, stream: &str, config: &Json) -> Answer<Info> {
    ask(client, &format!("STREAM.CREATE.{stream}"), config).await
}

pub(super) async fn purge(client: &Client, stream: &str, asked: &Json) -> Answer<()> {
    #[derive(Deserialize)]
    struct Purged {}
    let Purged {} = ask(client, &format!("STREAM.PURGE.{stream}"), asked).await?;
    Ok(())
}

/// A message, from the leader of the stream.
pub(super) async fn message(client: &Client, stream: &str, asked: &Json) -> Answer<Option<Stored>> {
    #[derive(Deserialize)]
    struct Found {
        message: Encoded,
    }
    match ask::<Found>(client, &format!("STREAM.MSG.GET.{stream}"), asked).await {
        Ok(found) => found.message.decode().map(Some),
        Err(Failure::NoMessage) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Several messages in order, from any replica of the stream.
pub(super) async fn messages(client: &Client, stream: &str, asked: &Json) -> Answer<Vec<Stored>> {
    let inbox = client.new_inbox();
    let mut answers = client.subscribe(inbox.clone()).await.map_err(Failure::other)?;
    let subject = format!("$JS.API.DIRECT.GET.{stream}");
    let asked = asked.to_string().into();
    client
        .publish_with_reply(subject, inbox, asked)
        .await
        .map_err(Failure::other)?;
    let mut found = Vec::new();
    loop {
        let answer = answers.next().await;
        let answer = answer.ok_or_else(|| Failure::other("the connection was closed"))?;
        match answer.status {
            None => found.push(direct(answer)?),
            // The end of the responses; there are no messages; no server has the stream.
            Some(status) if matches!(status.as_u16(), 204 | 404) => return Ok(found),
            Some(StatusCode::NO_RESPONDERS) => {
                return Err(Failure::other("no server has its stream at this time"));
            }
            Some(status) => {
                let told = answer.description.unwrap_or_default();
                return Err(Failure::Other(format!("{status} {told}")));
            }
        }
    }
}

async fn ask<T: DeserializeOwned>(client: &Client, what: &str, asked: &Json) -> Answer<T> {
    let payload = if asked.is_null() {
        String::new()
    } else {
        asked.to_string()
    };
    let answer = client.request(format!("$JS.API.{what}"), payload.into()).await;
    read(&answer.map_err(Failure::of_request)?.payload)
}

/// Parses a response, or returns the error that it contains.
pub(super) fn read<T: DeserializeOwned>(answer: &[u8]) -> Answer<T> {
    #[derive(Deserialize)]
    struct Error {
        error: Told,
    }
    if let Ok(Error { error }) = serde_json::from_slice(answer) {
        return Err(error.into());
    }
    serde_json::from_slice(answer)
        .map_err(|cause| Failure::Other(format!("the server sent an unexpected answer: {cause}")))
}

/// A message in the server's JSON encoding.
#[derive(Deserialize)]
struct Encoded {
    subject: String,
    seq: u64,
    #[serde(default)]
    hdrs: String,
    #[serde(default)]
    data: String,
    time: String,
}

impl Encoded {
    fn decode(self) -> Answer<Stored> {
        let bytes = |text: &str| BASE64_STANDARD.decode(text).map_err(Failure::other);
        let headers = String::from_utf8_lossy(&bytes(&self.hdrs)?).into_owned();
        let header = |name: &str| {
            let mut lines = headers.lines().filter_map(|line| line.split_once(':'));
            lines.find_map(|(found, value)| (found == name).then(|| value.trim().to_owned()))
        };
        let part = header("Nats-Batch-Sequence").and_then(|part| part.parse().ok());
        Ok(Stored {
            is_whole: part.is_none() || header("Nats-Batch-Commit").is_some(),
            part,
            subject: self.subject,
            sequence: self.seq,
            time: self.time.parse().ok(),
            payload: bytes(&self.data)?,
        })
    }
}

/// A message that the server returned directly, with headers.
fn direct(message: Message) -> Answer<Stored> {
    let headers: HeaderMap = message.headers.unwrap_or_default();
    let header = |name: &str| headers.get_last(name).map(|value| value.as_str().to_owned());
    let number = |name: &str| header(name).and_then(|text| text.parse::<u64>().ok());
    let part = number("Nats-Batch-Sequence");
    Ok(Stored {
        sequence: number("Nats-Sequence").ok_or_else(|| Failure::other("a message has no number"))?,
        is_whole: part.is_none() || header("Nats-Batch-Commit").is_some(),
        part,
        subject: header("Nats-Subject").unwrap_or_default(),
        time: header("Nats-Time-Stamp").and_then(|time| time.parse().ok()),
        payload: message.payload.to_vec(),
    })
}
