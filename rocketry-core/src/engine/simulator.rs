//! Runs an app without executing anything: the engine decides as usual, and runs end as planned.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dispatcher::{Decided, Dispatcher, Progress};
use super::run::{Run, RunEnd, RunNumber};
use super::spec::Spec;
use super::standing::Answers;
use super::state::{Phase, State};
use crate::log::{Cause, Record};
use crate::task::{Outcome, Overlap};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// When and how a simulated run ends. No outcome means that it is interrupted.
#[derive(Clone, Debug)]
pub(crate) struct PlannedEnd {
    pub(crate) at: Timestamp,
    pub(crate) outcome: Option<Outcome>,
}

/// Plans simulated runs and observes them.
pub(crate) trait SimulatedRuns {
    /// A run has begun; returns its end.
    fn begin(&mut self, run: &Run, now: Timestamp) -> PlannedEnd;

    /// A run has ended.
    fn end(&mut self, run: &Run, record: &Record);

    /// Starts were due and are not made.
    fn skip(&mut self, state: &State, now: Timestamp);
}

/// The result of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cycle {
    /// There may be more to do at the same instant.
    Worked,
    /// There is nothing to do until time passes.
    Rests,
    /// Whether a run of a task starts depends on something unknown.
    Unknown(TaskId),
}

/// Runs the engine by itself.
pub(crate) struct Simulator {
    pub(crate) state: State,
    dispatcher: Dispatcher,
    now: Timestamp,
    ends: BTreeMap<(Timestamp, RunNumber), (Arc<Run>, Option<Outcome>)>,
    /// Runs that may be ended before their planned end.
    stoppable: Vec<(Timestamp, Arc<Run>)>,
    /// The number of starts skipped so far.
    skipped: u64,
}

impl Simulator {
    /// A simulator of an app, at an instant. Runs in progress continue.
    pub(crate) fn new(state: State, now: Timestamp, runs: &mut impl SimulatedRuns) -> Self {
        let mut simulator = Simulator {
            state,
            dispatcher: Dispatcher::new(false, true),
            now,
            ends: BTreeMap::new(),
            stoppable: Vec::new(),
            skipped: 0,
        };
        simulator.resume(runs);
        if simulator.state.phase <= Phase::Starting {
            simulator.start_up(runs);
        } else {
            simulator.state.mark_all();
        }
        simulator
    }

    /// Continues the runs in progress.
    fn resume(&mut self, runs: &mut impl SimulatedRuns) {
        self.dispatcher.resume_deadlines(&self.state);
        let running = self
            .state
            .tasks
            .iter()
            .flat_map(|entry| entry.runs.running.iter());
        let running: Vec<Arc<Run>> = running.map(|running| running.run.clone()).collect();
        for run in running {
            self.follow(run, runs);
        }
    }

    /// Starts the start-up tasks, waits for their ends, and lets the others start.
    fn start_up(&mut self, runs: &mut impl SimulatedRuns) {
        self.state.start_up(self.now);
        let pause = self.state.crashes.last(|id| self.state.task(id).spec.on_startup);
        self.pass_until(pause.unwrap_or(self.now));
        self.run_all(runs, |spec| spec.on_startup);
        self.state.open(self.now);
    }

