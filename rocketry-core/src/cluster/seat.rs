//! The seat of a node: the thread that runs for the lead uses it to tell the app whether the node leads.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::heartbeat::{HeardNode, Heartbeat, NodeInfo, NodeProfile};
use super::roster::{News, Roster};
use crate::clock::Clock;
use crate::time::Timestamp;

/// The role of a node in its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It stands by.
    Follower {
        /// The name of the leader, if known.
        leader: Option<Arc<str>>,
    },
    /// It leads.
    Leader {
        /// The term of its lead, at least 1. Each new leader has a greater one.
        term: u64,
        /// How long it may rely on its lead, in terms of [`Seat::elapsed`].
        until: Duration,
    },
}

/// The state that a node's app and its cluster share: the node's name, its role, and the clock that measures
/// leases.
///
/// Clones refer to the same seat.
#[derive(Clone)]
pub struct Seat(Arc<Shared>);

struct Shared {
    profile: NodeProfile,
    instance: Arc<str>,
    started: Timestamp,
    lease: Duration,
    clock: Clock,
    role: Mutex<Role>,
    /// The term in which the app took over the run log; 0 if it has not, or has released it.
    log_term: AtomicU64,
    on_change: OnceLock<OnChange>,
    count_runs: OnceLock<CountRuns>,
    on_drain: OnceLock<OnDrain>,
    on_news: OnceLock<OnNews>,
    /// The number of runs on the node, as last counted.
    runs: AtomicUsize,
    is_draining: AtomicBool,
    roster: Roster,
}

/// A callback for changes of the role, called without any lock of the seat.
type OnChange = Box<dyn Fn(&Role) + Send + Sync>;

/// A callback for a request to drain.
type OnDrain = Box<dyn Fn() + Send + Sync>;

/// A callback for changes of the nodes.
type OnNews = Box<dyn Fn(&News) + Send + Sync>;

/// Counts the runs on the node; `None` if that would block.
type CountRuns = Box<dyn Fn() -> Option<usize> + Send + Sync>;

impl Seat {
    /// Creates the seat of a node that stands by.
    ///
    /// ```
    /// use std::time::Duration;
    /// use rocketry::cluster::{Role, Seat};
    /// use rocketry::Clock;
    ///
    /// let seat = Seat::new("a", Duration::from_secs(3), Clock::system());
    /// seat.lead(1, seat.elapsed() + Duration::from_secs(2));
    /// assert_eq!(seat.term(), Some(1));
    /// seat.follow(Some("b".into()));
    /// assert_eq!(seat.role(), Role::Follower { leader: Some("b".into()) });
    /// ```
    pub fn new(profile: impl Into<NodeProfile>, lease: Duration, clock: Clock) -> Self {
        let profile = profile.into();
        Seat(Arc::new(Shared {
            instance: instance(&profile.name),
            profile,
            started: clock.now(),
            lease,
            clock,
            role: Mutex::new(Role::Follower { leader: None }),
            log_term: AtomicU64::new(0),
            on_change: OnceLock::new(),
            count_runs: OnceLock::new(),
            on_drain: OnceLock::new(),
            on_news: OnceLock::new(),
            runs: AtomicUsize::new(0),
            is_draining: AtomicBool::new(false),
            roster: Roster::default(),
        }))
    }

    /// Returns the name of the node.
    pub fn name(&self) -> &Arc<str> {
        &self.0.profile.name
    }

    /// Returns the identity of the node, which distinguishes it from others with its name, and from itself
    /// before a restart.
    pub fn instance(&self) -> &Arc<str> {
        &self.0.instance
    }

    /// Returns the lanes of the node: see [`Config::lanes`](crate::Config::lanes).
    pub fn lanes(&self) -> &[Arc<str>] {
        &self.0.profile.lanes
    }

    /// Returns how long a leader keeps the lead without a heartbeat.
    pub fn lease(&self) -> Duration {
        self.0.lease
    }

    /// Returns the time that has passed since some fixed instant, by the clock of the app. Setting the wall
    /// clock does not affect it; it includes the time during which the machine sleeps.
    pub fn elapsed(&self) -> Duration {
        self.0.clock.elapsed()
    }

    /// Returns the role of the node. A leader that can no longer rely on its lead may still be returned as
    /// the leader: see [`term`](Self::term).
    pub fn role(&self) -> Role {
        self.current().clone()
    }

    /// Returns the term of the node's lead, if it leads and may rely on that now.
    pub fn term(&self) -> Option<u64> {
        match *self.current() {
            Role::Leader { term, until } if self.elapsed() < until => Some(term),
            _ => None,
        }
    }

    /// Returns the term in which the app may write to the run log: that of the lead in which it took over the
    /// log. Writes left over from an earlier lead are not made in a later one.
    pub(crate) fn writing_term(&self) -> Option<u64> {
        let taken = self.log_term();
        self.term().filter(|term| Some(*term) == taken)
    }

    /// Returns the term in which the app took over the run log, unless it has released it. Whatever was stored since then was
    /// stored in this term, even if the lease has expired meanwhile.
    pub(crate) fn log_term(&self) -> Option<u64> {
        Some(self.0.log_term.load(Ordering::Acquire)).filter(|term| *term > 0)
    }

