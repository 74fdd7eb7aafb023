//! Wakes waiting threads when something was written.

use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, Subscriber};
use futures_util::StreamExt as _;
use tokio::sync::Mutex;

use super::failure::Failure;
use super::link::Link;
use super::runtime;

/// Wakes waiting threads on all nodes. Wake-up messages are in no stream: they are sent after the change is
/// stored, and may be lost.
pub(super) struct Watch {
    link: Link,
    subject: String,
    heard: Arc<Mutex<Option<Subscriber>>>,
}

/// The words that have arrived.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// These; empty at the time limit.
    Words(Vec<Vec<u8>>),
    /// Earlier ones were not received.
    Anything,
}

impl Watch {
    pub(super) fn new(link: Link, what: &str) -> Self {
        let subject = format!("{}.wake.{what}", link.address().name);
        Watch {
            link,
            subject,
            heard: Arc::default(),
        }
    }

    /// Wakes every waiting thread on every node.
    pub(super) fn wake(&self) {
        self.tell("");
    }

    /// Does the same, with a word for those who [listen](Self::listen).
    pub(super) fn tell(&self, word: &'static str) {
        let (link, subject) = (self.link.clone(), self.subject.clone());
        runtime::start(async move {
            if let Some(client) = link.connected().await {
                // A node that misses the message looks when its wait ends.
                let _ = client.publish(subject, word.into()).await;
            }
        });
    }

    /// Wakes them as well, and returns once the server has the message, because the program may end right
    /// after this.
    pub(super) fn wake_at_once(&self, limit: Duration) {
        let subject = self.subject.clone();
        // A node that misses the message looks when its wait ends.
        let _ = self.link.ask(limit, async move |client: Client| {
            client.publish(subject, "".into()).await.map_err(Failure::other)?;
            client.flush().await.map_err(Failure::other)
        });
    }

    /// Waits until something was written, or until the time limit. Returns whether something may have been
    /// written, which includes the first call, because earlier messages were not received.
    pub(super) fn wait(&self, limit: Duration) -> bool {
        self.listen(limit) != Heard::Words(Vec::new())
    }

    /// Waits in the same way, and returns the words.
    pub(super) fn listen(&self, limit: Duration) -> Heard {
        const PATIENCE: Duration = Duration::from_secs(1);
        let (heard, subject) = (self.heard.clone(), self.subject.clone());
        // Connecting may take longer than the wait. A lost client reconnects by itself.
        let begun = self.link.ask(PATIENCE, async move |client: Client| {
            let mut heard = heard.lock().await;
            if heard.is_some() {
                return Ok(false);
            }
            *heard = Some(client.subscribe(subject).await.map_err(Failure::other)?);
            client.flush().await.map_err(Failure::other)?;
            Ok(true)
        });
        match begun {
            Ok(true) => return Heard::Anything,
            Ok(false) => {}
            Err(_) => {
                std::thread::sleep(limit);
                return Heard::Words(Vec::new());
            }
        }
        let heard = self.heard.clone();
        let told = runtime::wait(limit, async move {
            let mut words = Vec::new();
            let mut heard = heard.lock().await;
            let Some(heard) = &mut *heard else { return words };
            let mut next = heard.next().await;
            // One look suffices for everything that has arrived so far.
            while let Some(message) = next {
                words.push(message.payload.to_vec());
                next = tokio::time::timeout(Duration::ZERO, heard.next())
                    .await
                    .unwrap_or_default();
            }
            words
        });
        Heard::Words(told.unwrap_or_default())
    }
}
