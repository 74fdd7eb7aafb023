//! Steps through the starts of a task.

use std::collections::VecDeque;
use std::fmt;
use std::iter::FusedIterator;

use super::end::PreviewEnd;
use super::isolated::Isolated;
use super::never::never_true;
use super::planned_start::PlannedStart;
use crate::cond::Condition;
use crate::engine::hold::Hold;
use crate::engine::run::Run;
use crate::engine::simulator::{Cycle, PlannedEnd, SimulatedRuns, Simulator};
use crate::engine::standing::{observation, unknowns_of_start};
use crate::engine::state::State;
use crate::engine::state_copy::ALONE;
use crate::log::Record;
use crate::param::Value;
use crate::task::Outcome;
use crate::time::{Timestamp, Zone};

/// The maximum number of changes of a condition before its next start.
const MOST_CHANGES: usize = 1000;

/// The maximum number of starts at one instant.
const MOST_AT_ONCE: usize = 100;

/// An iterator over the starts of a task, from now on. See [`preview`](crate::preview) and
/// [`Task::preview`](crate::Task::preview).
///
/// Each start is computed when it is requested.
///
/// ```
/// use rocketry::{conds::*, preview};
///
/// let mut starts = preview(daily.at("12:00") & at_most_runs(2), "UTC", "2026-01-01T00:00:00Z")?;
/// assert_eq!(starts.by_ref().count(), 2);
/// assert_eq!(starts.end().unwrap().to_string(), "no start ever comes: `at most 2 runs` is never true");
/// # Ok::<(), rocketry::Error>(())
/// ```
pub struct Preview {
    simulator: Simulator,
    condition: Option<Condition>,
    lone: Isolated,
    runs: Instantaneous,
    at_once: (Timestamp, usize),
    steps: Steps,
    end: Option<PreviewEnd>,
}

/// The work that a preview may do. A step evaluates one part of the condition.
#[derive(Clone, Copy)]
struct Steps {
    most: u64,
    left: u64,
    /// How many parts the condition has.
    parts: u64,
}

/// Runs that succeed and take no time.
#[derive(Default)]
struct Instantaneous {
    /// When runs have started, and when they were due.
    started: VecDeque<(Timestamp, Timestamp)>,
}

impl SimulatedRuns for Instantaneous {
    fn begin(&mut self, run: &Run, now: Timestamp) -> PlannedEnd {
        // A run that was in progress before was already returned.
        if run.start == now {
            self.started.push_back((now, run.info.due));
        }
        PlannedEnd {
            at: now,
            outcome: Some(Outcome::Success(Value::nothing())),
        }
    }

    fn end(&mut self, _: &Run, _: &Record) {}

    fn skip(&mut self, _: &State, _: Timestamp) {}
}

impl Preview {
    /// Previews the only task of a state.
    pub(crate) fn new(state: State, now: Timestamp, condition: Option<Condition>, lone: Isolated) -> Self {
        let mut runs = Instantaneous::default();
        let simulator = Simulator::new(state, now, &mut runs);
        Preview {
            simulator,
            steps: Steps::unlimited(condition.as_ref()),
            condition,
            lone,
            runs,
            at_once: (now, 0),
            end: None,
        }
    }

    /// Ends the preview immediately if parts of the condition contradict each other.
    pub(crate) fn unless_contradictory(mut self) -> Self {
        let contradiction = self
            .condition
            .as_ref()
            .and_then(|condition| condition.expr().contradiction());
        self.end = contradiction.map(|contradiction| PreviewEnd::Contradiction {
            reason: contradiction.to_string(),
        });
        self
    }

    /// Limits the work of this preview to `steps`; it then [ends](PreviewEnd::OutOfSteps). A step evaluates
    /// one part of the condition at one instant.
    ///
    /// Without a limit, only the work for each start is bounded. Set one for statements from untrusted sources.
    ///
    /// ```
    /// use rocketry::preview;
    ///
    /// let mut starts = preview("every 1 second", "UTC", "2026-01-01T00:00:00Z")?.within_steps(100);
    /// assert!(starts.by_ref().count() < 100);
    /// assert_eq!(
    ///     starts.end().unwrap().to_string(),
    ///     "starts after 2026-01-01 00:00:16 +00:00 are left out: finding them takes more than 100 steps",
    /// );
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    #[must_use]
    pub fn within_steps(mut self, steps: u64) -> Self {
        self.steps = Steps {
            most: steps,
            left: steps,
            ..self.steps
        };
        self
    }

