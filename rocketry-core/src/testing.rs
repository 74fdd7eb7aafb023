//! Runs an app on manual time: a year in milliseconds.

mod wall_clock;

use std::time::Duration;

use rocketry_syntax::ast::Delta;
use tokio::runtime::Runtime;

use crate::app::Rocketry;
use crate::clock::{Clock, ManualClock};
use crate::dispatch::race::race;
use crate::drops::{self, held};
use crate::error::{Error, Kind, Result};
use crate::log::{Action, Query, Record};
use crate::scheduler::Scheduler;
use crate::session::{PATIENCE, Session};
use crate::time::Timestamp;
pub use wall_clock::WallClock;

/// The maximum number of cycles of the scheduler at one instant without a requested run.
const MOST_CYCLES: usize = 20_000;

/// An app on a clock that only the test moves.
///
/// The clock jumps from one instant at which something may happen to the next. It does not move while a run
/// is in progress, unless the run sleeps by the clock of the app ([`Clock::sleep`]). A run that waits for
/// anything else blocks the test; after five seconds of real time this is reported as a failure of the part
/// [`Waiting`](crate::Part::Waiting), and on standard error if no `tracing` subscriber is set. A task that is
/// always due and takes no time is a mistake: see [`settle`](Self::settle). A custom condition is evaluated
/// again after each [`poll_interval`](crate::Config::poll_interval); a longer interval lets a year pass
/// faster.
///
/// ```
/// use rocketry::{Rocketry, testing::TestApp};
///
/// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
/// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
/// app.run_until("2027-01-01T00:00:00Z");
/// assert_eq!(app.starts("report").len(), 365);
/// assert_eq!(app.starts("report")[0].to_string(), "2026-01-01T07:00:00.000000Z");
/// # Ok::<(), rocketry::Error>(())
/// ```
pub struct TestApp {
    // Dropped first: this tells the runs to end, and the runtime waits for their threads.
    scheduler: Scheduler,
    runtime: Runtime,
    session: Session,
    /// Why the app could not restart.
    ended: Option<Error>,
}

/// An instant in a test: an RFC 3339 string or a [`Timestamp`].
pub trait Instant {
    /// Returns the instant.
    fn instant(self) -> Timestamp;
}

impl Instant for Timestamp {
    fn instant(self) -> Timestamp {
        self
    }
}

impl Instant for &str {
    /// # Panics
    ///
    /// Panics if the text is not a valid instant.
    fn instant(self) -> Timestamp {
        self.parse()
            .unwrap_or_else(|mistake| panic!("`{self}` is not an instant: {mistake}"))
    }
}

