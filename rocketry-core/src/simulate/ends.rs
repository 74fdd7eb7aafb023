//! The ends of simulated runs: from the run log, a table or a function.

use std::time::Duration;

use rocketry_syntax::ast::Delta;

use crate::engine::run::Run;
use crate::engine::simulator::PlannedEnd;
use crate::engine::state::State;
use crate::error::Result;
use crate::log::{Action, Query, Record};
use crate::param::Value;
use crate::session::Session;
use crate::task::Outcome;
use crate::time::Timestamp;

/// The maximum number of runs of a task to read from the run log.
const RUNS: usize = 200;

/// The end of a simulated run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimulatedEnd {
    after: Duration,
    action: Action,
}

impl SimulatedEnd {
    /// Ends the run with a success after this time.
    pub const fn success(after: Duration) -> Self {
        let action = Action::Success;
        SimulatedEnd { after, action }
    }

    /// Ends the run with a failure after this time.
    pub const fn fail(after: Duration) -> Self {
        let action = Action::Fail;
        SimulatedEnd { after, action }
    }

    /// Ends the run with an inaction after this time.
    pub const fn inaction(after: Duration) -> Self {
        let action = Action::Inaction;
        SimulatedEnd { after, action }
    }

    /// Terminates the run after this time.
    pub const fn terminate(after: Duration) -> Self {
        let action = Action::Terminate;
        SimulatedEnd { after, action }
    }

    fn of(record: &Record) -> Self {
        SimulatedEnd {
            after: record.runtime().unwrap_or_default(),
            action: match record.action {
                // The timeout ends a run that takes that long.
                Action::Terminate if record.is_failure() => Action::Success,
                action => action,
            },
        }
    }

    fn planned(self, start: Timestamp) -> PlannedEnd {
        let outcome = match self.action {
            Action::Fail => Some(Outcome::Fail("the simulation lets it fail".into())),
            Action::Inaction => Some(Outcome::Inaction("the simulation gives it nothing to do".into())),
            Action::Terminate | Action::Crash | Action::Skip => None,
            Action::Success | Action::Run => Some(Outcome::Success(Value::nothing())),
        };
        let at = start.saturating_add(Delta::from(self.after));
        PlannedEnd { at, outcome }
    }
}

/// The start of a simulated run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SimulatedStart<'a> {
    /// The name of the task.
    pub task: &'a str,
    /// When the run was due.
    pub due: Timestamp,
    /// When it starts.
    pub at: Timestamp,
    /// The number of the run of the task in the simulation, from 1.
    pub number: u64,
}

/// A function that determines how a run ends.
pub(super) type Function<'a> = dyn FnMut(&SimulatedStart<'_>) -> SimulatedEnd + 'a;

/// How the durations of runs are derived from the run log.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lengths {
    Median,
    Sample(u64),
}

/// The ends of the runs of an app.
pub(super) struct Ends<'a> {
    by_task: Vec<TaskEnds>,
    function: Option<Box<Function<'a>>>,
    seed: u64,
}

/// The ends of the runs of a task.
struct TaskEnds {
    /// The ends to choose from. If empty, the run is a success that takes no time.
    known: Vec<SimulatedEnd>,
    begun: u64,
}

impl<'a> Ends<'a> {
    /// The ends of runs of an app.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read, or if the table names a task that the app does not have.
    pub(super) fn new(
        session: &Session,
        state: &State,
        lengths: Lengths,
        table: &[(String, SimulatedEnd)],
        function: Option<Box<Function<'a>>>,
    ) -> Result<Self> {
        let mut by_task = Vec::with_capacity(state.tasks.len());
        for entry in state.tasks.iter() {
            let has_past = function.is_none() && entry.runs.history.total(Action::Run) > 0;
            let known = if has_past {
                known_ends(session, &entry.spec.name, lengths)?
            } else {
                Vec::new()
            };
            by_task.push(TaskEnds { known, begun: 0 });
        }
        for (name, end) in table {
            let id = session.task(name.as_str())?.id();
            by_task[id.index()].known = vec![*end];
        }
        let seed = match lengths {
            Lengths::Median => 0,
            Lengths::Sample(seed) => seed,
        };
        Ok(Ends {
            by_task,
            function,
            seed,
        })
    }

    /// The end of a run that starts.
    pub(super) fn of(&mut self, run: &Run) -> PlannedEnd {
        let task = &mut self.by_task[run.task().index()];
        task.begun += 1;
        let end = match (&mut self.function, &*task.known) {
            (Some(function), _) => function(&SimulatedStart {
                task: &run.info.task,
                due: run.info.due,
                at: run.start,
                number: task.begun,
            }),
            (None, []) => SimulatedEnd::success(Duration::ZERO),
            (None, [only]) => *only,
            (None, known) => known[draw(&mut self.seed, known.len())],
        };
        end.planned(run.start)
    }
}

/// The median duration of the runs of a task; `None` if it has never run.
///
/// # Errors
///
/// Returns an error if the log can't be read.
pub(crate) fn median_length(session: &Session, task: &str) -> Result<Option<Duration>> {
    let usual = known_ends(session, task, Lengths::Median)?;
    Ok(usual.first().map(|end| end.after))
}

/// The past ends of the runs of a task.
fn known_ends(session: &Session, task: &str, lengths: Lengths) -> Result<Vec<SimulatedEnd>> {
    let actions = [Action::Success, Action::Fail, Action::Inaction, Action::Terminate];
    let query = Query::new().task(task).last(RUNS);
    let records = session.log(&actions.into_iter().fold(query, Query::action))?;
    let mut ends: Vec<SimulatedEnd> = records.iter().map(SimulatedEnd::of).collect();
    if matches!(lengths, Lengths::Sample(_)) {
        return Ok(ends);
    }
    let often = |action: Action| ends.iter().filter(|end| end.action == action).count();
    let usual = actions.into_iter().rev().max_by_key(|action| often(*action));
    ends.sort_by_key(|end| end.after);
    let median = ends.get(ends.len() / 2).copied();
    let typical = median
        .zip(usual)
        .map(|(median, action)| SimulatedEnd { action, ..median });
    Ok(typical.into_iter().collect())
}

/// Draws a number below `count` and advances the seed, like `SplitMix64`.
fn draw(seed: &mut u64, count: usize) -> usize {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    usize::try_from(mixed % count as u64).expect("it is below a usize")
}
