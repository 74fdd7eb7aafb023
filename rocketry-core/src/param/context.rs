//! What a parameter is resolved against.

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

/// How deep arguments may be nested before the resolution is called endless.
const MAX_DEPTH: u8 = 64;

/// What an argument or an extractor may look at: the present, the app and, during a run, the run.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub(crate) host: &'a dyn Host,
    pub(crate) now: Timestamp,
    pub(crate) zone: Zone,
    pub(crate) run: Option<&'a RunContext>,
    /// The task whose condition is evaluated.
    pub(crate) owner: Option<TaskId>,
    /// What a hook may look at besides.
    pub(crate) hook: Option<&'a (dyn Any + Send + Sync)>,
    /// Whether this is the process of one run, which has a copy of the app but not the app itself.
    pub(crate) apart: bool,
    depth: u8,
}

/// The app, as seen from a parameter.
pub trait Host: Send + Sync {
    /// The session's parameters.
    fn params(&self) -> Params;
    /// The clock of the app.
    fn clock(&self) -> &Clock;
    /// The last result of a task; `None` while there is none.
    ///
    /// # Errors
    ///
    /// Fails if there is no such task.
    fn returned(&self, task: &str) -> Result<Option<Value>>;
    /// Whether the values of parameters of this name are shown nowhere.
    fn is_secret(&self, parameter: &str) -> bool;
    /// The host itself, for extractors that know its type.
    fn as_any(&self) -> &dyn Any;
}

/// A run, as seen from its parameters.
#[derive(Debug)]
pub struct RunContext {
    /// The name of the task.
    pub task: Arc<str>,
    /// The id of the task in the app.
    pub(crate) task_id: TaskId,
    /// What the run is called in the log.
    pub run_id: RunId,
    /// When the run was due.
    pub due: Timestamp,
    pub(crate) flag: RunFlag,
    /// The parameters given for this run alone.
    pub(crate) batch: Params,
    /// The parameters of the task.
    pub(crate) own: Params,
}

impl RunContext {
    /// The flag that is raised when the run is to end.
    pub fn flag(&self) -> &TerminationFlag {
        self.flag.get()
    }

    /// The parameters given for this run alone.
    pub fn batch(&self) -> &Params {
        &self.batch
    }

    /// The parameters of the task.
    pub fn own(&self) -> &Params {
        &self.own
    }
}

/// What one run of a task is called.
///
/// Numbers rise with every run, and across restarts, since they begin at the microsecond the app started.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunId {
    /// The default: a rising number.
    Number(u64),
    /// A name from the task's own `run_id` function.
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

/// A number, or a text.
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
        // A name such as `007` stays as it is.
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

    /// The same for a condition of a task.
    pub(crate) fn owned_by(self, task: TaskId) -> Self {
        Context {
            owner: Some(task),
            ..self
        }
    }

    /// The same in the process of one run.
    pub(crate) fn apart(self) -> Self {
        Context { apart: true, ..self }
    }

    /// The present, in the zone of the task or the session.
    pub fn now(&self) -> chrono::DateTime<chrono_tz::Tz> {
        self.now.in_zone(&self.zone)
    }

    /// The run that is about to start; `None` in a condition, a hook or a session parameter outside a run.
    pub fn run(&self) -> Option<&RunContext> {
        self.run
    }

    /// The zone of the task or the session.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The value of a session parameter; `None` if there is no such parameter.
    pub fn param(&self, key: &str) -> Option<Result<Value>> {
        self.session_value(key)
    }

    /// The value of an argument that another argument holds.
    ///
    /// # Errors
    ///
    /// Passes on the argument's own error, and ends a nesting that has no end. A panic of the argument is an error.
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

    /// The value of a session parameter; `None` if there is no such parameter.
    pub(crate) fn session_value(&self, key: &str) -> Option<Result<Value>> {
        self.host.params().get(key).map(|entry| entry.value(self))
    }
}

/// Calls what makes a value; a panic is an error, so that it is known of which parameter.
pub(super) fn guarded<T>(make: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|payload| Err(Error::parameter(caught(payload))))
}
