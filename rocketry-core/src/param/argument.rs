//! Arguments: the sources of parameter values.

use std::any::Any;
use std::env::VarError;
use std::fmt;
use std::ops::Shr;
use std::sync::Arc;

use super::context::Context;
use super::typed::ParamSpec;
use super::value::Value;
use crate::error::{Error, Kind, Result, did_you_mean};

/// A source of a value, which is evaluated each time a run needs the value.
///
/// Arguments can contain other arguments to any depth. [`depends`](Self::depends) returns their dependencies, so that
/// circles are found before anything runs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no argument",
    label = "does not say where a value comes from",
    note = "an argument is `Arg(\"key\")`, `EnvArg(\"HOST\")`, `Return(task)` and their kin, or a type that implements `rocketry::param::Argument`; a plain value is one as `SimpleArg(value)`"
)]
pub trait Argument: fmt::Display + Send + Sync + 'static {
    /// Returns the current value.
    ///
    /// # Errors
    ///
    /// An error for which [`Error::is_not_found`] is true means that this argument has no value; the next argument of
    /// a `>>` row is tried. Any other error ends the resolution.
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
    /// A parameter of the function that makes the value. Within a run, the parameters of the run and of its task can
    /// supply it.
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

/// A plain value.
#[derive(Clone)]
pub struct SimpleArg {
    value: Value,
}

/// A session parameter by name.
#[derive(Clone)]
pub struct Arg {
    name: Arc<str>,
}

/// The latest result of a task.
#[derive(Clone)]
pub struct Return {
    name: Arc<str>,
}

/// An environment variable, parsed as the type of the parameter.
#[derive(Clone)]
pub struct EnvArg {
    name: Arc<str>,
}

/// A command-line option of the program: `--name value` or `--name=value`.
#[derive(Clone)]
pub struct CliArg {
    name: Arc<str>,
}

/// The first value of several arguments: `EnvArg("X") >> SimpleArg(1)`.
#[derive(Clone)]
pub struct FirstOf(Vec<Arc<dyn Argument>>);

/// A plain value: `SimpleArg("Hello")`.
#[allow(non_snake_case, reason = "reads as the type it makes, as in Rocketry")]
pub fn SimpleArg<T: Any + Send + Sync>(value: T) -> SimpleArg {
    SimpleArg::value(Value::new(value))
}

impl SimpleArg {
    /// Creates an argument from an existing value.
    pub fn value(value: Value) -> Self {
        SimpleArg { value }
    }
}

macro_rules! named {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        #[allow(non_snake_case, reason = "reads as the type it makes, as in Rocketry")]
        pub fn $name(name: impl Into<Arc<str>>) -> $name {
            $name { name: name.into() }
        })*
    };
}

named! {
    /// A session parameter, by name: `Arg("greeting")`.
    Arg;
    /// The latest result of the task with this name: `Return("reports::fetch")`.
    Return;
    /// An environment variable: `EnvArg("GREETING")`.
    EnvArg;
    /// A command-line option: `CliArg("--day")`.
    CliArg;
}

impl Argument for SimpleArg {
    fn value(&self, _: &Context<'_>) -> Result<Value> {
        Ok(self.value.clone())
    }

    fn plain(&self) -> Option<&Value> {
        Some(&self.value)
    }
}

impl Argument for Arg {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        context.session_value(&self.name).unwrap_or_else(|| {
            let params = context.host.params();
            let near = did_you_mean(&self.name, params.iter().map(|(key, _)| key));
            Err(Error::new(
                Kind::NotFound,
                format!("there is no session parameter `{}`{near}", self.name),
            ))
        })
    }

    fn depends(&self) -> Vec<Dependency> {
        vec![Dependency::Param {
            key: self.name.clone(),
            required: true,
        }]
    }

    fn origins(&self) -> Vec<Origin<'_>> {
        vec![Origin::Param(&self.name)]
    }
}

impl Argument for Return {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        context
            .host
            .returned(&self.name)?
            .ok_or_else(|| Error::new(Kind::NotFound, format!("task `{}` has no result yet", self.name)))
    }

    fn depends(&self) -> Vec<Dependency> {
        vec![Dependency::Task(self.name.clone())]
    }
}

