//! The result of a task's last success.

use crate::param::Value;

/// The result of a task's last success. Most functions return nothing, which needs no allocation.
#[derive(Debug, Default)]
pub(crate) enum LastResult {
    #[default]
    Missing,
    Nothing,
    Value(Box<Value>),
    /// A value that the run log keeps as well.
    Noted(Box<Value>),
}

/// Which result the run log keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The result itself.
    This,
    /// The result before it.
    Before,
    /// None.
    Nothing,
}

impl LastResult {
    /// A result that the run log has.
    pub(crate) fn noted(value: Value) -> Self {
        LastResult::Noted(Box::new(value))
    }

    /// Returns true if the last success returned nothing.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, LastResult::Nothing)
    }

    /// The result, if there is one.
    pub(crate) fn get(&self) -> Option<Value> {
        match self {
            LastResult::Missing => None,
            LastResult::Nothing => Some(Value::nothing()),
            LastResult::Value(value) | LastResult::Noted(value) => Some((**value).clone()),
        }
    }

    /// Swaps in a new result. The old one comes out in `value`: dropping it may call a user's `Drop`, which must not
    /// happen under a lock. Returns what the run log knows if it keeps the new result (`noted`), or does not.
    #[inline]
    pub(crate) fn swap(&mut self, value: &mut Value, noted: bool) -> Kept {
        let before = std::mem::take(self);
        let kept = match (&before, noted) {
            (_, true) => Kept::This,
            (LastResult::Noted(_), false) => Kept::Before,
            (_, false) => Kept::Nothing,
        };
        if value.is_nothing() {
            *self = LastResult::Nothing;
            if let LastResult::Value(before) | LastResult::Noted(before) = before {
                *value = *before;
            }
            return kept;
        }
        let mut room = match before {
            LastResult::Value(room) | LastResult::Noted(room) => room,
            LastResult::Missing | LastResult::Nothing => Box::new(Value::nothing()),
        };
        std::mem::swap(&mut *room, value);
        *self = if noted {
            LastResult::Noted(room)
        } else {
            LastResult::Value(room)
        };
        kept
    }
}

impl From<Value> for LastResult {
    fn from(value: Value) -> Self {
        LastResult::Value(Box::new(value))
    }
}
