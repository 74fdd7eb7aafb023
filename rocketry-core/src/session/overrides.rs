//! Overrides: options of tasks that are changed while the app runs.

use std::sync::Arc;

use rocketry_syntax::ast::Delta;
use serde_json::Value as Json;

use super::calls::Call;
use super::recovery::{condition, read};
use super::{Session, Task};
use crate::cond::{Condition, IntoDelta};
use crate::drops::Lent;
use crate::engine::audit::AuditedAction;
use crate::engine::changed_option::Override;
use crate::engine::event::Event;
use crate::engine::fact_key::FactKey;
use crate::engine::option_value::OptionValue;
use crate::engine::overrides::OverrideFact;
use crate::engine::spec::Statement;
use crate::engine::task_option::TaskOption;
use crate::error::{Error, Kind, Location, Result};
use crate::failure::Part;
use crate::task::Execution;
use crate::task_id::TaskId;

impl Session {
    /// Returns the overrides of all tasks: see [`Task::overrides`].
    pub fn overrides(&self) -> Vec<Override> {
        let state = self.state();
        let ids = state.ids().filter(|id| !state.task(*id).deleted);
        ids.flat_map(|id| state.overrides_of(id)).collect()
    }

    /// Restores the options of a task that were changed in an earlier life of the app, unless the code has
    /// changed.
    pub(super) fn take_up_options(&self, id: TaskId, task: &Arc<str>, facts: &[(FactKey, Arc<str>)]) {
        for (key, value) in facts {
            if let FactKey::Option(option, _) = key
                && let Err(mistake) = self.take_up_option(id, *option, value)
            {
                self.doubt(&key.to_string(), Some(task), &mistake);
            }
        }
    }

    fn take_up_option(&self, id: TaskId, option: TaskOption, json: &str) -> Result<()> {
        let task = Task::new(self.clone(), id);
        let change = read::<OverrideFact>(json).ok();
        let value = match &change {
            Some(change) => change.value.clone(),
            // A value alone does not tell whether it is an override.
            None => read(json)?,
        };
        let value = task.read_option(option, value)?;
        task.keep_history(&value);
        let now = self.now();
        self.state().restore_option(id, value, change, now);
        Ok(())
    }

    /// Reports the overrides that were discarded because the code has changed.
    pub(crate) fn report_superseded(&self) {
        let superseded = std::mem::take(&mut self.state().facts.options.superseded);
        for over in superseded {
            let error = Error::new(Kind::State, over.farewell());
            self.fail(Part::Override, Some(&over.task), error);
            self.state().events.push(|| Event::Superseded(over));
        }
    }
}

impl Task {
    /// Changes the start condition of the task. Runs in progress continue; a start that is due but has not
    /// happened is dropped.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] is true if the condition has a mistake. The task keeps its old condition.
    #[track_caller]
    pub fn set_start(&self, condition: impl Into<Condition>) -> Result<()> {
        let statement = self.compile("start", condition.into())?;
        self.set_option(OptionValue::Start(Some(statement)));
        Ok(())
    }

    /// Changes the end condition of the task, including for runs in progress.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] is true if the condition has a mistake. The task keeps its old condition.
    #[track_caller]
    pub fn set_end(&self, condition: impl Into<Condition>) -> Result<()> {
        let statement = self.compile("end", condition.into())?;
        self.set_option(OptionValue::End(Some(statement)));
        Ok(())
    }

    /// Changes the priority.
    ///
    /// This is an [override](Self::overrides).
    pub fn set_priority(&self, priority: i32) {
        self.set_option(OptionValue::Priority(priority));
    }

    /// Changes the timeout of the task, for runs that start from now on.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] is true if the text is not a duration. The task keeps its old timeout.
    pub fn set_timeout(&self, timeout: impl IntoDelta) -> Result<()> {
        let timeout = timeout.delta().map_err(|mistake| {
            let message = format!("timeout of task `{}`: {mistake}", self.name());
            Error::new(Kind::Build, message)
        })?;
        self.set_option(OptionValue::Timeout(timeout));
        Ok(())
    }

    /// Removes the timeout of the task, for runs that start from now on.
    ///
    /// This is an [override](Self::overrides).
    pub fn set_no_timeout(&self) {
        self.set_option(OptionValue::Timeout(Delta(u64::MAX)));
    }

    /// Changes the maximum number of concurrent runs of the task; 0 counts as 1. Runs in progress continue.
    ///
    /// This is an [override](Self::overrides).
    pub fn set_max_running(&self, count: u32) {
        self.set_option(OptionValue::MaxRunning(count.max(1)));
    }

    /// Changes where the task runs, for runs that start from now on.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] is true if the task can't run there: a command always runs in its own process, and
    /// a process has no [`Session`].
    #[track_caller]
    pub fn set_execution(&self, execution: Execution) -> Result<()> {
        self.check_execution(execution, Location::caller())?;
        self.set_option(OptionValue::Execution(execution));
        Ok(())
    }

    fn check_execution(&self, execution: Execution, place: Location) -> Result<()> {
        let spec = self.read(|entry| Lent::new(entry.spec.clone()));
        let compiler = &self.session().0.compiler;
        match compiler.misplaced(&spec.name, place, execution, &spec.handler) {
            problems if problems.is_empty() => Ok(()),
            problems => Err(Error::build(Kind::Build, problems)),
        }
    }

    /// Disables the task: its start condition no longer starts it. Runs in progress continue, and requested
    /// runs are made. [`pause`](Self::pause), in contrast, also holds requested runs back, and can end at a
    /// given time.
    ///
    /// This is an [override](Self::overrides).
    pub fn disable(&self) {
        self.set_option(OptionValue::Disabled(true));
    }

