//! The return types of task functions without a macro.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::outcome::Outcome;
use crate::param::Value;
use crate::time::Timestamp;

/// A return type of functions in the builder API: nothing, a value, or a `Result` of one.
///
/// Common types are returned as they are. A value of a custom type is returned as `Returned(value)`, or in a
/// `Result`.
///
/// `Marker` only distinguishes kinds of errors for the compiler.
#[diagnostic::on_unimplemented(
    message = "a task can't return `{Self}` as it is",
    label = "write `Returned(value)` around it, or return a `Result`"
)]
pub trait IntoOutcome<Marker> {
    /// Converts the returned value into an outcome.
    fn into_outcome(self) -> Outcome;
}

/// A result of any type: `Returned(Report { … })`.
#[derive(Clone, Debug)]
pub struct Returned<T>(pub T);

/// Marks a value.
pub struct Plain;

/// Marks a `Result` whose error can be shared between threads, or is a text.
pub struct Shared;

/// Marks a `Result` whose error can't be shared between threads.
pub struct Local;

impl<T: Any + Send + Sync> IntoOutcome<Plain> for Returned<T> {
    fn into_outcome(self) -> Outcome {
        Outcome::Success(Value::new(self.0))
    }
}

impl IntoOutcome<Plain> for Outcome {
    fn into_outcome(self) -> Outcome {
        self
    }
}

impl<T, E> IntoOutcome<Shared> for Result<T, E>
where
    T: Any + Send + Sync,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    fn into_outcome(self) -> Outcome {
        match self {
            Ok(value) => Outcome::Success(Value::new(value)),
            Err(error) => Outcome::of_error(&*error.into()),
        }
    }
}

/// A `Result` whose error is behind a pointer that can't be shared between threads.
macro_rules! local_errors {
    ($($error:ty),*) => {
        $(impl<T: Any + Send + Sync> IntoOutcome<Local> for Result<T, $error> {
            fn into_outcome(self) -> Outcome {
                match self {
                    Ok(value) => Outcome::Success(Value::new(value)),
                    Err(error) => Outcome::of_error(&*error),
                }
            }
        })*
    };
}

local_errors!(Box<dyn StdError>, Box<dyn StdError + Send>);

/// Values that can be transferred to another process.
macro_rules! values {
    ($([$($generics:tt)*] $value:ty;)*) => {
        $(impl<$($generics)*> IntoOutcome<Plain> for $value {
            fn into_outcome(self) -> Outcome {
                Outcome::Success(Value::portable(self))
            }
        })*
    };
}

values! {
    [] ();
    [] bool;
    [] char;
    [] i8;
    [] i16;
    [] i32;
    [] i64;
    [] i128;
    [] isize;
    [] u8;
    [] u16;
    [] u32;
    [] u64;
    [] u128;
    [] usize;
    [] f32;
    [] f64;
    [] String;
    [] &'static str;
    [] Duration;
    [] Timestamp;
    [] serde_json::Value;
    [] std::path::PathBuf;
    [T: Any + Send + Sync + Serialize] Option<T>;
    [T: Any + Send + Sync + Serialize] Arc<T>;
    [T: Any + Send + Sync + Serialize] Vec<T>;
    [T: Any + Send + Sync + Serialize] VecDeque<T>;
    [T: Any + Send + Sync + Serialize] BTreeSet<T>;
    [T: Any + Send + Sync + Serialize, S: Any + Send + Sync] HashSet<T, S>;
    [K: Any + Send + Sync + Serialize, V: Any + Send + Sync + Serialize] BTreeMap<K, V>;
    [K: Any + Send + Sync + Serialize, V: Any + Send + Sync + Serialize, S: Any + Send + Sync] HashMap<K, V, S>;
    [A: Any + Send + Sync + Serialize] (A,);
    [A: Any + Send + Sync + Serialize, B: Any + Send + Sync + Serialize] (A, B);
    [A: Any + Send + Sync + Serialize, B: Any + Send + Sync + Serialize, C: Any + Send + Sync + Serialize] (A, B, C);
}
