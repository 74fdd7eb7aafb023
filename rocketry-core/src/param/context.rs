//! The information that a context and a run provide to functions and extractors.

use super::evaluation::{Context, Host, Params, RunContext};
use super::flag::TerminationFlag;
use super::value::Value;
use crate::error::Result;
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};

impl RunContext {
    /// Returns the flag that is set to terminate the run.
    pub fn flag(&self) -> &TerminationFlag {
        self.flag.get()
    }

    /// Returns the parameters given for this run only.
    pub fn batch(&self) -> &Params {
        &self.batch
    }

    /// Returns the parameters of the task.
    pub fn own(&self) -> &Params {
        &self.own
    }
}

impl<'a> Context<'a> {
    pub(crate) fn new(host: &'a dyn Host, now: Timestamp, zone: Zone, run: Option<&'a RunContext>) -> Self {
        Context {
            host,
            now,
            zone,
            run,
            owner: None,
            hook: None,
            apart: false,
            depth: 0,
        }
    }

    /// Creates the context of a condition of a task.
    pub(crate) fn owned_by(self, task: TaskId) -> Self {
        Context {
            owner: Some(task),
            ..self
        }
    }

    /// Creates the context for the process of a single run.
    pub(crate) fn apart(self) -> Self {
        Context { apart: true, ..self }
    }

    /// Returns the current time, in the zone of the task or the session.
    pub fn now(&self) -> chrono::DateTime<chrono_tz::Tz> {
        self.now.in_zone(&self.zone)
    }

    /// Returns the run that is about to start; `None` in a condition, a hook or a session parameter outside of a run.
    pub fn run(&self) -> Option<&RunContext> {
        self.run
    }

    /// Returns the zone of the task or the session.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// Returns the value of a session parameter; `None` if there is no such parameter.
    pub fn param(&self, key: &str) -> Option<Result<Value>> {
        self.session_value(key)
    }
}
