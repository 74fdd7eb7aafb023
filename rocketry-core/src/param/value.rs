//! A value of any type, shared or as JSON.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::mem::needs_drop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::json::{MAX_DEPTH, Unwritable, is_deeper, to_json};
use crate::drops::{Foreign, caught};

/// The value of a parameter or a result.
///
/// Inside a process a value is a shared Rust value and is never serialized. A value from outside (the environment,
/// the command line, another process) is text or JSON, and is parsed when it is read as a type.
///
/// ```
/// use rocketry::param::Value;
///
/// let value = Value::new(5);
/// assert_eq!(value.get::<i32>(), Some(5));
/// assert_eq!(value.read::<u64>().unwrap(), 5); // through JSON, since the number fits
/// ```
#[derive(Clone)]
pub struct Value {
    repr: Repr,
    /// Whether the value is secret.
    secret: bool,
}

#[derive(Clone)]
enum Repr {
    /// The result of a function that returns nothing. It needs no allocation.
    Unit,
    Shared {
        any: Shared,
        type_name: &'static str,
        json: Option<ToJson>,
    },
    Json(Arc<Json>),
    Text(Arc<str>),
}

/// A value, or a [`Foreign`] that contains it.
type Shared = Arc<dyn Any + Send + Sync>;

type ToJson = fn(&dyn Any) -> Result<Json, Unwritable>;

/// The error for a value of another type than requested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The requested type.
    pub expected: &'static str,
    /// The value or type that was found.
    pub found: String,
}

impl Mismatch {
    /// Removes the value from the error, because it is secret.
    pub(super) fn of_secret(self) -> Self {
        let found = "a secret value".to_owned();
        Mismatch { found, ..self }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected `{}`, found {}", self.expected, self.found)
    }
}

impl Value {
    /// Creates a value that is shared as it is. Text literals are stored as `String`, the type that functions
    /// take.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        if TypeId::of::<T>() == TypeId::of::<()>() {
            return Value::nothing();
        }
        let any: Arc<dyn Any + Send + Sync> = Arc::new(value);
        if let Some(text) = any.downcast_ref::<&'static str>() {
            return Value::new((*text).to_owned());
        }
        Value::of(Repr::Shared {
            any: kept::<T>(any),
            type_name: type_name::<T>(),
            json: plain_json::<T>(),
        })
    }

    /// Creates a shared value that can also leave the process, as JSON.
    pub fn portable<T: Any + Send + Sync + Serialize>(value: T) -> Self {
        if TypeId::of::<T>() == TypeId::of::<()>() {
            return Value::nothing();
        }
        let any: &dyn Any = &value;
        if let Some(text) = any.downcast_ref::<&'static str>() {
            return Value::new((*text).to_owned());
        }
        Value::of(Repr::Shared {
            any: kept::<T>(Arc::new(value)),
            type_name: type_name::<T>(),
            json: Some(json_of::<T>),
        })
    }

    const fn of(repr: Repr) -> Self {
        Value { repr, secret: false }
    }

    /// Creates the result of a function that returns nothing.
    pub(crate) const fn nothing() -> Self {
        Value::of(Repr::Unit)
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.repr, Repr::Unit)
    }

    /// Returns whether this represents a missing value.
    pub(super) fn is_null(&self) -> bool {
        match &self.repr {
            Repr::Unit => true,
            Repr::Json(json) => json.is_null(),
            Repr::Shared { .. } | Repr::Text(_) => false,
        }
    }

    /// Returns whether this is a shared value of exactly this type.
    pub(super) fn is<T: Any>(&self) -> bool {
        match &self.repr {
            Repr::Unit => TypeId::of::<T>() == TypeId::of::<()>(),
            Repr::Shared { any, .. } => any.is::<T>(),
            Repr::Json(_) | Repr::Text(_) => false,
        }
    }

    /// Creates a value from outside that is JSON.
    pub fn json(json: Json) -> Self {
        Value::of(Repr::Json(Arc::new(json)))
    }

    /// Creates a value from outside that is text. It can be read as a `String`, or parsed as any other type.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::of(Repr::Text(text.into()))
    }

    /// Marks the value as secret. A secret value is never shown in messages, logs or `Debug`, and does not survive a
    /// restart. It can still be read as its type.
    ///
    /// The parameters that the settings list as [secrets](crate::Config::secrets) have such values.
    ///
    /// ```
    /// use rocketry::param::Value;
    ///
    /// let token = Value::text("hunter2").into_secret();
    /// assert_eq!(format!("{token:?}"), "Value(***)");
    /// assert_eq!(token.read::<u8>().unwrap_err().to_string(), "expected `u8`, found a secret value");
    /// assert_eq!(token.read::<String>().unwrap(), "hunter2");
    /// ```
    #[must_use]
    pub fn into_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Returns whether the value is secret.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// Returns a copy of the value if it is a shared value of exactly this type.
    pub fn get<T: Any + Clone>(&self) -> Option<T> {
        match &self.repr {
            Repr::Unit => (&() as &dyn Any).downcast_ref::<T>().cloned(),
            Repr::Shared { any, .. } => content(any).downcast_ref::<T>().cloned(),
            Repr::Json(_) | Repr::Text(_) => None,
        }
    }

    /// Returns the value without a copy, if it is a shared value of exactly this type.
    pub fn share<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        match &self.repr {
            Repr::Unit => Arc::<dyn Any + Send + Sync>::downcast(Arc::new(())).ok(),
            Repr::Shared { any, .. } => content(any).clone().downcast::<T>().ok(),
            Repr::Json(_) | Repr::Text(_) => None,
        }
    }

    /// Reads the value as this type: a copy if the types are equal, otherwise parsed from its JSON or text.
    ///
    /// # Errors
    ///
    /// Returns an error that names both types if the value has another type and can't be parsed as this one.
    pub fn read<T: Any + Clone + DeserializeOwned>(&self) -> Result<T, Mismatch> {
        if let Some(value) = self.get() {
            return Ok(value);
        }
        let read = match &self.repr {
            Repr::Text(text) => read_text(text),
            _ => self.to_json().and_then(|json| T::deserialize(json).ok()),
        };
        read.ok_or_else(|| self.mismatch::<T>())
    }

    /// Returns the value as JSON, if its type supports that. Returns `None` also for a value that contains NaN or an
    /// infinite number, which JSON can't represent.
    pub fn to_json(&self) -> Option<Json> {
        self.try_json().ok()
    }

    fn try_json(&self) -> Result<Json, Unwritable> {
        match &self.repr {
            Repr::Unit => Ok(Json::Null),
            Repr::Shared {
                any,
                json: Some(json),
                ..
            } => json(&**content(any)),
            Repr::Shared {
                type_name,
                json: None,
                ..
            } => Err(Unwritable::Type(type_name)),
            Repr::Json(json) => Ok((**json).clone()),
            Repr::Text(text) => Ok(Json::String((**text).to_owned())),
        }
    }

    /// Returns the value as JSON that another process can read. A panic in the `Serialize` implementation of the type
    /// is an error.
    pub(crate) fn leaving(&self) -> Result<Json, Unwritable> {
        let json = catch_unwind(AssertUnwindSafe(|| self.try_json()));
        let json = json.unwrap_or_else(|payload| Err(Unwritable::Failed(caught(payload))))?;
        if is_deeper(&json, MAX_DEPTH) {
            return Err(Unwritable::Depth);
        }
        Ok(json)
    }

    /// Returns the value as JSON that may be stored where others can read it.
    pub(crate) fn noted(&self) -> Result<Json, Unwritable> {
        if self.secret {
            return Err(Unwritable::Secret);
        }
        self.leaving()
    }

    /// Returns the memory address of the value, if it is a shared one.
    pub(super) fn place(&self) -> Option<usize> {
        match &self.repr {
            Repr::Shared { any, .. } => Some(place_of(content(any))),
            Repr::Unit | Repr::Json(_) | Repr::Text(_) => None,
        }
    }

    /// Returns a text without quotes, and any other value as JSON, if its type supports that.
    pub fn to_text(&self) -> Option<String> {
        self.to_json().map(|json| match json {
            Json::String(text) => text,
            other => other.to_string(),
        })
    }

    /// Returns the value for a message, if its type can be shown and it is not secret.
    pub(super) fn shown(&self) -> String {
        let text = if self.secret { None } else { self.to_text() };
        text.unwrap_or_else(|| format!("{self:?}"))
    }

    /// Returns the original text of a value from outside.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.repr {
            Repr::Text(text) => Some(text),
            Repr::Unit | Repr::Shared { .. } | Repr::Json(_) => None,
        }
    }

    /// Creates the error for reading the value as another type.
    pub fn mismatch<T>(&self) -> Mismatch {
        let found = match &self.repr {
            Repr::Unit => "a value of type `()`".to_owned(),
            Repr::Shared { type_name, .. } => format!("a value of type `{type_name}`"),
            Repr::Json(_) | Repr::Text(_) if self.secret => "a secret value".to_owned(),
            Repr::Json(json) => format!("the JSON `{json}`"),
            Repr::Text(text) => format!("the text `{text}`"),
        };
        Mismatch {
            expected: type_name::<T>(),
            found,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repr {
            Repr::Unit => f.write_str("Value(())"),
            Repr::Shared { type_name, .. } => write!(f, "Value({type_name})"),
            Repr::Json(_) | Repr::Text(_) if self.secret => f.write_str("Value(***)"),
            Repr::Json(json) => write!(f, "Value({json})"),
            Repr::Text(text) => write!(f, "Value({text:?})"),
        }
    }
}

