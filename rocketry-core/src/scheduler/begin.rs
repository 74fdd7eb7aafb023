//! How a run begins, and how it is recorded.

use super::Scheduler;
use crate::cond::TaskId;
use crate::exec::{self, Launch};
use crate::log::Write;
use crate::param::{RunId, RunInfo};
use crate::session::Part;
use crate::session::hooks::{HookKind, Side};
use crate::session::state::{Batch, Ended, State, StopReason};
use crate::time::Timestamp;

impl Scheduler {
    /// Counts a run as started; what is left is to record it and let it go.
    pub(super) fn prepare(
        &mut self,
        state: &mut State,
        id: TaskId,
        name: Option<&RunId>,
        due: Timestamp,
        now: Timestamp,
    ) -> Launch {
        let Batch { params, waiter, .. } = state.task_mut(id).batches.pop_front().unwrap_or_default();
        let (record, flag) = state.begin(id, name, waiter, due, now);
        let spec = state.task(id).spec.clone();
        let info = RunInfo {
            task: spec.name.clone(),
            index: id.0,
            run_id: record.run_id.clone(),
            due,
            flag,
            batch: params,
            own: spec.params.clone(),
        };
        self.records.push(record);
        if spec.end.is_none() && spec.max_running == 1 {
            // Nothing but its deadline or an event can concern the task now.
            let deadline = state
                .task(id)
                .running
                .last()
                .map_or(Timestamp::MAX, |run| run.deadline);
            self.timers.set(id, state.task_mut(id), deadline);
            state.touch_dependents(id);
        } else {
            state.touch_around(id);
        }
        Launch { task: id, spec, info }
    }

    /// Records runs, then lets them go.
    pub(super) async fn begin(&mut self, launches: Vec<Launch>) {
        self.write_records();
        for launch in launches {
            self.call_run_hooks(&launch);
            exec::launch(&self.session, &self.runtime, launch).await;
        }
    }

    pub(super) fn write_records(&mut self) {
        if self.records.is_empty() {
            return;
        }
        if let Err(error) = self.session.0.log.write(&Write::records(&self.records)) {
            tracing::error!(lost = self.records.len(), "records are lost");
            self.session.fail(Part::Log, None, error);
        }
        let news = self.session.state().waiters.take_news();
        for (waiter, record) in news {
            // Whoever asked may have stopped waiting.
            let _ = waiter.send(Ok(record));
        }
        let ends = self.records.drain(..).filter(|record| record.action.is_end());
        if self.session.0.hooks.any(HookKind::TaskExecute, Side::After) {
            self.over.extend(ends);
        }
    }

    /// Calls the hooks before a run.
    fn call_run_hooks(&mut self, launch: &Launch) {
        self.session.call_run_hooks(&launch.info, None);
        if self.session.0.hooks.any(HookKind::TaskExecute, Side::After) {
            let run = (launch.info.task.clone(), launch.info.run_id.clone());
            self.runs.insert(run, launch.info.clone());
        }
    }

    /// Calls the hooks after the runs whose ends have been recorded.
    pub(super) fn call_end_hooks(&mut self) {
        for record in std::mem::take(&mut self.over) {
            if let Some(info) = self.runs.remove(&(record.task.clone(), record.run_id.clone())) {
                self.session.call_run_hooks(&info, Some(record));
            }
        }
    }

    /// Records the end of runs that do not end.
    pub(super) fn give_up_on_stragglers(&mut self) {
        let now = self.session.now();
        self.collect(now);
        let session = self.session.clone();
        let mut state = session.state();
        for id in state.ids() {
            state.stop(id, StopReason::ShutDown, |_| true);
            while let Some(run) = state.task(id).running.first() {
                let run_id = run.run_id.clone();
                let how = crate::session::state::How::CutOff;
                self.records.extend(state.end(Ended {
                    task: id,
                    run_id,
                    at: now,
                    how,
                    process: None,
                }));
            }
        }
        drop(state);
        self.write_records();
    }
}