impl TestApp {
    /// Starts an app at an instant. Its set-up functions and start-up tasks have run when this returns. Time
    /// passes for a start-up task that sleeps by the clock of the app.
    ///
    /// The time zone is UTC unless the app has its own settings. A cluster node that does not lead stands by,
    /// and checks whether it leads each time it [settles](Self::settle).
    ///
    /// # Errors
    ///
    /// Returns an error if the app can't be built or started.
    pub fn start(app: Rocketry, at: impl Instant) -> Result<Self> {
        let session = app.on_clock(Clock::manual(at.instant())).build()?.into_session();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|cause| Error::new(Kind::State, format!("the runtime can't be made: {cause}")))?;
        let mut scheduler = {
            let _inside = runtime.enter();
            Scheduler::new(session.clone())?
        };
        runtime.block_on(held(scheduler.start_up()))?;
        let mut app = TestApp {
            scheduler,
            runtime,
            session,
            ended: None,
        };
        app.settle();
        Ok(app)
    }

    /// Returns a handle to the app.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the current time of the app.
    pub fn now(&self) -> Timestamp {
        self.session.now()
    }

    /// Lets time pass until an instant. Everything that is due at that instant is done.
    pub fn run_until(&mut self, until: impl Instant) {
        let until = until.instant();
        self.settle();
        while let Some(next) = self.next_instant().filter(|next| *next <= until) {
            self.sleep_until(next);
        }
        if self.now() < until {
            self.sleep_until(until);
        }
    }

    /// Lets time pass.
    pub fn run_for(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.run_until(self.now().saturating_add(Delta(micros)));
    }

    /// Moves the clock to an instant in one step, as if the machine had been asleep. Everything that was due
    /// meanwhile is late.
    ///
    /// ```
    /// use rocketry::{Action, Query, Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// app.sleep_until("2026-01-01T09:00:00Z");
    /// let runs = app.records(&Query::new().task("report").action(Action::Run));
    /// assert_eq!(runs[0].lateness().as_secs(), 2 * 3600);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn sleep_until(&mut self, until: impl Instant) {
        self.clock().pass_until(until.instant());
        self.settle();
    }

    /// Sets the wall clock forward or backward, as when an administrator corrects the clock of a machine. No
    /// time passes: timeouts, backoffs and sleeps by the clock of the app are not affected.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-04-20T12:00:00Z")?;
    /// app.jump("2026-03-03T12:00:00Z");
    /// app.run_until("2026-03-05T12:00:00Z");
    /// assert_eq!(app.starts("report").len(), 3, "one of April, two of March");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn jump(&mut self, to: impl Instant) {
        self.clock().set(to.instant());
        self.settle();
    }

    fn clock(&self) -> &ManualClock {
        self.session
            .clock()
            .as_manual()
            .expect("a test's clock is manual")
    }

    /// Does everything that is due at this instant. An app that restarts starts again.
    ///
    /// # Panics
    ///
    /// Panics if the work never ends, because a task is always due and its runs take no time. The message
    /// names the task.
    pub fn settle(&mut self) {
        self.lead_if_possible();
        self.work();
        while self.scheduler.is_over() && self.session.state().restart.is_some() && self.ended.is_none() {
            self.ended = self.start_anew().err();
            self.work();
        }
    }

    /// Starts up the app once its node leads the cluster.
    fn lead_if_possible(&mut self) {
        if self.ended.is_none()
            && self.session.stands_by()
            && (self.session.may_begin() || self.session.is_behind())
        {
            self.ended = self.runtime.block_on(held(self.scheduler.start_up())).err();
        }
    }

    fn start_anew(&mut self) -> Result<()> {
        self.runtime.block_on(held(self.scheduler.close()))?;
        if self.scheduler.restart_if_requested() {
            let _inside = self.runtime.enter();
            self.scheduler = Scheduler::new(self.session.clone())?;
            self.runtime.block_on(held(self.scheduler.start_up()))?;
        }
        Ok(())
    }

    fn work(&mut self) {
        let TestApp {
            scheduler,
            runtime,
            session,
            ..
        } = self;
        let clock = session.clock().as_manual().expect("a test's clock is manual");
        let mut effort = Effort::begin(session);
        let mut is_told = false;
        runtime.block_on(async {
            loop {
                // Runs go first: a run whose sleep is over may end, and a run that was cut off does end.
                tokio::task::yield_now().await;
                if held(scheduler.settle_within(MOST_CYCLES)).await {
                    effort.check(session);
                    continue;
                }
                if !scheduler.is_writing() && !busy(session, scheduler.stuck_runs()) {
                    break;
                }
                let news = race(session.0.inbox.wait(), clock.bell.notified());
                if is_told {
                    news.await;
                } else if tokio::time::timeout(PATIENCE, news).await.is_err() {
                    is_told = true;
                    scheduler.report_waiting();
                }
            }
        });
        // A test may check what the app has dropped.
        drops::finish();
    }

    /// Shuts the app down like [`Session::shut_down`]. Runs that sleep finish their sleep.
    pub fn shut_down(self) {
        // A test that needs the failure that halted its app calls `close`.
        drop(self.close());
    }

    /// Shuts the app down like [`shut_down`](Self::shut_down).
    ///
    /// # Errors
    ///
    /// Returns the failure that halted the app, like [`App::run`](crate::App::run).
    pub fn close(mut self) -> Result<()> {
        self.session.shut_down();
        self.settle();
        if let Some(error) = self.ended.take() {
            return Err(error);
        }
        while !self.scheduler.is_over()
            && let Some(next) = self.next_instant()
        {
            self.sleep_until(next);
        }
        let TestApp {
            runtime, scheduler, ..
        } = &mut self;
        runtime.block_on(held(scheduler.close()))
    }

    /// Returns when a task started, oldest first.
    ///
    /// # Panics
    ///
    /// Panics if the log can't be read.
    pub fn starts(&self, task: &str) -> Vec<Timestamp> {
        self.records(&Query::new().task(task).action(Action::Run))
            .into_iter()
            .map(|record| record.created)
            .collect()
    }

    /// Returns the matching records, oldest first.
    ///
    /// # Panics
    ///
    /// Panics if the log can't be read.
    pub fn records(&self, query: &Query) -> Vec<Record> {
        self.session.log(query).expect("the log can be read")
    }

    fn next_instant(&self) -> Option<Timestamp> {
        [self.scheduler.next_instant(), self.clock().sleepers().1]
            .into_iter()
            .flatten()
            .min()
    }
}

/// The amount of work done at one instant.
struct Effort {
    since: u64,
    requested: usize,
}

impl Effort {
    fn begin(session: &Session) -> Self {
        let state = session.state();
        Effort {
            since: state.cycles,
            requested: state.tasks.iter().map(|task| task.queue.len()).sum(),
        }
    }

    /// Panics if the work at this instant never ends.
    fn check(&mut self, session: &Session) {
        if session.cycles() - self.since < MOST_CYCLES as u64 {
            return;
        }
        let now = Effort::begin(session);
        if now.requested >= self.requested {
            give_up(session);
        }
        *self = now;
    }
}

/// Ends a test whose clock would never move again.
fn give_up(session: &Session) -> ! {
    let now = session.now();
    let state = session.state();
    let of_now = state
        .tasks
        .iter()
        .filter(|task| task.runs.history.last(Action::Run) == Some(now));
    let busiest = of_now.max_by_key(|task| task.runs.history.total(Action::Run));
    let name = busiest.map(|task| task.spec.name.clone()).unwrap_or_default();
    drop(state);
    panic!(
        "the app never comes to rest at {now}: task `{name}` starts again each time that it has run, and its runs take no time; \
         let it wait (`Clock::sleep`), or let it start less often (`every 1 second`)"
    );
}

/// Returns true if a run is in progress: it does not sleep, or it has to end.
fn busy(session: &Session, stuck: usize) -> bool {
    let asleep = stuck + session.clock().as_manual().map_or(0, |clock| clock.sleepers().0);
    let state = session.state();
    let mut runs = state.tasks.iter().flat_map(|task| task.runs.running.iter());
    state.active > asleep || runs.any(|run| run.stopped.is_some())
}
