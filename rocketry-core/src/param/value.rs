//! A value of any type, shared or as JSON.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::mem::needs_drop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::identity::place_of;
use super::json::{MAX_DEPTH, Unwritable, is_deeper, to_json};
use crate::drops::{Foreign, caught};

/// A parameter's or a result's value.
///
/// Inside a process a value is a shared Rust value and is never serialised. A value from outside (the
/// environment, the command line, another process) is text or JSON and becomes typed when it is asked for.
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
    /// Whether its content is shown nowhere.
    secret: bool,
}

#[derive(Clone)]
enum Repr {
    /// What a function returns that returns nothing: it needs no room of its own.
    Unit,
    Shared {
        any: Shared,
        type_name: &'static str,
        json: Option<ToJson>,
    },
    Json(Arc<Json>),
    Text(Arc<str>),
}

/// A value, or something [`Foreign`] that has it.
type Shared = Arc<dyn Any + Send + Sync>;

type ToJson = fn(&dyn Any) -> Result<Json, Unwritable>;

/// A value had another type than was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The type that was asked for.
    pub expected: &'static str,
    /// What there was instead.
    pub found: String,
}

impl Mismatch {
    /// The same of a value that is shown nowhere.
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
    /// A value that is shared as it is. Text literals are kept as `String`, which is what functions ask for.
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

    /// A shared value that can also leave the process, as JSON.
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

    /// What a function returns that returns nothing.
    pub(crate) const fn nothing() -> Self {
        Value::of(Repr::Unit)
    }

    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.repr, Repr::Unit)
    }

    /// Whether it says that there is no value.
    pub(super) fn is_null(&self) -> bool {
        match &self.repr {
            Repr::Unit => true,
            Repr::Json(json) => json.is_null(),
            Repr::Shared { .. } | Repr::Text(_) => false,
        }
    }

    /// Whether it is a shared value of exactly this type.
    pub(super) fn is<T: Any>(&self) -> bool {
        match &self.repr {
            Repr::Unit => TypeId::of::<T>() == TypeId::of::<()>(),
            Repr::Shared { any, .. } => any.is::<T>(),
            Repr::Json(_) | Repr::Text(_) => false,
        }
    }

    /// A value from outside that is JSON.
    pub fn json(json: Json) -> Self {
        Value::of(Repr::Json(Arc::new(json)))
    }

    /// A value from outside that is text: a `String` as it stands, any other type as the text spells it.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::of(Repr::Text(text.into()))
    }

    /// The same value, whose content is shown nowhere: not in a message, not in a log, not by `Debug`, and not after a
    /// restart. What asks for it as its type gets it all the same.
    ///
    /// The parameters that the settings name as [secrets](crate::Config::secrets) are such values.
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

    /// Whether the content is shown nowhere.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// A copy of the value, if it is a shared value of exactly this type.
    pub fn get<T: Any + Clone>(&self) -> Option<T> {
        match &self.repr {
            Repr::Unit => (&() as &dyn Any).downcast_ref::<T>().cloned(),
            Repr::Shared { any, .. } => content(any).downcast_ref::<T>().cloned(),
            Repr::Json(_) | Repr::Text(_) => None,
        }
    }

    /// The value itself without a copy, if it is a shared value of exactly this type.
    pub fn share<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        match &self.repr {
            Repr::Unit => Arc::<dyn Any + Send + Sync>::downcast(Arc::new(())).ok(),
            Repr::Shared { any, .. } => content(any).clone().downcast::<T>().ok(),
            Repr::Json(_) | Repr::Text(_) => None,
        }
    }

    /// The value as this type: a copy if it is one, else read from its JSON or text.
    ///
    /// # Errors
    ///
    /// Names both types if the value is another one and cannot be read as this one.
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

    /// The value as JSON, if its type allows. `None` also for one with a number in it that is NaN or infinite, which JSON
    /// does not know.
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

    /// The value as JSON that can be read where it arrives, in another process. A panic of the type's own `Serialize`
    /// is an error.
    pub(crate) fn leaving(&self) -> Result<Json, Unwritable> {
        let json = catch_unwind(AssertUnwindSafe(|| self.try_json()));
        let json = json.unwrap_or_else(|payload| Err(Unwritable::Failed(caught(payload))))?;
        if is_deeper(&json, MAX_DEPTH) {
            return Err(Unwritable::Depth);
        }
        Ok(json)
    }

    /// The value as JSON that may lie where others read it.
    pub(crate) fn noted(&self) -> Result<Json, Unwritable> {
        if self.secret {
            return Err(Unwritable::Secret);
        }
        self.leaving()
    }

    /// Where in memory the value is, if it is a shared one.
    pub(super) fn place(&self) -> Option<usize> {
        match &self.repr {
            Repr::Shared { any, .. } => Some(place_of(content(any))),
            Repr::Unit | Repr::Json(_) | Repr::Text(_) => None,
        }
    }

    /// The value as a person would write it: text without quotes, anything else as JSON, if its type allows.
    pub fn to_text(&self) -> Option<String> {
        self.to_json().map(|json| match json {
            Json::String(text) => text,
            other => other.to_string(),
        })
    }

    /// The value in a message: as a person would write it, if its type allows and it is not secret.
    pub(super) fn shown(&self) -> String {
        let text = if self.secret { None } else { self.to_text() };
        text.unwrap_or_else(|| format!("{self:?}"))
    }

    /// The text as it came from outside, if it did.
    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.repr {
            Repr::Text(text) => Some(text),
            Repr::Unit | Repr::Shared { .. } | Repr::Json(_) => None,
        }
    }

    /// The error of asking for another type.
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

/// A value as it is kept. Text, and a type that has nothing to drop, needs no care.
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

/// Text from outside may spell a number, a truth value or a name.
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

/// The everyday types turn into JSON without being asked to.
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
