//! A stream of messages, and the requests for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_nats::Client;
use serde_json::{Value as Json, json};

use super::api::{self, Info, Stored};
use super::append::{self, Expected, Written};
use super::failure::{Answer, Failure};
use super::link::Link;

/// The maximum number of messages to read at once, and of bytes.
const READ_AT_ONCE: usize = 500;
const BYTES_AT_ONCE: usize = 4 * 1024 * 1024;

/// The maximum length of a text, in bytes, that is resent until it is known to be stored. A longer text may
/// be a batch, which has no id for the detection of duplicates.
const SHORT: usize = 256 * 1024;

/// A stream, which is created if it does not exist.
pub(super) struct Stream {
    link: Link,
    name: String,
    subjects: Vec<String>,
    /// Settings that differ from the defaults.
    settings: Json,
    /// The number of servers that store it; 0 until it is known.
    replicas: AtomicUsize,
}

impl Stream {
    /// Creates a handle for a stream with a name and subjects. It makes no request yet.
    pub(super) fn new(link: Link, name: String, subjects: Vec<String>, settings: Json) -> Self {
        Stream {
            link,
            name,
            subjects,
            settings,
            replicas: AtomicUsize::new(0),
        }
    }

    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    /// Creates the stream if it does not exist. Returns the number of servers that store it.
    pub(super) fn open(&self, limit: Duration) -> Answer<usize> {
        let known = self.replicas.load(Ordering::Relaxed);
        if known > 0 {
            return Ok(known);
        }
        let (name, subjects) = (self.name.clone(), self.subjects.clone());
        let config = self.config();
        let info = self.link.insist(limit, async move |client: Client| {
            match api::info(&client, &name).await {
                Err(Failure::NoStream) => api::create(&client, &name, &config).await,
                Ok(info) if info.config.subjects != subjects => Err(Failure::Other(format!(
                    "the stream `{name}` is another program's: take another name for the app"
                ))),
                found => found,
            }
        })?;
        self.replicas.store(info.config.num_replicas, Ordering::Relaxed);
        Ok(info.config.num_replicas)
    }

    fn config(&self) -> Json {
        let mut config = json!({
            "name": self.name,
            "subjects": self.subjects,
            "num_replicas": self.link.address().replicas,
            "storage": "file",
            "retention": "limits",
            "discard": "new",
            "allow_direct": true,
            "allow_atomic": true,
            // In nanoseconds: longer than any request is repeated.
            "duplicate_window": 30_000_000_000_u64,
        });
        if let (Some(config), Some(settings)) = (config.as_object_mut(), self.settings.as_object()) {
            config.extend(settings.clone());
        }
        config
    }

    /// Information about the stream.
    pub(super) fn info(&self, limit: Duration) -> Answer<Info> {
        self.open(limit)?;
        let name = self.name.clone();
        self.link
            .insist(limit, async move |client: Client| api::info(&client, &name).await)
    }

    /// Appends a text once, completely or not at all, if the last message is the expected one.
    pub(super) fn append(
        &self,
        subject: &str,
        text: Vec<u8>,
        expected: Option<Expected>,
        limit: Duration,
    ) -> Answer<Written> {
        self.open(limit)?;
        let (subject, is_short) = (subject.to_owned(), text.len() <= SHORT);
        let message = append::Message::new(text, expected);
        let question = async move |client: Client| append::append(&client, &subject, message).await;
        if is_short {
            return self.link.insist(limit, question);
        }
        self.link.ask(limit, question)
    }

    /// The last text of a subject, from the leader of the stream.
    pub(super) fn last(&self, subject: &str, limit: Duration) -> Answer<Option<Stored>> {
        self.open(limit)?;
        let (name, subject) = (self.name.clone(), subject.to_owned());
        self.link.insist(limit, async move |client: Client| {
            let asked = json!({ "last_by_subj": subject });
            let Some(mut last) = api::message(&client, &name, &asked).await? else {
                return Ok(None);
            };
            // The preceding messages contain the rest of a text that was too long for one.
            let first = last.sequence + 1 - last.part.unwrap_or(1);
            for sequence in (first..last.sequence).rev() {
                let before = api::message(&client, &name, &json!({ "seq": sequence })).await?;
                let mut before = before.ok_or(Failure::NoMessage)?.payload;
                before.append(&mut last.payload);
                last.payload = before;
            }
            Ok(Some(last))
        })
    }

    /// The last texts of subjects that match a filter, one by one, from the leader of the stream.
    pub(super) fn all(&self, filter: &str, limit: Duration) -> Answer<Vec<Stored>> {
        self.open(limit)?;
        let (name, filter) = (self.name.clone(), filter.to_owned());
        self.link.insist(limit, async move |client: Client| {
            let mut all: Vec<Stored> = Vec::new();
            let mut next = 1;
            loop {
                let asked = json!({ "seq": next, "next_by_subj": filter });
                match api::message(&client, &name, &asked).await? {
                    Some(found) => {
                        next = found.sequence + 1;
                        // It may have been overwritten since it was read.
                        all.retain(|known| known.subject != found.subject);
                        all.push(found);
                    }
                    None => return Ok(all),
                }
            }
        })
    }

    /// The number of the last message. With one server no request is made, because every response is up to
    /// date.
    pub(super) fn last_sequence(&self, limit: Duration) -> Answer<Option<u64>> {
        if self.open(limit)? == 1 {
            return Ok(None);
        }
        Ok(Some(self.info(limit)?.state.last_seq))
    }

    /// Messages from a number on, in order; none if there are no more. Any server responds, so others may
    /// have more.
    pub(super) fn read(&self, from: u64, limit: Duration) -> Answer<Vec<Stored>> {
        self.open(limit)?;
        let name = self.name.clone();
        let asked = json!({ "seq": from, "batch": READ_AT_ONCE, "max_bytes": BYTES_AT_ONCE });
        self.link.insist(limit, async move |client: Client| {
            api::messages(&client, &name, &asked).await
        })
    }

    /// Deletes the messages of subjects that match a filter and come before a number; without a number, all
    /// of them.
    pub(super) fn purge(&self, filter: &str, before: Option<u64>, limit: Duration) -> Answer<()> {
        self.open(limit)?;
        let name = self.name.clone();
        let mut asked = json!({ "filter": filter });
        if let Some(before) = before {
            asked["seq"] = before.into();
        }
        self.link.insist(limit, async move |client: Client| {
            api::purge(&client, &name, &asked).await
        })
    }
}
