//! The typed parameters of a function.

use std::any::type_name;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::argument::{Argument, Dependency};
use super::context::{Context, guarded};
use super::read::Read;
use super::store::Entry;
use super::value::{Mismatch, Value};
use crate::drops::{Foreign, caught};
use crate::error::{Error, Kind, Location, Result};

/// A type that a function may take without an attribute, such as a handle to the session or the present.
///
/// A crate may implement it for its own types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a parameter",
    label = "neither an extractor nor a value that can be cloned and shared",
    note = "a parameter is `Session`, `Task`, `Now` and their kin, or a type that is `Clone + Send + Sync`"
)]
pub trait Extract: Sized {
    /// The value for this run, condition or hook.
    ///
    /// # Errors
    ///
    /// Fails where there is none, such as a run's flag outside a run.
    fn extract(context: &Context<'_>) -> Result<Self>;
}

/// `None` where there is none.
impl<T: Extract> Extract for Option<T> {
    fn extract(context: &Context<'_>) -> Result<Self> {
        match T::extract(context) {
            Err(error) if error.is_not_found() => Ok(None),
            extracted => extracted.map(Some),
        }
    }
}

/// One parameter of a function: its name, where its value comes from, and how it becomes a `T`.
pub struct Param<T> {
    spec: ParamSpec,
    own: Own<T>,
}

/// What the signature itself says of a parameter.
enum Own<T> {
    Extract(fn(&Context<'_>) -> Result<T>),
    Value(Reading<T>),
    /// The type brings its own value, unless an attribute, the task or the run says where it comes from.
    Either(fn(&Context<'_>) -> Result<T>, Reading<T>),
}

/// How a value turns into the type of a parameter.
struct Reading<T> {
    read: fn(&Value) -> Result<T, Mismatch>,
    absent: fn() -> Option<T>,
}

/// A parameter, without its type.
#[derive(Clone)]
pub struct ParamSpec {
    /// The name in the signature.
    pub name: Cow<'static, str>,
    /// The type in the signature.
    pub type_name: &'static str,
    /// Where the function is.
    pub location: Location,
    /// What `#[arg(…)]` says.
    pub(crate) source: Option<Foreign<Arc<dyn Argument>>>,
    /// Whether the type brings its own value.
    pub(crate) extracts: bool,
    /// Whether there may be no value.
    optional: bool,
    /// Whether a plain value can be read as the type.
    fits: Fits,
}

type Fits = fn(&Value) -> Result<(), Mismatch>;

impl ParamSpec {
    /// A parameter that is read as text.
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

    /// What `#[arg(…)]` says.
    pub(super) fn source(&self) -> Option<&dyn Argument> {
        self.source.as_deref().map(|source| &**source)
    }

    /// Whether the signature itself says where the value comes from.
    pub(crate) fn has_source(&self) -> bool {
        self.extracts || self.source.is_some()
    }

    /// Whether the type brings its own value, and nothing says otherwise.
    pub(crate) fn brings_itself(&self) -> bool {
        self.extracts && self.source.is_none()
    }

    /// What the parameter is made from, as far as the signature says.
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

    /// Why a value can't be read as the type, if it can't. What panics on the way is told when a run needs it.
    pub(super) fn misfit(&self, value: &Value) -> Option<Mismatch> {
        let fits = catch_unwind(AssertUnwindSafe(|| (self.fits)(value)));
        fits.map_err(caught).ok()?.err()
    }
}

impl ParamSpec {
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
    /// The parameter, without its type.
    #[cfg(feature = "script")]
    pub(crate) fn spec(&self) -> &ParamSpec {
        &self.spec
    }

    /// A parameter whose type brings its own value.
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

    /// A parameter whose type brings its own value, unless it is taken [`from`](Self::from) an argument.
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

    /// A parameter that is filled from a value.
    pub fn value<R: Read<T>>(name: &'static str, location: Location) -> Self {
        Self::named::<R>(plain(name), location)
    }

    /// A parameter whose name may be known only now, such as a variable of a script.
    pub(crate) fn named<R: Read<T>>(name: impl Into<Cow<'static, str>>, location: Location) -> Self {
        Param {
            spec: ParamSpec::read::<T, R>(name.into(), location),
            own: Own::Value(Reading::by::<R>()),
        }
    }

    /// Takes the value from an argument in place of the session parameter of the same name.
    #[must_use]
    pub fn from(mut self, source: impl Argument) -> Self {
        self.spec.source = Some(Foreign::new(Arc::new(source)));
        self
    }

    /// The value: the run's own, else the task's, else the signature's, else the session's.
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
            (None, None) => context.value_of(&super::argument::Arg(&*self.spec.name)),
        }?;
        let secret = context.host.is_secret(&self.spec.name);
        Ok(if secret { value.into_secret() } else { value })
    }

    /// What the run itself or its task says.
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

    /// Where the value was declared: that of the run, of the task, or the one session parameter that it is.
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

/// A name without the mark of a raw identifier.
fn plain(name: &'static str) -> Cow<'static, str> {
    name.strip_prefix("r#").unwrap_or(name).into()
}

/// All parameters of a function: a tuple of [`Param`]s.
pub trait ParamSet: Send + Sync + 'static {
    /// The values, as a tuple.
    type Values;

    /// The parameters without their types.
    fn specs(&self) -> Vec<ParamSpec>;

    /// The values for a run, a condition or a hook.
    ///
    /// # Errors
    ///
    /// Names the first parameter that has no value or one of another type.
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
