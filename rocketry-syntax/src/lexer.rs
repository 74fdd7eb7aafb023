//! Text to tokens: words, quoted names and the signs of logic.

use std::ops::Range;

use crate::error::{Result, SyntaxError, SyntaxErrorKind};

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Anything up to white space, a sign or a quote: `daily`, `10:00`, `*/5`.
    Word,
    /// `'a name'`, with its quotes.
    Quoted,
    /// `&`
    And,
    /// `|`
    Or,
    /// `~`
    Not,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// A token of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    start: usize,
    end: usize,
}

impl Token {
    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Splits the token into the part before a byte, that byte, and the part after it.
    pub(crate) fn split(self, at: usize) -> [Option<Self>; 3] {
        let at = self.start + at;
        let piece = |start, end| (start < end).then_some(Self { start, end, ..self });
        [piece(self.start, at), piece(at, at + 1), piece(at + 1, self.end)]
    }
}

/// Splits a text into tokens.
pub(crate) fn lex(text: &str) -> Result<Vec<Token>> {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (kind, end) = match c {
            '\'' => (TokenKind::Quoted, end_of_quote(text, at)?),
            _ => sign(c).map_or_else(
                || (TokenKind::Word, end_of_word(text, at)),
                |kind| (kind, at + c.len_utf8()),
            ),
        };
        tokens.push(Token { kind, start: at, end });
        at = end;
    }
    Ok(tokens)
}

fn sign(c: char) -> Option<TokenKind> {
    match c {
        '&' => Some(TokenKind::And),
        '|' => Some(TokenKind::Or),
        '~' => Some(TokenKind::Not),
        '(' => Some(TokenKind::Open),
        ')' => Some(TokenKind::Close),
        _ => None,
    }
}

/// A quote after a letter or digit is part of the word (`it's`); any other quote opens a name.
fn end_of_word(text: &str, start: usize) -> usize {
    let mut previous = ' ';
    for (at, c) in text[start..].char_indices() {
        let opens_name = c == '\'' && !previous.is_alphanumeric();
        if c.is_whitespace() || sign(c).is_some() || opens_name {
            return start + at;
        }
        previous = c;
    }
    text.len()
}

/// A doubled quote stands for the quote itself.
fn end_of_quote(text: &str, start: usize) -> Result<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() {
        if bytes[at] != b'\'' {
            at += 1;
        } else if bytes.get(at + 1) == Some(&b'\'') {
            at += 2;
        } else {
            return Ok(at + 1);
        }
    }
    let range = start..text.len();
    Err(SyntaxError::new(
        SyntaxErrorKind::Name,
        text,
        range,
        "a closing `'`",
    ))
}

/// The content of a quoted token.
pub(crate) fn unquote(quoted: &str) -> String {
    quoted[1..quoted.len() - 1].replace("''", "'")
}
