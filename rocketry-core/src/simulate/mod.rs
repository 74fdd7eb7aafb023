//! Simulations of an app: what starts when, how late, and with which use of its pools.
//!
//! A simulation uses the engine itself, which decides about a copy of the app. It calls no function of the
//! app.

mod copy;
mod ends;
mod meter;
mod run;
mod summary;
mod watch;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

pub(crate) use ends::median_length;
pub use ends::{SimulatedEnd, SimulatedStart};
pub use run::{SimulatedRun, SimulatedSkip};
pub use summary::{PoolUse, Simulated, SimulationSummary, TaskUse};

use crate::cond::TaskRef;
use crate::engine::simulator::{Cycle, Simulator};
use crate::engine::state::Phase;
use crate::error::{Error, Kind, Result};
use crate::log::Action;
use crate::session::Session;
use crate::time::Timestamp;
use ends::{Ends, Function, Lengths};
use watch::Watch;

/// The maximum number of cycles at one instant.
const MOST_CYCLES: usize = 20_000;

/// A simulation of an app that has not been run yet. See [`Session::simulate`].
#[must_use = "nothing is simulated until it is run"]
pub struct Simulation<'a> {
    session: Session,
    range: Result<Range<Timestamp>>,
    lengths: Lengths,
    table: Vec<(String, SimulatedEnd)>,
    function: Option<Box<Function<'a>>>,
    answers: BTreeMap<String, bool>,
    most: usize,
}

impl Session {
    /// Simulates the app from one instant until just before another: what starts when, how late, and with
    /// which use of its pools. Configure the durations of runs on the returned [`Simulation`], then run it.
    ///
    /// The engine of the app makes all decisions, on a copy of the app. No function of the app is called,
    /// nothing is recorded, and the app is not changed. A run that is told to stop ends immediately.
    ///
    /// The copy starts with the current state of the app. An app that was not started, or that is simulated
    /// for the past, starts at the first instant. A running app continues from the present; what happens
    /// before the first instant is omitted from the result.
    ///
    /// ```
    /// use std::time::Duration;
    /// use rocketry::{Rocketry, Task};
    ///
    /// let app = Rocketry::builder()
    ///     .pool("db", 1)
    ///     .task(Task::func("load", || async {}).start("daily at 07:00").pool("db"))
    ///     .task(Task::func("report", || async {}).start("daily at 07:00").pool("db"))
    ///     .build()?;
    /// let session = app.session();
    /// let day = session
    ///     .simulate("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    ///     .takes("load", Duration::from_secs(600))
    ///     .run()?;
    /// assert_eq!(day.runs.len(), 2);
    /// assert_eq!(&*day.runs[1].task, "report");
    /// assert_eq!(day.runs[1].lateness(), Duration::from_secs(600)); // it waits for room in the pool
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn simulate<F, T>(&self, from: F, to: T) -> Simulation<'static>
    where
        F: TryInto<Timestamp, Error: fmt::Display>,
        T: TryInto<Timestamp, Error: fmt::Display>,
    {
        let wrong = |mistake: &dyn fmt::Display| Error::new(Kind::Build, mistake.to_string());
        let from = from.try_into().map_err(|mistake| wrong(&mistake));
        let to = to.try_into().map_err(|mistake| wrong(&mistake));
        Simulation {
            session: self.clone(),
            range: from.and_then(|from| Ok(from..to?)),
            lengths: Lengths::Median,
            table: Vec::new(),
            function: None,
            answers: BTreeMap::new(),
            most: usize::MAX,
        }
    }
}

impl<'a> Simulation<'a> {
    /// Gives each run the typical duration and outcome from the run log: the median duration and the most
    /// frequent outcome of the last 200 runs. This is the default. A task that has never run succeeds in no
    /// time.
    pub fn median(mut self) -> Self {
        self.lengths = Lengths::Median;
        self
    }

    /// Gives each run the duration and outcome of one of the last 200 runs in the run log, drawn with a seed.
    /// The same seed draws the same runs.
    pub fn sample(mut self, seed: u64) -> Self {
        self.lengths = Lengths::Sample(seed);
        self
    }

