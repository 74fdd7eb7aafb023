//! Reading the pattern of a phrase.

use std::ops::Range;

use super::Piece;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::{TokenKind, lex, unquote};

/// The pieces of a pattern.
pub(super) fn read(pattern: &str) -> Result<Vec<Piece>> {
    let mut reader = Reader {
        pattern,
        pieces: Vec::new(),
    };
    let mut end = None;
    for token in lex(pattern)? {
        let range = token.range();
        if end.is_some_and(|end| end < range.start) {
            reader.pieces.push(Piece::Char(' '));
        }
        end = Some(range.end);
        match token.kind {
            TokenKind::Quoted => reader.quoted(range)?,
            TokenKind::Word => reader.word(range)?,
            _ => return Err(reader.error(range, "a phrase without signs of logic")),
        }
    }
    let is_word = |piece: &Piece| matches!(piece, Piece::Char(c) if c.is_alphanumeric());
    if reader.pieces.iter().any(is_word) {
        return Ok(reader.pieces);
    }
    Err(reader.error(0..pattern.len(), "a phrase with a word outside of its captures"))
}

struct Reader<'p> {
    pattern: &'p str,
    pieces: Vec<Piece>,
}

impl Reader<'_> {
    fn quoted(&mut self, range: Range<usize>) -> Result<()> {
        let inner = range.start + 1..range.end - 1;
        let text = &self.pattern[inner.clone()];
        if !text.contains(['{', '}']) {
            self.pieces.push(Piece::Quoted(unquote(&self.pattern[range])));
            return Ok(());
        }
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => self.capture(name, inner, true),
            None => Err(self.error(inner, "a capture alone in its quotes")),
        }
    }

    /// Characters, and captures in braces among them.
    fn word(&mut self, range: Range<usize>) -> Result<()> {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.pattern[at..range.end];
            let brace = rest.find(['{', '}']).unwrap_or(rest.len());
            self.pieces.extend(rest[..brace].chars().map(Piece::Char));
            at += brace;
            if at < range.end {
                at += self.braces(at..range.end)?;
            }
        }
        Ok(())
    }

    /// The capture at the start of the range; tells its length.
    fn braces(&mut self, range: Range<usize>) -> Result<usize> {
        let text = &self.pattern[range.clone()];
        let name = text.strip_prefix('{').and_then(|text| text.split_once('}'));
        let Some((name, _)) = name else {
            return Err(self.error(range, "a name in braces such as `{path}`"));
        };
        let length = name.len() + 2;
        self.capture(name, range.start..range.start + length, false)?;
        Ok(length)
    }

    fn capture(&mut self, name: &str, range: Range<usize>, quoted: bool) -> Result<()> {
        let letters = |c: char| c.is_alphanumeric() || c == '_';
        let is_name = name.chars().all(letters) && name.starts_with(|c: char| !c.is_numeric());
        if !is_name {
            return Err(self.error(range, "a name of letters, digits and `_`"));
        }
        let same = |piece: &Piece| matches!(piece, Piece::Capture { name: other, .. } if other == name);
        if self.pieces.iter().any(same) {
            return Err(self.error(range, "each name only once"));
        }
        if !quoted && matches!(self.pieces.last(), Some(Piece::Capture { quoted: false, .. })) {
            return Err(self.error(range, "text between two captures"));
        }
        self.pieces.push(Piece::Capture {
            name: name.to_owned(),
            quoted,
        });
        Ok(())
    }

    fn error(&self, range: Range<usize>, expected: &str) -> SyntaxError {
        SyntaxError::new(SyntaxErrorKind::Phrase, self.pattern, range, expected)
    }
}
