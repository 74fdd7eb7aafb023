//! Tests of numbers and of ages.

use crate::ast::{Age, Compare, Count};
use crate::cursor::Cursor;
use crate::duration::delta;
use crate::error::{Result, SyntaxError};

const PAIRS: [(&str, &str, Compare); 4] = [
    ("at", "least", Compare::AtLeast),
    ("at", "most", Compare::AtMost),
    ("more", "than", Compare::More),
    ("less", "than", Compare::Less),
];

/// Takes `at least 3 times`, `more than 1 and less than 5 runs`; the empty count when there is none.
///
/// The noun may follow each number, and must follow the last.
pub(super) fn count(cursor: &mut Cursor<'_>, one: &'static str, many: &'static str) -> Result<Count> {
    let mut tests = Vec::new();
    let Some(mut compare) = compare(cursor)? else {
        return match bare_number(cursor, one, many) {
            Some(error) => Err(error),
            None => Ok(Count(tests)),
        };
    };
    loop {
        tests.push((compare, cursor.number()?));
        let named = cursor.eat(many) || cursor.eat(one);
        if !cursor.eat("and") {
            return if named {
                Ok(Count(tests))
            } else {
                Err(cursor.unexpected())
            };
        }
        compare = expect_compare(cursor)?;
    }
}

/// The error for a number without a comparison: `3 times`.
fn bare_number(cursor: &Cursor<'_>, one: &'static str, many: &'static str) -> Option<SyntaxError> {
    let number: u64 = cursor.word()?.parse().ok()?;
    let is_count = cursor.word_at(1).is_some_and(|word| word == one || word == many);
    let error = || cursor.unexpected().suggest(Some(format!("at least {number}")));
    is_count.then(error)
}

/// Takes a comparison, or fails.
pub(super) fn expect_compare(cursor: &mut Cursor<'_>) -> Result<Compare> {
    compare(cursor)?.ok_or_else(|| cursor.unexpected())
}

fn compare(cursor: &mut Cursor<'_>) -> Result<Option<Compare>> {
    if let Some(compare) = cursor.eat_any(&[("exactly", Compare::Equal), ("not", Compare::NotEqual)]) {
        return Ok(Some(compare));
    }
    let first = cursor.word();
    if !["at", "more", "less"].into_iter().any(|word| cursor.eat(word)) {
        return Ok(None);
    }
    let seconds = PAIRS.iter().filter(|(word, ..)| Some(*word) == first);
    let seconds: Vec<_> = seconds.map(|&(_, second, compare)| (second, compare)).collect();
    cursor.expect_any(&seconds).map(Some)
}

/// The minimum and maximum age, each after its own words.
pub(super) fn age(cursor: &mut Cursor<'_>, more: Words, less: Words) -> Result<Age> {
    let mut age = Age::default();
    if less.are_next(cursor) {
        age.less_than = Some(less.delta(cursor)?);
        return Ok(age);
    }
    age.more_than = Some(more.delta(cursor)?);
    if cursor.eat("and") {
        age.less_than = Some(less.delta(cursor)?);
    }
    Ok(age)
}

/// The words in front of an age.
#[derive(Clone, Copy)]
pub(super) struct Words(pub(super) &'static [&'static str]);

impl Words {
    fn are_next(self, cursor: &mut Cursor<'_>) -> bool {
        cursor.word().is_some() && cursor.word() == self.0.first().copied()
    }

    fn delta(self, cursor: &mut Cursor<'_>) -> Result<crate::ast::Delta> {
        for word in self.0 {
            cursor.expect(word)?;
        }
        delta(cursor)
    }
}
