//! Executes the decisions of the dispatcher without the lock: writes records, answers callers, starts runs,
//! calls hooks.

use std::sync::Arc;

use super::main_loop::Scheduler;
use crate::engine::run::Run;
use crate::exec::{self, OnScheduler};
use crate::failure::Part;
use crate::hooks::{HookKind, Side};

impl Scheduler {
    /// Records events, then starts runs.
    pub(super) async fn carry_out(&mut self) {
        self.write_down();
        let mut starts = std::mem::take(&mut self.dispatcher.effects.starts);
        for (_, run) in starts.drain(..) {
            if let Some(here) = self.launch(run) {
                here.await;
            }
        }
        self.executors.flush();
        self.dispatcher.effects.starts = starts;
    }

    /// Records events and answers the callers that wait for them. Starts that can't be recorded immediately
    /// wait in the journal.
    #[inline]
    pub(super) fn write_down(&mut self) {
        self.session.say_records(&self.dispatcher.effects.records);
        if self.journal.is_some() {
            self.hand_over();
        } else {
            self.write_records();
        }
        if self.dispatcher.has_answers() {
            self.answer();
        }
        for task in std::mem::take(&mut self.dispatcher.effects.failing) {
            self.session.report_failing(&task);
        }
    }

    #[inline]
    fn write_records(&mut self) {
        let effects = &mut self.dispatcher.effects;
        let events = effects.take_events();
        if effects.records.is_empty() {
            return self.session.publish(events);
        }
        if self.dispatcher.has_end_hooks {
            let ends = effects.ends.drain(..);
            let ends = ends.map(|(place, run)| (effects.records[place].clone(), run));
            self.over.extend(ends);
        }
        if let Err(error) = self.session.0.log.write_records(&mut effects.records) {
            tracing::error!(lost = effects.records.len(), "records are lost");
            effects.records.clear();
            self.session.fail(Part::Log, None, error);
            return;
        }
        if !events.is_empty() {
            self.session.publish(events);
        }
    }

    /// Publishes the remaining events, and ends the streams of subscribers.
    pub(super) fn publish_last(&mut self) {
        self.session
            .state()
            .events
            .take(&mut self.dispatcher.effects.events);
        let events = self.dispatcher.effects.take_events();
        self.session.publish(events);
        self.session.0.events.close();
    }

    /// Answers the callers that wait for records, and the callers whose runs are not made.
    fn answer(&mut self) {
        let effects = &mut self.dispatcher.effects;
        for (waiter, record) in effects.answers.drain(..) {
            // The caller may have stopped waiting.
            let _ = waiter.send(Ok(record));
        }
        effects.refusals.send();
    }

    /// Calls the hooks before a run and launches it. Returns a run that executes on the scheduler itself, for
    /// the caller to start.
    #[inline]
    pub(super) fn launch(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        self.call_before(&run);
        self.watch();
        self.executors.begin(run)
    }

    /// Launches a run whose start is recorded: on a node of the cluster, or here.
    pub(super) fn launch_kept(&mut self, run: Arc<Run>) -> Option<OnScheduler> {
        if self.session.0.node.is_none() {
            return self.launch(run);
        }
        self.call_before(&run);
        let here = exec::hand_over(&self.session, run).err()?;
        self.watch();
        self.executors.begin(here)
    }

    /// Calls the hooks before a run.
    #[inline]
    fn call_before(&mut self, run: &Run) {
        if self.session.0.hooks.any(HookKind::TaskExecute, Side::Before) {
            // These hooks may take long; no earlier run waits for them.
            self.executors.flush();
            self.watch();
            self.session.call_run_hooks(&run.info, None);
        }
    }

    /// Calls the hooks of a moment that do not concern a task.
    pub(super) async fn call_hooks(&self, kind: HookKind, side: Side) {
        self.watch();
        self.session.call_hooks(kind, side).await;
    }

    /// Watches runs, or the next call of the scheduler, in case they block their thread.
    #[inline]
    pub(super) fn watch(&self) {
        if let Some(alarm) = &self.alarm {
            alarm.look_for_blocked(&self.session);
        }
    }

    /// Calls the hooks after the runs whose ends are recorded.
    #[inline]
    pub(super) fn call_end_hooks(&mut self) {
        if self.over.is_empty() {
            return;
        }
        self.watch();
        for (record, run) in std::mem::take(&mut self.over) {
            self.session.call_run_hooks(&run.info, Some(record));
        }
    }

    /// Records the end of runs that do not stop.
    pub(super) fn give_up_on_stragglers(&mut self) {
        self.session.0.inbox.drain(&mut self.dispatcher.ended);
        let now = self.look_at_clock();
        let mut state = self.session.state();
        // Runs that have ended come first, then the remaining runs.
        while !self.dispatcher.collect(&mut state, now) {}
        self.dispatcher.cut_off_all(&mut state, now);
        drop(state);
        self.dispatcher.forget_ended();
        self.write_down();
    }
}
