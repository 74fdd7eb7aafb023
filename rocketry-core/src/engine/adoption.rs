//! Runs that outlive the lead of the app that started them: one leader releases them, and the next leader
//! adopts them.

use std::sync::Arc;

use super::entry::TaskEntry;
use super::run::{Run, RunNumber, Running};
use super::spec::{Limits, Spec};
use super::state::State;
use crate::log::{Cause, Record, StartedBy};
use crate::param::{Params, RunContext, RunFlag};
use crate::task_id::TaskId;

impl State {
    /// Adopts a run that an earlier leader started and another node executes.
    pub(crate) fn adopt(&mut self, id: TaskId, start: &Record, number: RunNumber, batch: Params) -> Arc<Run> {
        let cause = start.cause();
        let by = cause.map_or(StartedBy::Schedule, |cause| self.schedule_sees(id, cause));
        match cause {
            Some(Cause::CatchUp) => self.catch_ups.adopt(id, number, start.due),
            Some(Cause::Backfill { .. }) => self.backfills.adopt(id, number),
            _ => {}
        }
        let spec = self.task(id).spec.clone();
        let run = Arc::new(Run {
            start: start.start,
            number,
            trace: None,
            info: RunContext {
                task: spec.name.clone(),
                task_id: id,
                run_id: start.run_id.clone(),
                due: start.due,
                flag: RunFlag::default(),
                batch,
                own: spec.params.clone(),
            },
            spec,
        });
        self.next_run = self.next_run.max(number.saturating_add(1));
        self.active += 1;
        self.pools.enter(run.spec.pools());
        let runs = &mut *self.tasks[id].runs;
        runs.history.adopt(start, by, start.created);
        runs.running.push(Running {
            deadline: start.start.saturating_add(run.spec.timeout),
            run: run.clone(),
            stopped: None,
            waiter: None,
            origin: start.extra.clone(),
        });
        self.mark_with_dependents(id);
        run
    }

    /// Adopts a run of a task that this version of the app does not have, like a run of a deleted task: only
    /// its end is recorded.
    pub(crate) fn adopt_unknown(
        &mut self,
        limits: Limits,
        start: &Record,
        number: RunNumber,
        batch: Params,
    ) -> Arc<Run> {
        let spec = Spec::unknown(start.task.clone(), limits);
        let id = TaskId::new(u32::try_from(self.tasks.len()).expect("fewer than 2^32 tasks"));
        self.tasks.push(TaskEntry::gone(Arc::new(spec)));
        let run = self.adopt(id, start, number, batch);
        self.note_deleted(id);
        run
    }

    /// Releases a run without a record, because another leader continues it. The caller that waits for it
    /// gets a refusal.
    pub(crate) fn release_run(&mut self, id: TaskId, number: RunNumber) {
        let running = &mut self.tasks[id].runs.running;
        let Some(Running { run, .. }) = running.take(|running| running.run.number == number) else {
            return;
        };
        self.active -= 1;
        self.pools.leave(run.spec.pools());
        self.mark_with_dependents(id);
    }
}
