//! Forwards the events of an app to all followers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use rocketry_core::{Event, Events, Session};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{self, Receiver, Sender, WeakSender};
use tokio::time::{Instant, sleep_until, timeout};

use crate::reply::written;

/// The number of parts that a follower may fall behind before it loses some. They are stored once for all
/// followers.
const BEHIND: usize = 256;

/// The minimum pause between two parts if the next part is not full. A single event is not delayed.
const REST: Duration = Duration::from_millis(50);

/// The minimum pause between two parts, per follower. Each part is a write per follower, so there are at most
/// 4,000 writes per second, regardless of the number of followers.
const REST_EACH: Duration = Duration::from_micros(250);

/// The interval at which events are collected for a part, so that the app does not wake the hub for each
/// event.
const COLLECT: Duration = Duration::from_millis(10);

/// The number of bytes that complete a part.
const FULL: usize = 32 * 1024;

/// The interval at which the hub checks whether it still has followers.
const LOOK: Duration = Duration::from_secs(15);

/// The subscription behind all streams of events. It exists while there are followers. Each event is
/// serialised once for all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hub {
    parts: Arc<Mutex<Option<WeakSender<Part>>>>,
    /// The number of followers so far.
    followers: Arc<AtomicUsize>,
}

/// Events that are sent together, as server-sent events.
#[derive(Clone, Debug)]
struct Part {
    /// The number of events sent before.
    before: u64,
    count: u64,
    text: Bytes,
    /// The number of followers to which it is sent.
    followers: usize,
}

/// A follower of the events.
#[derive(Debug)]
pub(crate) struct Follower {
    parts: Receiver<Part>,
    /// The number of events that were sent when it received its last part.
    seen: Option<u64>,
    /// Its number.
    number: usize,
    turn: Duration,
}

impl Hub {
    /// Follows the events from now on.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime.
    pub(crate) fn follow(&self, session: &Session) -> Follower {
        Follower {
            parts: self.parts(session),
            seen: None,
            number: self.followers.fetch_add(1, Ordering::Relaxed),
            turn: Duration::ZERO,
        }
    }

    fn parts(&self, session: &Session) -> Receiver<Part> {
        let mut hub = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = hub.as_ref().and_then(WeakSender::upgrade) {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND);
        *hub = Some(sender.downgrade());
        tokio::spawn(self.clone().pass_on(session.subscribe(), sender));
        receiver
    }

    async fn pass_on(self, mut events: Events, to: Sender<Part>) {
        let mut before = 0;
        let mut rest = Rest::none();
        loop {
            match timeout(LOOK, events.next()).await {
                Ok(Some(event)) => {
                    let mut part = gather(before, &event, &mut events, rest).await;
                    before += part.count;
                    part.followers = to.receiver_count();
                    match to.send(part) {
                        Ok(followers) => rest = Rest::after(followers),
                        Err(_) if self.is_left(&to) => return,
                        Err(_) => {}
                    }
                }
                Ok(None) => return,
                Err(_) if self.is_left(&to) => return,
                Err(_) => {}
            }
        }
    }

    /// Returns whether the last follower has left. The next follower creates a new subscription.
    fn is_left(&self, sender: &Sender<Part>) -> bool {
        let mut hub = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if sender.receiver_count() > 0 {
            return false;
        }
        *hub = None;
        true
    }
}

/// The earliest instants of the next part.
#[derive(Clone, Copy, Debug)]
struct Rest {
    /// For a full part.
    full: Instant,
    /// For any part.
    any: Instant,
}

impl Rest {
    /// Creates a rest that has already ended.
    fn none() -> Self {
        let now = Instant::now();
        Rest { full: now, any: now }
    }

    /// Creates the rest after a part was sent to `followers` followers.
    fn after(followers: usize) -> Self {
        let now = Instant::now();
        let each = REST_EACH.saturating_mul(u32::try_from(followers).unwrap_or(u32::MAX));
        Rest {
            full: now + each,
            any: now + each.max(REST),
        }
    }
}

/// Collects an event and those that follow until a part may be sent. Ends early if the app has ended.
async fn gather(before: u64, first: &Event, events: &mut Events, rest: Rest) -> Part {
    let mut text = sent(first);
    let mut count = 1;
    loop {
        while text.len() < FULL
            && let Some(event) = events.try_next()
        {
            text.extend(sent(&event));
            count += 1;
        }
        let until = if text.len() < FULL { rest.any } else { rest.full };
        let now = Instant::now();
        if now >= until || events.is_closed() {
            break;
        }
        sleep_until(until.min(now + COLLECT)).await;
    }
    Part {
        before,
        count,
        text: text.into(),
        followers: 1,
    }
}

