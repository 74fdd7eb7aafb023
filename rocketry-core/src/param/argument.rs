//! The arguments that parameters can have, and rows of them.

use std::any::Any;
use std::env::VarError;
use std::fmt;
use std::ops::Shr;
use std::sync::Arc;

use super::evaluation::{Argument, Context, Dependency, Origin};
use super::value::Value;
use crate::error::{Error, Kind, Result, did_you_mean};

/// The argument for a plain value.
#[derive(Clone)]
pub struct SimpleArg {
    value: Value,
}

/// The argument for a session parameter, by name.
#[derive(Clone)]
pub struct Arg {
    name: Arc<str>,
}

/// The argument for the latest result of a task.
#[derive(Clone)]
pub struct Return {
    name: Arc<str>,
}

/// The argument for an environment variable, parsed as the type of the parameter.
#[derive(Clone)]
pub struct EnvArg {
    name: Arc<str>,
}

/// The argument for a command-line option of the program: `--name value` or `--name=value`.
#[derive(Clone)]
pub struct CliArg {
    name: Arc<str>,
}

/// A list of arguments, of which the first with a value is used: `EnvArg("X") >> SimpleArg(1)`.
#[derive(Clone)]
pub struct FirstOf(Vec<Arc<dyn Argument>>);

/// Creates an argument from a plain value: `SimpleArg("Hello")`.
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
    /// Creates the argument for a session parameter, by name: `Arg("greeting")`.
    Arg;
    /// Creates the argument for the latest result of the task with this name: `Return("reports::fetch")`.
    Return;
    /// Creates the argument for an environment variable: `EnvArg("GREETING")`.
    EnvArg;
    /// Creates the argument for a command-line option: `CliArg("--day")`.
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

    fn origins(&self) -> Vec<Origin<'_>> {
        vec![Origin::CommandLine(&self.name)]
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

/// Implements `>>` and `or` for arguments.
macro_rules! rows {
    ($($name:ty),*) => {
        $(impl<Rhs: $crate::param::Argument> std::ops::Shr<Rhs> for $name {
            type Output = $crate::param::FirstOf;
            fn shr(self, rhs: Rhs) -> $crate::param::FirstOf {
                $crate::param::FirstOf::new(self) >> rhs
            }
        }

        impl $name {
            /// Adds a plain value as the fallback; the same as `>> SimpleArg(value)`.
            #[must_use]
            pub fn or<T: std::any::Any + Send + Sync>(self, value: T) -> $crate::param::FirstOf {
                self >> $crate::param::SimpleArg(value)
            }
        })*
    };
}
pub(super) use rows;

impl FirstOf {
    /// Creates a list from one argument, for custom argument types: `FirstOf::new(MyArg) >> Arg("x")`.
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

rows!(SimpleArg, Arg, Return, EnvArg, CliArg);
