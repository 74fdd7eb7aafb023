//! Explains tasks.

use std::collections::BTreeSet;

use super::{Session, Task};
use crate::cond::Need;
use crate::engine::spec::Statement;
use crate::error::Result;
use crate::explain::{Explanation, PastTask, explain, explain_past};
use crate::log::{Action, Query};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The maximum number of records of a task to read for an explanation of the past.
const MOST_RECORDS: usize = 16_384;

impl Task {
    /// Explains why the task starts or does not start now. Calls no user code and reads no log.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder()
    ///     .func("fetch", "daily after 07:00", || Err::<(), _>("no network"))
    ///     .func("report", "after task 'fetch'", || async {});
    /// let app = TestApp::start(app, "2026-01-01T09:00:00Z")?;
    /// let why = app.session().task("report")?.explain();
    /// assert_eq!(why.sentence, "`report` will start no sooner than with a success of `fetch`");
    /// assert_eq!(why.start.unwrap().value, "no success yet");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn explain(&self) -> Explanation {
        let now = self.session().now();
        explain(&self.session().state(), self.id(), now, now)
    }

    /// Explains why the task started or did not start at an instant in the past, or whether it will at an
    /// instant in the future.
    ///
    /// The past comes from the run log; [`Explanation::gaps`] lists what the log does not contain. For the
    /// future, everything else is assumed to stay as it is now: no other run starts or ends, and custom
    /// conditions are unknown.
    ///
    /// ```
    /// use rocketry::{Rocketry, Timestamp, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// app.run_until("2026-01-01T12:00:00Z");
    /// let report = app.session().task("report")?;
    /// let at = |text: &str| text.parse::<Timestamp>().unwrap();
    /// assert_eq!(report.explain_at(at("2026-01-01T07:00:00Z"))?.starts, Some(true));
    /// assert_eq!(report.explain_at(at("2026-01-01T08:00:00Z"))?.due, Some(false));
    /// assert_eq!(report.explain_at(at("2026-01-02T07:00:00Z"))?.starts, Some(true));
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the instant is in the past and the log can't be read. The in-memory log can always
    /// be read.
    pub fn explain_at(&self, at: impl Into<Timestamp>) -> Result<Explanation> {
        let (at, now) = (at.into(), self.session().now());
        if at >= now {
            return Ok(explain(&self.session().state(), self.id(), at, now));
        }
        let past = self.session().past_of(self.id(), at)?;
        Ok(explain_past(&self.session().state(), self.id(), (at, now), past))
    }
}

impl Session {
    /// What the run log contains about a task and the tasks that its statements mention, up to an instant.
    fn past_of(&self, id: TaskId, at: Timestamp) -> Result<PastTask> {
        let (tasks, needs) = self.mentioned(id);
        let mut past = PastTask::default();
        for need in needs {
            let history = past.histories.entry(need.task.unwrap_or(id)).or_default();
            history.keep(need.series, need.horizon);
        }
        let first = self.log(&Query::new().limit(1))?.into_iter().next();
        past.is_reached = first.as_ref().is_some_and(|first| first.created <= at);
        match first {
            None => past.gaps.push("the run log is empty".to_owned()),
            Some(first) if first.created > at => {
                let zone = self.state().task(id).spec.zone;
                let begins = zone.local(first.created).format("%Y-%m-%d %H:%M:%S");
                past.gaps.push(format!("the run log begins at {begins}"));
            }
            Some(_) => {}
        }
        for task in tasks {
            self.read_past(task, (id, at), &mut past)?;
        }
        Ok(past)
    }

    /// The tasks that the statements of a task mention, including itself, and the history that the statements
    /// need.
    fn mentioned(&self, id: TaskId) -> (BTreeSet<TaskId>, Vec<Need>) {
        let spec = self.state().task(id).spec.clone();
        let statements: Vec<&Statement> = spec.statements().collect();
        let mentioned = statements
            .iter()
            .flat_map(|statement| statement.plan.depends().tasks);
        let needs = statements.iter().flat_map(|statement| statement.plan.needs());
        (mentioned.chain([id]).collect(), needs.collect())
    }

    fn read_past(&self, task: TaskId, (owner, at): (TaskId, Timestamp), past: &mut PastTask) -> Result<()> {
        let (spec, known) = {
            let state = self.state();
            let entry = state.task(task);
            let known = Action::OF_RUNS.map(|action| entry.runs.history.total(action));
            (entry.spec.clone(), known.iter().sum::<u64>())
        };
        let kept = self.log_count(of_runs().task(&*spec.name))?;
        if kept < known {
            let gone = known - kept;
            past.gaps.push(format!(
                "the run log no longer has the first {gone} records of `{}`",
                spec.name
            ));
        }
        let query = of_runs().task(&*spec.name).created(..=at).last(MOST_RECORDS);
        let records = self.log(&query)?;
        if records.len() == MOST_RECORDS {
            past.gaps.push(format!(
                "only the last {MOST_RECORDS} records of `{}` were read",
                spec.name
            ));
        }
        for record in &records {
            if task == owner && record.start == at {
                let is_first_start = record.action == Action::Run && past.started.is_none();
                past.started = past
                    .started
                    .take()
                    .or_else(|| is_first_start.then(|| record.clone()));
            } else {
                past.note(task, &spec, record);
            }
        }
        Ok(())
    }
}

/// A query for the records of runs.
fn of_runs() -> Query {
    let actions = Action::OF_RUNS.iter();
    actions.fold(Query::new(), |query, action| query.action(*action))
}
