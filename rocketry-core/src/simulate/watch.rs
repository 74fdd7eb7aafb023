//! Observes a simulation: ends runs, and counts what happens.

use std::collections::BTreeMap;
use std::time::Duration;

use super::ends::Ends;
use super::meter::Meter;
use super::run::{SimulatedRun, SimulatedSkip};
use super::summary::{SimulationSummary, TaskUse};
use crate::engine::event::SkipReason;
use crate::engine::run::Run;
use crate::engine::simulator::{PlannedEnd, SimulatedRuns};
use crate::engine::state::State;
use crate::log::{Action, Record};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The observer of a simulation.
pub(super) struct Watch<'a> {
    from: Timestamp,
    ends: Ends<'a>,
    visit: &'a mut dyn FnMut(&SimulatedRun) -> bool,
    /// Whether the function wants no more runs.
    pub(super) is_left: bool,
    tasks: Vec<Tally>,
    pools: Vec<Meter>,
    /// The skipped starts, if they are wanted.
    skipped: Option<Vec<SimulatedSkip>>,
    /// The task whose run shuts the app down.
    ends_app: Option<TaskId>,
    /// Whether its run has started.
    pub(super) shuts_down: bool,
}

/// The counts of a task. Each run only increments them.
#[derive(Default)]
struct Tally {
    starts: u64,
    ends: [u64; Action::ALL.len()],
    late: u64,
    lateness: Duration,
    max_lateness: Duration,
    busy: Duration,
    skipped: [u64; SkipReason::ALL.len()],
}

impl<'a> Watch<'a> {
    pub(super) fn new(
        from: Timestamp,
        state: &State,
        ends: Ends<'a>,
        visit: &'a mut dyn FnMut(&SimulatedRun) -> bool,
        skipped: Option<Vec<SimulatedSkip>>,
    ) -> Self {
        let pools = state.pools.ids().map(|id| Meter::new(&state.pools, id, from));
        Watch {
            from,
            ends,
            visit,
            is_left: false,
            tasks: state.tasks.iter().map(|_| Tally::default()).collect(),
            pools: pools.collect(),
            skipped,
            ends_app: state.ends_app,
            shuts_down: false,
        }
    }

    /// The totals up to an instant.
    pub(super) fn finish(
        mut self,
        state: &State,
        until: Timestamp,
        assumed: Vec<String>,
    ) -> (SimulationSummary, Vec<SimulatedSkip>) {
        for running in state.tasks.iter().flat_map(|entry| entry.runs.running.iter()) {
            self.pass_on(&simulated(&running.run, None));
        }
        let tasks = state
            .tasks
            .iter()
            .zip(self.tasks)
            .filter(|(entry, _)| !entry.deleted);
        let tasks = tasks.map(|(entry, tally)| tally.into_use(entry.spec.name.clone()));
        let pools = self.pools.into_iter().filter_map(|pool| pool.finish(until));
        let summary = SimulationSummary {
            from: self.from,
            to: until,
            tasks: tasks.collect(),
            pools: pools.collect(),
            assumed,
        };
        (summary, self.skipped.unwrap_or_default())
    }

    /// Calls the function with a run, unless it wants no more.
    fn pass_on(&mut self, run: &SimulatedRun) {
        self.is_left = self.is_left || !(self.visit)(run);
    }
}

impl SimulatedRuns for Watch<'_> {
    fn begin(&mut self, run: &Run, now: Timestamp) -> PlannedEnd {
        let lateness = run.start.since(run.info.due);
        self.shuts_down |= self.ends_app == Some(run.task());
        let is_late = !lateness.is_zero();
        let counts = run.start >= self.from;
        for id in run.spec.pools() {
            self.pools[id.index()].enter(now, is_late && counts);
        }
        if counts {
            let tally = &mut self.tasks[run.task().index()];
            tally.starts += 1;
            tally.late += u64::from(is_late);
            tally.lateness += lateness;
            tally.max_lateness = tally.max_lateness.max(lateness);
        }
        self.ends.of(run)
    }

    fn end(&mut self, run: &Run, record: &Record) {
        for id in run.spec.pools() {
            self.pools[id.index()].leave(record.created);
        }
        if record.created < self.from {
            return;
        }
        let tally = &mut self.tasks[run.task().index()];
        tally.ends[record.action as usize] += 1;
        tally.busy += record.created.since(run.start);
        self.pass_on(&simulated(run, Some(record)));
    }

    fn skip(&mut self, state: &State, now: Timestamp) {
        for id in state.ids() {
            let counts = state.skips.of(id);
            let known = &mut self.tasks[id.index()].skipped;
            for reason in SkipReason::ALL {
                let count = counts[reason as usize] - known[reason as usize];
                if let Some(skipped) = self.skipped.as_mut().filter(|_| count > 0 && now >= self.from) {
                    skipped.push(SimulatedSkip {
                        task: state.task(id).spec.name.clone(),
                        at: now,
                        reason,
                        count,
                    });
                }
            }
            *known = counts;
        }
    }
}

impl Tally {
    fn into_use(self, task: std::sync::Arc<str>) -> TaskUse {
        let ends = Action::ALL.into_iter().zip(self.ends);
        let skipped = SkipReason::ALL.into_iter().zip(self.skipped);
        TaskUse {
            task,
            starts: self.starts,
            ends: ends.filter(|(_, count)| *count > 0).collect(),
            late: self.late,
            lateness: self.lateness,
            max_lateness: self.max_lateness,
            busy: self.busy,
            skipped: skipped
                .filter(|(_, count)| *count > 0)
                .collect::<BTreeMap<_, _>>(),
        }
    }
}

fn simulated(run: &Run, end: Option<&Record>) -> SimulatedRun {
    SimulatedRun {
        task: run.info.task.clone(),
        due: run.info.due,
        start: run.start,
        end: end.map(|end| end.created),
        action: end.map_or(Action::Run, |end| end.action),
        number: run.number,
    }
}
