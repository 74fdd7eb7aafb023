//! A term: what stands between the signs of logic.

use super::{Custom, head, is_built_in, task};
use crate::ast::CondExpr;
use crate::cursor::Cursor;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::TokenKind;
use crate::pasted;
use crate::suggest::nearest;

/// Takes a term: a built-in condition, or else the phrase of a custom one.
pub(super) fn term(cursor: &mut Cursor<'_>, custom: Custom<'_>) -> Result<CondExpr> {
    let start = cursor.position();
    match built_in(cursor) {
        Ok(Some(condition)) => Ok(condition),
        Ok(None) => phrase(cursor, start, custom, None),
        Err(error) => phrase(cursor, start, custom, Some(error)),
    }
}

/// Takes a built-in condition; `None` when the first word is no beginning of one.
fn built_in(cursor: &mut Cursor<'_>) -> Result<Option<CondExpr>> {
    let condition = if let Some(head) = cursor.word().and_then(head::head) {
        cursor.advance();
        (head.rest)(cursor)?
    } else if task::is_delayed(cursor) {
        task::delayed(cursor)?
    } else {
        return Ok(None);
    };
    if cursor.ends_term() {
        Ok(Some(condition))
    } else {
        Err(cursor.leftover())
    }
}

/// Takes the phrase that starts at `start`, if there may be such a phrase.
///
/// `mistake` is why the term is no built-in condition, where it begins like one.
fn phrase(
    cursor: &mut Cursor<'_>,
    start: usize,
    custom: Custom<'_>,
    mistake: Option<SyntaxError>,
) -> Result<CondExpr> {
    cursor.rewind(start);
    let (first, second) = (cursor.word(), cursor.word_at(1));
    let claimed = first.is_some_and(|first| head::is_claimed(first, second)) || task::is_delayed(cursor);
    while matches!(cursor.kind(), Some(TokenKind::Word | TokenKind::Quoted)) {
        cursor.advance();
    }
    let text = normal(cursor, start);
    let is_whole = cursor.ends_term();
    match custom {
        Custom::Known(is_known) if is_whole && is_known(&text) => return Ok(CondExpr::Custom(text)),
        Custom::Refused => {}
        Custom::Known(_) | Custom::Plausible
            if mistake.as_ref().is_some_and(|slip| mends(cursor, slip, start)) => {}
        Custom::Known(_) | Custom::Plausible => other_notation(cursor, start)?,
    }
    if is_whole && !claimed && matches!(custom, Custom::Plausible) {
        return Ok(CondExpr::Custom(text));
    }
    match mistake {
        Some(mistake) if claimed => Err(mistake),
        _ if !cursor.ends_term() && !claimed => Err(cursor.leftover()),
        _ => Err(unknown(cursor, start, first)),
    }
}

/// Returns true if the suggestion of the mistake makes a built-in condition of the term that starts at `start`.
fn mends(cursor: &Cursor<'_>, mistake: &SyntaxError, start: usize) -> bool {
    let (term, place) = (cursor.stretch(start), &mistake.range);
    let Some(suggestion) = &mistake.suggestion else {
        return false;
    };
    let text = cursor.text();
    let is_inside = term.start <= place.start && place.end <= term.end;
    is_inside
        && is_built_in(
            &[
                &text[term.start..place.start],
                suggestion,
                &text[place.end..term.end],
            ]
            .concat(),
        )
}

/// An error if the term that starts at `start` is a schedule in the notation of another scheduler.
fn other_notation(cursor: &Cursor<'_>, start: usize) -> Result<()> {
    let range = cursor.stretch(start);
    let Some(advice) = pasted::advice(&cursor.text()[range.clone()]) else {
        return Ok(());
    };
    let error = SyntaxError::new(SyntaxErrorKind::Notation, cursor.text(), range, "a statement");
    Err(error.help(Some(advice.said)).suggest(advice.write))
}

/// The text of the tokens from `start` to here, separated by single blanks where there is space.
fn normal(cursor: &Cursor<'_>, start: usize) -> String {
    let range = cursor.range_since(start);
    let mut normal = String::with_capacity(range.len());
    let mut end = range.start;
    for token in cursor.tokens_since(start) {
        if token.start > end {
            normal.push(' ');
        }
        normal.push_str(&cursor.text()[token.clone()]);
        end = token.end;
    }
    normal
}

/// The error of a term that is no known condition: about its first word if that is a slip, else all of it.
fn unknown(cursor: &Cursor<'_>, start: usize, first: Option<&str>) -> SyntaxError {
    let range = cursor.range_since(start);
    let slip = first.and_then(|first| {
        let nearest = nearest(first, head::words()).filter(|&word| word != first);
        Some((first, head::sign_of(first).or(nearest)?))
    });
    let end = slip.map_or(range.end, |(first, _)| range.start + first.len());
    let kind = SyntaxErrorKind::UnknownPhrase;
    SyntaxError::new(kind, cursor.text(), range.start..end, "a known condition")
        .suggest(slip.map(|(_, suggestion)| suggestion))
}
