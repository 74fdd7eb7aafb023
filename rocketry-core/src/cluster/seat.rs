//! Whether a node leads, as the thread that runs for the lead tells the app.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::clock::Clock;

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
    name: Arc<str>,
    lease: Duration,
    clock: Clock,
    role: Mutex<Role>,
    on_change: OnceLock<OnChange>,
}

/// Called when the role changes, outside of any lock of the seat.
type OnChange = Box<dyn Fn(&Role) + Send + Sync>;

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
    pub fn new(name: impl Into<Arc<str>>, lease: Duration, clock: Clock) -> Self {
        Seat(Arc::new(Shared {
            name: name.into(),
            lease,
            clock,
            role: Mutex::new(Role::Follower { leader: None }),
            on_change: OnceLock::new(),
        }))
    }

    /// The name of the node.
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
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

    /// Tells the app that the node leads, or leads for longer: until an instant of [`elapsed`](Self::elapsed).
    pub fn lead(&self, term: u64, until: Duration) {
        self.set(Role::Leader { term, until });
    }

    /// Tells the app that the node stands by, and which node leads.
    pub fn follow(&self, leader: Option<Arc<str>>) {
        self.set(Role::Follower { leader });
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
            .field("name", &self.0.name)
            .field("role", &self.role())
            .finish_non_exhaustive()
    }
}
