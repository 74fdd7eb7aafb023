//! Whether a node leads, as the thread that runs for the lead tells the app.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::heartbeat::{HeardNode, Heartbeat, NodeInfo, NodeProfile};
use super::roster::{News, Roster};
use crate::clock::Clock;
use crate::time::Timestamp;

/// What a node is to its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It stands by.
    Follower {
        /// The name of the node that leads, if that is known.
        leader: Option<Arc<str>>,
    },
    /// It leads.
    Leader {
        /// The number of its lead: each new leader has a greater one.
        term: u64,
        /// Until when it may rely on its lead, by [`Seat::elapsed`].
        until: Duration,
    },
}

/// A node as its app and its cluster share it: its name, its role, and the clock by which leases run.
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
    /// The term in which the app has taken over the run log; 0 if it has not, or has let go of it.
    log_term: AtomicU64,
    on_change: OnceLock<OnChange>,
    count_runs: OnceLock<CountRuns>,
    on_drain: OnceLock<OnDrain>,
    on_news: OnceLock<OnNews>,
    /// How many runs the node made when they were counted last.
    runs: AtomicUsize,
    is_draining: AtomicBool,
    roster: Roster,
}

/// Called when the role changes, outside of any lock of the seat.
type OnChange = Box<dyn Fn(&Role) + Send + Sync>;

/// Called when the node is asked to drain.
type OnDrain = Box<dyn Fn() + Send + Sync>;

/// Called when there is news of the nodes.
type OnNews = Box<dyn Fn(&News) + Send + Sync>;

/// Counts the runs that the node makes, unless it would have to wait for that.
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

    /// The name of the node.
    pub fn name(&self) -> &Arc<str> {
        &self.0.profile.name
    }

    /// What tells the node from others of its name, and from itself before a restart.
    pub fn instance(&self) -> &Arc<str> {
        &self.0.instance
    }

    /// The lanes of the node: see [`Config::lanes`](crate::Config::lanes).
    pub fn lanes(&self) -> &[Arc<str>] {
        &self.0.profile.lanes
    }

    /// How long a leader that is not heard of keeps its lead.
    pub fn lease(&self) -> Duration {
        self.0.lease
    }

    /// The time that has passed since some fixed instant, by the clock of the app. Setting the wall clock does not change
    /// it; the sleep of the machine counts.
    pub fn elapsed(&self) -> Duration {
        self.0.clock.elapsed()
    }

    /// The role of the node. A leader that can't rely on its lead any more may still be called so: see
    /// [`term`](Self::term).
    pub fn role(&self) -> Role {
        self.current().clone()
    }

    /// The term of the node's lead, if it leads and may rely on that at this instant.
    pub fn term(&self) -> Option<u64> {
        match *self.current() {
            Role::Leader { term, until } if self.elapsed() < until => Some(term),
            _ => None,
        }
    }

    /// The term in which the app may write to the run log: that of the lead in which it has taken it over. What is left of an
    /// earlier lead is not written in a later one.
    pub(crate) fn writing_term(&self) -> Option<u64> {
        let taken = self.0.log_term.load(Ordering::Acquire);
        self.term().filter(|term| *term == taken)
    }

    /// Notes that the app takes over the run log in a term.
    pub(crate) fn take_log(&self, term: u64) {
        self.0.log_term.store(term, Ordering::Release);
    }

    /// Notes that the app writes nothing any more.
    pub(crate) fn let_go_of_log(&self) {
        self.take_log(0);
    }

    /// Tells the app that the node leads, or leads for longer: until an instant of [`elapsed`](Self::elapsed).
    pub fn lead(&self, term: u64, until: Duration) {
        self.set(Role::Leader { term, until });
    }

    /// Tells the app that the node stands by, and which node leads.
    pub fn follow(&self, leader: Option<Arc<str>>) {
        self.set(Role::Follower { leader });
    }

    /// What the node tells the others of itself.
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

    /// Whether the node takes nothing new and ends once its runs have ended. Then it does not run for the lead any more.
    pub fn is_draining(&self) -> bool {
        self.0.is_draining.load(Ordering::Relaxed)
    }

    /// Notes that the node takes nothing new.
    pub(crate) fn drain(&self) {
        self.0.is_draining.store(true, Ordering::Relaxed);
    }

    /// Tells the app which nodes there are. If this one is among them and was asked to drain, the app drains it.
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

    /// The nodes of the cluster, as they were last [heard](Self::hear) of: those that are not lost first, by their names.
    pub fn nodes(&self) -> Vec<NodeInfo> {
        let mut nodes = self.0.roster.nodes(&self.0.instance, self.0.lease, &self.0.clock);
        if let Some(own) = nodes.iter_mut().find(|node| node.is_this) {
            // The others hear of it with the next heartbeat.
            own.is_draining |= self.is_draining();
        }
        nodes
    }

    /// Sets the function that counts the runs of the node, for its [heartbeat](Self::heartbeat). It is called on the thread that runs
    /// for the lead, and returns `None` rather than wait. Only the first call counts.
    pub(crate) fn on_heartbeat(&self, count: impl Fn() -> Option<usize> + Send + Sync + 'static) {
        let _ = self.0.count_runs.set(Box::new(count));
    }

    /// Sets the function that is called when there is news of the nodes. Only the first call counts.
    pub(crate) fn on_news(&self, tell: impl Fn(&News) + Send + Sync + 'static) {
        let _ = self.0.on_news.set(Box::new(tell));
    }

    /// Sets the function that is called when the node is asked to drain. Only the first call counts.
    pub(crate) fn on_drain(&self, drain: impl Fn() + Send + Sync + 'static) {
        let _ = self.0.on_drain.set(Box::new(drain));
    }

    /// Has the app called when the role changes. Only the first call counts.
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

/// The number of the process, and when and as which one the node was made there.
fn instance(name: &str) -> Arc<str> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let now = Clock::system().now().as_micros();
    format!("{name}#{}-{now}-{number}", std::process::id()).into()
}
