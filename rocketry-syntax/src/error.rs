//! Syntax errors and their positions.

use std::fmt;
use std::ops::Range;

/// The result type of this crate.
pub(crate) type Result<T, E = SyntaxError> = std::result::Result<T, E>;

/// An error in a statement, a bound, a length of time, a cron expression or a phrase.
///
/// It contains the byte range, the expected and found text, and the most similar correct spelling, if any.
///
/// ```
/// let error = rocketry_syntax::parse_condition("daily aftr 10:00").unwrap_err();
/// assert_eq!(error.range, 6..10);
/// assert_eq!(error.suggestion.as_deref(), Some("after"));
/// assert_eq!(
///     error.caret("daily aftr 10:00"),
///     "daily aftr 10:00\n      ^^^^ did you mean `after`?",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// The kind of error.
    pub kind: SyntaxErrorKind,
    /// The byte range of the wrong text; empty at the end of the text.
    pub range: Range<usize>,
    /// A description of the expected text.
    pub expected: String,
    /// The wrong text; empty at the end of the text.
    pub found: String,
    /// The most similar correct spelling of the found text.
    pub suggestion: Option<String>,
    /// What to write instead, as a sentence without its full stop, if a spelling does not suffice.
    pub help: Option<String>,
}

/// The kinds of [`SyntaxError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// An unexpected word or sign, or an unexpected end of the text.
    Unexpected,
    /// A phrase that is not a built-in condition.
    UnknownPhrase,
    /// A name or value that is unquoted, unterminated or empty.
    Name,
    /// An invalid number, or one out of range.
    Number,
    /// A window bound that does not exist or leaves the window empty.
    Bound,
    /// An invalid length of time.
    Duration,
    /// A cron expression that is invalid or never matches.
    Cron,
    /// An invalid pattern of a custom condition.
    Phrase,
    /// A schedule in another scheduler's notation, or in words that are not a statement.
    Notation,
    /// Parentheses or negations nested beyond [`MAX_DEPTH`].
    Depth,
}

/// The maximum nesting depth of parentheses and negations.
pub const MAX_DEPTH: usize = 128;

impl SyntaxError {
    pub(crate) fn new(
        kind: SyntaxErrorKind,
        text: &str,
        range: Range<usize>,
        expected: impl Into<String>,
    ) -> Self {
        let found = text[range.clone()].to_owned();
        Self {
            kind,
            range,
            expected: expected.into(),
            found,
            suggestion: None,
            help: None,
        }
    }

    #[must_use]
    pub(crate) fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        if self.suggestion.is_none() {
            self.suggestion = suggestion.map(Into::into);
        }
        self
    }

    #[must_use]
    pub(crate) fn help(mut self, help: Option<impl Into<String>>) -> Self {
        if self.help.is_none() {
            self.help = help.map(Into::into);
        }
        self
    }

    /// Returns the same error for a longer text that contains this error's text at byte `offset`.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.range = self.range.start + offset..self.range.end + offset;
        self
    }

    /// Renders `text` with the error underlined, and a hint.
    ///
    /// `text` is the parsed text; the output shows only the line with the error.
    pub fn caret(&self, text: &str) -> String {
        let start = floor(text, self.range.start);
        let end = floor(text, self.range.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let indent: String = text[line_start..start]
            .chars()
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let width = text[start..end.min(line_end)].chars().count().max(1);
        let (line, marks) = (&text[line_start..line_end], "^".repeat(width));
        let label = match (&self.suggestion, &self.help) {
            (Some(word), _) => format!("did you mean `{word}`?"),
            (None, Some(help)) => help.clone(),
            (None, None) => format!("expected {}", self.expected),
        };
        format!("{line}\n{indent}{marks} {label}")
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found ", self.expected)?;
        if self.found.is_empty() {
            f.write_str("end of text")?;
        } else {
            write!(f, "`{}`", self.found)?;
        }
        write!(f, " (at {}..{})", self.range.start, self.range.end)?;
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        match &self.suggestion {
            Some(word) => write!(f, "; did you mean `{word}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}
