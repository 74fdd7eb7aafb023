//! Finds what holds a task back, according to the last decision of the scheduler.

use super::hold::{HeldBy, Hold};
use super::state::{Phase, State};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl State {
    /// Everything that prevents a run of a task from starting now, the most important first.
    pub(crate) fn holds(&self, id: TaskId, now: Timestamp) -> Vec<Hold> {
        let of_app = self.hold_of_app(id);
        let entry = self.task(id);
        let disabled = entry.disabled.then_some(Hold::Disabled);
        let of_run = self.hold_of_run(id);
        let full = entry.is_full() && of_run != Some(Hold::Overlap);
        let full = full.then(|| Hold::Running {
            running: entry.runs.running.len(),
            limit: entry.spec.max_running as usize,
        });
        let first = self.hold_of_first_run(id);
        let pauses = self.pauses_of(id, now).map(Hold::from);
        let others = [disabled, full, of_run, first].into_iter().flatten();
        of_app.into_iter().chain(pauses).chain(others).collect()
    }

    /// What a run waits for that is due, was requested, or is about to start.
    pub(crate) fn waits_for(&self, id: TaskId, now: Timestamp) -> Option<Hold> {
        let entry = self.task(id);
        if let Some(log) = self.hold_of_log(id) {
            return Some(log);
        }
        let has_run = entry.queue.front().is_some()
            || self.deferred.start(id).is_some()
            || self.is_backfill_ready(id)
            || self.is_catch_up_ready(id);
        if let Some(pause) = self.longest_pause(id, now).filter(|_| has_run) {
            return Some(pause.into());
        }
        let requested = entry.is_full() && self.pools.wait_of(id).is_none() && entry.queue.front().is_some();
        let full = requested.then(|| Hold::Running {
            running: entry.runs.running.len(),
            limit: entry.spec.max_running as usize,
        });
        full.or_else(|| self.hold_of_run(id))
    }

    fn hold_of_app(&self, id: TaskId) -> Option<Hold> {
        match self.phase {
            Phase::Standby => Some(Hold::NotLeader {
                leader: self.lead.leader.clone(),
            }),
            Phase::Starting if !self.is_started => Some(Hold::NotRunning),
            Phase::Starting => Some(Hold::StartingUp),
            Phase::Up if self.only_requested && self.task(id).queue.front().is_none() => {
                Some(Hold::OnlyRequested)
            }
            Phase::Up => None,
            _ if self.restart.is_some() => Some(Hold::Restarting),
            _ => Some(Hold::ShuttingDown),
        }
    }

    fn hold_of_log(&self, id: TaskId) -> Option<Hold> {
        let closed = self.log_gate.reason(id)?;
        Some(Hold::Log {
            since: closed.since,
            reason: closed.reason.clone(),
        })
    }

    /// The pause of a task that fails repeatedly.
    pub(super) fn hold_of_failures(&self, id: TaskId) -> Option<Hold> {
        self.failing(id).map(|row| Hold::Failures {
            failures: row.failures,
            until: row.until,
        })
    }

    /// What a due run waits for, according to the last decision.
    fn hold_of_run(&self, id: TaskId) -> Option<Hold> {
        if let Some(log) = self.hold_of_log(id) {
            return Some(log);
        }
        let entry = self.task(id);
        if entry.held == Some(HeldBy::Crashes)
            && let Some(row) = self.crashes.of(id)
        {
            return Some(Hold::Crashes {
                crashes: row.crashes,
                until: row.until(),
            });
        }
        if entry.held == Some(HeldBy::Failures)
            && let Some(failures) = self.hold_of_failures(id)
        {
            return Some(failures);
        }
        if let Some(waiting) = self.pools.wait_of(id) {
            let (pool, size, used) = self.pools.usage(waiting.pool);
            return Some(Hold::Pool {
                pool: pool.clone(),
                used,
                size,
                ahead: self.pools.ahead(waiting.pool, waiting.position),
            });
        }
        let deferred = self.deferred.start(id)?;
        Some(if deferred.overlaps {
            Hold::Overlap
        } else {
            Hold::Jitter { until: deferred.at }
        })
    }

    /// The hold of the first run, if only that keeps the start condition false.
    fn hold_of_first_run(&self, id: TaskId) -> Option<Hold> {
        let since = self.waits_since_for_first_run(id)?;
        Some(Hold::FirstRun { since })
    }
}
