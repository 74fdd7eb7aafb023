//! Windows: the part of a repeating unit that a statement names.

use crate::ast::{Bound, Unit, Window};
use crate::bound::{BoundValue, Edge, bound};
use crate::cursor::Cursor;
use crate::error::Result;

impl Window {
    /// From `start` until the end of `unit`.
    ///
    /// # Errors
    /// When the bound does not fit the unit.
    pub fn after<'t>(unit: Unit, start: impl Into<BoundValue<'t>>) -> Result<Self> {
        Bound::start(unit, start).map(Self::After)
    }

    /// From the start of `unit` until `end`.
    ///
    /// # Errors
    /// When the bound does not fit the unit.
    pub fn before<'t>(unit: Unit, end: impl Into<BoundValue<'t>>) -> Result<Self> {
        Bound::end(unit, end).map(Self::Before)
    }

    /// From `start` until `end`, over the end of `unit` where `end` is earlier.
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
    /// When a bound does not fit the unit. The range of the error is within the text of that bound.
    pub fn between<'s, 'e>(
        unit: Unit,
        start: impl Into<BoundValue<'s>>,
        end: impl Into<BoundValue<'e>>,
    ) -> Result<Self> {
        Ok(Self::Between(Bound::start(unit, start)?, Bound::end(unit, end)?))
    }

    /// One sub-unit from `start`: see [`Window::On`].
    ///
    /// # Errors
    /// When the bound does not fit the unit.
    pub fn on<'t>(unit: Unit, start: impl Into<BoundValue<'t>>) -> Result<Self> {
        Bound::start(unit, start).map(Self::On)
    }

    /// The full cycle that begins at `start`.
    ///
    /// # Errors
    /// When the bound does not fit the unit.
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

/// Takes what narrows a unit down; the full unit when nothing does.
pub(crate) fn window(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Window> {
    // `today at least 3 times` goes on with a count, not with a bound.
    let counts = cursor.word() == Some("at") && matches!(cursor.word_at(1), Some("least" | "most"));
    match cursor.eat_any(if counts { &[] } else { &OPERATORS }) {
        Some(operator) => operand(cursor, unit, operator),
        None => Ok(Window::Full),
    }
}

/// Takes what narrows a unit down, which must be there.
pub(crate) fn narrowed(cursor: &mut Cursor<'_>, unit: Unit) -> Result<Window> {
    let operator = cursor.expect_any(&OPERATORS)?;
    operand(cursor, unit, operator)
}

fn operand(cursor: &mut Cursor<'_>, unit: Unit, operator: Operator) -> Result<Window> {
    Ok(match operator {
        Operator::After => Window::After(bound(cursor, unit, Edge::Start)?),
        Operator::Before => Window::Before(bound(cursor, unit, Edge::End)?),
        Operator::On => Window::On(bound(cursor, unit, Edge::Start)?),
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
