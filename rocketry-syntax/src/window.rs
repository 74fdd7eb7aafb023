//! Windows: parts of a repeating unit.

use crate::ast::{Bound, Unit, Window};
use crate::bound::{BoundValue, Edge, bound, is_date, is_time_at, starts};
use crate::cursor::Cursor;
use crate::error::Result;

impl Window {
    /// Creates a window from `start` until the end of `unit`.
    ///
    /// # Errors
    /// Returns an error if the bound does not fit the unit.
    pub fn after<'t>(unit: Unit, start: impl Into<BoundValue<'t>>) -> Result<Self> {
        Bound::start(unit, start).map(Self::After)
    }

    /// Creates a window from the start of `unit` until `end`.
    ///
    /// # Errors
    /// Returns an error if the bound does not fit the unit.
    pub fn before<'t>(unit: Unit, end: impl Into<BoundValue<'t>>) -> Result<Self> {
        Bound::end(unit, end).map(Self::Before)
    }

    /// Creates a window from `start` until `end`, across the end of `unit` if `end` is earlier.
    ///
    /// ```
    /// use rocketry_syntax::ast::{Unit, Window};
    ///
    /// assert!(Window::between(Unit::Day, "22:00", "02:00").is_ok());
    /// let error = Window::between(Unit::Day, "10:00", "25:00").unwrap_err();
    /// assert_eq!(error.to_string(), "expected an hour from 0 to 24, found `25:00` (at 0..5)");
    /// ```
    ///
    /// # Errors
    /// Returns an error if a bound does not fit the unit. The range of the error is within the text of that bound.
    pub fn between<'s, 'e>(
        unit: Unit,
        start: impl Into<BoundValue<'s>>,
        end: impl Into<BoundValue<'e>>,
    ) -> Result<Self> {
        Ok(Self::Between(Bound::start(unit, start)?, Bound::end(unit, end)?))
    }

    /// Creates a window of one sub-unit from `start`, or from each of several in a text: see [`Window::On`]
    /// and [`Window::Each`].
    ///
    /// ```
    /// use rocketry_syntax::ast::{Unit, Window};
    ///
    /// let mornings = Window::on(Unit::Week, "weekdays 07:00")?;
    /// assert!(matches!(mornings, Window::Each(days) if days.len() == 5));
    /// # Ok::<(), rocketry_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if a bound does not fit the unit.
    pub fn on<'t>(unit: Unit, start: impl Into<BoundValue<'t>>) -> Result<Self> {
        Self::each(unit, &[start.into()])
    }

    /// Creates a full cycle that starts at `start`.
    ///
    /// # Errors
    /// Returns an error if the bound does not fit the unit.
    pub fn starting<'t>(unit: Unit, start: impl Into<BoundValue<'t>>) -> Result<Self> {
        Bound::start(unit, start).map(Self::Starting)
    }
}

#[derive(Clone, Copy)]
enum Operator {
    After,
    Before,
    Between,
    On,
    Starting,
}

const OPERATORS: [(&str, Operator); 6] = [
    ("after", Operator::After),
    ("before", Operator::Before),
    ("between", Operator::Between),
    ("on", Operator::On),
    ("at", Operator::On),
    ("starting", Operator::Starting),
];

/// Takes a window of a unit; the full unit if absent.
pub(crate) fn window(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Window> {
    // `today at least 3 times` continues with a count, and `daily on weekdays` with days, not with a bound.
    let counts = cursor.word() == Some("at") && matches!(cursor.word_at(1), Some("least" | "most"));
    let filters = unit == Unit::Day && names_days(cursor);
    match cursor.eat_any(if counts || filters { &[] } else { &OPERATORS }) {
        Some(operator) => operand(cursor, unit, operator),
        None => Ok(Window::Full),
    }
}

/// Returns true if days follow, as in `daily on weekdays`, and not a time, as in `daily on 10:00`.
fn names_days(cursor: &Cursor<'_>) -> bool {
    let names = cursor.word_at(1).is_none_or(|word| {
        let is_number = word.bytes().all(|b| b.is_ascii_digit());
        is_date(word) || !is_number && !word.contains(':')
    });
    cursor.word() == Some("on") && cursor.kind_at(1).is_some() && names && !is_time_at(cursor, 1)
}

/// Returns true if a window operator is `ahead` tokens from the cursor.
pub(crate) fn begins_at(cursor: &Cursor<'_>, ahead: usize) -> bool {
    cursor
        .word_at(ahead)
        .is_some_and(|word| OPERATORS.iter().any(|(operator, _)| *operator == word))
}

/// Takes a window of a unit, or fails.
pub(crate) fn narrowed(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Window> {
    let operator = cursor.expect_any(&OPERATORS)?;
    operand(cursor, unit, operator)
}

fn operand(cursor: &mut Cursor<'_>, unit: Unit, operator: Operator) -> Result<Window> {
    Ok(match operator {
        Operator::After => Window::After(bound(cursor, unit, Edge::Start)?),
        Operator::Before => Window::Before(bound(cursor, unit, Edge::End)?),
        Operator::On => Window::of_starts(starts(cursor, unit)?),
        Operator::Starting => Window::Starting(bound(cursor, unit, Edge::Start)?),
        Operator::Between => {
            let start = bound(cursor, unit, Edge::Start)?;
            if !cursor.eat("and") {
                let mut error = cursor.unexpected();
                error.expected += " after the start of `between`";
                return Err(error);
            }
            Window::Between(start, bound(cursor, unit, Edge::End)?)
        }
    })
}
