//! The result of a task's last success, in little room.

use crate::param::Value;

/// The result of a task's last success. Most functions return nothing, which takes no room elsewhere.
#[derive(Debug, Default)]
pub(crate) enum LastResult {
    #[default]
    Missing,
    Nothing,
    Value(Box<Value>),
}

impl LastResult {
    /// The result, if there is one.
    pub(crate) fn get(&self) -> Option<Value> {
        match self {
            LastResult::Missing => None,
            LastResult::Nothing => Some(Value::nothing()),
            LastResult::Value(value) => Some((**value).clone()),
        }
    }

    /// Puts a result in place of the one before, which comes back in its stead: to drop it may call the user's `drop`,
    /// which must not be under a lock.
    pub(crate) fn swap(&mut self, value: &mut Value) {
        match self {
            LastResult::Value(before) => std::mem::swap(&mut **before, value),
            _ if value.is_nothing() => *self = LastResult::Nothing,
            _ => *self = std::mem::replace(value, Value::nothing()).into(),
        }
    }
}

impl From<Value> for LastResult {
    fn from(value: Value) -> Self {
        LastResult::Value(Box::new(value))
    }
}
