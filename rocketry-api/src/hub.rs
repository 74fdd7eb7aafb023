//! Passes the events of an app on to all that follow it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use rocketry_core::{Event, Events, Session};
use tokio::sync::broadcast::{self, Receiver, Sender, WeakSender};

use crate::reply::written;

/// How many events a follower may be behind before it misses some. They are kept once for all followers.
const BEHIND: usize = 1024;

/// How often the hub checks that it still has followers.
const LOOK: Duration = Duration::from_secs(15);

/// The one subscription behind all streams of events. It exists while there are followers. An event is written as JSON
/// once for all of them, and never if there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hub(Arc<Mutex<Option<WeakSender<Bytes>>>>);

impl Hub {
    /// Follows the events from now on, each as a server-sent event. The stream ends with the app.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime.
    pub(crate) fn follow(&self, session: &Session) -> Receiver<Bytes> {
        let mut hub = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = hub.as_ref().and_then(WeakSender::upgrade) {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND);
        *hub = Some(sender.downgrade());
        tokio::spawn(self.clone().pass_on(session.subscribe(), sender));
        receiver
    }

    async fn pass_on(self, mut events: Events, to: Sender<Bytes>) {
        loop {
            match tokio::time::timeout(LOOK, events.next()).await {
                // An error means that the last follower has just gone.
                Ok(Some(event)) => drop(to.send(sent(&event))),
                Ok(None) => return,
                Err(_) if self.is_left(&to) => return,
                Err(_) => {}
            }
        }
    }

    /// Returns whether the last follower has left. The next one makes a new subscription.
    fn is_left(&self, sender: &Sender<Bytes>) -> bool {
        let mut hub = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sender.receiver_count() > 0 {
            return false;
        }
        *hub = None;
        true
    }
}

/// An event as a server-sent event.
pub(crate) fn sent(event: &Event) -> Bytes {
    match written(event) {
        Ok(json) => Bytes::from([b"data: ", json.as_slice(), b"\n\n"].concat()),
        Err(mistake) => Bytes::from(format!(": an event that is no JSON: {mistake}\n\n")),
    }
}
