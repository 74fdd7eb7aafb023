//! The lease and the heartbeats of nodes: the last message of a subject each.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rocketry_core::cluster::{HeardNode, Heartbeat, NodeProfile};
use rocketry_core::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::address::Address;
use super::api::Stored;
use super::append::Expected;
use super::deadline::Deadline;
use super::failure::{Answer, Failure};
use super::link::Link;
use super::risks;
use super::stream::Stream;
use super::watch::Watch;
use crate::lease::{Entry, Lease};
use crate::store::Store;

/// The lease and the nodes of a cluster in NATS: a stream that keeps the last message of each subject. A
/// lease message is only written if the last one is known, by which the servers decide between nodes.
///
/// Each call has a time limit. A change without a response in time may still take effect later.
pub struct NatsStore {
    stream: Stream,
    watch: Watch,
    lease: String,
    nodes: String,
}

#[derive(Serialize, Deserialize)]
struct LeaseText {
    term: u64,
    node: String,
    instance: String,
    is_held: bool,
}

#[derive(Serialize, Deserialize)]
struct BeatText {
    name: String,
    version: Option<String>,
    lanes: Vec<String>,
    instance: String,
    runs: usize,
    is_draining: bool,
    /// In microseconds since 1970.
    started: i64,
}

impl NatsStore {
    /// Creates the store of the cluster at an address. Connects with the first call.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        Ok(Self::of(Address::read(address)?))
    }

    pub(super) fn of(address: Address) -> Self {
        let name = address.name.clone();
        let link = Link::new(address);
        let (lease, nodes) = (format!("{name}.lease"), format!("{name}.nodes"));
        let subjects = vec![lease.clone(), format!("{nodes}.>")];
        let settings = json!({ "max_msgs_per_subject": 1, "discard": "old" });
        NatsStore {
            stream: Stream::new(link.clone(), format!("{name}-nodes"), subjects, settings),
            watch: Watch::new(link, "lease"),
            lease,
            nodes,
        }
    }

    fn explain<T>(&self, done: &str, answer: Answer<T>) -> Result<T> {
        self.stream.link().explain(done, answer)
    }

    fn find_lease(&self, limit: Duration) -> Answer<Option<Entry>> {
        let last = self.stream.last(&self.lease, limit)?;
        last.map(|last| {
            let lease: LeaseText = read(&last)?;
            Ok(Entry {
                revision: last.sequence,
                lease: Lease {
                    term: lease.term,
                    node: lease.node.into(),
                    instance: lease.instance.into(),
                    is_held: lease.is_held,
                },
            })
        })
        .transpose()
    }

    /// The subject of a property of a node.
    fn subject(&self, instance: &str, what: &str) -> String {
        format!(
            "{}.{}.{what}",
            self.nodes,
            utf8_percent_encode(instance, NON_ALPHANUMERIC)
        )
    }

    fn tell(&self, heartbeat: &Heartbeat, limit: Duration) -> Answer<Vec<HeardNode>> {
        let deadline = Deadline::after(limit);
        let text = write(&BeatText::from(heartbeat))?;
        let subject = self.subject(&heartbeat.instance, "beat");
        let told = self.stream.append(&subject, text, None, limit)?;
        let all = self.stream.all(&format!("{}.>", self.nodes), deadline.left())?;
        let lease = self.find_lease(deadline.left())?.map(|entry| entry.lease);
        let lead = lease.filter(|lease| lease.is_held);
        // The servers have just stored it.
        let own = all
            .iter()
            .find(|message| message.sequence >= told.first && message.subject == subject);
        let now = own.and_then(|own| own.time);
        let asked: Vec<&str> = all
            .iter()
            .filter_map(|message| message.subject.strip_suffix(".drain"))
            .collect();
        let hear = |message: &Stored| -> Answer<Option<HeardNode>> {
            let Some(node) = message.subject.strip_suffix(".beat") else {
                return Ok(None);
            };
            let heartbeat: BeatText = read(message)?;
            let term = lead
                .as_ref()
                .filter(|lead| *lead.instance == heartbeat.instance)
                .map(|lead| lead.term);
            Ok(Some(HeardNode {
                heartbeat: heartbeat.into(),
                silent_for: now
                    .zip(message.time)
                    .map_or(Duration::ZERO, |(now, told)| now.since(told)),
                term,
                is_asked_to_drain: asked.contains(&node),
            }))
        };
        all.iter()
            .filter_map(|message| hear(message).transpose())
            .collect()
    }
}

