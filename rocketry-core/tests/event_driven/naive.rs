//! A scheduler that looks at every task at every instant, again and again until nothing changes.
//!
//! It shares only the meaning of conditions, from their plans, with the real scheduler.

mod past;
mod runs;

use std::cmp::Reverse;

use rocketry_core::cond::{Observation, Plan, TaskId};
use rocketry_core::log::StartedBy;
use rocketry_core::param::{Entry, Value};
use rocketry_core::{Overlap, Timestamp, Zone};
use rocketry_syntax::ast::Delta;

use crate::Line;
use crate::apps::{Case, Event};
use crate::statements::{answer, name};
use past::Past;
use runs::Runs;

/// More rounds than any case needs at one instant.
const MANY: usize = 200;

/// The longest pause after failures, unless the first one is longer, in microseconds.
const LONGEST: u64 = 5 * 60 * 1_000_000;

/// Returns the records up to the shutdown of the app.
pub(crate) fn run(case: &Case) -> Vec<Line> {
    let frame = case.frame;
    let mut naive = Naive::new(case);
    naive.settle();
    for (steps, event) in &case.events {
        naive.step_to(frame.at(*steps));
        naive.happen(*event);
    }
    naive.step_to(frame.at(frame.steps));
    naive.closing = true;
    naive.settle();
    while naive.runs.are_under_way() {
        naive.step_to(naive.now.saturating_add(frame.step));
    }
    naive.past.lines
}

struct Naive<'a> {
    case: &'a Case,
    now: Timestamp,
    tasks: Vec<NaiveTask>,
    /// The tasks in the order in which they are examined.
    order: Vec<usize>,
    runs: Runs<'a>,
    past: Past,
    closing: bool,
}

struct NaiveTask {
    start: Option<Plan>,
    end: Option<Plan>,
    zone: Zone,
    disabled: bool,
    /// Until when it is paused.
    paused_until: Timestamp,
    skips_next: bool,
    /// The number of requested runs.
    asked: usize,
    /// Since when the clock alone has made the task due, while it was put forward.
    held_since: Option<Timestamp>,
    coming: Coming,
}

/// The state of a task's start that is made later than it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coming {
    /// There is none; while the task runs, its start condition has not been false since the last one.
    No,
    /// One comes once its start condition is true.
    Next,
    /// It has come, was due at this instant and is made from that one on.
    Start { due: Timestamp, at: Timestamp },
}

impl<'a> Naive<'a> {
    fn new(case: &'a Case) -> Self {
        let plan = |expr: &_| Plan::compile(expr, &past::Names).expect("the statement makes sense");
        let tasks = case.tasks.iter().map(|task| NaiveTask {
            start: task.start.as_ref().map(plan),
            end: task.end.as_ref().map(plan),
            zone: task.zone.unwrap_or(case.frame.zone),
            disabled: task.disabled,
            paused_until: Timestamp::MIN,
            skips_next: false,
            asked: 0,
            held_since: None,
            coming: Coming::No,
        });
        let mut order: Vec<usize> = (0..case.tasks.len()).collect();
        order.sort_by_key(|task| Reverse(case.tasks[*task].priority));
        Naive {
            case,
            now: case.frame.start,
            tasks: tasks.collect(),
            order,
            runs: Runs::new(case),
            past: Past::new(case),
            closing: false,
        }
    }

    fn step_to(&mut self, until: Timestamp) {
        while self.now < until {
            let next = self.now.saturating_add(self.case.frame.step);
            self.put_clock(next);
        }
    }

