//! What follows from a decision, without the lock: it is recorded, and then runs begin.

use std::sync::Arc;

use super::Scheduler;
use crate::session::Part;
use crate::session::hooks::{HookKind, Side};
use crate::session::run::Run;

impl Scheduler {
    /// Records what has happened, then lets the runs go that are to begin.
    pub(super) async fn carry_out(&mut self) {
        self.write_down();
        let mut runs = std::mem::take(&mut self.desk.runs);
        for run in runs.drain(..) {
            if let Some(here) = self.launch(run) {
                here.await;
            }
        }
        self.launcher.flush();
        self.desk.runs = runs;
    }

    /// Records what has happened and tells those who wait for it. What begins with it and can't be recorded at once
    /// waits in the journal.
    pub(super) fn write_down(&mut self) {
        if self.journal.is_some() {
            self.hand_over();
        } else {
            self.write_records();
        }
        if self.desk.has_news() {
            self.tell();
        }
    }

    fn write_records(&mut self) {
        if self.desk.records.is_empty() {
            return;
        }
        if self.has_end_hooks {
            let ends = self.desk.records.iter().filter(|record| record.action.is_end());
            self.over.extend(ends.cloned());
        }
        if let Err(error) = self.session.0.log.write_records(&mut self.desk.records) {
            tracing::error!(lost = self.desk.records.len(), "records are lost");
            self.desk.records.clear();
            self.session.fail(Part::Log, None, error);
        }
    }

    /// Tells those who wait what has become of it.
    fn tell(&mut self) {
        for (waiter, record) in self.desk.told.drain(..) {
            // Whoever asked may have stopped waiting.
            let _ = waiter.send(Ok(record));
        }
        self.desk.refused.tell();
    }

    /// Calls the hooks before a run and launches it; one on the scheduler itself begins with what is given back.
    pub(super) fn launch(&mut self, run: Arc<Run>) -> Option<impl Future<Output = ()> + use<>> {
        if self.session.0.hooks.any(HookKind::TaskExecute, Side::Before) {
            // These may take their time, for which no run waits that comes before.
            self.launcher.flush();
            self.session.call_run_hooks(&run.info, None);
        }
        if self.has_end_hooks {
            let key = (run.info.task.clone(), run.info.run_id.clone());
            self.runs.insert(key, run.clone());
        }
        self.launcher.launch(run)
    }

    /// Calls the hooks after the runs whose ends have been recorded.
    pub(super) fn call_end_hooks(&mut self) {
        for record in std::mem::take(&mut self.over) {
            if let Some(run) = self.runs.remove(&(record.task.clone(), record.run_id.clone())) {
                self.session.call_run_hooks(&run.info, Some(record));
            }
        }
    }

    /// Records the end of runs that do not end.
    pub(super) fn give_up_on_stragglers(&mut self) {
        self.session.0.inbox.drain(&mut self.desk.ended);
        let now = self.session.now();
        let mut state = self.session.state();
        // Those that have ended come first, and then what is left.
        while !self.desk.collect(&mut state, now) {}
        self.desk.cut_off_all(&mut state, now);
        drop(state);
        self.desk.forget_ended();
        self.write_down();
    }
}
