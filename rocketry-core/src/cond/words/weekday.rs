//! The days of the week: `weekly.on([Mon, Wed, Fri])`.

use rocketry_syntax::BoundValue;

use crate::cond::IntoBound;

/// A day of the week: the type of [`Mon`] and the other days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weekday(u8);

/// Monday.
///
/// ```
/// use rocketry::conds::*;
///
/// assert_eq!(weekly.on([Mon, Wed, Fri]).to_string(), "weekly on Monday, Wednesday, Friday");
/// ```
pub const Mon: Weekday = Weekday(1);

/// Tuesday.
pub const Tue: Weekday = Weekday(2);

/// Wednesday.
pub const Wed: Weekday = Weekday(3);

/// Thursday.
pub const Thu: Weekday = Weekday(4);

/// Friday.
pub const Fri: Weekday = Weekday(5);

/// Saturday.
pub const Sat: Weekday = Weekday(6);

/// Sunday.
pub const Sun: Weekday = Weekday(7);

impl IntoBound for Weekday {
    fn value(&self) -> BoundValue<'_> {
        BoundValue::Integer(self.0.into())
    }
}
