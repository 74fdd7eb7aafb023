//! Picks, for each type, the best way to make a parameter of it.
//!
//! A trait that is implemented for `&&Probe<T>` is found before one for `&Probe<T>`, so the compiler itself
//! chooses: an extractor before a value that may come as JSON, before one that may only be shared. Nobody has
//! to tell which of these a type is.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::argument::Argument;
use super::store::Entry;
use super::typed::{Extract, Param};
use super::value::Value;
use crate::error::Location;

/// Stands for a type whose abilities are asked for.
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// Asks about `T`.
    #[allow(clippy::new_without_default, reason = "only macros make one")]
    pub const fn new() -> Self {
        Probe(PhantomData)
    }
}

/// First choice: a shared value, without a copy, or JSON.
pub trait ViaArcJson<T> {
    /// The parameter.
    fn param(&self, name: &'static str, location: Location) -> Param<Arc<T>>;
}

impl<T: Any + Clone + Send + Sync + DeserializeOwned> ViaArcJson<T> for &&&&&&Probe<Arc<T>> {
    fn param(&self, name: &'static str, location: Location) -> Param<Arc<T>> {
        Param::value(name, location, |value| {
            let shared = value.share::<T>().or_else(|| value.get::<Arc<T>>());
            shared.map_or_else(|| value.read().map(Arc::new), Ok)
        })
    }
}

/// Next: a shared value, without a copy.
pub trait ViaArc<T> {
    /// The parameter.
    fn param(&self, name: &'static str, location: Location) -> Param<Arc<T>>;
}

impl<T: Any + Send + Sync> ViaArc<T> for &&&&&Probe<Arc<T>> {
    fn param(&self, name: &'static str, location: Location) -> Param<Arc<T>> {
        Param::value(name, location, |value| {
            let shared = value.share::<T>().or_else(|| value.get::<Arc<T>>());
            shared.ok_or_else(|| value.mismatch::<T>())
        })
    }
}

/// Next: the type brings its own value, unless an argument is to give another.
pub trait ViaEither<T> {
    /// The parameter.
    fn param(&self, name: &'static str, location: Location) -> Param<T>;
}

impl<T: Extract + Any + Clone> ViaEither<T> for &&&&Probe<T> {
    fn param(&self, name: &'static str, location: Location) -> Param<T> {
        Param::either(name, location, |value| {
            value.get().ok_or_else(|| value.mismatch::<T>())
        })
    }
}

/// Next: the type brings its own value.
pub trait ViaExtract<T> {
    /// The parameter.
    fn param(&self, name: &'static str, location: Location) -> Param<T>;
}

impl<T: Extract> ViaExtract<T> for &&&Probe<T> {
    fn param(&self, name: &'static str, location: Location) -> Param<T> {
        Param::extractor(name, location)
    }
}

/// Next: a copy of a shared value, or JSON.
pub trait ViaJson<T> {
    /// The parameter.
    fn param(&self, name: &'static str, location: Location) -> Param<T>;
}

impl<T: Any + Clone + DeserializeOwned> ViaJson<T> for &&Probe<T> {
    fn param(&self, name: &'static str, location: Location) -> Param<T> {
        Param::value(name, location, Value::read)
    }
}

/// Last choice: a copy of a shared value only.
pub trait ViaShare<T> {
    /// The parameter.
    fn param(&self, name: &'static str, location: Location) -> Param<T>;
}

impl<T: Any + Clone> ViaShare<T> for &Probe<T> {
    fn param(&self, name: &'static str, location: Location) -> Param<T> {
        Param::value(name, location, |value| {
            value.get().ok_or_else(|| value.mismatch::<T>())
        })
    }
}

/// No choice: says what a parameter can be.
pub trait ViaNothing<T> {
    /// The parameter.
    fn param(&self, name: &'static str, location: Location) -> Param<T>
    where
        T: Extract;
}

impl<T> ViaNothing<T> for Probe<T> {
    fn param(&self, name: &'static str, location: Location) -> Param<T>
    where
        T: Extract,
    {
        Param::extractor(name, location)
    }
}

/// Stands for the type of something a parameter is set to.
pub struct Given<T>(PhantomData<T>);

impl<T> Given<T> {
    /// Asks about the type of a value.
    pub const fn of(_: &T) -> Self {
        Given(PhantomData)
    }
}

/// First choice: an argument.
pub trait GivenArgument<T> {
    /// The parameter.
    fn entry(&self, given: T) -> Entry;
}

impl<T: Argument> GivenArgument<T> for &&Given<T> {
    fn entry(&self, given: T) -> Entry {
        Entry::argument(given)
    }
}

/// Second choice: a value that can leave the process.
pub trait GivenPortable<T> {
    /// The parameter.
    fn entry(&self, given: T) -> Entry;
}

impl<T: Any + Send + Sync + Serialize> GivenPortable<T> for &Given<T> {
    fn entry(&self, given: T) -> Entry {
        Entry::value_of(Value::portable(given))
    }
}

/// Last choice: a value that is only shared.
pub trait GivenShared<T> {
    /// The parameter.
    fn entry(&self, given: T) -> Entry;
}

impl<T: Any + Send + Sync> GivenShared<T> for Given<T> {
    fn entry(&self, given: T) -> Entry {
        Entry::value_of(Value::new(given))
    }
}