    /// Records that the app takes over the run log in a term.
    pub(crate) fn take_log(&self, term: u64) {
        self.0.log_term.store(term, Ordering::Release);
    }

    /// Records that the app has released the run log and no longer writes to it.
    pub(crate) fn release_log(&self) {
        self.take_log(0);
    }

    /// Notifies the app that the node leads, or that its lead is extended, until an instant of
    /// [`elapsed`](Self::elapsed).
    pub fn lead(&self, term: u64, until: Duration) {
        self.set(Role::Leader { term, until });
    }

    /// Notifies the app that the node stands by, and which node leads.
    pub fn follow(&self, leader: Option<Arc<str>>) {
        self.set(Role::Follower { leader });
    }

    /// Returns the report of this node for the others.
    pub fn heartbeat(&self) -> Heartbeat {
        if let Some(runs) = self.0.count_runs.get().and_then(|count| count()) {
            self.0.runs.store(runs, Ordering::Relaxed);
        }
        Heartbeat {
            profile: self.0.profile.clone(),
            instance: self.0.instance.clone(),
            runs: self.0.runs.load(Ordering::Relaxed),
            is_draining: self.is_draining(),
            started: self.0.started,
        }
    }

    /// Returns whether the node is draining: it takes nothing new, does not run for the lead, and ends once
    /// its runs have ended.
    pub fn is_draining(&self) -> bool {
        self.0.is_draining.load(Ordering::Relaxed)
    }

    /// Marks the node as draining.
    pub(crate) fn drain(&self) {
        self.0.is_draining.store(true, Ordering::Relaxed);
    }

    /// Notifies the app of the known nodes. If this node is among them and was asked to drain, the app drains
    /// it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use rocketry::cluster::{HeardNode, Seat};
    /// use rocketry::Clock;
    ///
    /// let seat = Seat::new("a", Duration::from_secs(3), Clock::system());
    /// let silent_for = Duration::from_secs(1);
    /// let heartbeat = seat.heartbeat();
    /// seat.hear(vec![HeardNode { heartbeat, silent_for, term: Some(1), is_asked_to_drain: false }]);
    /// let nodes = seat.nodes();
    /// assert_eq!((&*nodes[0].name, nodes[0].term, nodes[0].is_this), ("a", Some(1), true));
    /// ```
    pub fn hear(&self, nodes: Vec<HeardNode>) {
        let is_asked =
            |node: &HeardNode| node.is_asked_to_drain && node.heartbeat.instance == self.0.instance;
        let is_asked = nodes.iter().any(is_asked);
        let news = self.0.roster.hear(nodes, self.0.lease, self.elapsed());
        if news.is_any
            && let Some(tell) = self.0.on_news.get()
        {
            tell(&news);
        }
        if is_asked
            && !self.is_draining()
            && let Some(drain) = self.0.on_drain.get()
        {
            drain();
        }
    }

    /// Returns the nodes of the cluster as last [reported](Self::hear), first those that are not lost, by
    /// name.
    pub fn nodes(&self) -> Vec<NodeInfo> {
        let mut nodes = self.0.roster.nodes(&self.0.instance, self.0.lease, &self.0.clock);
        if let Some(own) = nodes.iter_mut().find(|node| node.is_this) {
            // The other nodes learn of it with the next heartbeat.
            own.is_draining |= self.is_draining();
        }
        nodes
    }

    /// Sets the function that counts the runs on the node, for its [heartbeat](Self::heartbeat). It is called
    /// on the thread that runs for the lead, and returns `None` rather than block. Only the first call has an
    /// effect.
    pub(crate) fn on_heartbeat(&self, count: impl Fn() -> Option<usize> + Send + Sync + 'static) {
        let _ = self.0.count_runs.set(Box::new(count));
    }

    /// Sets the function that is called when nodes change. Only the first call has an effect.
    pub(crate) fn on_news(&self, tell: impl Fn(&News) + Send + Sync + 'static) {
        let _ = self.0.on_news.set(Box::new(tell));
    }

    /// Sets the function that is called when the node is asked to drain. Only the first call has an effect.
    pub(crate) fn on_drain(&self, drain: impl Fn() + Send + Sync + 'static) {
        let _ = self.0.on_drain.set(Box::new(drain));
    }

    /// Sets the function that is called when the role changes. Only the first call has an effect.
    pub(crate) fn on_change(&self, call: impl Fn(&Role) + Send + Sync + 'static) {
        let _ = self.0.on_change.set(Box::new(call));
    }

    fn set(&self, role: Role) {
        let before = std::mem::replace(&mut *self.current(), role.clone());
        let goes_on = match (&before, &role) {
            (Role::Leader { term: before, .. }, Role::Leader { term, .. }) => before == term,
            _ => before == role,
        };
        if !goes_on && let Some(call) = self.0.on_change.get() {
            call(&role);
        }
    }

    fn current(&self) -> MutexGuard<'_, Role> {
        self.0.role.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seat")
            .field("name", self.name())
            .field("role", &self.role())
            .finish_non_exhaustive()
    }
}

/// An identity from the process id, the time, and a counter of the nodes in the process.
fn instance(name: &str) -> Arc<str> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let now = Clock::system().now().as_micros();
    format!("{name}#{}-{now}-{number}", std::process::id()).into()
}
