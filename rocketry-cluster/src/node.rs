//! The thread that runs for the lead. It never calls user code.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Duration;

use rocketry_core::cluster::{Cluster, Membership, Relay, Role, Seat, SharedLog, Work};
use rocketry_core::{Error, Result};

use crate::elector::{Elector, Step};
use crate::pulse::{News, Pulse, forgotten};
use crate::store::Store;

/// How often a node that leaves tries to tell the store so: one call may just be slow.
const FAREWELLS: u32 = 3;

/// A cluster made of a store and a run log, for custom stores and for tests.
pub struct Nodes<S, L> {
    store: Box<Open<S>>,
    log: Box<Open<L>>,
    relay: Option<Box<Open<Box<dyn Relay>>>>,
    work: Option<Box<Open<Box<dyn Work>>>>,
}

/// A function that opens a store or a log for one node.
type Open<T> = dyn Fn() -> Result<T> + Send + Sync;

impl<S: Store, L: SharedLog> Nodes<S, L> {
    /// Creates a cluster from functions that open its store and its log.
    pub fn new(
        store: impl Fn() -> Result<S> + Send + Sync + 'static,
        log: impl Fn() -> Result<L> + Send + Sync + 'static,
    ) -> Self {
        Nodes {
            store: Box::new(store),
            log: Box::new(log),
            relay: None,
            work: None,
        }
    }

    /// Sets the function that opens the relay, through which nodes that stand by forward requests and changes
    /// to the leader.
    #[must_use]
    pub fn relay<R: Relay>(mut self, relay: impl Fn() -> Result<R> + Send + Sync + 'static) -> Self {
        self.relay = Some(Box::new(move || Ok(Box::new(relay()?))));
        self
    }

    /// Sets the function that opens the table through which the leader hands over runs.
    #[must_use]
    pub fn work<W: Work>(mut self, work: impl Fn() -> Result<W> + Send + Sync + 'static) -> Self {
        self.work = Some(Box::new(move || Ok(Box::new(work()?))));
        self
    }
}

impl<S: Store, L: SharedLog> Cluster for Nodes<S, L> {
    fn open_log(&self) -> Result<Box<dyn SharedLog>> {
        Ok(Box::new((self.log)()?))
    }

    fn join(&self, seat: Seat) -> Result<Box<dyn Membership>> {
        Ok(Box::new(Agent::start((self.store)()?, seat)?))
    }

    fn open_relay(&self) -> Result<Option<Box<dyn Relay>>> {
        self.relay.as_ref().map(|open| open()).transpose()
    }

    fn open_work(&self) -> Result<Option<Box<dyn Work>>> {
        self.work.as_ref().map(|open| open()).transpose()
    }
}

impl<S, L> fmt::Debug for Nodes<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nodes").finish_non_exhaustive()
    }
}

/// A handle to the thread that runs for the lead.
struct Agent {
    shared: Arc<Shared>,
    thread: ThreadId,
    /// Present until the agent is dropped.
    _handle: JoinHandle<()>,
    risks: Vec<String>,
    patience: Duration,
}

#[derive(Default)]
struct Shared {
    wishes: Mutex<Wishes>,
    changed: Condvar,
}

#[derive(Default)]
struct Wishes {
    resign: bool,
    leave: bool,
    is_over: bool,
    /// The instances of nodes that still have to be asked to drain.
    drains: Vec<Arc<str>>,
}

impl Shared {
    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Agent {
    fn start(mut store: impl Store, seat: Seat) -> Result<Self> {
        let elector = Elector::new(seat.name().clone(), seat.instance().clone(), seat.lease());
        let risks = store.risks(elector.limit().max(Duration::from_secs(5)));
        let risks = risks.unwrap_or_else(|error| vec![format!("the cluster can't be reached: {error}")]);
        let shared = Arc::<Shared>::default();
        let patience = elector.limit() * (FAREWELLS + 1);
        let mut runner = Runner {
            store,
            seat,
            elector,
            pulse: Pulse::default(),
            shared: shared.clone(),
            has_failed: false,
        };
        let run = move || runner.run();
        let handle = thread::Builder::new().name("rocketry-lead".into()).spawn(run);
        let handle = handle.map_err(|cause| {
            Error::log(format!(
                "the thread that runs for the lead can't be started: {cause}"
            ))
        })?;
        Ok(Agent {
            shared,
            thread: handle.thread().id(),
            _handle: handle,
            risks,
            patience,
        })
    }
}

impl Membership for Agent {
    fn resign(&self) {
        self.shared.wishes().resign = true;
        self.shared.changed.notify_all();
    }

    fn ask_to_drain(&self, instance: &str) {
        self.shared.wishes().drains.push(instance.into());
        self.shared.changed.notify_all();
    }

    fn leave(&self) {
        let mut wishes = self.shared.wishes();
        wishes.leave = true;
        self.shared.changed.notify_all();
        // The thread itself may drop the last reference to the app.
        if thread::current().id() == self.thread {
            return;
        }
        let waited = self
            .shared
            .changed
            .wait_timeout_while(wishes, self.patience, |wishes| !wishes.is_over);
        drop(waited);
    }

