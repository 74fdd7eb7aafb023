//! The typed parameters of a function.

use std::any::type_name;
use std::borrow::Cow;
use std::sync::Arc;

use super::argument::Arg;
use super::evaluation::{Argument, Context, Dependency, Entry, ParamSpec, guarded};
use super::read::Read;
use super::value::{Mismatch, Value};
use crate::drops::Foreign;
use crate::error::{Error, Kind, Location, Result};

/// A type that functions can take without an attribute, such as a handle to the session or the current time.
///
/// Other crates can implement it for their own types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a parameter",
    label = "neither an extractor nor a value that can be cloned and shared",
    note = "a parameter is `Session`, `Task`, `Now`, another extractor of this crate, or a type that is `Clone + Send + Sync`"
)]
pub trait Extract: Sized {
    /// Returns the value for this run, condition or hook.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no value, such as the flag of a run outside of a run.
    fn extract(context: &Context<'_>) -> Result<Self>;
}

/// Extracts `None` if there is no value.
impl<T: Extract> Extract for Option<T> {
    fn extract(context: &Context<'_>) -> Result<Self> {
        match T::extract(context) {
            Err(error) if error.is_not_found() => Ok(None),
            extracted => extracted.map(Some),
        }
    }
}

/// One parameter of a function: its name, the source of its value, and the conversion into a `T`.
pub struct Param<T> {
    spec: ParamSpec,
    own: Own<T>,
}

/// The source in the signature of a parameter.
enum Own<T> {
    Extract(fn(&Context<'_>) -> Result<T>),
    Value(Reading<T>),
    /// The type supplies its own value, unless an attribute, the task or the run sets another.
    Either(fn(&Context<'_>) -> Result<T>, Reading<T>),
}

/// How a value is converted into the type of a parameter.
struct Reading<T> {
    read: fn(&Value) -> Result<T, Mismatch>,
    absent: fn() -> Option<T>,
}

impl ParamSpec {
    /// Describes a parameter that is read as text.
    pub(crate) fn text(name: String, location: Location) -> Self {
        ParamSpec {
            name: name.into(),
            type_name: type_name::<String>(),
            location,
            source: None,
            extracts: false,
            optional: false,
            fits: |_| Ok(()),
        }
    }

    fn read<T, R: Read<T>>(name: Cow<'static, str>, location: Location) -> Self {
        ParamSpec {
            name,
            type_name: type_name::<T>(),
            location,
            source: None,
            extracts: false,
            optional: R::ABSENT.is_some(),
            fits: |value| {
                if R::is(value) {
                    Ok(())
                } else {
                    R::read(value).map(drop)
                }
            },
        }
    }
}

impl<T> Reading<T> {
    fn by<R: Read<T>>() -> Self {
        Reading {
            read: R::read,
            absent: || R::ABSENT,
        }
    }
}

impl<T> Param<T> {
    /// Returns the description of the parameter, without its type.
    #[cfg(feature = "script")]
    pub(crate) fn spec(&self) -> &ParamSpec {
        &self.spec
    }

    /// Creates a parameter whose type supplies its own value.
    pub fn extractor(name: &'static str, location: Location) -> Self
    where
        T: Extract,
    {
        let spec = ParamSpec {
            name: plain(name),
            type_name: type_name::<T>(),
            location,
            source: None,
            extracts: true,
            optional: false,
            fits: |_| Ok(()),
        };
        let own = Own::Extract(T::extract);
        Param { spec, own }
    }

    /// Creates a parameter whose type supplies its own value, unless it is taken [`from`](Self::from) an argument.
    pub fn either<R: Read<T>>(name: &'static str, location: Location) -> Self
    where
        T: Extract,
    {
        let spec = ParamSpec {
            extracts: true,
            ..ParamSpec::read::<T, R>(plain(name), location)
        };
        let own = Own::Either(T::extract, Reading::by::<R>());
        Param { spec, own }
    }

    /// Creates a parameter that is read from a value.
    pub fn value<R: Read<T>>(name: &'static str, location: Location) -> Self {
        Self::named::<R>(plain(name), location)
    }

    /// Creates a parameter whose name is known only at run time, such as a variable of a script.
    pub(crate) fn named<R: Read<T>>(name: impl Into<Cow<'static, str>>, location: Location) -> Self {
        Param {
            spec: ParamSpec::read::<T, R>(name.into(), location),
            own: Own::Value(Reading::by::<R>()),
        }
    }

    /// Takes the value from an argument instead of the session parameter with the same name.
    #[must_use]
    pub fn from(mut self, source: impl Argument) -> Self {
        self.spec.source = Some(Foreign::new(Arc::new(source)));
        self
    }

    /// Resolves the value: from the run, the task, the signature or the session, in this order.
    pub(crate) fn resolve(&self, context: &Context<'_>) -> Result<T> {
        match &self.own {
            Own::Either(extract, _) if self.spec.source.is_none() && self.given(context).is_none() => {
                guarded(|| extract(context)).map_err(|error| self.explain(context, error))
            }
            Own::Extract(extract) => {
                guarded(|| extract(context)).map_err(|error| self.explain(context, error))
            }
            Own::Either(_, reading) | Own::Value(reading) => match self.find(context) {
                Ok(value) => (reading.read)(&value).map_err(|mismatch| self.mismatch(context, &mismatch)),
                Err(error) => (reading.absent)()
                    .filter(|_| error.is_not_found())
                    .ok_or_else(|| self.explain(context, error)),
            },
        }
    }

    fn find(&self, context: &Context<'_>) -> Result<Value> {
        let value = match (self.given(context), &self.spec.source) {
            (Some(entry), _) => entry.value(context),
            (None, Some(source)) => context.value_of(&***source),
            (None, None) => context.value_of(&Arg(&*self.spec.name)),
        }?;
        let secret = context.host.is_secret(&self.spec.name);
        Ok(if secret { value.into_secret() } else { value })
    }

    /// Returns the parameter of the run or of its task.
    fn given<'a>(&self, context: &Context<'a>) -> Option<&'a Entry> {
        let run = context.run?;
        run.batch
            .get(&self.spec.name)
            .or_else(|| run.own.get(&self.spec.name))
    }

    fn explain(&self, context: &Context<'_>, error: Error) -> Error {
        let message = format!("{}: {error}", self.describe(context));
        Error::at(Kind::Parameter, message, Some(self.spec.location)).because(error)
    }

    fn mismatch(&self, context: &Context<'_>, mismatch: &Mismatch) -> Error {
        let declared = self.declared(context).map_or_else(String::new, |place| {
            format!("\n  the value is declared at {place}")
        });
        let message = format!("{}: {mismatch}{declared}", self.describe(context));
        Error::at(Kind::Mismatch, message, Some(self.spec.location))
    }

    /// Returns the place where the value was declared: in the run, in the task, or as the session parameter.
    fn declared(&self, context: &Context<'_>) -> Option<Location> {
        if let Some(entry) = self.given(context) {
            return entry.location();
        }
        match &self.spec.depends()[..] {
            [Dependency::Param { key, .. }] => context.host.params().get(key)?.location(),
            _ => None,
        }
    }

    fn describe(&self, context: &Context<'_>) -> String {
        match context.run {
            Some(run) => format!("parameter `{}` of task `{}`", self.spec.name, run.task),
            None => format!("parameter `{}`", self.spec.name),
        }
    }
}

/// Removes the `r#` of a raw identifier.
fn plain(name: &'static str) -> Cow<'static, str> {
    name.strip_prefix("r#").unwrap_or(name).into()
}

/// All parameters of a function: a tuple of [`Param`]s.
pub trait ParamSet: Send + Sync + 'static {
    /// The values, as a tuple.
    type Values;

    /// Returns the descriptions of the parameters.
    fn specs(&self) -> Vec<ParamSpec>;

    /// Resolves the values for a run, a condition or a hook.
    ///
    /// # Errors
    ///
    /// Returns an error that names the first parameter that has no value or a value of another type.
    fn resolve(&self, context: &Context<'_>) -> Result<Self::Values>;
}

macro_rules! param_sets {
    ($($name:ident)*) => {
        impl<$($name: 'static),*> ParamSet for ($(Param<$name>,)*) {
            type Values = ($($name,)*);

            fn specs(&self) -> Vec<ParamSpec> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)*) = self;
                vec![$($name.spec.clone()),*]
            }

            #[allow(clippy::unused_unit, unused_variables, reason = "the empty tuple is one of them")]
            fn resolve(&self, context: &Context<'_>) -> Result<Self::Values> {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let ($($name,)*) = self;
                Ok(($($name.resolve(context)?,)*))
            }
        }
    };
}

param_sets!();
param_sets!(A);
param_sets!(A B);
param_sets!(A B C);
param_sets!(A B C D);
param_sets!(A B C D E);
param_sets!(A B C D E F);
param_sets!(A B C D E F G);
param_sets!(A B C D E F G H);
param_sets!(A B C D E F G H I);
param_sets!(A B C D E F G H I J);
param_sets!(A B C D E F G H I J K);
param_sets!(A B C D E F G H I J K L);
