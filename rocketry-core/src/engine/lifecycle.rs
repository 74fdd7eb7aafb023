//! The phases of an app: it starts up, runs, and winds up for its end or for a restart.

use std::sync::Arc;

use super::event::Event;
use super::last_result::LastResult;
use super::pause::PauseScope;
use super::run::{Run, Running, StopReason};
use super::state::{Phase, State};
use super::waiters::Refusal;
use crate::config::Restarting;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Begins the start-up.
    pub(crate) fn start_up(&mut self, now: Timestamp) {
        self.startup = now;
        if !std::mem::replace(&mut self.is_started, true) {
            self.wait_from_start_up(now);
        }
    }

    /// Stops all starts, unless the app is already in a later phase. Callers that wait for a run that has not
    /// started are answered.
    pub(crate) fn close(&mut self, phase: Phase) {
        self.restart = None;
        self.wind_up(phase);
    }

    /// Stops all starts until the app has restarted. Requested runs are made then.
    pub(crate) fn close_for_restart(&mut self, way: Restarting, phase: Phase) {
        self.restart = Some(way);
        self.wind_up(phase);
    }

    /// Enters a phase.
    pub(crate) fn enter(&mut self, phase: Phase) {
        if self.phase != phase {
            self.phase = phase;
            self.events.push(|| Event::PhaseChanged { phase });
        }
    }

    fn wind_up(&mut self, phase: Phase) {
        self.enter(self.phase.max(phase));
        let is_watched = !self.waiters.is_unwatched();
        for id in self.ids() {
            let entry = self.task(id);
            let is_requested = entry.queue.front().is_some();
            let is_running = !entry.runs.running.is_empty();
            // Nothing changes for a task that neither runs nor was held back.
            let is_idle = !is_running && entry.held.is_none() && !is_requested;
            if is_requested {
                self.wind_up_requests(id);
            }
            if is_watched {
                self.unwatch_if_silent(id);
            }
            if phase == Phase::Over && is_running {
                self.stop(id, StopReason::ShutDown, |_| true);
            }
            if !is_idle {
                self.mark(id);
            }
        }
    }

    /// Refuses the requested runs of a task, or keeps them for after the restart.
    fn wind_up_requests(&mut self, id: TaskId) {
        let requests = std::mem::take(&mut self.task_mut(id).queue);
        if self.lead.concedes {
            // The next leader makes those that are recorded.
            return self.refuse(id, requests, Refusal::LeaderGone);
        }
        if self.restart.is_none() {
            return self.refuse(id, requests, Refusal::Ended);
        }
        for request in requests {
            self.put_off(id, request);
        }
    }

    /// Prepares the state for a new scheduler.
    pub(crate) fn begin_anew(&mut self) {
        self.enter(Phase::Starting);
        for entry in self.tasks.iter_mut() {
            // These belong to the timers of the last scheduler.
            (entry.wake, entry.timer, entry.due_since) = (Timestamp::MAX, Timestamp::MAX, Timestamp::MAX);
        }
    }

    /// Removes a task from the app. Callers that wait for it are answered.
    pub(crate) fn delete(&mut self, id: TaskId) {
        let name = self.task(id).spec.name.clone();
        self.names.remove(&name, id);
        let entry = self.task_mut(id);
        entry.deleted = true;
        entry.disabled = true;
        let requests = std::mem::take(&mut entry.queue);
        self.refuse(id, requests, Refusal::Deleted);
        self.unwatch_if_silent(id);
        self.drop_deferred(id);
        self.facts.remove_task(&name);
        self.facts.options.remove_task(id);
        self.leave_pool_queue(id);
        self.skips.remove(id);
        self.resume(&PauseScope::Task(name.clone()));
        self.do_not_skip_next(id);
        self.close_backfill(id, true);
        self.backfills.forget(id);
        self.forget_catch_up(id);
        self.mark_with_dependents(id);
        self.let_go(id);
        self.note_deleted(id);
        self.events.push(|| Event::TaskDeleted { task: name });
    }

    /// Releases what a deleted task no longer needs. Runs in progress keep the definition they started with;
    /// handles and statements still see the past of the task.
    fn let_go(&mut self, id: TaskId) {
        self.unsubscribe(id);
        self.asked.forget(id);
        let entry = self.task_mut(id);
        if let Some(runs) = entry.runs.get_mut() {
            runs.result = LastResult::default();
        }
        let spec = Arc::make_mut(&mut entry.spec);
        spec.let_go();
    }

    /// Returns true if the app ends for good, and begins no run any more.
    pub(crate) fn ends(&self) -> bool {
        self.phase >= Phase::Closing && self.restart.is_none()
    }

    /// Returns true if no run has to be waited for.
    pub(crate) fn is_quiet(&self) -> bool {
        self.is_quiet_but_for(0)
    }

    /// Like `is_quiet`, but allows for runs that other nodes execute.
    pub(crate) fn is_quiet_but_for(&self, others: usize) -> bool {
        self.active <= others || self.phase >= Phase::Forced
    }

    /// Returns true if the app is shutting down and every run has ended or is not waited for.
    pub(crate) fn is_over(&self) -> bool {
        match self.phase {
            Phase::Standby | Phase::Starting | Phase::Up => false,
            Phase::Closing => self.active == 0,
            // Runs on threads that ignore their flag are not waited for.
            Phase::Forced | Phase::Over => true,
        }
    }

    /// Tells runs of a task to stop.
    pub(crate) fn stop(&mut self, id: TaskId, reason: StopReason, which: impl Fn(&Running) -> bool) {
        let runs = self.tasks[id].runs.get_mut();
        let running = runs.into_iter().flat_map(|runs| runs.running.iter_mut());
        for run in running.filter(|run| run.stopped.is_none() && which(run)) {
            run.stopped = Some(reason);
            run.run.info.flag.set();
        }
    }

    /// Tells a run to stop, if it is in progress.
    pub(crate) fn stop_run(&mut self, run: &Run, reason: StopReason) {
        self.stop(run.task(), reason, |running| running.run.number == run.number);
    }

    /// A run as it is in progress, if it is.
    pub(crate) fn running(&self, run: &Run) -> Option<&Running> {
        let mut running = self.task(run.task()).runs.running.iter();
        running.find(|running| running.run.number == run.number)
    }
}
