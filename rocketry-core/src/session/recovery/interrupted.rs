//! The count of a task's schedule after the app has ended while the task was running.

use std::sync::Arc;

use super::read;
use crate::engine::fact_key::FactKey;
use crate::error::Result;
use crate::log::{Action, Cause, Counted, CountedFact, Fact, Past, Query, Record, StartedBy, TaskPast};
use crate::session::Session;
use crate::task::OnCrash;
use crate::task_id::TaskId;

impl Session {
    /// The count of the schedule of a task whose runs were interrupted. Only this code knows what started
    /// them.
    pub(in crate::session) fn counted_at_crash(&self, task: &Arc<str>, past: &Past) -> Result<Fact> {
        let key: Arc<str> = FactKey::Counted(task.clone()).to_string().into();
        let Some(runs) = past.tasks.get(task) else {
            return Ok(Fact { key, value: None });
        };
        let known = past.facts.get(&key).and_then(|value| read(value).ok());
        let before: CountedFact = match known {
            Some(known) => known,
            None => self.counted_before(task, runs)?,
        };
        let starts = runs
            .open
            .iter()
            .map(|start| (start, self.seen_by_schedule(task, start)));
        let value = Some(before.cut_off(starts).to_json().into());
        Ok(Fact { key, value })
    }

    /// The count of the schedule without the interrupted runs, as far as the records show it.
    fn counted_before(&self, task: &Arc<str>, runs: &TaskPast) -> Result<CountedFact> {
        let ends = Action::ALL.into_iter();
        let ends = ends.filter(|action| action.is_end() && *action != Action::Crash);
        let query = ends.fold(Query::new().task(&**task).last(1), Query::action);
        let last = self.0.log.query(&query)?.records.into_iter().next();
        let none = || Counted {
            only_backfills: runs.tallies[Action::Run as usize].count == runs.open.len() as u64,
            ..Counted::default()
        };
        Ok(CountedFact {
            counted: last.map_or_else(none, |end| Counted::up_to(&end, runs.fails_in_row)),
            with_cut_off: None,
        })
    }

    /// How the schedule of a task classifies the cause of a run.
    fn seen_by_schedule(&self, task: &str, start: &Record) -> StartedBy {
        let Some(cause) = start.cause() else {
            return StartedBy::Schedule;
        };
        let state = self.state();
        match state.find_exact(task) {
            Some(id) => state.schedule_sees(id, cause),
            None if matches!(cause, Cause::Backfill { .. } | Cause::CatchUp) => StartedBy::Backfill,
            None => StartedBy::Request,
        }
    }

    /// Restores the count of a task's schedule. The task determines whether interrupted runs count.
    pub(in crate::session) fn restore_counted(&self, id: TaskId, task: Arc<str>, fact: &CountedFact) {
        let now = self.now();
        let mut state = self.state();
        let entry = state.task_mut(id);
        let crashed = entry.runs.history.last_action() == Some(Action::Crash);
        let counted = if crashed && entry.spec.rare.on_crash == OnCrash::Count {
            fact.with_cut_off
        } else {
            Some(fact.counted)
        };
        if let Some(counted) = counted {
            entry.runs.history.restore_counted(counted, now);
        }
        state.facts.restore_counted(task, counted.unwrap_or(fact.counted));
    }
}
