//! The runs in progress: sleeping, ready to continue, or ended.

use std::collections::VecDeque;

use rocketry_core::{Action, Timestamp};
use rocketry_syntax::ast::Delta;

use crate::apps::{Case, How};

/// A run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) number: u64,
    pub(super) task: usize,
    pub(super) due: Timestamp,
    pub(super) start: Timestamp,
    pub(super) deadline: Timestamp,
    /// Whether it was stopped because of its timeout.
    pub(super) overdue: bool,
    stopped: bool,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    New,
    /// Until an instant, with the number of runs that fell asleep before; then ends like this.
    Asleep(Timestamp, usize, How),
    Awake(How),
}

pub(super) struct Runs<'a> {
    case: &'a Case,
    /// The runs that have not ended.
    open: Vec<Run>,
    /// The runs that are ready to continue, in order.
    ready: VecDeque<u64>,
    ended: Vec<(Run, Action)>,
    started: u64,
    /// The number of calls of each task's function.
    calls: Vec<usize>,
    sleeps: usize,
}

impl<'a> Runs<'a> {
    pub(super) fn new(case: &'a Case) -> Self {
        Runs {
            case,
            open: Vec::new(),
            ready: VecDeque::new(),
            ended: Vec::new(),
            started: 0,
            calls: vec![0; case.tasks.len()],
            sleeps: 0,
        }
    }

    /// Whether some run has started and its end was not taken in.
    pub(super) fn are_under_way(&self) -> bool {
        !self.open.is_empty() || !self.ended.is_empty()
    }

    pub(super) fn are_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether a run of the task has started and its end was not taken in.
    pub(super) fn is_running(&self, task: usize) -> bool {
        let ended = self.ended.iter().map(|(run, _)| run);
        self.open.iter().chain(ended).any(|run| run.task == task)
    }

    pub(super) fn start(&mut self, task: usize, due: Timestamp, now: Timestamp) -> Run {
        let timeout = self.case.tasks[task].timeout;
        let timeout = timeout.map_or(Delta(u64::MAX), |steps| self.case.frame.length(steps));
        self.started += 1;
        let run = Run {
            number: self.started,
            task,
            due,
            start: now,
            deadline: now.saturating_add(timeout),
            overdue: false,
            stopped: false,
            stage: Stage::New,
        };
        self.open.push(run);
        run
    }

    /// Lets runs begin that have been recorded: at once on the scheduler itself, with the others elsewhere.
    pub(super) fn begin(&mut self, started: Vec<Run>, now: Timestamp) {
        for run in started {
            if self.case.tasks[run.task].main {
                self.go(run.number, now);
            } else {
                self.ready.push_back(run.number);
            }
        }
    }

    /// Stops the runs of a task that have exceeded their timeout; returns whether there were any.
    pub(super) fn stop_overdue(&mut self, task: usize, now: Timestamp) -> bool {
        let overdue = |run: &Run| run.deadline <= now;
        for run in self.open.iter_mut().filter(|run| run.task == task) {
            run.overdue |= !run.stopped && overdue(run);
        }
        self.stop(task, overdue)
    }

    /// Stops the runs of a task; returns whether there were any.
    pub(super) fn stop(&mut self, task: usize, which: impl Fn(&Run) -> bool) -> bool {
        let mut any = false;
        for run in self.open.iter_mut().filter(|run| run.task == task) {
            if !run.stopped && which(run) {
                any = true;
                run.stopped = true;
                if matches!(run.stage, Stage::Asleep(..)) {
                    self.ready.push_back(run.number);
                }
            }
        }
        any
    }

    /// Wakes the runs whose sleep is over, the earliest first.
    pub(super) fn wake(&mut self, now: Timestamp) {
        let mut woken = Vec::new();
        for run in &mut self.open {
            if let Stage::Asleep(until, order, how) = run.stage
                && until <= now
            {
                woken.push((until, order, run.number));
                run.stage = Stage::Awake(how);
            }
        }
        woken.sort_unstable();
        self.ready.extend(woken.into_iter().map(|(.., number)| number));
    }

    /// Advances the runs that can continue.
    pub(super) fn go_on(&mut self, now: Timestamp) {
        while let Some(number) = self.ready.pop_front() {
            self.go(number, now);
        }
    }

    fn go(&mut self, number: u64, now: Timestamp) {
        let index = self.open.iter().position(|run| run.number == number);
        let index = index.expect("a run goes on until it has ended");
        let run = self.open[index];
        let ends = match run.stage {
            _ if run.stopped => Action::Terminate,
            Stage::Awake(how) | Stage::Asleep(_, _, how) => action(how),
            Stage::New => match self.call(run.task) {
                (0, how) => action(how),
                (steps, how) => {
                    let until = now.saturating_add(self.case.frame.length(steps));
                    self.sleeps += 1;
                    self.open[index].stage = Stage::Asleep(until, self.sleeps, how);
                    return;
                }
            },
        };
        self.ended.push((self.open.remove(index), ends));
    }

    /// Returns the behavior of the next call of a task's function.
    fn call(&mut self, task: usize) -> (u32, How) {
        let runs = &self.case.tasks[task].runs;
        let call = self.calls[task] % runs.len();
        self.calls[task] += 1;
        runs[call]
    }

    pub(super) fn take_ended(&mut self) -> Vec<(Run, Action)> {
        std::mem::take(&mut self.ended)
    }
}

fn action(how: How) -> Action {
    match how {
        How::Success => Action::Success,
        How::Error | How::Panic => Action::Fail,
        How::Inaction => Action::Inaction,
    }
}
