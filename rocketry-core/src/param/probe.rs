//! Selects, for each type, how to create a parameter of it.
//!
//! The compiler finds a trait for `&&Probe<T>` before one for `&Probe<T>`, and so makes the choice: an extractor
//! before a value that may come from JSON, and that before a value that can only be shared. An `Option` is unwrapped
//! first: its inner type determines the choice.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::evaluation::{Argument, Entry};
use super::read::{Copied, Maybe, Parsed, Read, Shared, SharedOrParsed};
use super::typed::{Extract, Param};
use super::value::Value;
use crate::error::Location;

/// Represents a type whose traits are being tested.
#[must_use]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// Represents `T`.
    #[allow(clippy::new_without_default, reason = "only macros make one")]
    pub const fn new() -> Self {
        Probe(PhantomData)
    }

    /// Represents a value that is always available.
    pub const fn inner(&self) -> Probe<T> {
        Probe(PhantomData)
    }
}

/// Represents an `Option<T>`, whose value may be missing.
pub struct Optional<T>(PhantomData<T>);

impl<T> Optional<T> {
    /// Represents the inner type of the option.
    pub const fn inner(&self) -> Probe<T> {
        Probe(PhantomData)
    }
}

/// First choice: an `Option`.
pub trait IsOption<T> {
    /// Returns the kind of the type.
    fn shape(&self) -> Optional<T> {
        Optional(PhantomData)
    }
}

/// Last choice: any other type.
pub trait IsSure<T> {
    /// Returns the kind of the type.
    fn shape(&self) -> Probe<T> {
        Probe(PhantomData)
    }
}

impl<T> IsOption<T> for &Probe<Option<T>> {}
impl<T> IsSure<T> for Probe<T> {}

impl<T> Probe<T> {
    /// Makes the parameter in this way.
    pub fn param<W: Way<T>>(self, way: W, name: &'static str, location: Location) -> Param<T> {
        way.param(name, location)
    }
}

impl<T> Optional<T> {
    /// Makes the parameter in this way, if there is a value.
    pub fn param<W: Way<T>>(self, way: W, name: &'static str, location: Location) -> Param<Option<T>> {
        way.maybe(name, location)
    }
}

/// A way to make a parameter of a type.
pub trait Way<T> {
    /// Makes the parameter.
    fn param(self, name: &'static str, location: Location) -> Param<T>;

    /// Makes the parameter, whose value may be missing.
    fn maybe(self, name: &'static str, location: Location) -> Param<Option<T>>;
}

/// A parameter that is read from a value with `R`.
pub struct By<R>(PhantomData<R>);

/// A parameter whose type supplies its own value.
pub struct Extracted;

/// A parameter whose type supplies its own value, unless an argument supplies another.
pub struct Either;

/// No way to make a parameter.
pub enum NoWay {}

impl<T: Any + Clone, R: Read<T>> Way<T> for By<R> {
    fn param(self, name: &'static str, location: Location) -> Param<T> {
        Param::value::<R>(name, location)
    }

    fn maybe(self, name: &'static str, location: Location) -> Param<Option<T>> {
        Param::value::<Maybe<R>>(name, location)
    }
}

impl<T: Extract> Way<T> for Extracted {
    fn param(self, name: &'static str, location: Location) -> Param<T> {
        Param::extractor(name, location)
    }

    fn maybe(self, name: &'static str, location: Location) -> Param<Option<T>> {
        Param::extractor(name, location)
    }
}

impl<T: Extract + Any + Clone> Way<T> for Either {
    fn param(self, name: &'static str, location: Location) -> Param<T> {
        Param::either::<Copied>(name, location)
    }

    fn maybe(self, name: &'static str, location: Location) -> Param<Option<T>> {
        Param::either::<Maybe<Copied>>(name, location)
    }
}

impl<T> Way<T> for NoWay {
    fn param(self, _: &'static str, _: Location) -> Param<T> {
        match self {}
    }

    fn maybe(self, _: &'static str, _: Location) -> Param<Option<T>> {
        match self {}
    }
}

/// Defines the traits for all ways except the last, in the order of preference.
macro_rules! ways {
    ($($(#[$doc:meta])* $trait:ident $way:ty: [$($refs:tt)*] $type:ty, ($($bounds:tt)*);)*) => {
        $($(#[$doc])*
        pub trait $trait {
            /// Returns the way to make the parameter.
            fn way(&self) -> $way;
        }

        impl<T: $($bounds)*> $trait for $($refs)* Probe<$type> {
            fn way(&self) -> $way {
                <$way>::NEW
            }
        })*
    };
}

impl<R> By<R> {
    const NEW: Self = By(PhantomData);
}

impl Extracted {
    const NEW: Self = Extracted;
}

impl Either {
    const NEW: Self = Either;
}

ways! {
    /// First choice: a shared value without a copy, or JSON.
    ViaArcJson By<SharedOrParsed>: [&&&&&&] Arc<T>, (Any + Clone + Send + Sync + DeserializeOwned);
    /// Next: a shared value, without a copy.
    ViaArc By<Shared>: [&&&&&] Arc<T>, (Any + Send + Sync);
    /// Next: a value that its type supplies, unless an argument supplies another.
    ViaEither Either: [&&&&] T, (Extract + Any + Clone);
    /// Next: a value that its type supplies.
    ViaExtract Extracted: [&&&] T, (Extract);
    /// Next: a copy of a shared value, or JSON.
    ViaJson By<Parsed>: [&&] T, (Any + Clone + DeserializeOwned);
    /// Last choice: only a copy of a shared value.
    ViaShare By<Copied>: [&] T, (Any + Clone);
}

/// No choice: a compile error that explains which types a parameter can have.
pub trait ViaNothing<T> {
    /// Causes a compile error.
    fn way(&self) -> NoWay
    where
        T: Extract;
}

impl<T> ViaNothing<T> for Probe<T> {
    fn way(&self) -> NoWay
    where
        T: Extract,
    {
        unreachable!("an extractor has another way")
    }
}

/// Represents the type of the value that a parameter is set to.
pub struct Given<T>(PhantomData<T>);

impl<T> Given<T> {
    /// Represents the type of a value.
    pub const fn of(_: &T) -> Self {
        Given(PhantomData)
    }
}

/// First choice: an argument.
pub trait GivenArgument<T> {
    /// Makes the parameter.
    fn entry(&self, given: T) -> Entry;
}

impl<T: Argument> GivenArgument<T> for &&Given<T> {
    fn entry(&self, given: T) -> Entry {
        Entry::argument(given)
    }
}

/// Second choice: a value that can be transferred to another process.
pub trait GivenPortable<T> {
    /// Makes the parameter.
    fn entry(&self, given: T) -> Entry;
}

impl<T: Any + Send + Sync + Serialize> GivenPortable<T> for &Given<T> {
    fn entry(&self, given: T) -> Entry {
        Entry::value_of(Value::portable(given))
    }
}

/// Last choice: a value that can only be shared.
pub trait GivenShared<T> {
    /// Makes the parameter.
    fn entry(&self, given: T) -> Entry;
}

impl<T: Any + Send + Sync> GivenShared<T> for Given<T> {
    fn entry(&self, given: T) -> Entry {
        Entry::value_of(Value::new(given))
    }
}