    /// Advances the clock, and notes since when tasks are due by time alone.
    fn put_clock(&mut self, to: Timestamp) {
        let at_once = self.now.saturating_add(self.case.frame.step) < to;
        while self.now < to {
            self.now = self.now.saturating_add(self.case.frame.step);
            for task in (0..self.tasks.len()).filter(|_| at_once) {
                let truth = self.asks(task).then(|| self.may_start(task, false));
                let counts = !self.is_full(task) || self.tasks[task].coming == Coming::Next;
                let NaiveTask {
                    held_since, coming, ..
                } = &mut self.tasks[task];
                let held = counts && truth.is_some_and(|truth| truth != Some(false));
                *held_since = held.then(|| held_since.unwrap_or(self.now));
                if !counts && truth == Some(Some(false)) && self.now < to {
                    *coming = Coming::Next;
                }
            }
        }
        self.runs.wake(self.now);
        self.settle();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::SetParam(key, value) => {
                let value = Entry::value_of(Value::new(value.to_owned()));
                self.past.params.set(key, value);
            }
            Event::RemoveParam(key) => {
                self.past.params.remove(key);
            }
            Event::Run(task) => self.tasks[task].asked += 1,
            Event::Disable(task) => self.tasks[task].disabled = true,
            Event::Enable(task) => self.tasks[task].disabled = false,
            Event::Pause(task, steps) => {
                let until = steps.map(|steps| self.now.saturating_add(self.case.frame.length(steps)));
                self.tasks[task].paused_until = until.unwrap_or(Timestamp::MAX);
            }
            Event::Resume(task) => self.tasks[task].paused_until = Timestamp::MIN,
            Event::SkipNext(task) => self.tasks[task].skips_next = true,
            Event::Terminate(task) => {
                self.runs.stop(task, |_| true);
            }
            Event::Jump(steps) => {
                let to = self.now.saturating_add(self.case.frame.length(steps));
                return self.put_clock(to);
            }
        }
        self.settle();
    }

    /// Advances runs as far as possible, then examines every task; repeats until nothing changes.
    fn settle(&mut self) {
        for _ in 0..MANY {
            self.runs.go_on(self.now);
            if !self.work() && !self.runs.are_ready() {
                return;
            }
        }
        panic!("there is always something to do at {}", self.now);
    }

    fn work(&mut self) -> bool {
        for round in 0..MANY {
            let ended = self.take_in();
            let changed = self.look_at_all();
            if !ended && !changed {
                return round > 0;
            }
        }
        panic!("there is always something to do at {}", self.now);
    }

    /// Processes the runs that have ended.
    fn take_in(&mut self) -> bool {
        let ended = self.runs.take_ended();
        for (run, action) in &ended {
            self.past.end(*run, *action, self.now);
        }
        !ended.is_empty()
    }

    fn look_at_all(&mut self) -> bool {
        let mut changed = false;
        let mut started = Vec::new();
        for task in self.order.clone() {
            let before = self.tasks[task].coming;
            let starts = self.starts(task);
            let stopped = self.stop(task);
            changed |= stopped || self.tasks[task].coming != before;
            if let Some((due, StartedBy::Schedule, deferred)) = starts
                && self.tasks[task].skips_next
            {
                self.tasks[task].skips_next = false;
                self.past.skip(task, due, deferred, self.now);
                changed = true;
            } else if let Some((due, by, deferred)) = starts {
                let run = self.runs.start(task, due, self.now);
                self.past.start(run, by, deferred, self.now);
                started.push(run);
            }
        }
        changed |= !started.is_empty();
        self.runs.begin(started, self.now);
        changed
    }

    /// Stops the runs of a task that have to end.
    fn stop(&mut self, task: usize) -> bool {
        if !self.runs.is_running(task) {
            return false;
        }
        let now = self.now;
        if self.closing && self.case.tasks[task].permanent {
            return self.runs.stop(task, |_| true);
        }
        let end = self.tasks[task].end.as_ref();
        if end.and_then(|plan| self.observe(task, plan, false, true)) == Some(true) {
            return self.runs.stop(task, |_| true);
        }
        self.runs.stop_overdue(task, now)
    }

    /// Whether a run starts, since when it is due, what starts it, and whether it was deferred.
    fn starts(&mut self, task: usize) -> Option<(Timestamp, StartedBy, bool)> {
        let due = self.tasks[task].held_since.take().unwrap_or(self.now);
        let (full, coming) = (self.is_full(task), self.tasks[task].coming);
        if self.closing || self.is_paused(task) {
            return None;
        }
        if self.tasks[task].asked > 0 && !full {
            self.tasks[task].asked -= 1;
            if coming == Coming::Next {
                self.tasks[task].coming = Coming::No;
            }
            return Some((self.now, StartedBy::Request, false));
        }
        if let Coming::Start { due, at } = coming {
            let due = self.comes(task, due, at)?;
            return Some((due, self.started_by(task, false), true));
        }
        let truth = self.asks(task).then(|| self.may_start(task, true))?;
        let at = self.delayed(task, due);
        let later = Coming::Start { due, at };
        self.tasks[task].coming = match (truth, full) {
            (Some(true), false) if at <= self.now => Coming::No,
            (Some(true), false) => later,
            (Some(true), true) if coming == Coming::Next => later,
            (Some(false), true) => Coming::Next,
            _ => coming,
        };
        (truth == Some(true) && !full && at <= self.now).then(|| (due, self.started_by(task, true), false))
    }

    /// Returns whether a start that has become due is made now.
    fn comes(&mut self, task: usize, due: Timestamp, at: Timestamp) -> Option<Timestamp> {
        let (full, overlap) = (self.is_full(task), self.case.tasks[task].overlap);
        let lost = self.tasks[task].disabled || (full && at <= self.now && overlap == Overlap::Skip);
        let made = !lost && !full && at <= self.now;
        if lost || made {
            self.tasks[task].coming = Coming::No;
        } else if full && at <= self.now && overlap == Overlap::Replace {
            self.runs.stop(task, |_| true);
        }
        made.then_some(due)
    }

    /// When a start is made that is due at an instant: a hash of the task's name and the instant says how much later.
    fn delayed(&self, task: usize, due: Timestamp) -> Timestamp {
        let within = u64::from(self.case.tasks[task].jitter);
        let bytes = name(task)
            .into_bytes()
            .into_iter()
            .chain(due.as_micros().to_le_bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        due.saturating_add(Delta(hash.checked_rem(within).unwrap_or(0)))
    }

    /// Returns whether the maximum number of runs is in progress.
    fn is_full(&self, task: usize) -> bool {
        self.runs.is_running(task) && !self.case.tasks[task].multilaunch
    }

    fn is_paused(&self, task: usize) -> bool {
        self.now < self.tasks[task].paused_until
    }

    /// Whether the start condition matters.
    fn asks(&self, task: usize) -> bool {
        let NaiveTask { disabled, coming, .. } = self.tasks[task];
        let overlaps = !self.is_full(task) || self.case.tasks[task].overlap != Overlap::Skip;
        overlaps
            && !self.closing
            && !disabled
            && !self.is_paused(task)
            && !matches!(coming, Coming::Start { .. })
    }

    /// Whether a start comes, as far as the start condition says and no pause after a failure.
    fn may_start(&self, task: usize, ask: bool) -> Option<bool> {
        let truth = self.truth(task, ask);
        if truth != Some(false) && !self.is_full(task) && self.pauses(task, ask) {
            return Some(false);
        }
        truth
    }

    /// Whether the last runs of a task have failed lately and no start has come anew since.
    fn pauses(&self, task: usize, ask: bool) -> bool {
        let (Some(first), Some(plan)) = (self.case.pause, &self.tasks[task].start) else {
            return false;
        };
        let Some((failures, last)) = self.past.failures(task) else {
            return false;
        };
        let first = self.case.frame.length(first).0;
        let pause = (1..failures).fold(first, |pause, _| (2 * pause).min(LONGEST.max(first)));
        let answers = if ask { self.answers(plan) } else { Vec::new() };
        let is_over = last.saturating_add(Delta(pause)) <= self.now;
        !is_over && plan.renewal(&self.seen(task, false, &answers)).truth == Some(false)
    }

    /// Whether the start condition is true, given the custom ones or not.
    fn truth(&self, task: usize, ask: bool) -> Option<bool> {
        let Some(plan) = &self.tasks[task].start else {
            return Some(false);
        };
        self.observe(task, plan, self.is_full(task), ask)
    }

    /// Returns what triggers a run that is due.
    fn started_by(&self, task: usize, ask: bool) -> StartedBy {
        let Some(plan) = &self.tasks[task].start else {
            return StartedBy::Schedule;
        };
        let answers = if ask { self.answers(plan) } else { Vec::new() };
        plan.started_by(&self.seen(task, false, &answers))
    }

    fn observe(&self, task: usize, plan: &Plan, runs_over: bool, ask: bool) -> Option<bool> {
        let answers = if ask { self.answers(plan) } else { Vec::new() };
        plan.observe(&self.seen(task, runs_over, &answers)).truth
    }

    fn answers(&self, plan: &Plan) -> Vec<Option<bool>> {
        let customs = plan.customs().iter();
        customs.map(|call| Some(answer(call, self.now))).collect()
    }

    fn seen<'s>(&'s self, task: usize, runs_over: bool, answers: &'s [Option<bool>]) -> Observation<'s> {
        Observation {
            now: self.now,
            zone: self.tasks[task].zone,
            owner: TaskId::new(u32::try_from(task).expect("few tasks")),
            facts: &self.past,
            answers,
            runs_over,
            retries: true,
        }
    }
}
