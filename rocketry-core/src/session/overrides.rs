//! Changes options of tasks while the app runs, and tells how they differ from what the code says.

use std::sync::Arc;

use rocketry_syntax::ast::Delta;
use serde_json::Value as Json;

use super::calls::Call;
use super::recovery::{condition, read};
use super::{Session, Task};
use crate::cond::{Condition, IntoDelta};
use crate::drops::Lent;
use crate::engine::audit::Deed;
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
    /// The options of all tasks that differ from what the code says: see [`Task::overrides`].
    pub fn overrides(&self) -> Vec<Override> {
        let state = self.state();
        let ids = state.ids().filter(|id| !state.task(*id).deleted);
        ids.flat_map(|id| state.overrides_of(id)).collect()
    }

    /// Restores the options of a task that were changed in an earlier life of the app, unless the code has changed.
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
            // A value alone does not tell how it came about.
            None => read(json)?,
        };
        let value = task.read_option(option, value)?;
        task.keep_history(&value);
        let now = self.now();
        self.state().restore_option(id, value, change, now);
        Ok(())
    }

    /// Reports the overrides that hold no longer, because the code has changed.
    pub(crate) fn tell_superseded(&self) {
        let superseded = std::mem::take(&mut self.state().facts.options.superseded);
        for over in superseded {
            let error = Error::new(Kind::State, over.farewell());
            self.fail(Part::Override, Some(&over.task), error);
            self.state().events.push(|| Event::Superseded(over));
        }
    }
}

impl Task {
    /// Changes when the task may start. Runs under way go on; a start that was due and not made yet is not made.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the condition has a mistake; the task keeps its old one.
    #[track_caller]
    pub fn set_start(&self, condition: impl Into<Condition>) -> Result<()> {
        let statement = self.compile("start", condition.into())?;
        self.set_option(OptionValue::Start(Some(statement)));
        Ok(())
    }

    /// Changes when a run has to end, also for runs under way.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the condition has a mistake; the task keeps its old one.
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

    /// Changes how long a run may take, for runs that start from now on.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the text is no length of time; the task keeps its old timeout.
    pub fn set_timeout(&self, timeout: impl IntoDelta) -> Result<()> {
        let timeout = timeout.delta().map_err(|mistake| {
            let message = format!("timeout of task `{}`: {mistake}", self.name());
            Error::new(Kind::Build, message)
        })?;
        self.set_option(OptionValue::Timeout(timeout));
        Ok(())
    }

    /// Lets runs that start from now on take as long as they need.
    ///
    /// This is an [override](Self::overrides).
    pub fn set_no_timeout(&self) {
        self.set_option(OptionValue::Timeout(Delta(u64::MAX)));
    }

    /// Changes how many runs of the task may be under way at a time; 0 counts as 1. Runs under way go on.
    ///
    /// This is an [override](Self::overrides).
    pub fn set_max_running(&self, count: u32) {
        self.set_option(OptionValue::MaxRunning(count.max(1)));
    }

    /// Changes where runs execute that start from now on.
    ///
    /// This is an [override](Self::overrides).
    ///
    /// # Errors
    ///
    /// [`Error::is_build`] holds if the task can't run there: a command is always a process of its own, and a process has
    /// no [`Session`].
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

    /// Disables the task: its condition does not start it any more. Runs under way go on, and requested runs are
    /// made. [`pause`](Self::pause) holds those back as well, and may end by itself.
    ///
    /// This is an [override](Self::overrides).
    pub fn disable(&self) {
        self.set_option(OptionValue::Disabled(true));
    }

    /// Enables the task: its condition starts it again.
    pub fn enable(&self) {
        self.set_option(OptionValue::Disabled(false));
    }

    /// The options of the task that differ from what the code says, because they were changed while the app ran.
    ///
    /// With a durable run log, an override survives restarts. It holds until the code changes that option: then the code
    /// wins, which is told by [`Event::Superseded`](crate::Event::Superseded) and a [failure](Session::failures) of the
    /// part [`Override`](Part::Override). Setting an option to what the code says ends its override, as
    /// [`reset`](Self::reset) does. Parameters are no options: what was set stays set.
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

    /// Returns all options of the task to what the code says. Runs under way go on.
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
                let deed = Deed::new("reset")
                    .of(&self.shared_name())
                    .what(&value.option().to_string());
                deed.from(before.text().as_deref()).to(value.text().as_deref())
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

    /// The change of an option as the leader can read it.
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

    /// Reads the value of an option from the run log, or from another node.
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

    /// Whether the run log can keep a statement: whether its text means the same when it is read.
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
            session.tell_lost(&what, "it can't be read from its text");
        }
        means_the_same
    }

    /// Has the history kept that a condition looks back to, before it becomes one of the task's.
    fn keep_history(&self, value: &OptionValue) {
        let Some(statement) = value.statement() else {
            return;
        };
        let missed = self.session().state().keep_history(self.id(), statement);
        self.session().remember(&missed);
        self.session().remember_upstream(self.id(), statement);
    }
}

/// The change of an option.
fn changed_by(value: &OptionValue) -> Deed {
    Deed::new(match value {
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
