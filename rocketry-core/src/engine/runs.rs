//! Starts and ends runs: the changes of the state at a start and at an end.

use std::sync::Arc;

use super::fact_key::FactKey;
use super::last_result::Kept;
use super::run::{Run, RunEnd, RunNumber, Running, StopReason};
use super::run_queue::RunRequest;
use super::state::State;
use super::waiters::Waiter;
use crate::log::{Action, Cause, Extra, Record, StartedBy};
use crate::param::{Params, RunContext, RunFlag, RunId, Value};
use crate::task::Outcome;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Starts a run: it counts as started from here on.
    ///
    /// A run whose name is that of a run in progress gets a number instead.
    #[inline]
    pub(crate) fn begin(
        &mut self,
        id: TaskId,
        name: Option<&RunId>,
        (due, cause): (Timestamp, Cause),
        now: Timestamp,
    ) -> (Record, Arc<Run>) {
        let by = self.schedule_sees(id, &cause);
        let upstream = self.upstream(id, &cause, due);
        let backfills = by == StartedBy::Backfill;
        let requested = self.task(id).queue.front().is_some_and(|request| !request.if_due);
        let deferred = self.begin_deferred(id, requested || backfills);
        // A late run stands for all starts that were missed until now.
        let counts_for = deferred.map_or(if backfills { due } else { now }, |deferred| deferred.due);
        let (run, waiter) = self.new_run(id, name, (due, &cause), now);
        self.active += 1;
        self.pools.enter(run.spec.pools());
        let record = Record {
            message: deferred
                .filter(|deferred| deferred.overlaps)
                .map(|_| run.spec.overlap.message().into()),
            extra: Extra::of_start(cause, upstream),
            ..run.record(Action::Run, now)
        };
        let runs = &mut *self.tasks[id].runs;
        runs.history.start(&record, by, counts_for);
        runs.running.push(Running {
            deadline: now.saturating_add(run.spec.timeout),
            run: run.clone(),
            stopped: None,
            waiter,
            origin: record.extra.clone(),
        });
        self.waiters.note(id, &record, None);
        (record, run)
    }

    /// Makes a run of a backfill, for a start that was missed, from the oldest request or without parameters, and returns the caller that waits for it.
    #[inline]
    fn new_run(
        &mut self,
        id: TaskId,
        name: Option<&RunId>,
        (due, cause): (Timestamp, &Cause),
        now: Timestamp,
    ) -> (Arc<Run>, Option<Waiter>) {
        let number = self.next_run;
        self.next_run += 1;
        let request = self.request_for(id, cause, number);
        let (params, waiter, trace) = match request {
            Some(RunRequest {
                params,
                waiter,
                trace,
                ..
            }) => (params, waiter, trace),
            None => (Params::new(), None, None),
        };
        let entry = self.task(id);
        let free = |name: &&RunId| entry.runs.running.iter().all(|run| run.run.info.run_id != **name);
        let run_id = name.filter(free).cloned().unwrap_or(RunId::Number(number));
        let spec = entry.spec.clone();
        let run = Run {
            start: now,
            number,
            trace,
            info: RunContext {
                task: spec.name.clone(),
                task_id: id,
                run_id,
                due,
                flag: RunFlag::default(),
                batch: params,
                own: spec.params.clone(),
            },
            spec,
        };
        (Arc::new(run), waiter)
    }

    /// The request that a run fulfils. A run for a past instant fulfils none.
    #[inline]
    fn request_for(&mut self, id: TaskId, cause: &Cause, number: RunNumber) -> Option<RunRequest> {
        match cause {
            Cause::Backfill { .. } => self.begin_backfilled(id, number),
            Cause::CatchUp => self.begin_caught_up(id, number),
            _ => {
                self.facts.forget_first_seen(&self.tasks[id].spec.name);
                return self.next_request(id);
            }
        }
        None
    }

    /// Ends a run, and returns its record; `None` if the run has ended before.
    ///
    /// The last result of the task goes out in `ended`, since dropping it may call user code.
    #[inline]
    pub(crate) fn end(&mut self, ended: &mut RunEnd) -> Option<Record> {
        let entry = &mut self.tasks[ended.task];
        let Running {
            run, stopped, waiter, ..
        } = entry
            .runs
            .running
            .take(|running| running.run.number == ended.number)?;
        self.active -= 1;
        self.pools.leave(run.spec.pools());
        let (action, message) = how_it_ended(stopped, ended.outcome.as_ref());
        let result = ended.result.take().filter(|_| action == Action::Success);
        if let (Action::Success, Some(Outcome::Success(value))) = (action, &mut ended.outcome)
            && !self.task(ended.task).deleted
        {
            self.keep_result(ended.task, value, result.as_ref());
        }
        // A function that returns nothing has no result.
        let result = result.filter(|json| **json != *"null");
        let extra = Extra::of_end(ended.process.take().map(|end| *end), result);
        let record = Record {
            message,
            extra,
            ..run.record(action, ended.at)
        };
        self.note_end(ended.task, &record);
        self.end_made_up(ended.task, ended.number, action);
        if self.crashes.end(ended.task) {
            self.facts.remove(&FactKey::Crashes(run.info.task.clone()));
        }
        for pool in run.spec.pools() {
            self.mark_next_in_pool(*pool);
        }
        self.waiters.note(ended.task, &record, waiter);
        ended.run = Some(run);
        Some(record)
    }

    /// Records the end of a run in the past of its task.
    #[inline]
    fn note_end(&mut self, id: TaskId, record: &Record) {
        let entry = &mut self.tasks[id];
        entry.dependents.note_end(record);
        let history = &mut entry.runs.history;
        history.record(record);
        // A run may end after its task was deleted, of which nothing is kept.
        if history.open().is_empty() && !entry.deleted {
            self.facts.note_counted(&record.task, history);
        }
    }

    /// Keeps the result of a success, as JSON too if the log keeps it. The old result comes out in `value`.
    #[inline]
    fn keep_result(&mut self, id: TaskId, value: &mut Value, json: Option<&Arc<str>>) {
        let entry = &mut self.tasks[id];
        if entry.runs.result.swap(value, json.is_some()) == Kept::Nothing {
            return;
        }
        let fact = json
            .cloned()
            .or_else(|| entry.runs.result.is_nothing().then(|| "null".into()));
        let key = FactKey::Result(entry.spec.name.clone());
        self.facts.put(&key, fact);
    }
}

/// Returns the action and the message for the record of the end of a run.
#[inline]
pub(crate) fn how_it_ended(
    stopped: Option<StopReason>,
    outcome: Option<&Outcome>,
) -> (Action, Option<Arc<str>>) {
    match (stopped, outcome) {
        (Some(reason), _) => (reason.action(), Some(reason.message().into())),
        (None, None) => (Action::Terminate, Some("it was interrupted".into())),
        (None, Some(outcome)) => {
            let message = match outcome {
                Outcome::Success(_) => None,
                Outcome::Fail(message) | Outcome::Inaction(message) => Some(message.clone()),
            };
            (outcome.action(), message)
        }
    }
}
