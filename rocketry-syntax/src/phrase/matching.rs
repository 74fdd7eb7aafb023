//! Matching a text against the pieces of a pattern.

use std::ops::Range;

use super::Piece;
use crate::lexer::{TokenKind, lex, unquote};

/// The captured texts.
pub(super) fn values<'p>(pattern: &'p [Piece], text: &str) -> Option<Vec<(&'p str, String)>> {
    let mut values = Vec::new();
    fits(pattern, &pieces(text)?, &mut values).then(|| {
        values.reverse();
        values
    })
}

/// The pieces of a text, with white space collapsed to single blanks; `None` if it has logical signs.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut end = None;
    for token in lex(text).ok()? {
        let range = token.range();
        if end.is_some_and(|end| end < range.start) {
            pieces.push(Piece::Char(' '));
        }
        end = Some(range.end);
        match token.kind {
            TokenKind::Quoted => pieces.push(Piece::Quoted(unquote(&text[range]))),
            TokenKind::Word => pieces.extend(text[range].chars().map(Piece::Char)),
            _ => return None,
        }
    }
    Some(pieces)
}

/// Returns true if the text fits the pattern, and collects the values from the last to the first.
///
/// Each capture tries the shortest text first.
fn fits<'p>(pattern: &'p [Piece], text: &[Piece], values: &mut Vec<(&'p str, String)>) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return text.is_empty();
    };
    let Piece::Capture { name, quoted } = first else {
        return text.first() == Some(first) && fits(rest, &text[1..], values);
    };
    let length = lengths(*quoted, text).find(|&length| fits(rest, &text[length..], values));
    if let Some(length) = length {
        values.push((name, value(&text[..length])));
    }
    length.is_some()
}

/// The number of pieces that a capture may take.
fn lengths(quoted: bool, text: &[Piece]) -> Range<usize> {
    match (quoted, text.first()) {
        (true, Some(Piece::Quoted(_))) => 1..2,
        (true, _) => 1..1,
        (false, _) => 1..text.len() + 1,
    }
}

fn value(taken: &[Piece]) -> String {
    match taken {
        [Piece::Quoted(text)] => text.clone(),
        several => several.iter().map(Piece::to_string).collect(),
    }
}
