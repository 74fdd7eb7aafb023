//! Evaluates a condition on request.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rocketry_syntax::ast::Delta;

use super::Session;
use crate::cond::{CondCall, Condition, Facts, Need, Observation, Plan};
use crate::drops::caught;
use crate::engine::compile::contradiction;
use crate::engine::name_scope::NameScope;
use crate::engine::state::State;
use crate::error::{Error, Kind, Result};
use crate::log::History;
use crate::param::Params;
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The owner of a condition that belongs to no task.
const NO_TASK: TaskId = TaskId(u32::MAX);

impl Session {
    /// Returns whether a condition is true now. Conditions about their own task, such as `daily`, are
    /// evaluated for a task that has never run.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().param("mode", "demo").func("report", "daily", || async {});
    /// let app = TestApp::start(app, "2026-01-01T08:00:00Z")?;
    /// let session = app.session();
    /// assert!(session.holds("time of day after 07:00 & param 'mode' is 'demo'")?);
    /// assert!(session.holds("task 'report' has succeeded today")?);
    /// assert!(!session.holds("task 'report' is running")?);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// Custom conditions are called on the current thread. From then on, the app keeps the history that the
    /// condition needs.
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] is true if the condition has a mistake, and [`Error::is_state`] if a custom
    /// condition fails or panics; custom conditions are not called if the rest of the statement decides.
    #[track_caller]
    pub fn holds(&self, condition: impl Into<Condition>) -> Result<bool> {
        let plan = self.plan(&condition.into())?;
        let missed = self.state().keep_needs(&plan);
        self.remember(&missed);
        let now = self.now();
        let asked = self.observed(now, &[], |observation| plan.asks(observation));
        let mut answers = vec![None; plan.customs().len()];
        for index in asked {
            answers[index] = Some(self.ask(&plan.customs()[index])?);
        }
        let verdict = self.observed(now, &answers, |observation| plan.observe(observation));
        Ok(verdict.truth == Some(true))
    }

    fn plan(&self, condition: &Condition) -> Result<Plan> {
        let params = self.lent_params();
        let scope = NameScope {
            task: &|name| self.state().find(name),
            params: &params,
            now: self.now(),
            pool: &|name| self.state().pools.find(name),
        };
        let plan = self.0.compiler.plan(condition, &scope);
        let plan = plan.and_then(|plan| match contradiction(condition) {
            Some(problem) => Err(vec![problem]),
            None => Ok(plan),
        });
        plan.map_err(|problems| Error::build(Kind::Build, problems))
    }

    fn observed<T>(
        &self,
        now: Timestamp,
        answers: &[Option<bool>],
        look: impl FnOnce(&Observation<'_>) -> T,
    ) -> T {
        let state = self.state();
        look(&Observation {
            now,
            zone: self.config().zone,
            owner: NO_TASK,
            facts: &Unowned {
                state: &state,
                none: History::default(),
            },
            answers,
            runs_over: false,
            retries: true,
        })
    }

    fn ask(&self, call: &CondCall) -> Result<bool> {
        let context = self.context(None);
        let message = match catch_unwind(AssertUnwindSafe(|| call.ask(&context))) {
            Ok(Ok(truth)) => return Ok(truth),
            Ok(Err(error)) => error.to_string(),
            Err(payload) => caught(payload),
        };
        let message = format!("`{call}`: {message}");
        Err(Error::at(Kind::State, message, call.location()))
    }
}

impl State {
    /// Keeps the history that a plan without a task needs. Returns the parts that were not kept before.
    fn keep_needs(&mut self, plan: &Plan) -> Vec<Need> {
        let mut missed = plan.needs();
        missed.retain(|need| {
            let task = need.task.map(|id| self.task_mut(id));
            task.is_some_and(|task| task.runs.history.keep(need.series, need.horizon))
        });
        missed
    }
}

/// The app, for a condition without a task.
struct Unowned<'a> {
    state: &'a State,
    /// The history of a condition without a task.
    none: History,
}

impl Facts for Unowned<'_> {
    fn history(&self, task: TaskId) -> &History {
        if task == NO_TASK {
            return &self.none;
        }
        Facts::history(self.state, task)
    }

    fn startup(&self) -> Timestamp {
        self.state.startup()
    }

    fn cycles(&self) -> u64 {
        self.state.cycles()
    }

    fn params(&self) -> &Params {
        Facts::params(self.state)
    }

    fn poll_interval(&self) -> Delta {
        self.state.poll_interval()
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        if task == NO_TASK {
            return None;
        }
        self.state.waits_since(task)
    }
}