impl Store for NatsStore {
    fn read(&mut self, limit: Duration) -> Result<Option<Entry>> {
        self.explain("read", self.find_lease(limit))
    }

    fn put(&mut self, expected: Option<u64>, lease: &Lease, limit: Duration) -> Result<Option<u64>> {
        let text = LeaseText {
            term: lease.term,
            node: lease.node.to_string(),
            instance: lease.instance.to_string(),
            is_held: lease.is_held,
        };
        let expected = Some(Expected::OfSubject(expected.unwrap_or(0)));
        let deadline = Deadline::after(limit);
        let put = write(&text).and_then(|text| self.stream.append(&self.lease, text, expected, limit));
        match put {
            Err(Failure::Stale) => Ok(None),
            put => {
                let put = self.explain("written", put)?;
                if !lease.is_held {
                    self.watch.wake_at_once(deadline.left());
                }
                Ok(Some(put.last))
            }
        }
    }

    fn beat(&mut self, heartbeat: &Heartbeat, limit: Duration) -> Result<Vec<HeardNode>> {
        self.explain("written", self.tell(heartbeat, limit))
    }

    fn forget(&mut self, instances: &[&str], limit: Duration) -> Result<()> {
        let deadline = Deadline::after(limit);
        for instance in instances {
            let forgotten = self
                .stream
                .purge(&self.subject(instance, ">"), None, deadline.left());
            self.explain("written", forgotten)?;
        }
        Ok(())
    }

    fn ask_to_drain(&mut self, instance: &str, limit: Duration) -> Result<bool> {
        let deadline = Deadline::after(limit);
        let known = self.stream.last(&self.subject(instance, "beat"), limit);
        if self.explain("read", known)?.is_none() {
            return Ok(false);
        }
        let subject = self.subject(instance, "drain");
        let asked = self
            .stream
            .append(&subject, b"{}".to_vec(), None, deadline.left());
        self.explain("written", asked).map(|_| true)
    }

    fn wait(&mut self, limit: Duration) -> bool {
        self.watch.wait(limit)
    }

    fn risks(&mut self, limit: Duration) -> Result<Vec<String>> {
        let info = self.explain("read", self.stream.info(limit))?;
        Ok(risks::told(self.stream.link().address(), &info.config))
    }
}

fn read<'a, T: Deserialize<'a>>(message: &'a Stored) -> Answer<T> {
    serde_json::from_slice(&message.payload).map_err(|cause| {
        Failure::Other(format!(
            "message {} can't be understood: {cause}",
            message.sequence
        ))
    })
}

fn write(text: &impl Serialize) -> Answer<Vec<u8>> {
    serde_json::to_vec(text).map_err(Failure::other)
}

impl From<&Heartbeat> for BeatText {
    fn from(heartbeat: &Heartbeat) -> Self {
        let profile = &heartbeat.profile;
        BeatText {
            name: profile.name.to_string(),
            version: profile.version.as_deref().map(Into::into),
            lanes: profile.lanes.iter().map(ToString::to_string).collect(),
            instance: heartbeat.instance.to_string(),
            runs: heartbeat.runs,
            is_draining: heartbeat.is_draining,
            started: heartbeat.started.as_micros(),
        }
    }
}

impl From<BeatText> for Heartbeat {
    fn from(text: BeatText) -> Self {
        Heartbeat {
            profile: NodeProfile {
                name: text.name.into(),
                version: text.version.map(Into::into),
                lanes: text.lanes.into_iter().map(Into::into).collect(),
            },
            instance: text.instance.into(),
            runs: text.runs,
            is_draining: text.is_draining,
            started: Timestamp::from_micros(text.started),
        }
    }
}