    /// Lets the runs of a task succeed after this time, regardless of the run log.
    pub fn takes<M>(self, task: impl TaskRef<M>, length: Duration) -> Self {
        self.ends(task, SimulatedEnd::success(length))
    }

    /// Sets how the runs of a task end, regardless of the run log.
    ///
    /// ```
    /// use std::time::Duration;
    /// use rocketry::{Rocketry, SimulatedEnd};
    ///
    /// let app = Rocketry::builder().func("fetch", "daily at 07:00 | retry 2 times", || async {}).build()?;
    /// let session = app.session();
    /// let day = session
    ///     .simulate("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    ///     .ends("fetch", SimulatedEnd::fail(Duration::from_secs(60)))
    ///     .run()?;
    /// assert_eq!(day.runs.len(), 3); // a run and two retries
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn ends<M>(mut self, task: impl TaskRef<M>, end: SimulatedEnd) -> Self {
        self.table.push((task.name(), end));
        self
    }

    /// Lets a function determine how each run ends, regardless of the run log and the other methods.
    ///
    /// ```
    /// use std::time::Duration;
    /// use rocketry::{Rocketry, SimulatedEnd};
    ///
    /// let app = Rocketry::builder().func("fetch", "every 1 hour", || async {}).build()?;
    /// let session = app.session();
    /// let day = session
    ///     .simulate("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    ///     .each(|start| SimulatedEnd::success(Duration::from_secs(start.number * 60)))
    ///     .run()?;
    /// assert_eq!(day.runs.len(), 24);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn each<'b>(self, end: impl FnMut(&SimulatedStart<'_>) -> SimulatedEnd + 'b) -> Simulation<'b>
    where
        'a: 'b,
    {
        let Simulation {
            session,
            range,
            lengths,
            table,
            answers,
            most,
            ..
        } = self;
        Simulation {
            session,
            range,
            lengths,
            table,
            function: Some(Box::new(end)),
            answers,
            most,
        }
    }

