//! The evaluation of parameters: a parameter has an argument, an argument is evaluated in a context, and a
//! context has parameters.
//!
//! These types refer to each other, so they share a file. Other files define how parameters are set, the
//! arguments, and the conversion to the types of a function.

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::flag::RunFlag;
use super::run_id::RunId;
use super::value::{Mismatch, Value};
use crate::clock::Clock;
use crate::drops::{Foreign, caught};
use crate::error::{Error, Kind, Location, Result};
use crate::task_id::TaskId;
use crate::time::{Timestamp, Zone};

/// A source of a value, which is evaluated each time a run needs the value.
///
/// Arguments can contain other arguments to any depth. [`depends`](Self::depends) returns their dependencies,
/// so that cycles are found before anything runs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an argument",
    label = "does not say where a value comes from",
    note = "an argument is `Arg(\"key\")`, `EnvArg(\"HOST\")`, `Return(task)`, another argument of this crate, or a type that implements `rocketry::param::Argument`; a plain value is one as `SimpleArg(value)`"
)]
pub trait Argument: fmt::Display + Send + Sync + 'static {
    /// Returns the current value.
    ///
    /// # Errors
    ///
    /// An error for which [`Error::is_not_found`] is true means that this argument has no value; the next
    /// argument after `>>` is tried. Any other error ends the resolution.
    fn value(&self, context: &Context<'_>) -> Result<Value>;

    /// Returns the value, if it is always the same.
    fn plain(&self) -> Option<&Value> {
        None
    }

    /// Returns the dependencies of the value.
    fn depends(&self) -> Vec<Dependency> {
        Vec::new()
    }

    /// Returns the possible values, as far as they are known before a run. Plain values are checked when an app is
    /// built.
    fn origins(&self) -> Vec<Origin<'_>> {
        self.plain().map(Origin::Value).into_iter().collect()
    }
}

/// A possible value of an argument.
#[derive(Clone, Copy)]
pub enum Origin<'a> {
    /// A fixed value.
    Value(&'a Value),
    /// The session parameter with this name.
    Param(&'a str),
    /// The result of a function with these parameters.
    Function(&'a [ParamSpec]),
    /// The value behind this option of the command line.
    CommandLine(&'a str),
}

/// A dependency of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// A session parameter.
    Param {
        /// The name of the parameter.
        key: Arc<str>,
        /// Whether the argument has no value without the parameter.
        required: bool,
    },
    /// A parameter of the function that supplies the value. Within a run, the parameters of the run and of
    /// its task can supply it.
    Own {
        /// The name of the parameter.
        name: Arc<str>,
        /// The dependencies of the parameter if the run and its task don't supply it.
        otherwise: Vec<Dependency>,
    },
    /// The result of a task.
    Task(Arc<str>),
}

impl Dependency {
    /// Marks the dependency as optional, because there is a fallback.
    pub(super) fn optional(self) -> Self {
        match self {
            Dependency::Param { key, .. } => Dependency::Param { key, required: false },
            Dependency::Own { name, otherwise } => {
                let otherwise = otherwise.into_iter().map(Dependency::optional).collect();
                Dependency::Own { name, otherwise }
            }
            task @ Dependency::Task(_) => task,
        }
    }
}

/// The description of a parameter, without its type.
#[derive(Clone)]
pub struct ParamSpec {
    /// The name in the signature.
    pub name: Cow<'static, str>,
    /// The type in the signature.
    pub type_name: &'static str,
    /// The place of the function.
    pub location: Location,
    /// The argument of `#[arg(…)]`.
    pub(crate) source: Option<Foreign<Arc<dyn Argument>>>,
    /// Whether the type supplies its own value.
    pub(crate) extracts: bool,
    /// Whether the value may be missing.
    pub(super) optional: bool,
    /// Whether a plain value can be read as the type.
    pub(super) fits: Fits,
}

pub(super) type Fits = fn(&Value) -> Result<(), Mismatch>;

impl ParamSpec {
    /// Returns the argument of `#[arg(…)]`.
    pub(super) fn source(&self) -> Option<&dyn Argument> {
        self.source.as_deref().map(|source| &**source)
    }

    /// Returns whether the signature itself defines the source of the value.
    pub(crate) fn has_source(&self) -> bool {
        self.extracts || self.source.is_some()
    }

    /// Returns whether the type supplies its own value, with no other source.
    pub(crate) fn brings_itself(&self) -> bool {
        self.extracts && self.source.is_none()
    }

    /// Returns whether the value may be missing.
    pub(crate) fn is_optional(&self) -> bool {
        self.optional
    }

    /// Returns the dependencies of the parameter that the signature defines.
    pub fn depends(&self) -> Vec<Dependency> {
        let depends = match &self.source {
            Some(source) => source.depends(),
            None if self.extracts => Vec::new(),
            None => vec![Dependency::Param {
                key: (*self.name).into(),
                required: true,
            }],
        };
        if self.optional {
            return depends.into_iter().map(Dependency::optional).collect();
        }
        depends
    }

    /// Returns the reason why a value can't be read as the type, if it can't. A panic during the check is reported
    /// later, when a run needs the value.
    pub(super) fn misfit(&self, value: &Value) -> Option<Mismatch> {
        let fits = catch_unwind(AssertUnwindSafe(|| (self.fits)(value)));
        fits.map_err(caught).ok()?.err()
    }
}

/// Parameters by name. Clones are cheap: they share the parameters until one of them is changed.
#[derive(Clone, Default, Debug)]
pub struct Params(pub(super) Option<Arc<BTreeMap<Arc<str>, Entry>>>);

/// A parameter: a value, or an argument that is evaluated each time.
#[derive(Clone)]
pub struct Entry {
    pub(super) argument: Foreign<Arc<dyn Argument>>,
    pub(super) location: Option<Location>,
    /// Whether the parameter was set while the app ran.
    pub(super) later: bool,
    /// Whether the value is secret.
    pub(super) secret: bool,
}

impl Params {
    /// Returns `true` if there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|entries| entries.is_empty())
    }

    /// Returns the parameter with this name.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.0.as_ref()?.get(key)
    }

    /// Returns names and parameters, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0
            .iter()
            .flat_map(|entries| entries.iter().map(|(key, entry)| (&**key, entry)))
    }
}

impl Entry {
    /// Returns the place where the parameter was declared or set.
    pub fn location(&self) -> Option<Location> {
        self.location
    }

    /// Returns the value, if it is always the same.
    pub fn plain(&self) -> Option<&Value> {
        self.argument.plain()
    }

    /// Returns the argument that supplies the value.
    pub(super) fn as_argument(&self) -> &dyn Argument {
        &**self.argument
    }

    pub(crate) fn value(&self, context: &Context<'_>) -> Result<Value> {
        let value = context.value_of(&**self.argument)?;
        Ok(if self.secret { value.into_secret() } else { value })
    }
}

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
    pub(super) depth: u8,
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

impl Context<'_> {
    /// Returns the value of an argument inside another argument.
    ///
    /// # Errors
    ///
    /// Returns the error of the argument, or an error if the nesting is endless. A panic of the argument is an error.
    pub fn value_of(&self, argument: &dyn Argument) -> Result<Value> {
        if self.depth >= MAX_DEPTH {
            let message =
                format!("{argument} is nested more than {MAX_DEPTH} arguments deep: do they form a cycle?");
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