/// Wraps a value for storage. Text, and types without drop code, need no wrapper.
fn kept<T: Any>(value: Shared) -> Shared {
    if needs_drop::<T>() && TypeId::of::<T>() != TypeId::of::<String>() {
        return Arc::new(Foreign::new(value));
    }
    value
}

fn content(kept: &Shared) -> &Shared {
    kept.downcast_ref::<Foreign<Shared>>()
        .map_or(kept, |foreign| foreign)
}

/// Returns the address of a shared value.
pub(super) fn place_of<T: ?Sized>(shared: &Arc<T>) -> usize {
    Arc::as_ptr(shared).addr()
}

/// Text from outside can be a number, a Boolean or a name.
fn read_text<T: Any + Clone + DeserializeOwned>(text: &str) -> Option<T> {
    if TypeId::of::<T>() == TypeId::of::<String>() {
        return T::deserialize(Json::String(text.to_owned())).ok();
    }
    serde_json::from_str(text)
        .ok()
        .or_else(|| T::deserialize(Json::String(text.to_owned())).ok())
}

fn json_of<T: Any + Serialize>(any: &dyn Any) -> Result<Json, Unwritable> {
    any.downcast_ref::<T>()
        .map_or(Err(Unwritable::Type(type_name::<T>())), to_json)
}

/// Returns the conversion to JSON for common types, for which callers need no `Serialize` bound.
fn plain_json<T: Any>() -> Option<ToJson> {
    macro_rules! plain {
        ($($plain:ty),*) => {
            $(if TypeId::of::<T>() == TypeId::of::<$plain>() {
                return Some(json_of::<$plain>);
            })*
        };
    }
    plain!(
        String,
        bool,
        char,
        i8,
        i16,
        i32,
        i64,
        isize,
        u8,
        u16,
        u32,
        u64,
        usize,
        f32,
        f64,
        (),
        Json
    );
    None
}
