//! The context in which a parameter is resolved.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::argument::Argument;
use super::flag::{RunFlag, TerminationFlag};
use super::store::Params;
use super::value::Value;
use crate::clock::Clock;
use crate::drops::caught;
use crate::error::{Error, Kind, Result};
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};

/// The maximum nesting depth of arguments. Deeper nesting is reported as endless.
const MAX_DEPTH: u8 = 64;

/// The inputs of arguments and extractors: the current time, the app and, during a run, the run.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub(crate) host: &'a dyn Host,
    pub(crate) now: Timestamp,
    pub(crate) zone: Zone,
    pub(crate) run: Option<&'a RunContext>,
    /// The task whose condition is evaluated.
    pub(crate) owner: Option<TaskId>,
    /// The additional value that a hook can take.
    pub(crate) hook: Option<&'a (dyn Any + Send + Sync)>,
    /// Whether this is the process of a single run, which has a copy of the app but not the app itself.
    pub(crate) apart: bool,
    depth: u8,
}

/// The app, as parameters see it.
pub trait Host: Send + Sync {
    /// Returns the parameters of the session.
    fn params(&self) -> Params;
    /// Returns the clock of the app.
    fn clock(&self) -> &Clock;
    /// Returns the latest result of a task; `None` if there is none yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the task does not exist.
    fn returned(&self, task: &str) -> Result<Option<Value>>;
    /// Returns whether parameters with this name are secret.
    fn is_secret(&self, parameter: &str) -> bool;
    /// Returns the host itself, for extractors that know its type.
    fn as_any(&self) -> &dyn Any;
}

/// A run, as its parameters see it.
#[derive(Debug)]
pub struct RunContext {
    /// The name of the task.
    pub task: Arc<str>,
    /// The id of the task in the app.
    pub(crate) task_id: TaskId,
    /// The name or number of the run in the log.
    pub run_id: RunId,
    /// When the run was due.
    pub due: Timestamp,
    pub(crate) flag: RunFlag,
    /// The parameters given for this run only.
    pub(crate) batch: Params,
    /// The parameters of the task.
    pub(crate) own: Params,
}

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

/// The name or number of a run.
///
/// Numbers increase with every run, also across restarts, because they begin at the start time of the app in
/// microseconds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunId {
    /// The default: an increasing number.
    Number(u64),
    /// A name from the `run_id` function of the task.
    Name(Arc<str>),
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunId::Number(number) => fmt::Display::fmt(number, f),
            RunId::Name(name) => f.write_str(name),
        }
    }
}

/// Serializes as a number or a text.
impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            RunId::Number(number) => to.serialize_u64(*number),
            RunId::Name(name) => to.serialize_str(name),
        }
    }
}

impl From<&str> for RunId {
    fn from(text: &str) -> Self {
        // A name such as `007` is kept unchanged.
        let number = text
            .parse()
            .ok()
            .filter(|number: &u64| number.to_string() == text);
        number.map_or_else(|| RunId::Name(text.into()), RunId::Number)
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

    /// Creates the context of the process of a single run.
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

    /// Returns the value of an argument inside another argument.
    ///
    /// # Errors
    ///
    /// Returns the error of the argument, or an error if the nesting is endless. A panic of the argument is an error.
    pub fn value_of(&self, argument: &dyn Argument) -> Result<Value> {
        if self.depth >= MAX_DEPTH {
            let message =
                format!("{argument} is nested more than {MAX_DEPTH} arguments deep: do they go in a circle?");
            return Err(Error::new(Kind::Parameter, message));
        }
        let context = Context {
            depth: self.depth + 1,
            ..*self
        };
        guarded(|| argument.value(&context))
    }

    /// Returns the value of a session parameter; `None` if there is no such parameter.
    pub(crate) fn session_value(&self, key: &str) -> Option<Result<Value>> {
        self.host.params().get(key).map(|entry| entry.value(self))
    }
}

/// Calls a function that makes a value. A panic becomes an error that names the parameter.
pub(super) fn guarded<T>(make: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|payload| Err(Error::parameter(caught(payload))))
}
