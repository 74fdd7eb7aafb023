//! Picks, for each type, the best way to make a parameter of it.
//!
//! A trait that is implemented for `&&Probe<T>` is found before one for `&Probe<T>`, so the compiler itself
//! chooses: an extractor before a value that may come as JSON, before one that may only be shared. An `Option` is
//! looked through first: what is in it decides how it is made.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::argument::Argument;
use super::read::{Copied, Maybe, Parsed, Read, Shared, SharedOrParsed};
use super::store::Entry;
use super::typed::{Extract, Param};
use super::value::Value;
use crate::error::Location;

/// Stands for a type whose abilities are asked for.
#[must_use]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// Asks about `T`.
    #[allow(clippy::new_without_default, reason = "only macros make one")]
    pub const fn new() -> Self {
        Probe(PhantomData)
    }

    /// Asks about what is always there.
    pub const fn inner(&self) -> Probe<T> {
        Probe(PhantomData)
    }
}

/// Stands for an `Option<T>`, which may be absent.
pub struct Optional<T>(PhantomData<T>);

impl<T> Optional<T> {
    /// Asks about what is in the option.
    pub const fn inner(&self) -> Probe<T> {
        Probe(PhantomData)
    }
}

/// First choice: an `Option`.
pub trait IsOption<T> {
    /// What the type is.
    fn shape(&self) -> Optional<T> {
        Optional(PhantomData)
    }
}

/// Last choice: any other type.
pub trait IsSure<T> {
    /// What the type is.
    fn shape(&self) -> Probe<T> {
        Probe(PhantomData)
    }
}

impl<T> IsOption<T> for &Probe<Option<T>> {}
impl<T> IsSure<T> for Probe<T> {}

impl<T> Probe<T> {
    /// The parameter, made in this way.
    pub fn param<W: Way<T>>(self, way: W, name: &'static str, location: Location) -> Param<T> {
        way.param(name, location)
    }
}

impl<T> Optional<T> {
    /// The parameter, made in this way if there is a value.
    pub fn param<W: Way<T>>(self, way: W, name: &'static str, location: Location) -> Param<Option<T>> {
        way.maybe(name, location)
    }
}

/// A way to make a parameter of a type.
pub trait Way<T> {
    /// The parameter.
    fn param(self, name: &'static str, location: Location) -> Param<T>;

    /// The parameter that may be absent.
    fn maybe(self, name: &'static str, location: Location) -> Param<Option<T>>;
}

/// A parameter that is read from a value as `R` does.
pub struct By<R>(PhantomData<R>);

/// A parameter whose type brings its own value.
pub struct Extracted;

/// A parameter whose type brings its own value, unless an argument is to give another.
pub struct Either;

/// No way at all.
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

/// The traits that choose a way, from the first choice to the last but one.
macro_rules! ways {
    ($($(#[$doc:meta])* $trait:ident $way:ty: [$($refs:tt)*] $type:ty, ($($bounds:tt)*);)*) => {
        $($(#[$doc])*
        pub trait $trait {
            /// The way to make the parameter.
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
    /// First choice: a shared value, without a copy, or JSON.
    ViaArcJson By<SharedOrParsed>: [&&&&&&] Arc<T>, (Any + Clone + Send + Sync + DeserializeOwned);
    /// Next: a shared value, without a copy.
    ViaArc By<Shared>: [&&&&&] Arc<T>, (Any + Send + Sync);
    /// Next: the type brings its own value, unless an argument is to give another.
    ViaEither Either: [&&&&] T, (Extract + Any + Clone);
    /// Next: the type brings its own value.
    ViaExtract Extracted: [&&&] T, (Extract);
    /// Next: a copy of a shared value, or JSON.
    ViaJson By<Parsed>: [&&] T, (Any + Clone + DeserializeOwned);
    /// Last choice: a copy of a shared value only.
    ViaShare By<Copied>: [&] T, (Any + Clone);
}

/// No choice: says what a parameter can be.
pub trait ViaNothing<T> {
    /// Does not compile.
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
