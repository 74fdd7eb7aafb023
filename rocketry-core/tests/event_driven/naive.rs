//! A scheduler that looks at every task at every instant, again and again until nothing changes.
//!
//! It knows what conditions mean, from their plans, and nothing else of the real one.

mod past;
mod runs;

use std::cmp::Reverse;

use rocketry_core::cond::{Observation, Plan, TaskId};
use rocketry_core::param::{Entry, Value};
use rocketry_core::{Action, Timestamp, Zone};

use crate::Line;
use crate::apps::{Case, Event};
use crate::statements::answer;
use past::Past;
use runs::Runs;

/// More rounds than any case needs at one instant.
const MANY: usize = 200;

/// What is recorded until the app has been shut down.
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
    /// The tasks in the order in which they are looked at.
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
    /// How many runs were asked for.
    asked: usize,
    /// Since when the clock alone has made the task due, while it was put forward.
    held_since: Option<Timestamp>,
}

impl<'a> Naive<'a> {
    fn new(case: &'a Case) -> Self {
        let plan = |expr: &_| Plan::compile(expr, &past::Names).expect("the statement makes sense");
        let tasks = case.tasks.iter().map(|task| NaiveTask {
            start: task.start.as_ref().map(plan),
            end: task.end.as_ref().map(plan),
            zone: task.zone.unwrap_or(case.frame.zone),
            disabled: task.disabled,
            asked: 0,
            held_since: None,
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

    /// Puts the clock forward. By the way it is noted since when tasks are due, as far as time alone tells.
    fn put_clock(&mut self, to: Timestamp) {
        let at_once = self.now.saturating_add(self.case.frame.step) < to;
        while self.now < to {
            self.now = self.now.saturating_add(self.case.frame.step);
            for task in (0..self.tasks.len()).filter(|_| at_once) {
                let held = self.may_start(task) && self.truth(task, false) != Some(false);
                let since = &mut self.tasks[task].held_since;
                *since = held.then(|| since.unwrap_or(self.now));
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

    /// Lets runs go on as far as they get, then looks at everything; until nothing changes.
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

    /// Takes in what has ended.
    fn take_in(&mut self) -> bool {
        let ended = self.runs.take_ended();
        for (run, action) in &ended {
            self.past.record(*run, *action, self.now);
        }
        !ended.is_empty()
    }

    fn look_at_all(&mut self) -> bool {
        let mut changed = false;
        let mut started = Vec::new();
        for task in self.order.clone() {
            let starts = self.starts(task);
            changed |= self.stop(task);
            if let Some(due) = starts {
                let run = self.runs.start(task, due, self.now);
                self.past.record(run, Action::Run, self.now);
                started.push(run);
            }
        }
        changed |= !started.is_empty();
        self.runs.begin(started, self.now);
        changed
    }

    /// Tells the runs of a task that have to end.
    fn stop(&mut self, task: usize) -> bool {
        if !self.runs.is_running(task) {
            return false;
        }
        let now = self.now;
        if self.closing && self.case.tasks[task].permanent {
            return self.runs.stop(task, |_| true);
        }
        let end = self.tasks[task].end.as_ref();
        if end.and_then(|plan| self.observe(task, plan, true)) == Some(true) {
            return self.runs.stop(task, |_| true);
        }
        self.runs.stop(task, |run| run.deadline <= now)
    }

    /// Whether a run starts, and since when it is due.
    fn starts(&mut self, task: usize) -> Option<Timestamp> {
        let since = self.tasks[task].held_since.take();
        if self.closing || (self.runs.is_running(task) && !self.case.tasks[task].multilaunch) {
            return None;
        }
        if self.tasks[task].asked > 0 {
            self.tasks[task].asked -= 1;
            return Some(self.now);
        }
        let due = !self.tasks[task].disabled && self.truth(task, true) == Some(true);
        due.then(|| since.unwrap_or(self.now))
    }

    fn may_start(&self, task: usize) -> bool {
        let free = !self.runs.is_running(task) || self.case.tasks[task].multilaunch;
        free && !self.closing && !self.tasks[task].disabled
    }

    /// Whether the start condition is true, given the custom ones or not.
    fn truth(&self, task: usize, ask: bool) -> Option<bool> {
        let Some(plan) = &self.tasks[task].start else {
            return Some(false);
        };
        self.observe(task, plan, ask)
    }

    fn observe(&self, task: usize, plan: &Plan, ask: bool) -> Option<bool> {
        let customs = plan.customs().iter().take(if ask { usize::MAX } else { 0 });
        let answers: Vec<Option<bool>> = customs.map(|call| Some(answer(call, self.now))).collect();
        let seen = Observation {
            now: self.now,
            zone: self.tasks[task].zone,
            owner: TaskId::new(u32::try_from(task).expect("few tasks")),
            facts: &self.past,
            answers: &answers,
        };
        plan.observe(&seen).truth
    }
}