impl Follower {
    /// Waits for the next events, as server-sent events. Returns `None` once the app has ended. If the
    /// follower was too slow, the events begin with the number of those that it missed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no event.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        let part = loop {
            match self.parts.recv().await {
                Ok(part) => break part,
                // The next part shows how many events were in the lost ones.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        };
        let turn = self.number % part.followers.max(1);
        self.turn = REST_EACH.saturating_mul(u32::try_from(turn).unwrap_or(u32::MAX));
        let missed = self.seen.map_or(0, |seen| part.before - seen);
        self.seen = Some(part.before + part.count);
        if missed == 0 {
            return Some(part.text);
        }
        let mut text = sent(&Event::Lagged { missed });
        text.extend(part.text);
        Some(text.into())
    }

    /// Returns how long its last part is to wait, so that many followers are not written to at the same time: a thread that
    /// makes hundreds of writes in a row keeps its processor from others for milliseconds.
    pub(crate) fn turn(&self) -> Duration {
        self.turn
    }
}

/// An event as a server-sent event.
fn sent(event: &Event) -> Vec<u8> {
    match written(event) {
        Ok(json) => [b"data: ", json.as_slice(), b"\n\n"].concat(),
        Err(mistake) => format!(": an event that is not JSON: {mistake}\n\n").into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Bytes;
    use rocketry_core::testing::TestApp;
    use rocketry_core::{Rocketry, Task};
    use tokio::sync::broadcast;
    use tokio::time::Instant;

    use super::{FULL, Follower, Part, REST, REST_EACH, Rest, gather};

    /// Changes a task `changes` times. Returns the part that gathers the events, and the number of events.
    fn part_after(changes: usize) -> (Part, u64) {
        let app = Rocketry::builder().task(Task::func("fetch", || async {}));
        let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
        let task = app.session().task("fetch").unwrap();
        let (mut events, mut same) = (app.session().subscribe(), app.session().subscribe());
        for _ in 0..changes {
            task.disable();
            task.enable();
        }
        app.run_for(Duration::from_secs(1));
        let first = events.try_next().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let part = runtime.block_on(async { gather(7, &first, &mut events, Rest::none()).await });
        (part, std::iter::from_fn(|| same.try_next()).count() as u64)
    }

    #[test]
    fn events_that_are_there_go_out_together() {
        let (part, count) = part_after(3);
        assert!(count >= 6, "{count}");
        assert_eq!((part.before, part.count), (7, count));
        let text = String::from_utf8(part.text.to_vec()).unwrap();
        assert_eq!(text.matches("data: {").count() as u64, count);
        assert_eq!(text.matches("}\n\n").count() as u64, count);
    }

    #[test]
    fn a_part_is_bounded() {
        let (part, count) = part_after(400);
        assert!(part.count < count, "{} of {count}", part.count);
        assert!(part.text.len() < FULL + 1024, "{}", part.text.len());
    }

    #[tokio::test]
    async fn many_followers_get_fewer_parts() {
        let after = |followers| {
            let (now, rest) = (Instant::now(), Rest::after(followers));
            (rest.full - now, rest.any - now)
        };
        let (full, any) = after(1);
        assert!(full < REST && any >= REST, "{full:?} {any:?}");
        let (full, any) = after(1000);
        assert!(full >= 1000 * REST_EACH && any >= full, "{full:?} {any:?}");
        assert!(after(usize::MAX).0 > full);
    }

    #[tokio::test]
    async fn a_slow_follower_is_told_how_many_events_it_missed() {
        let (sender, parts) = broadcast::channel(2);
        let mut follower = Follower {
            parts,
            seen: None,
            number: 3,
            turn: Duration::ZERO,
        };
        let part = |before, count| Part {
            before,
            count,
            text: Bytes::from_static(b"events"),
            followers: 2,
        };
        sender.send(part(10, 1)).unwrap();
        assert_eq!(follower.next().await.unwrap(), "events");
        assert_eq!(follower.turn(), REST_EACH);
        for before in [11, 16, 21, 26] {
            sender.send(part(before, 5)).unwrap();
        }
        let told = follower.next().await.unwrap();
        assert_eq!(told, "data: {\"event\":\"lagged\",\"missed\":10}\n\nevents");
        assert_eq!(follower.next().await.unwrap(), "events");
        drop(sender);
        assert_eq!(follower.next().await, None);
    }
}
