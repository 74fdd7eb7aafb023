//! Begins and ends runs: what a start and an end change in the state.

use std::sync::Arc;

use super::fact_key::FactKey;
use super::last_result::Kept;
use super::run::{Run, RunEnd, Running};
use super::run_queue::RunRequest;
use super::state::State;
use crate::log::{Action, Extra, Record};
use crate::param::{RunContext, RunFlag, RunId};
use crate::task::Outcome;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Begins a run: it counts as started from here on.
    ///
    /// A run whose name is that of a run under way gets a number instead.
    pub(crate) fn begin(
        &mut self,
        id: TaskId,
        name: Option<&RunId>,
        due: Timestamp,
        now: Timestamp,
    ) -> (Record, Arc<Run>) {
        let number = self.next_run;
        self.next_run += 1;
        self.active += 1;
        let requested = self.task(id).queue.front().is_some_and(|request| !request.if_due);
        let deferred = self
            .begin_deferred(id, requested)
            .filter(|deferred| deferred.overlaps);
        let RunRequest { params, waiter, .. } = self.next_request(id);
        let entry = &mut self.tasks[id.index()];
        let free = |name: &&RunId| entry.running.iter().all(|run| run.run.info.run_id != **name);
        let run_id = name.filter(free).cloned().unwrap_or(RunId::Number(number));
        let spec = entry.spec.clone();
        self.pools.enter(spec.pools());
        let run = Arc::new(Run {
            start: now,
            number,
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
        });
        let record = Record {
            message: deferred.map(|_| run.spec.overlap.message().into()),
            ..run.record(Action::Run, now)
        };
        entry.history.record(&record);
        entry.running.push(Running {
            deadline: now.saturating_add(run.spec.timeout),
            run: run.clone(),
            stopped: None,
            waiter,
        });
        self.waiters.note(id, &record, None);
        (record, run)
    }

    /// Ends a run, and returns its record; `None` if the run has ended before.
    ///
    /// The last result of the task goes out in `ended`, since dropping it may call code of the user's.
    pub(crate) fn end(&mut self, ended: &mut RunEnd) -> Option<(Record, Arc<Run>)> {
        let entry = &mut self.tasks[ended.task.index()];
        let Running {
            run, stopped, waiter, ..
        } = entry.running.take(|running| running.run.number == ended.number)?;
        self.active -= 1;
        self.pools.leave(run.spec.pools());
        let action = match (stopped, &ended.outcome) {
            (Some(_), _) | (None, None) => Action::Terminate,
            (None, Some(outcome)) => outcome.action(),
        };
        let result = ended.result.take().filter(|_| action == Action::Success);
        let mut kept = Kept::Nothing;
        let message = match (stopped, &mut ended.outcome) {
            (Some(reason), _) => Some(reason.message().into()),
            (None, None) => Some("it was cut off".into()),
            (None, Some(Outcome::Success(value))) => {
                kept = entry.result.swap(value, result.is_some());
                None
            }
            (None, Some(Outcome::Fail(message) | Outcome::Inaction(message))) => Some(message.clone()),
        };
        if kept != Kept::Nothing {
            let fact = result
                .clone()
                .or_else(|| entry.result.is_nothing().then(|| "null".into()));
            self.facts.put(&FactKey::Result(run.info.task.clone()), fact);
        }
        let record = Record {
            message,
            // A function that returns nothing has no result.
            extra: Extra::of_end(ended.process.take(), result.filter(|json| **json != *"null")),
            ..run.record(action, ended.at)
        };
        entry.history.record(&record);
        if self.crashes.end(ended.task) {
            self.facts.remove(&FactKey::Crashes(run.info.task.clone()));
        }
        for pool in run.spec.pools() {
            self.mark_next_in_pool(*pool);
        }
        self.waiters.note(ended.task, &record, waiter);
        Some((record, run))
    }
}