    /// Returns why there are no more starts, once the iterator has ended.
    pub fn end(&self) -> Option<&PreviewEnd> {
        self.end.as_ref()
    }

    fn zone(&self) -> Zone {
        self.simulator.state.task(ALONE).spec.zone
    }

    /// Lets time pass until a run has started.
    fn find_next(&mut self) -> Result<(), PreviewEnd> {
        let mut changes = 0;
        while self.runs.started.is_empty() {
            self.take_step()?;
            match self.simulator.cycle(&mut self.runs) {
                Cycle::Worked => {}
                Cycle::Rests => self.pass()?,
                Cycle::Unknown(_) => return Err(self.unforeseen()),
            }
            changes += 1;
            if changes > MOST_CHANGES {
                return Err(PreviewEnd::GaveUp {
                    until: self.simulator.now(),
                    zone: self.zone(),
                });
            }
        }
        Ok(())
    }

    fn take_step(&mut self) -> Result<(), PreviewEnd> {
        let left = self.steps.left.checked_sub(self.steps.parts);
        self.steps.left = left.ok_or_else(|| PreviewEnd::OutOfSteps {
            until: self.simulator.now(),
            zone: self.zone(),
            steps: self.steps.most,
        })?;
        Ok(())
    }

    fn pass(&mut self) -> Result<(), PreviewEnd> {
        let next = self.simulator.next_instant().ok_or_else(|| self.never())?;
        self.simulator.pass_until(next);
        Ok(())
    }

    fn unforeseen(&self) -> PreviewEnd {
        let (state, now) = (&self.simulator.state, self.simulator.now());
        let parts = state.task(ALONE).spec.start.iter().flat_map(|start| {
            let asked = unknowns_of_start(state, ALONE, now, &start.plan).into_iter();
            asked.map(|index| start.plan.customs()[index].to_string())
        });
        PreviewEnd::Unforeseen {
            at: now,
            zone: self.zone(),
            parts: parts.collect(),
        }
    }

    /// The reason why time alone causes no start.
    fn never(&self) -> PreviewEnd {
        let state = &self.simulator.state;
        let mut holds = state.holds(ALONE, self.simulator.now()).into_iter();
        let lasting = holds.find(|hold| !matches!(hold, Hold::FirstRun { .. }));
        if let Some(hold) = lasting {
            return PreviewEnd::Held { hold };
        }
        let Some(condition) = &self.condition else {
            return PreviewEnd::NoCondition;
        };
        let seen = observation(state, ALONE, self.simulator.now());
        PreviewEnd::Never {
            parts: never_true(&condition.expr(), &self.lone, &seen),
        }
    }

    fn planned(&self, (at, due): (Timestamp, Timestamp)) -> PlannedStart {
        let spec = &self.simulator.state.task(ALONE).spec;
        let plan = spec.start.as_ref().map(|start| &start.plan);
        PlannedStart {
            at,
            due,
            zone: spec.zone,
            period: plan.and_then(|plan| plan.window(due, spec.zone)),
            clock_change: plan.and_then(|plan| plan.clock_change(due, spec.zone)),
        }
    }

    /// Counts a start, unless there are too many at one instant.
    fn count(&mut self, at: Timestamp) -> Result<(), PreviewEnd> {
        let (last, number) = self.at_once;
        self.at_once = (at, if at == last { number + 1 } else { 1 });
        if self.at_once.1 <= MOST_AT_ONCE {
            return Ok(());
        }
        let zone = self.zone();
        Err(PreviewEnd::AlwaysDue { at, zone })
    }
}

impl Steps {
    fn unlimited(condition: Option<&Condition>) -> Self {
        let mut parts = 1;
        if let Some(condition) = condition {
            condition.expr().for_each_leaf(&mut |_| parts += 1);
        }
        Steps {
            most: u64::MAX,
            left: u64::MAX,
            parts,
        }
    }
}

impl Iterator for Preview {
    type Item = PlannedStart;

    fn next(&mut self) -> Option<PlannedStart> {
        if self.end.is_some() {
            return None;
        }
        let found = self.find_next();
        let found = found.and_then(|()| {
            let start = self.runs.started.pop_front().expect("a run has started");
            self.count(start.0).map(|()| start)
        });
        match found {
            Ok(start) => Some(self.planned(start)),
            Err(end) => {
                self.end = Some(end);
                None
            }
        }
    }
}

impl FusedIterator for Preview {}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preview")
            .field("condition", &self.condition)
            .field("now", &self.simulator.now())
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