    fn risks(&self) -> Vec<String> {
        self.risks.clone()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.leave();
    }
}

struct Runner<S> {
    store: S,
    seat: Seat,
    elector: Elector,
    pulse: Pulse,
    shared: Arc<Shared>,
    /// Whether the last call has failed, so that consecutive failures are reported once.
    has_failed: bool,
}

impl<S: Store> Runner<S> {
    fn run(&mut self) {
        while !self.is_over() {
            let now = self.seat.elapsed();
            match self.elector.next(now) {
                Step::Read => {
                    let answer = self.store.read(self.elector.limit());
                    self.note_failure(answer.as_ref().err());
                    self.elector.has_read(self.seat.elapsed(), answer);
                }
                Step::Put { expected, lease } => {
                    let answer = self.store.put(expected, &lease, self.elector.limit());
                    self.note_failure(answer.as_ref().err());
                    self.elector.has_put(now, self.seat.elapsed(), answer);
                }
                Step::Wait { until } => {
                    // The app has to know before the wait whether it leads.
                    self.tell();
                    if !self.asks_to_drain() && !self.beats(now) {
                        self.wait(until.saturating_sub(now));
                    }
                }
            }
            self.tell();
        }
        self.forget_this();
        let mut wishes = self.shared.wishes();
        wishes.is_over = true;
        self.shared.changed.notify_all();
    }

    /// Removes what the node has written about itself. If the store does not respond, the other nodes forget this one after a
    /// while.
    fn forget_this(&mut self) {
        let mut forget = || self.store.forget(&[self.seat.instance()], self.elector.limit());
        for _ in 0..FAREWELLS {
            if forget().is_ok() {
                return;
            }
        }
    }

    /// Carries out requests. Returns whether the node has left and the store knows it.
    fn is_over(&mut self) -> bool {
        let mut wishes = self.shared.wishes();
        let resigns = std::mem::take(&mut wishes.resign) || wishes.leave;
        let leaves = wishes.leave;
        drop(wishes);
        if resigns {
            self.elector.resign(self.seat.elapsed());
            self.tell();
        }
        if self.seat.is_draining() {
            self.elector.stand_aside();
        }
        leaves && !self.elector.is_releasing()
    }

    fn tell(&self) {
        match self.elector.role() {
            Role::Leader { term, until } => self.seat.lead(term, until),
            Role::Follower { leader } => self.seat.follow(leader),
        }
    }

    /// Sends a heartbeat and reads those of the others, if it is due. At this point no other step is due and
    /// the store has just responded, so a renewal is never delayed much. Returns whether it was due.
    fn beats(&mut self, now: Duration) -> bool {
        let (leader, term) = match self.elector.role() {
            Role::Leader { term, .. } => (None, Some(term)),
            Role::Follower { leader } => (leader, None),
        };
        let heartbeat = self.seat.heartbeat();
        let is_draining = heartbeat.is_draining;
        let news = News {
            leader,
            term,
            is_draining,
        };
        if self.has_failed || !self.pulse.is_due(now, &news) {
            return false;
        }
        self.pulse.beats(now, self.seat.lease(), news);
        let limit = self.elector.limit() / 2;
        let heard = self.store.beat(&heartbeat, limit);
        self.note_failure(heard.as_ref().err());
        let Ok(nodes) = heard else { return true };
        let over = forgotten(&nodes, &heartbeat, self.seat.lease());
        if !over.is_empty() {
            let forgot = self.store.forget(&over, limit);
            self.note_failure(forgot.err().as_ref());
        }
        self.seat.hear(nodes);
        true
    }

    /// Asks nodes to drain, if requested. Returns whether any was requested. Nodes that could not be asked
    /// are asked again later.
    fn asks_to_drain(&mut self) -> bool {
        if self.has_failed {
            return false;
        }
        let drains = std::mem::take(&mut self.shared.wishes().drains);
        for instance in &drains {
            let asked = self.store.ask_to_drain(instance, self.elector.limit() / 2);
            self.note_failure(asked.as_ref().err());
            if asked.is_err() {
                self.shared.wishes().drains.push(instance.clone());
            }
        }
        !drains.is_empty()
    }

    /// A leader waits for requests, a follower for the end of another node's lead.
    fn wait(&mut self, time: Duration) {
        if matches!(self.elector.role(), Role::Follower { .. }) {
            if !self.shared.wishes().leave && self.store.wait(time) {
                self.elector.look_now(self.seat.elapsed());
            }
            return;
        }
        let wishes = self.shared.wishes();
        let waited = self.shared.changed.wait_timeout_while(wishes, time, |wishes| {
            !wishes.leave && !wishes.resign && wishes.drains.is_empty()
        });
        drop(waited);
    }

    fn note_failure(&mut self, error: Option<&Error>) {
        if let Some(error) = error.filter(|_| !self.has_failed) {
            tracing::warn!(target: "rocketry::app", %error, "the cluster can't be reached");
        }
        self.has_failed = error.is_some();
    }
}
