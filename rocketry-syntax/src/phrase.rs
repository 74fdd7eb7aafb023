//! Phrases of custom conditions: `file '{path}' exists`.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::ast::CondExpr;
use crate::cond::parse_condition;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::{TokenKind, lex, unquote};

/// The pattern of a custom condition: words, and names in braces for what varies.
///
/// A capture in quotes stands for any quoted text. A capture without them stands for the shortest text that
/// lets the rest match, at least one character; around a quoted text it yields what is in the quotes.
/// Runs of white space are one blank.
///
/// ```
/// use rocketry_syntax::Phrase;
///
/// let phrase = Phrase::parse("file '{path}' exists")?;
/// let values = phrase.matches("file  'in.csv' exists").unwrap();
/// assert_eq!(values, [("path", "in.csv".to_owned())]);
/// assert!(phrase.matches("file 'in.csv' is gone").is_none());
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phrase {
    pieces: Vec<Piece>,
}

/// The smallest part of a text or of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    Char(char),
    /// The content of a quoted text.
    Quoted(String),
    /// A capture, and whether it is in quotes. Only in patterns.
    Capture {
        name: String,
        quoted: bool,
    },
}

impl Phrase {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When a brace is unmatched or a name is none, twice or right after another capture; when the
    /// pattern has no word of its own or signs of logic outside quotes, so that no text could ever match; and
    /// when the parser would take it for a built-in condition.
    pub fn parse(pattern: &str) -> Result<Self> {
        check_tokens(pattern)?;
        let pieces = Reader {
            pattern,
            pieces: Vec::new(),
        }
        .read()?;
        let has_word = pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Char(c) if c.is_alphanumeric()));
        if !has_word {
            return Err(error(
                pattern,
                0..pattern.len(),
                "a phrase with a word outside of captures",
            ));
        }
        match parse_condition(pattern) {
            Ok(CondExpr::Custom(_)) => Ok(Self { pieces }),
            Ok(_) => Err(error(
                pattern,
                0..pattern.len(),
                "a phrase that is no built-in condition",
            )),
            Err(mistake) => {
                let range = 0..pattern.find(char::is_whitespace).unwrap_or(pattern.len());
                let expected = "a phrase that does not begin like a built-in condition";
                Err(error(pattern, range, expected)
                    .suggest(mistake.suggestion.map(|word| format!("{word} …"))))
            }
        }
    }

    /// The names of the captures, in the order of the pattern.
    pub fn captures(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Capture { name, .. } => Some(name.as_str()),
            Piece::Char(_) | Piece::Quoted(_) => None,
        })
    }

    /// The captured texts when the whole of `text` matches.
    pub fn matches(&self, text: &str) -> Option<Vec<(&str, String)>> {
        let text = pieces_of(text).ok()?;
        let mut values = Vec::new();
        fits(&self.pieces, &text, &mut values).then_some(values)
    }
}

impl FromStr for Phrase {
    type Err = SyntaxError;

    fn from_str(pattern: &str) -> Result<Self> {
        Self::parse(pattern)
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Char(c) => write!(f, "{c}"),
            Piece::Quoted(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Piece::Capture { name, quoted: true } => write!(f, "'{{{name}}}'"),
            Piece::Capture { name, quoted: false } => write!(f, "{{{name}}}"),
        })
    }
}

fn error(pattern: &str, range: Range<usize>, expected: &str) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::Phrase, pattern, range, expected)
}

fn check_tokens(pattern: &str) -> Result<()> {
    for token in lex(pattern)? {
        if !matches!(token.kind, TokenKind::Word | TokenKind::Quoted) {
            return Err(error(pattern, token.range(), "a phrase without signs of logic"));
        }
    }
    Ok(())
}

/// The pieces of a text, in which runs of white space are one blank.
fn pieces_of(text: &str) -> Result<Vec<Piece>> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut end = None;
    for token in lex(text)? {
        if end.is_some_and(|end| end < token.range().start) {
            pieces.push(Piece::Char(' '));
        }
        let piece = &text[token.range()];
        if token.kind == TokenKind::Quoted {
            pieces.push(Piece::Quoted(unquote(piece)));
        } else {
            pieces.extend(piece.chars().map(Piece::Char));
        }
        end = Some(token.range().end);
    }
    Ok(pieces)
}

