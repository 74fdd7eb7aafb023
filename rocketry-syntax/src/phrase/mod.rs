//! Phrases of custom conditions: `file '{path}' exists`.

mod matching;
mod pattern;

use std::fmt;
use std::str::FromStr;

use crate::ast::CondExpr;
use crate::cond::parse_condition;
use crate::display::Quoted;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};

/// The pattern of a custom condition: words, and names in braces for captures.
///
/// A capture in quotes stands for any quoted text. A capture without them stands for the shortest text that
/// lets the rest match, at least one character; around a quoted text it yields what is in the quotes.
/// White space is collapsed to single blanks.
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

/// A part of a text or of a pattern.
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
    /// Parses a pattern.
    ///
    /// # Errors
    /// Returns an error if a brace is unmatched; if a name is invalid, repeated or adjacent to another capture; if the
    /// pattern has no words or has logical signs outside quotes, so that no text could match; or
    /// if the parser would take it for a built-in condition.
    pub fn parse(pattern: &str) -> Result<Self> {
        let pieces = pattern::read(pattern)?;
        let expected = match parse_condition(pattern) {
            Ok(CondExpr::Custom(_)) => return Ok(Self { pieces }),
            Ok(_) => "a phrase that is not a built-in condition",
            Err(error) if error.kind == SyntaxErrorKind::Notation => "a phrase that is not a schedule",
            Err(_) => "a phrase that does not begin like a built-in condition",
        };
        Err(SyntaxError::new(
            SyntaxErrorKind::Phrase,
            pattern,
            0..pattern.len(),
            expected,
        ))
    }

    /// Returns the names of the captures, in the order of the pattern.
    pub fn captures(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Capture { name, .. } => Some(name.as_str()),
            Piece::Char(_) | Piece::Quoted(_) => None,
        })
    }

    /// Returns the captured texts if the whole of `text` matches.
    pub fn matches(&self, text: &str) -> Option<Vec<(&str, String)>> {
        matching::values(&self.pieces, text)
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
        self.pieces.iter().try_for_each(|piece| piece.fmt(f))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(c) => write!(f, "{c}"),
            Self::Quoted(text) => write!(f, "{}", Quoted(text)),
            Self::Capture { name, quoted: true } => write!(f, "'{{{name}}}'"),
            Self::Capture { name, quoted: false } => write!(f, "{{{name}}}"),
        }
    }
}
