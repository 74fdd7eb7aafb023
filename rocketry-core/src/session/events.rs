//! The stream of events of an app.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{Receiver, Sender};

use super::messages::is_traced;
use super::trace::trace;
use super::{Session, Shared};
use crate::engine::event::Event;

/// How many events a subscriber may fall behind before it loses events.
const CAPACITY: usize = 1024;

/// The channel of events. It is created by the first subscription and closed when the app has ended.
#[derive(Debug, Default)]
pub(crate) struct EventChannel(Mutex<Channel>);

#[derive(Debug, Default)]
enum Channel {
    #[default]
    Unused,
    Open(Sender<Event>),
    Closed,
}

/// A stream of the app's events, from the time of the subscription: see [`Session::subscribe`].
pub struct Events {
    app: Weak<Shared>,
    receiver: Option<Receiver<Event>>,
}

impl Session {
    /// Subscribes to the events of the app: requested, held, started, ended and skipped runs, changes of
    /// tasks, failures, and the phases of the app.
    ///
    /// Events arrive in the order in which they happen. Events about records arrive once the run log has
    /// stored the record, each record once. A subscriber never slows the app down: one that is more than
    /// 1,024 events behind loses the oldest, and [`Event::Lagged`] tells it how many. Without subscribers
    /// there is no overhead.
    ///
    /// ```
    /// use rocketry::{Event, Rocketry, Session, testing::TestApp};
    ///
    /// async fn watch(session: Session) {
    ///     let mut events = session.subscribe();
    ///     while let Some(event) = events.next().await {
    ///         if let Event::Ended(record) = event {
    ///             println!("{} ended with {}", record.task, record.action);
    ///         }
    ///     }
    /// }
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// let mut events = app.session().subscribe();
    /// app.run_until("2026-01-01T08:00:00Z");
    /// assert!(matches!(events.try_next(), Some(Event::Started(record)) if &*record.task == "report"));
    /// assert!(matches!(events.try_next(), Some(Event::Ended(_))));
    /// assert_eq!(events.try_next(), None);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn subscribe(&self) -> Events {
        let receiver = self.0.events.subscribe();
        if receiver.is_some() {
            self.state().events.add_subscriber();
        }
        Events {
            app: Arc::downgrade(&self.0),
            receiver,
        }
    }

    /// Publishes events in order.
    pub(crate) fn publish(&self, events: Vec<Event>) {
        if is_traced() {
            events.iter().for_each(trace);
        }
        if let Channel::Open(sender) = &*self.0.events.channel() {
            for event in events {
                // An error means that the last subscriber has just been dropped.
                let _ = sender.send(event);
            }
        }
    }
}

impl EventChannel {
    fn channel(&self) -> MutexGuard<'_, Channel> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn subscribe(&self) -> Option<Receiver<Event>> {
        let mut channel = self.channel();
        match &*channel {
            Channel::Open(sender) => Some(sender.subscribe()),
            Channel::Closed => None,
            Channel::Unused => {
                let (sender, receiver) = tokio::sync::broadcast::channel(CAPACITY);
                *channel = Channel::Open(sender);
                Some(receiver)
            }
        }
    }

    /// Ends the streams of all subscribers, after they have read the published events.
    pub(crate) fn close(&self) {
        *self.channel() = Channel::Closed;
    }
}

impl Events {
    /// Waits for the next event. Returns `None` once the app has ended and all events were read.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no event.
    pub async fn next(&mut self) -> Option<Event> {
        match self.receiver.as_mut()?.recv().await {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(missed)) => Some(Event::Lagged { missed }),
            Err(RecvError::Closed) => None,
        }
    }

    /// Returns true if the app has ended, so that no more events are published. Events that are already
    /// published can still be read.
    pub fn is_closed(&self) -> bool {
        self.receiver.as_ref().is_none_or(Receiver::is_closed)
    }

    /// Returns the next event if one is already available.
    pub fn try_next(&mut self) -> Option<Event> {
        match self.receiver.as_mut()?.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Lagged(missed)) => Some(Event::Lagged { missed }),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if self.receiver.take().is_some()
            && let Some(shared) = self.app.upgrade()
        {
            Session::of(shared).state().events.remove_subscriber();
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}