    /// Starts tasks, whatever their statements say, and waits for their ends.
    pub(crate) fn run_all(&mut self, runs: &mut impl SimulatedRuns, which: impl Fn(&Spec) -> bool) {
        let ids = self.state.ids();
        let picked = ids.filter(|id| which(&self.state.task(*id).spec) && !self.state.only_requested);
        for id in picked.collect::<Vec<_>>() {
            let start = (self.now, Cause::StartUp);
            self.dispatcher.begin(&mut self.state, id, None, start, self.now);
        }
        self.carry_out(runs);
        loop {
            match self.cycle(runs) {
                Cycle::Worked => {}
                Cycle::Rests if self.state.is_quiet() => break,
                Cycle::Rests => match self.next_instant() {
                    Some(next) => self.pass_until(next),
                    None => break,
                },
                Cycle::Unknown(_) => break,
            }
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the next instant at which time alone causes something.
    pub(crate) fn next_instant(&self) -> Option<Timestamp> {
        let end = self.ends.first_key_value().map(|((at, _), _)| *at);
        let timer = Some(self.dispatcher.next).filter(|at| *at < Timestamp::MAX);
        end.into_iter().chain(timer).min()
    }

    /// Lets time pass.
    pub(crate) fn pass_until(&mut self, at: Timestamp) {
        self.now = self.now.max(at);
    }

    /// Makes a cycle: takes in what has happened, and decides the tasks that are ready.
    ///
    /// A run that takes no time ends once nothing else is left to decide: as in an app, others see that it is in progress.
    pub(crate) fn cycle(&mut self, runs: &mut impl SimulatedRuns) -> Cycle {
        if !self.dispatcher.has_more {
            self.take_ends();
        }
        while !self.dispatcher.collect(&mut self.state, self.now) {}
        self.carry_out(runs);
        let works = self.dispatcher.begin_cycle(&mut self.state);
        self.dispatcher.forget_ended();
        if !works {
            return Cycle::Rests;
        }
        loop {
            let progress = self.dispatcher.decide_next(&mut self.state, self.now);
            let known = match progress {
                Progress::Unknown(id) => self.decide_without_functions(id),
                _ => true,
            };
            self.carry_out(runs);
            match progress {
                Progress::Unknown(id) if !known => return Cycle::Unknown(id),
                Progress::CycleOver => break,
                Progress::Unknown(_) | Progress::More | Progress::Idle => {}
            }
        }
        self.cut_off_stopped();
        if self.state.skips.total() > self.skipped {
            self.skipped = self.state.skips.total();
            runs.skip(&self.state, self.now);
        }
        Cycle::Worked
    }

    /// Decides a task for which a function would be called; returns whether that is possible without.
    fn decide_without_functions(&mut self, id: TaskId) -> bool {
        let (state, answers) = (&mut self.state, Answers::default());
        self.dispatcher.decide(state, id, self.now, &answers) == Decided::Done
    }

    fn take_ends(&mut self) {
        while let Some(first) = self.ends.first_entry().filter(|first| first.key().0 <= self.now) {
            let ((at, _), (run, outcome)) = first.remove_entry();
            let ended = RunEnd::cut_off(&run, at.max(run.start));
            self.dispatcher.ended.push(RunEnd { outcome, ..ended });
        }
    }

    /// Executes what was decided.
    fn carry_out(&mut self, runs: &mut impl SimulatedRuns) {
        let effects = &mut self.dispatcher.effects;
        for (place, run) in effects.ends.drain(..) {
            runs.end(&run, &effects.records[place]);
        }
        effects.records.clear();
        effects.answers.clear();
        let mut starts = std::mem::take(&mut effects.starts);
        for (_, run) in starts.drain(..) {
            self.follow(run, runs);
        }
        self.dispatcher.effects.starts = starts;
    }

    /// Plans the end of a run.
    fn follow(&mut self, run: Arc<Run>, runs: &mut impl SimulatedRuns) {
        let PlannedEnd { at, outcome } = runs.begin(&run, self.now);
        let at = at.max(self.now);
        if may_be_stopped(&run, at) {
            self.stoppable.push((at, run.clone()));
        }
        self.ends.insert((at, run.number), (run, outcome));
    }

    /// Ends the runs that were told to stop.
    fn cut_off_stopped(&mut self) {
        let (ends, now) = (&mut self.ends, self.now);
        self.stoppable.retain(|(at, run)| {
            let key = (*at, run.number);
            if !run.info.flag.is_set() {
                return ends.contains_key(&key);
            }
            if let Some((run, _)) = ends.remove(&key) {
                ends.insert((now, run.number), (run, None));
            }
            false
        });
    }
}

/// Returns true if something may end a run that would last until an instant.
fn may_be_stopped(run: &Run, until: Timestamp) -> bool {
    let spec = &run.spec;
    let in_time = until < run.start.saturating_add(spec.timeout);
    !in_time || spec.rare.end.is_some() || spec.overlap == Overlap::Replace || run.info.flag.is_set()
}