/// Tells whether the text fits the pattern; each capture tries the shortest text first.
fn fits<'p>(pattern: &'p [Piece], text: &[Piece], values: &mut Vec<(&'p str, String)>) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return text.is_empty();
    };
    match first {
        Piece::Capture { name, quoted: true } => match text.split_first() {
            Some((Piece::Quoted(value), after)) => {
                values.push((name, value.clone()));
                fits(rest, after, values) || values.pop().is_none()
            }
            _ => false,
        },
        Piece::Capture { name, quoted: false } => (1..=text.len()).any(|length| {
            let (taken, after) = text.split_at(length);
            values.push((name, value_of(taken)));
            fits(rest, after, values) || values.pop().is_none()
        }),
        literal => text
            .split_first()
            .is_some_and(|(piece, after)| piece == literal && fits(rest, after, values)),
    }
}

fn value_of(taken: &[Piece]) -> String {
    if let [Piece::Quoted(text)] = taken {
        return text.clone();
    }
    let mut value = String::new();
    for piece in taken {
        match piece {
            Piece::Char(c) => value.push(*c),
            Piece::Quoted(text) => value.extend(["'", text, "'"]),
            Piece::Capture { .. } => {}
        }
    }
    value
}

/// Reads the captures of a pattern.
struct Reader<'p> {
    pattern: &'p str,
    pieces: Vec<Piece>,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Vec<Piece>> {
        let mut end = None;
        for token in lex(self.pattern)? {
            let range = token.range();
            if end.is_some_and(|end| end < range.start) {
                self.pieces.push(Piece::Char(' '));
            }
            end = Some(range.end);
            match token.kind {
                TokenKind::Quoted => self.quoted(range)?,
                _ => self.word(range)?,
            }
        }
        Ok(self.pieces)
    }

    fn quoted(&mut self, range: Range<usize>) -> Result<()> {
        let inner = range.start + 1..range.end - 1;
        let text = &self.pattern[inner.clone()];
        if !text.contains(['{', '}']) {
            self.pieces.push(Piece::Quoted(unquote(&self.pattern[range])));
            return Ok(());
        }
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => self.capture(name, inner, true),
            None => Err(error(self.pattern, inner, "a capture alone in its quotes")),
        }
    }

    fn word(&mut self, range: Range<usize>) -> Result<()> {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.pattern[at..range.end];
            let Some(brace) = rest.find(['{', '}']) else {
                self.pieces.extend(rest.chars().map(Piece::Char));
                return Ok(());
            };
            self.pieces.extend(rest[..brace].chars().map(Piece::Char));
            let start = at + brace;
            let close = rest[brace..].find('}').filter(|&close| close > 0);
            let Some(close) = close else {
                return Err(error(
                    self.pattern,
                    start..range.end,
                    "a name in braces such as `{path}`",
                ));
            };
            at = start + close + 1;
            self.capture(&rest[brace + 1..brace + close], start..at, false)?;
        }
        Ok(())
    }

    fn capture(&mut self, name: &str, range: Range<usize>, quoted: bool) -> Result<()> {
        let mut chars = name.chars();
        let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
        let expected = if !starts || !chars.all(|c| c.is_alphanumeric() || c == '_') {
            "a name of letters, digits and `_`"
        } else if self.is_captured(name) {
            "each name only once"
        } else if !quoted && matches!(self.pieces.last(), Some(Piece::Capture { quoted: false, .. })) {
            "text between two captures"
        } else {
            self.pieces.push(Piece::Capture {
                name: name.to_owned(),
                quoted,
            });
            return Ok(());
        };
        Err(error(self.pattern, range, expected))
    }

    fn is_captured(&self, wanted: &str) -> bool {
        let is = |piece: &Piece| matches!(piece, Piece::Capture { name, .. } if name == wanted);
        self.pieces.iter().any(is)
    }
}