impl Argument for EnvArg {
    fn value(&self, _: &Context<'_>) -> Result<Value> {
        std::env::var(&*self.name).map(Value::text).map_err(|cause| {
            let kind = match cause {
                VarError::NotPresent => Kind::NotFound,
                VarError::NotUnicode(_) => Kind::Parameter,
            };
            Error::new(kind, format!("environment variable `{}`: {cause}", self.name)).because(cause)
        })
    }
}

impl Argument for CliArg {
    fn value(&self, _: &Context<'_>) -> Result<Value> {
        let words = std::env::args_os()
            .skip(1)
            .map(|word| word.to_string_lossy().into_owned());
        option_value(words, &self.name).map(Value::text).ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                format!("the command line has no `{}` with a value", self.name),
            )
        })
    }
}

fn option_value(mut words: impl Iterator<Item = String>, name: &str) -> Option<String> {
    while let Some(word) = words.next() {
        match word.strip_prefix(name) {
            Some("") => return words.next(),
            Some(rest) if rest.starts_with('=') => return Some(rest[1..].to_owned()),
            _ => {}
        }
    }
    None
}

impl Argument for FirstOf {
    fn value(&self, context: &Context<'_>) -> Result<Value> {
        let mut missing = None;
        for argument in &self.0 {
            match context.value_of(&**argument) {
                Err(error) if error.is_not_found() => missing = Some(error),
                other => return other,
            }
        }
        Err(missing.unwrap_or_else(|| Error::new(Kind::NotFound, "an empty row of arguments has no value")))
    }

    fn depends(&self) -> Vec<Dependency> {
        let last = self.0.len().saturating_sub(1);
        let each = |(index, argument): (usize, &Arc<dyn Argument>)| {
            let depends = argument.depends().into_iter();
            depends.map(move |dependency| {
                if index == last {
                    dependency
                } else {
                    dependency.optional()
                }
            })
        };
        self.0.iter().enumerate().flat_map(each).collect()
    }

    fn origins(&self) -> Vec<Origin<'_>> {
        self.0.iter().flat_map(|argument| argument.origins()).collect()
    }
}

macro_rules! shown {
    ($($name:ident: $self:ident => $text:expr;)*) => {
        $(impl fmt::Display for $name {
            fn fmt(&$self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&$text)
            }
        })*
    };
}

shown! {
    SimpleArg: self => format!("SimpleArg({})", self.value.shown());
    Arg: self => format!("Arg({:?})", self.name);
    Return: self => format!("Return({:?})", self.name);
    EnvArg: self => format!("EnvArg({:?})", self.name);
    CliArg: self => format!("CliArg({:?})", self.name);
    FirstOf: self => self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" >> ");
}

/// Implements `>>` for arguments.
macro_rules! rows {
    ($($name:ty),*) => {
        $(impl<Rhs: Argument> Shr<Rhs> for $name {
            type Output = FirstOf;
            fn shr(self, rhs: Rhs) -> FirstOf {
                FirstOf::new(self) >> rhs
            }
        }

        impl $name {
            /// Adds a plain value as the fallback; the same as `>> SimpleArg(value)`.
            #[must_use]
            pub fn or<T: Any + Send + Sync>(self, value: T) -> FirstOf {
                self >> SimpleArg(value)
            }
        })*
    };
}

impl FirstOf {
    /// Creates a row from one argument, for custom argument types: `FirstOf::new(MyArg) >> Arg("x")`.
    pub fn new(first: impl Argument) -> Self {
        FirstOf(vec![Arc::new(first)])
    }

    /// Adds a plain value as the fallback; the same as `>> SimpleArg(value)`.
    #[must_use]
    pub fn or<T: Any + Send + Sync>(self, value: T) -> FirstOf {
        self >> SimpleArg(value)
    }
}

impl<Rhs: Argument> Shr<Rhs> for FirstOf {
    type Output = FirstOf;

    fn shr(mut self, rhs: Rhs) -> FirstOf {
        self.0.push(Arc::new(rhs));
        self
    }
}

rows!(SimpleArg, Arg, Return, EnvArg, CliArg, super::func::FuncArg);
