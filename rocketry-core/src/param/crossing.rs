//! Asks, while compiling, whether a value can go from one process to another.
//!
//! Works like [`probe`](super::probe): the compiler finds the first of these that fits.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::typed::Extract;

/// What the compiler says of a value that can't be sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't go from one process to another",
    label = "has to be `serde::Serialize` and `serde::Deserialize`",
    note = "with `execution = \"process\"` the parameters and the result go between two processes as JSON; on a thread anything goes that is `Clone + Send + Sync`"
)]
pub trait Crosses {}

impl Crosses for Infallible {}

/// What the compiler says of what steers the app, and so is only where the app is.
#[diagnostic::on_unimplemented(
    message = "a process of its own has no `{Self}`",
    label = "the app is in another process",
    note = "what a run with `execution = \"process\"` changed there, the app would not see; take `Now`, `Due`, `RunId`, `Config` or `TerminationFlag`, or let it run as `\"thread\"`"
)]
pub trait Apart {}

impl Apart for Infallible {}

/// Marks what steers the app.
pub trait AtHome {}

/// Stands for the type of a parameter.
pub struct Arriving<T>(PhantomData<T>);

/// Stands for the type of a result.
pub struct Leaving<T>(PhantomData<T>);

impl<T> Arriving<T> {
    /// Asks about `T`.
    #[allow(clippy::new_without_default, reason = "only macros make one")]
    pub const fn new() -> Self {
        Arriving(PhantomData)
    }
}

impl<T> Leaving<T> {
    /// Asks about `T`.
    #[allow(clippy::new_without_default, reason = "only macros make one")]
    pub const fn new() -> Self {
        Leaving(PhantomData)
    }
}

/// First choice: something that is never there.
pub trait NotThere<T> {
    /// Does not compile.
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

/// Second choice: something that each process has of its own.
pub trait Own {
    /// Compiles.
    fn crosses(&self) {}
}

impl<T: Extract> Own for &&&Arriving<T> {}

/// Third choice: a shared value, which is sent as a value.
pub trait Shared {
    /// Compiles.
    fn crosses(&self) {}
}

impl<T: Serialize + DeserializeOwned> Shared for &&Arriving<Arc<T>> {}

/// Fourth choice: a value that can be sent.
pub trait Sent {
    /// Compiles.
    fn crosses(&self) {}
}

impl<T: Serialize + DeserializeOwned> Sent for &Arriving<T> {}
impl<T: Serialize + DeserializeOwned> Sent for &Leaving<T> {}

/// No choice: says what can be sent.
pub trait Stuck<T> {
    /// Does not compile.
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