    /// Sets a fixed result for a custom condition, named as in the text of a statement. By default,
    /// conditions are assumed to be true, and [`SimulationSummary::assumed`] lists them.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder()
    ///     .cond("it rains", || false)
    ///     .func("umbrella", "daily & it rains", || async {})
    ///     .build()?;
    /// let session = app.session();
    /// let week = session.simulate("2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z");
    /// assert_eq!(week.assume("it rains", false).run()?.runs.len(), 0);
    /// let week = session.simulate("2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z").run()?;
    /// assert_eq!(week.runs.len(), 7);
    /// assert_eq!(week.summary.assumed, ["it rains"]);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn assume(mut self, condition: impl Into<String>, answer: bool) -> Self {
        self.answers.insert(condition.into(), answer);
        self
    }

    /// Limits the number of runs. The simulation ends when this many runs have ended, and the result covers
    /// the time until then: [`SimulationSummary::to`] is its end.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder().func("fetch", "every 1 second", || async {}).build()?;
    /// let session = app.session();
    /// let year = session.simulate("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    /// let simulated = year.at_most(10).run()?;
    /// assert_eq!(simulated.runs.len(), 10);
    /// assert_eq!(simulated.summary.to, "2026-01-01T00:00:09Z".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn at_most(mut self, runs: usize) -> Self {
        self.most = runs;
        self
    }

    /// Runs the simulation.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] is true if an instant is invalid, [`Error::is_not_found`] if a task or a custom
    /// condition is unknown, and [`Error::is_log`] if the run log can't be read. [`Error::is_state`] is true
    /// if a task is due repeatedly at one instant because its runs take no time.
    pub fn run(self) -> Result<Simulated> {
        let mut runs = Vec::new();
        let keep = |run: &SimulatedRun| {
            runs.push(run.clone());
            true
        };
        let (summary, skipped) = self.report(&mut { keep }, Some(Vec::new()))?;
        runs.sort_by_key(|run| (run.start, run.number));
        Ok(Simulated {
            runs,
            skipped,
            summary,
        })
    }

    /// Runs the simulation, and calls a function for each run when it ends instead of collecting all runs.
    /// Runs in progress at the end come last.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub fn run_with(self, mut visit: impl FnMut(&SimulatedRun)) -> Result<SimulationSummary> {
        self.run_while(|run| {
            visit(run);
            true
        })
    }

    /// Runs the simulation like [`run_with`](Self::run_with), but stops when the function returns `false`.
    /// The summary covers the time until then.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder().func("fetch", "every 1 second", || async {}).build()?;
    /// let session = app.session();
    /// let mut first = Vec::new();
    /// session.simulate("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z").run_while(|run| {
    ///     first.push(run.start);
    ///     first.len() < 3
    /// })?;
    /// assert_eq!(first[2], "2026-01-01T00:00:02Z".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub fn run_while(self, mut visit: impl FnMut(&SimulatedRun) -> bool) -> Result<SimulationSummary> {
        Ok(self.report(&mut visit, None)?.0)
    }

    fn report(
        mut self,
        visit: &mut dyn FnMut(&SimulatedRun) -> bool,
        skipped: Option<Vec<SimulatedSkip>>,
    ) -> Result<(SimulationSummary, Vec<SimulatedSkip>)> {
        let mut left = self.most;
        let visit = &mut |run: &SimulatedRun| {
            left = left.saturating_sub(1);
            visit(run) && left > 0
        };
        let Range { start, end } = std::mem::replace(&mut self.range, Ok(Timestamp::MIN..Timestamp::MIN))?;
        let (state, begin, assumed) = copy::copy(&self.session, start, &self.answers)?;
        let ends = Ends::new(&self.session, &state, self.lengths, &self.table, self.function)?;
        let mut watch = Watch::new(start, &state, ends, visit, skipped);
        let mut simulator = Simulator::new(state, begin, &mut watch);
        let until = advance(&mut simulator, end, &mut watch)?;
        Ok(watch.finish(&simulator.state, until.max(start), assumed))
    }
}

impl fmt::Debug for Simulation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulation")
            .field("range", &self.range)
            .field("lengths", &self.lengths)
            .finish_non_exhaustive()
    }
}

/// Lets time pass until just before an instant. Ends earlier if the app shuts down or the watcher stops.
/// Returns the instant reached.
fn advance(simulator: &mut Simulator, to: Timestamp, watch: &mut Watch<'_>) -> Result<Timestamp> {
    loop {
        settle(simulator, watch)?;
        if watch.is_left {
            return Ok(simulator.now().min(to));
        }
        if simulator.state.is_over() {
            simulator.run_all(watch, |spec| spec.on_shutdown);
            return Ok(simulator.now().min(to));
        }
        match simulator.next_instant().filter(|next| *next < to) {
            Some(next) => simulator.pass_until(next),
            None => return Ok(to),
        }
    }
}

/// Does everything that is due at the current instant.
fn settle(simulator: &mut Simulator, watch: &mut Watch<'_>) -> Result<()> {
    for _ in 0..MOST_CYCLES {
        let cycle = simulator.cycle(watch);
        if watch.shuts_down && simulator.state.phase == Phase::Up {
            simulator.state.close(Phase::Closing);
        } else if cycle == Cycle::Rests {
            return Ok(());
        }
    }
    let now = simulator.now();
    let tasks = simulator.state.tasks.iter();
    let of_now = tasks.filter(|task| task.runs.history.last(Action::Run) == Some(now));
    let busiest = of_now.max_by_key(|task| task.runs.history.total(Action::Run));
    let name = busiest.map(|task| task.spec.name.clone()).unwrap_or_default();
    Err(Error::new(
        Kind::State,
        format!(
            "the simulation never gets past {now}: task `{name}` starts again each time that it has run, and its runs take no time; \
             let them take some (`.takes(\"{name}\", …)`), or let the task start less often"
        ),
    ))
}
