//! Ways to read a value as the type of a parameter.
//!
//! [`probe`](super::probe) selects one for each type at compile time.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::value::{Mismatch, Value};

/// A way to read a value as a `T`.
pub trait Read<T> {
    /// Reads the value as a `T`.
    ///
    /// # Errors
    ///
    /// Returns an error that names both types if the value is not a `T`.
    fn read(value: &Value) -> Result<T, Mismatch>;

    /// Returns whether the value is already a `T`, so that nothing has to be read.
    fn is(value: &Value) -> bool;

    /// Returns the substitute for a missing value.
    const ABSENT: Option<T> = None;
}

/// Reads a copy of a shared value.
pub struct Copied;

/// Reads a copy of a shared value, or a value from JSON or text.
pub struct Parsed;

/// Reads a shared value without a copy.
pub struct Shared;

/// Reads a shared value without a copy, or a value from JSON or text.
pub struct SharedOrParsed;

/// Reads a value with `R`, or `None` if it is missing.
pub struct Maybe<R>(PhantomData<R>);

impl<T: Any + Clone> Read<T> for Copied {
    fn read(value: &Value) -> Result<T, Mismatch> {
        value.get().ok_or_else(|| value.mismatch::<T>())
    }

    fn is(value: &Value) -> bool {
        value.is::<T>()
    }
}

impl<T: Any + Clone + DeserializeOwned> Read<T> for Parsed {
    fn read(value: &Value) -> Result<T, Mismatch> {
        value.read()
    }

    fn is(value: &Value) -> bool {
        value.is::<T>()
    }
}

impl<T: Any + Send + Sync> Read<Arc<T>> for Shared {
    fn read(value: &Value) -> Result<Arc<T>, Mismatch> {
        let shared = value.share::<T>().or_else(|| value.get::<Arc<T>>());
        shared.ok_or_else(|| value.mismatch::<T>())
    }

    fn is(value: &Value) -> bool {
        value.is::<T>() || value.is::<Arc<T>>()
    }
}

impl<T: Any + Clone + Send + Sync + DeserializeOwned> Read<Arc<T>> for SharedOrParsed {
    fn read(value: &Value) -> Result<Arc<T>, Mismatch> {
        Shared::read(value).or_else(|_| value.read().map(Arc::new))
    }

    fn is(value: &Value) -> bool {
        <Shared as Read<Arc<T>>>::is(value)
    }
}

impl<T: Any + Clone, R: Read<T>> Read<Option<T>> for Maybe<R> {
    fn read(value: &Value) -> Result<Option<T>, Mismatch> {
        if let Some(maybe) = value.get::<Option<T>>() {
            return Ok(maybe);
        }
        if value.is_null() {
            return Ok(None);
        }
        R::read(value).map(Some)
    }

    fn is(value: &Value) -> bool {
        value.is::<Option<T>>() || R::is(value)
    }

    const ABSENT: Option<Option<T>> = Some(None);
}
