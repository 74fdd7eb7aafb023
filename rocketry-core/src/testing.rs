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

/// How many cycles of the scheduler one instant may take while no requested run is made.
const MOST_CYCLES: usize = 20_000;

/// An app on a clock that only the test moves.
///
/// The clock jumps from one instant at which something may happen to the next. It stands still while a run is at
/// work, unless the run sleeps by the clock of the app ([`Clock::sleep`]); a run that waits for something
/// else holds the test up.
/// After five seconds of real time that is told as a failure of the part [`Waiting`](crate::Part::Waiting), and on the standard
/// error if nothing listens to `tracing`. A task that is always due and takes no time is a mistake: see [`settle`](Self::settle). A custom condition is asked again after each
/// [`poll_interval`](crate::Config::poll_interval): a longer one lets a year pass quickly.
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
    // It is dropped first and tells the runs to end, for whose threads the runtime waits.
    scheduler: Scheduler,
    runtime: Runtime,
    session: Session,
    /// Why the app could not restart.
    ended: Option<Error>,
}

/// An instant, as a test writes it: an RFC 3339 text or a [`Timestamp`].
pub trait Instant {
    /// The instant.
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
    /// Panics if the text is no instant: a test has nothing better to do.
    fn instant(self) -> Timestamp {
        self.parse()
            .unwrap_or_else(|mistake| panic!("`{self}` is no instant: {mistake}"))
    }
}

impl TestApp {
    /// Starts an app at an instant: its set-up and its start-up tasks have run when this returns. Time passes for a start-up task
    /// that sleeps by the clock of the app.
    ///
    /// The zone is UTC unless the app has settings of its own. A node of a cluster that does not lead stands by; it looks
    /// whether it leads when it [settles](Self::settle).
    ///
    /// # Errors
    ///
    /// Passes on what is wrong with the app.
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

    /// A handle to the app.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The present of the app.
    pub fn now(&self) -> Timestamp {
        self.session.now()
    }

    /// Lets time pass until an instant. What is due at that instant is done.
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

    /// Lets time pass until an instant in one step, as when the machine was asleep: what was due meanwhile is late.
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

    /// Sets the wall clock, forward or backward, as when somebody corrects the clock of a machine. No time passes: a
    /// run's timeout, a backoff and whoever sleeps by the clock of the app wait as long as before.
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

    /// Does what there is to do at this instant. An app that restarts starts anew.
    ///
    /// # Panics
    ///
    /// Panics if there is always something to do, because a task is always due and its runs take no time. The message
    /// names the task.
    pub fn settle(&mut self) {
        self.lead_if_possible();
        self.work();
        while self.scheduler.is_over() && self.session.state().restart.is_some() && self.ended.is_none() {
            self.ended = self.start_anew().err();
            self.work();
        }
    }

    /// Starts up once the node leads, if the app is one of a cluster.
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
                // Runs go first: one whose sleep is over may end, one that was cut off does.
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
                    scheduler.tell_waiting();
                }
            }
        });
        // A test may look at what the app has let go.
        drops::finish();
    }

    /// Ends the app as [`Session::shut_down`] does: runs under way that sleep are let to sleep on.
    pub fn shut_down(self) {
        // A test that cares about the failure that halted its app asks for it.
        drop(self.close());
    }

    /// Ends the app as [`shut_down`](Self::shut_down) does.
    ///
    /// # Errors
    ///
    /// Passes on the failure that has halted the app, as [`App::run`](crate::App::run) does.
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

    /// When a task has started, oldest first.
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

    /// The records that fit, oldest first.
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

/// How much is done at one instant.
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

    /// Gives up if there is always something to do.
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

/// Ends a test whose clock would stand still for ever.
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

/// Whether some run is at work: it does not sleep, or has to end.
fn busy(session: &Session, stuck: usize) -> bool {
    let asleep = stuck + session.clock().as_manual().map_or(0, |clock| clock.sleepers().0);
    let state = session.state();
    let mut runs = state.tasks.iter().flat_map(|task| task.runs.running.iter());
    state.active > asleep || runs.any(|run| run.stopped.is_some())
}
