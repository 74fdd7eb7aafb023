//! Checks at compile time whether a value can be transferred to another process.
//!
//! Works like [`probe`](super::probe): the compiler selects the first of these that applies.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::typed::Extract;

/// The compile error for a value that can't be transferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't go from one process to another",
    label = "has to be `serde::Serialize` and `serde::Deserialize`",
    note = "with `execution = \"process\"` the parameters and the result go between two processes as JSON; on a thread anything goes that is `Clone + Send + Sync`"
)]
pub trait Crosses {}

impl Crosses for Infallible {}

/// The compile error for a handle that controls the app, and so exists only in its process.
#[diagnostic::on_unimplemented(
    message = "a run in a process has no `{Self}`",
    label = "the app is in another process",
    note = "what a run with `execution = \"process\"` changed there, the app would not see; take `Now`, `Due`, `RunId`, `Config` or `TerminationFlag`, or let it run as `\"thread\"`"
)]
pub trait Apart {}

impl Apart for Infallible {}

/// Marks handles that control the app.
pub trait AtHome {}

/// Represents the type of a parameter.
pub struct Arriving<T>(PhantomData<T>);

/// Represents the type of a result.
pub struct Leaving<T>(PhantomData<T>);

impl<T> Arriving<T> {
    /// Represents `T` as a parameter.
    #[allow(clippy::new_without_default, reason = "only macros make one")]
    pub const fn new() -> Self {
        Arriving(PhantomData)
    }
}

impl<T> Leaving<T> {
    /// Represents `T` as a result.
    #[allow(clippy::new_without_default, reason = "only macros make one")]
    pub const fn new() -> Self {
        Leaving(PhantomData)
    }
}

/// First choice: a handle, which is not available in another process.
pub trait NotThere<T> {
    /// Causes a compile error.
    fn crosses(&self)
    where
        T: Apart;
}

impl<T: AtHome> NotThere<T> for &&&&Arriving<T> {
    fn crosses(&self)
    where
        T: Apart,
    {
    }
}

/// Second choice: a value that each process creates for itself.
pub trait Own {
    /// Accepts the type.
    fn crosses(&self) {}
}

impl<T: Extract> Own for &&&Arriving<T> {}

/// Third choice: a shared value, which is transferred as a plain value.
pub trait Shared {
    /// Accepts the type.
    fn crosses(&self) {}
}

impl<T: Serialize + DeserializeOwned> Shared for &&Arriving<Arc<T>> {}

/// Fourth choice: a value that can be transferred.
pub trait Sent {
    /// Accepts the type.
    fn crosses(&self) {}
}

impl<T: Serialize + DeserializeOwned> Sent for &Arriving<T> {}
impl<T: Serialize + DeserializeOwned> Sent for &Leaving<T> {}

/// Last choice: a compile error that explains which types can be transferred.
pub trait Stuck<T> {
    /// Causes a compile error.
    fn crosses(&self)
    where
        T: Crosses;
}

impl<T> Stuck<T> for Arriving<T> {
    fn crosses(&self)
    where
        T: Crosses,
    {
    }
}

impl<T> Stuck<T> for Leaving<T> {
    fn crosses(&self)
    where
        T: Crosses,
    {
    }
}