    /// Enables the task: its start condition starts it again.
    pub fn enable(&self) {
        self.set_option(OptionValue::Disabled(false));
    }

    /// Returns the options of the task that were changed while the app ran and differ from the code.
    ///
    /// With a durable run log, an override survives restarts. It is in effect until the code changes that
    /// option: then the code takes precedence, which is reported by
    /// [`Event::Superseded`](crate::Event::Superseded) and a [failure](Session::failures) of the part
    /// [`Override`](Part::Override). Setting an option to the value in the code ends its override, as
    /// [`reset`](Self::reset) does. Parameters are not options: their values are kept.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily", || async {});
    /// let app = TestApp::start(app, "2026-01-01T09:00:00Z")?;
    /// let report = app.session().task("report")?;
    /// report.set_start("hourly")?;
    /// let [start] = &report.overrides()[..] else { panic!("one option was changed") };
    /// assert_eq!(start.option.to_string(), "start");
    /// assert_eq!((start.value.as_deref(), start.declared.as_deref()), (Some("hourly"), Some("daily")));
    /// report.reset();
    /// assert!(report.overrides().is_empty());
    /// assert_eq!(report.start_condition().unwrap().to_string(), "daily");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn overrides(&self) -> Vec<Override> {
        self.session().state().overrides_of(self.id())
    }

    /// Resets all options of the task to the values in the code. Runs in progress continue.
    pub fn reset(&self) {
        if self.session().forwards(|| Ok(Call::Reset(self.shared_name()))) {
            return;
        }
        let declared = self.session().state().declared_options(self.id());
        for value in &declared {
            self.keep_history(value);
        }
        let mut change = self.session().change();
        for value in declared {
            change.audit(|state| {
                let before = state.task(self.id()).option(value.option());
                let audited = AuditedAction::new("reset")
                    .of(&self.shared_name())
                    .what(&value.option().to_string());
                audited.from(before.text().as_deref()).to(value.text().as_deref())
            });
            change.reset_option(self.id(), value.option());
        }
    }

    pub(super) fn set_option(&self, value: OptionValue) {
        if self.session().forwards(|| self.option_call(&value)) {
            return;
        }
        let is_readable = value
            .statement()
            .is_none_or(|statement| self.is_readable(statement));
        self.keep_history(&value);
        let (by, now) = (self.session().who(), self.session().now());
        let mut change = self.session().change();
        if !change.task(self.id()).deleted {
            change.audit(|state| {
                let before = state.task(self.id()).option(value.option());
                changed_by(&value)
                    .of(&self.shared_name())
                    .from(before.text().as_deref())
                    .to(value.text().as_deref())
            });
            change.override_option(self.id(), value, is_readable, by, now);
        }
    }

    /// The change of an option as a call for the leader.
    fn option_call(&self, value: &OptionValue) -> Result<Call> {
        let is_readable = value
            .statement()
            .is_none_or(|statement| self.is_readable(statement));
        if !is_readable {
            let message = format!(
                "`{}` of task `{}` can't be changed on this node, which stands by: the condition can't be read from its text",
                value.option(),
                self.name()
            );
            return Err(Error::new(Kind::State, message));
        }
        Ok(Call::Option(self.shared_name(), value.option(), value.json()))
    }

    /// Parses the value of an option from the run log or from another node.
    pub(super) fn read_option(&self, option: TaskOption, value: Json) -> Result<OptionValue> {
        let statement = |which, value| self.compile(which, condition(&from::<String>(value)?)?);
        Ok(match option {
            TaskOption::Start => OptionValue::Start(Some(statement("start", value)?)),
            TaskOption::End => OptionValue::End(Some(statement("end", value)?)),
            TaskOption::Timeout => OptionValue::Timeout(Delta(from(value)?)),
            TaskOption::Priority => OptionValue::Priority(from(value)?),
            TaskOption::MaxRunning => OptionValue::MaxRunning(from::<u32>(value)?.max(1)),
            TaskOption::Execution => {
                let execution = from(value)?;
                self.check_execution(execution, Location::caller())?;
                OptionValue::Execution(execution)
            }
            TaskOption::Disabled => OptionValue::Disabled(from(value)?),
        })
    }

    /// Returns true if the run log can store a statement: its text must have the same meaning when it is
    /// parsed.
    fn is_readable(&self, statement: &Statement) -> bool {
        let session = self.session();
        if session.0.log.is_immediate() {
            return false;
        }
        let text = statement.condition.to_string();
        let read = Condition::parse(&text).ok();
        let means_the_same = read.is_some_and(|read| self.compile("", read).is_ok());
        if !means_the_same {
            let what = format!("the condition `{text}` of task `{}`", self.name());
            session.report_lost(&what, "it can't be read from its text");
        }
        means_the_same
    }

    /// Keeps the history that a condition needs before it becomes a condition of the task.
    fn keep_history(&self, value: &OptionValue) {
        let Some(statement) = value.statement() else {
            return;
        };
        let missed = self.session().state().keep_history(self.id(), statement);
        self.session().remember(&missed);
        self.session().remember_upstream(self.id(), statement);
    }
}

/// The audit entry for the change of an option.
fn changed_by(value: &OptionValue) -> AuditedAction {
    AuditedAction::new(match value {
        OptionValue::Start(_) => "set-start",
        OptionValue::End(_) => "set-end",
        OptionValue::Timeout(_) => "set-timeout",
        OptionValue::Priority(_) => "set-priority",
        OptionValue::MaxRunning(_) => "set-max-running",
        OptionValue::Execution(_) => "set-execution",
        OptionValue::Disabled(true) => "disable",
        OptionValue::Disabled(false) => "enable",
    })
}

fn from<T: serde::de::DeserializeOwned>(json: Json) -> Result<T> {
    serde_json::from_value(json).map_err(Error::log)
}
