//! Requests for runs: queued, refused or postponed.

use tokio::sync::oneshot;

use super::event::Event;
use super::run_queue::RunRequest;
use super::state::{Phase, State};
use super::waiters::{Answer, Refusal};
use crate::task_id::TaskId;

impl State {
    /// Queues a requested run, or refuses it.
    pub(crate) fn request(&mut self, id: TaskId, mut request: RunRequest) {
        if let Some(why) = self.refusal(id) {
            self.refuse_request(id, request, why);
        } else if request
            .identity
            .clone()
            .is_some_and(|run| !self.unique.enter(run))
        {
            self.refuse_request(id, request, Refusal::Duplicate);
        } else if self.restart.is_some() {
            self.put_off(id, request);
        } else {
            self.facts.add_request(&mut request);
            self.task_mut(id).queue.push_back(request);
            self.mark(id);
            let task = self.tasks[id].spec.name.clone();
            self.events.push(|| Event::Requested { task });
        }
    }

    /// Queues a run that was requested in an earlier life of the app.
    pub(crate) fn restore_request(&mut self, id: TaskId, request: RunRequest) {
        if let Some(run) = &request.identity {
            self.unique.enter(run.clone());
        }
        self.task_mut(id).queue.push_back(request);
    }

    /// Takes the oldest requested run.
    #[inline]
    pub(crate) fn next_request(&mut self, id: TaskId) -> Option<RunRequest> {
        let request = self.task_mut(id).queue.pop_front()?;
        self.leave_queue(&request);
        // In the same write as the record of the start.
        self.facts.remove_request(&request);
        Some(request)
    }

    fn leave_queue(&mut self, request: &RunRequest) {
        if let Some(run) = &request.identity {
            self.unique.leave(run);
        }
    }

    /// Refuses runs that were queued.
    pub(crate) fn refuse(
        &mut self,
        id: TaskId,
        requests: impl IntoIterator<Item = RunRequest>,
        why: Refusal,
    ) {
        for request in requests {
            self.leave_queue(&request);
            // Requests that are left when the app ends are made when it is there again, or by the next leader.
            if !matches!(why, Refusal::Ended | Refusal::LeaderGone) {
                self.facts.remove_request(&request);
            }
            self.refuse_request(id, request, why);
        }
    }

    pub(crate) fn refuse_request(&mut self, id: TaskId, request: RunRequest, why: Refusal) {
        let task = self.tasks[id].spec.name.clone();
        self.events.push(|| Event::Refused {
            task,
            reason: why.reason().to_owned(),
        });
        self.refusals.add(request, why);
    }

    /// Refuses the runs at the front of a task's queue that were requested only if the task was due, which it is not.
    pub(crate) fn refuse_not_due(&mut self, id: TaskId) {
        let entry = &mut self.tasks[id];
        if self.phase != Phase::Up || entry.queue.front().is_none_or(|first| !first.if_due) {
            return;
        }
        let requests = std::mem::take(&mut entry.queue);
        let (refused, others): (Vec<_>, Vec<_>) = requests.into_iter().partition(|request| request.if_due);
        let more = !others.is_empty();
        entry.queue = others.into_iter().collect();
        self.refuse(id, refused, Refusal::NotDue);
        if more {
            self.mark(id);
        }
    }

    /// Postpones a requested run until the app has restarted. Nothing can wait for it across the restart: a
    /// run in progress that waits for it would delay the restart.
    pub(crate) fn put_off(&mut self, id: TaskId, mut request: RunRequest) {
        if request.if_due {
            return self.refuse(id, [request], Refusal::Restarts);
        }
        if let Some(waiter) = request.waiter.take() {
            self.refusals.add_waiter(waiter, Refusal::PutOff);
        }
        self.facts.add_request(&mut request);
        self.task_mut(id).queue.push_back(request);
    }

    /// Returns why no run of a task starts any more, if so.
    fn refusal(&self, id: TaskId) -> Option<Refusal> {
        let ended = self.ends().then_some(Refusal::Ended);
        let stands_by = self.phase == Phase::Standby || self.lead.concedes;
        let stands_by = stands_by.then_some(Refusal::NotLeader);
        ended
            .or(stands_by)
            .or_else(|| self.task(id).deleted.then_some(Refusal::Deleted))
    }

    /// Waits for the next record of a task, or for its next end.
    pub(crate) fn watch(&mut self, id: TaskId, for_end: bool) -> oneshot::Receiver<Answer> {
        match self.silence(id) {
            Some(why) => {
                let (waiter, answer) = oneshot::channel();
                let _ = waiter.send(Err(why));
                answer
            }
            None => self.waiters.watch(id, for_end),
        }
    }

    /// Answers the callers that wait for records of a task of which there will be none.
    pub(crate) fn unwatch_if_silent(&mut self, id: TaskId) {
        if self.waiters.is_unwatched() {
            return;
        }
        if let Some(why) = self.silence(id) {
            for waiter in self.waiters.unwatch(id) {
                self.refusals.add_waiter(waiter, why);
            }
        }
    }

    /// Returns why nothing is recorded for a task any more, if so.
    fn silence(&self, id: TaskId) -> Option<Refusal> {
        let entry = self.task(id);
        let more = !entry.runs.running.is_empty() || (entry.spec.on_shutdown && self.phase == Phase::Closing);
        let restarts = self.restart.map(|_| Refusal::Restarts);
        let why = self.refusal(id).or(restarts);
        why.filter(|_| self.phase == Phase::Over || !more)
    }
}
