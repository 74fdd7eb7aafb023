//! The upstream and downstream runs of a run.

use std::sync::Arc;

use super::{Session, Task};
use crate::engine::spec::Statement;
use crate::error::Result;
use crate::log::{Action, Query, Record, RunRef};
use crate::param::RunId;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl Task {
    /// Returns the runs that triggered a run of the task: see [`Record::upstream`](crate::Record::upstream).
    /// Returns an empty list if the log has no record of the start.
    ///
    /// ```
    /// use rocketry::{Query, Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder()
    ///     .func("fetch", "daily", || async {})
    ///     .func("report", "after task 'fetch'", || async {});
    /// let app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// let (fetch, report) = (app.session().task("fetch")?, app.session().task("report")?);
    /// let run = report.log(Query::new().last(1))?.remove(0).run_id;
    /// let fetched = report.upstream(&run)?.remove(0);
    /// assert_eq!(&*fetched.task, "fetch");
    /// assert_eq!(fetch.downstream(&fetched.run_id)?[0].run_id, run);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn upstream(&self, run_id: &RunId) -> Result<Vec<RunRef>> {
        let query = Query::new().run_id(run_id.clone()).action(Action::Run).last(1);
        let start = self.log(query)?.into_iter().next();
        Ok(start.map_or_else(Vec::new, |start| start.upstream().to_vec()))
    }

    /// Returns the runs that were triggered by the end of a run of the task, oldest first. Returns an empty
    /// list if the log has no record of the end.
    ///
    /// These are runs of the tasks whose statements mention this task now. For each of them, the log is read
    /// from the end of the run on, up to the first start that a later run triggered. The time that this takes
    /// does not depend on how long ago the run was.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn downstream(&self, run_id: &RunId) -> Result<Vec<RunRef>> {
        let Some(end) = self.end_of(run_id)? else {
            return Ok(Vec::new());
        };
        let run = RunRef {
            task: end.task,
            run_id: end.run_id,
        };
        let mut started = Vec::new();
        for follower in self.followers() {
            self.add_started(&follower, (&run, end.created), &mut started)?;
        }
        started.sort_by_key(|start| start.created);
        Ok(started.into_iter().map(run_of).collect())
    }

    /// The record of the end of a run.
    fn end_of(&self, run_id: &RunId) -> Result<Option<Record>> {
        let last = self.log(Query::new().run_id(run_id.clone()).last(1))?;
        Ok(last.into_iter().find(|record| record.action.is_end()))
    }

    /// The tasks whose statements mention this one.
    fn followers(&self) -> Vec<Arc<str>> {
        let state = self.session().state();
        let dependents = &state.task(self.id()).dependents;
        let ids = (0..).map_while(|index| dependents.get(index));
        ids.map(|id| state.task(id).spec.name.clone()).collect()
    }

    /// Adds the starts of a follower that were triggered by the end of a run.
    fn add_started(
        &self,
        follower: &str,
        (run, ended): (&RunRef, Timestamp),
        started: &mut Vec<Record>,
    ) -> Result<()> {
        let starts = Query::new().task(follower).action(Action::Run).created(ended..);
        for start in self.session().records(starts) {
            let start = start?;
            let upstream = start.upstream().iter().filter(|other| other.task == run.task);
            let others: Vec<RunId> = upstream.map(|other| other.run_id.clone()).collect();
            if others.contains(&run.run_id) {
                started.push(start);
                continue;
            }
            for other in others {
                if self.end_of(&other)?.is_some_and(|end| end.created > ended) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn run_of(record: Record) -> RunRef {
    RunRef {
        task: record.task,
        run_id: record.run_id,
    }
}

impl Session {
    /// Reads from the run log which runs may trigger tasks. Only a log of an earlier life of the app contains
    /// more than is in memory.
    pub(super) fn remember_upstream_of_all(&self) {
        let ids = self.state().ids();
        for id in ids {
            let start = self.state().task(id).spec.start.clone();
            if let Some(start) = start.filter(|start| start.plan.awaits()) {
                self.remember_upstream(id, &start);
            }
        }
    }

    /// Reads from the run log which runs may trigger a task through a statement.
    pub(super) fn remember_upstream(&self, id: TaskId, statement: &Statement) {
        let unknown = self.state().unknown_upstream(id, &statement.plan);
        for (awaited, actions) in unknown {
            let name = self.state().task(awaited).spec.name.clone();
            let ends = actions
                .iter()
                .fold(Query::new(), |query, action| query.action(*action));
            match self.log(&ends.task(&*name).last(1)) {
                Ok(ends) => {
                    let mut state = self.state();
                    let dependents = &mut state.task_mut(awaited).dependents;
                    for end in &ends {
                        dependents.restore_end(end);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, task = &*name, "the last run of a task could not be read");
                }
            }
        }
    }
}
