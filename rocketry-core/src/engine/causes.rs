//! Determines the cause of a run, and the runs that triggered it.

use super::standing::{Answers, started_by};
use super::state::State;
use crate::cond::{Observation, Plan};
use crate::log::{Action, Cause, RunRef, StartedBy};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Returns the cause of the oldest requested run.
    pub(super) fn cause_of_request(&self, id: TaskId) -> Cause {
        let request = self.task(id).queue.front();
        request.map_or_else(Cause::default, |request| request.cause.clone())
    }

    /// Returns the cause of a run that is due.
    #[inline]
    pub(super) fn cause_of_due(&self, id: TaskId, now: Timestamp, answers: &Answers) -> Cause {
        let entry = self.task(id);
        match started_by(self, id, now, answers) {
            StartedBy::Retry => Cause::Retry {
                number: entry.runs.history.counted().fails,
            },
            _ if entry.runs.history.is_cut_off() => Cause::Restart,
            _ => Cause::Statement,
        }
    }

    /// Returns how the schedule of a task classifies a cause. Without a schedule that starts runs, requests
    /// need no distinction.
    #[inline]
    pub(crate) fn schedule_sees(&self, id: TaskId, cause: &Cause) -> StartedBy {
        match cause {
            Cause::Retry { .. } => StartedBy::Retry,
            Cause::Backfill { .. } | Cause::CatchUp => StartedBy::Backfill,
            Cause::Request { .. } | Cause::Batch { .. } if self.task(id).spec.start.is_some() => {
                StartedBy::Request
            }
            _ => StartedBy::Schedule,
        }
    }

    /// Returns the runs whose ends triggered a run, as far as they are known. Only runs that were started by
    /// the statement have any.
    #[inline]
    pub(super) fn upstream(&self, id: TaskId, cause: &Cause, due: Timestamp) -> Vec<RunRef> {
        let start = self.task(id).spec.start.as_ref();
        let Some(start) = start.filter(|_| matches!(cause, Cause::Statement | Cause::Restart)) else {
            return Vec::new();
        };
        let mut upstream: Vec<RunRef> = Vec::new();
        self.visit_awaited(id, &start.plan, due, |task, actions, ended_by| {
            let Some(ended) = self.ended_last(task, actions, ended_by) else {
                return;
            };
            // Nearly always the only one: a list with room for more would be moved to one without.
            upstream.reserve_exact(1);
            upstream.push(ended);
        });
        upstream
    }

    /// Returns the tasks whose runs may trigger a task but have unknown ids, with the ways in which they
    /// ended.
    pub(crate) fn unknown_upstream(&self, id: TaskId, plan: &Plan) -> Vec<(TaskId, &'static [Action])> {
        let mut unknown = Vec::new();
        // A delay may still have to pass.
        self.visit_awaited(id, plan, Timestamp::MAX, |task, actions, _| {
            if self.ended_last(task, actions, Timestamp::MAX).is_none() {
                unknown.push((task, actions));
            }
        });
        unknown
    }

    fn visit_awaited(
        &self,
        id: TaskId,
        plan: &Plan,
        at: Timestamp,
        mut visitor: impl FnMut(TaskId, &'static [Action], Timestamp),
    ) {
        if plan.awaits() {
            let seen = Observation {
                now: at,
                zone: self.task(id).spec.zone,
                owner: id,
                facts: self,
                answers: &[],
                runs_over: false,
                retries: true,
            };
            plan.visit_awaited(&seen, &mut visitor);
        }
    }

    fn ended_last(&self, id: TaskId, actions: &[Action], by: Timestamp) -> Option<RunRef> {
        let entry = self.task(id);
        Some(RunRef {
            task: entry.spec.name.clone(),
            run_id: entry.dependents.ends()?.last(actions, by)?.clone(),
        })
    }
}
