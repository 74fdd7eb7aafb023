//! A position in a text, which remembers the expected words.

use std::ops::Range;

use crate::error::{MAX_DEPTH, Result, SyntaxError, SyntaxErrorKind};
use crate::lexer::{Token, TokenKind, lex, unquote};
use crate::suggest::nearest;

/// Iterates over the tokens of a text.
///
/// The cursor remembers each word that the parser tried at the current position, so an error can
/// list them all and suggest the nearest.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    tried: Vec<&'static str>,
    depth: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str) -> Result<Self> {
        Ok(Self {
            text,
            tokens: lex(text)?,
            at: 0,
            tried: Vec::new(),
            depth: 0,
        })
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn rewind(&mut self, position: usize) {
        self.at = position;
        self.tried.clear();
    }

    pub(crate) fn advance(&mut self) {
        self.at += 1;
        self.tried.clear();
    }

    pub(crate) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(crate) fn kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    /// The word at the cursor, if the token is a word.
    pub(crate) fn word(&self) -> Option<&'t str> {
        self.word_at(0)
    }

    /// The word `ahead` tokens from the cursor, if that token is a word.
    pub(crate) fn word_at(&self, ahead: usize) -> Option<&'t str> {
        let token = self.tokens.get(self.at + ahead)?;
        (token.kind == TokenKind::Word).then(|| &self.text[token.range()])
    }

    /// The kind of the token `ahead` tokens from the cursor.
    pub(crate) fn kind_at(&self, ahead: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    /// Returns the offset in tokens of each word and name of the current term.
    pub(crate) fn ahead(&self) -> std::ops::Range<usize> {
        let belongs = |token: &&Token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        0..rest.iter().take_while(belongs).count()
    }

    /// Splits commas off the words from the cursor to the end of the term.
    pub(crate) fn split_commas(&mut self) {
        let rest = self.range().start;
        if !self.text[rest..].contains(',') {
            return;
        }
        let mut at = self.at;
        while let Some(token) = self.tokens.get(at).copied() {
            let comma = match token.kind {
                TokenKind::Word => self.text[token.range()].find(','),
                TokenKind::Quoted => None,
                _ => return,
            };
            if let Some(comma) = comma {
                let pieces = token.split(comma);
                self.tokens.splice(at..=at, pieces.into_iter().flatten());
                at += usize::from(comma > 0);
            }
            at += 1;
        }
    }

    /// Takes a comma, if present.
    pub(crate) fn eat_comma(&mut self) -> bool {
        let found = self.word() == Some(",");
        if found {
            self.advance();
        }
        found
    }

    /// The byte range of the token at the cursor; empty at the end of the text.
    pub(crate) fn range(&self) -> Range<usize> {
        self.peek().map_or(self.text.len()..self.text.len(), Token::range)
    }

    /// The byte range from the token at `position` to the one before the cursor.
    pub(crate) fn range_since(&self, position: usize) -> Range<usize> {
        match (self.tokens.get(position), self.tokens[..self.at].last()) {
            (Some(first), Some(last)) if position < self.at => first.range().start..last.range().end,
            _ => self.range(),
        }
    }

    /// The byte range from the token at `position` to the end of its term, including parentheses between its words.
    pub(crate) fn stretch(&self, position: usize) -> Range<usize> {
        let mut depth = 0_usize;
        let ends = |token: &Token| {
            match token.kind {
                TokenKind::Close | TokenKind::And | TokenKind::Or if depth == 0 => return true,
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth -= 1,
                _ => {}
            }
            false
        };
        let length = self.tokens[position..].iter().position(ends);
        let last = length.map_or(self.tokens.len(), |length| position + length);
        match &self.tokens[position..last] {
            [first, .., last] => first.range().start..last.range().end,
            [only] => only.range(),
            [] => self.range(),
        }
    }

    /// The byte range of each token from `position` to the one before the cursor.
    pub(crate) fn tokens_since(&self, position: usize) -> impl Iterator<Item = Range<usize>> {
        self.tokens[position..self.at].iter().map(|token| token.range())
    }

    /// Takes `word`, if present.
    pub(crate) fn eat(&mut self, word: &'static str) -> bool {
        let found = self.word() == Some(word);
        if found {
            self.advance();
        } else {
            self.tried(word);
        }
        found
    }

    fn tried(&mut self, word: &'static str) {
        if !self.tried.contains(&word) {
            self.tried.push(word);
        }
    }

    /// Takes and returns one of `words`, if present.
    pub(crate) fn eat_any<T: Copy>(&mut self, words: &[(&'static str, T)]) -> Option<T> {
        words
            .iter()
            .find_map(|&(word, meaning)| self.eat(word).then_some(meaning))
    }

    /// Takes `word`, or fails.
    pub(crate) fn expect(&mut self, word: &'static str) -> Result<()> {
        if self.eat(word) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// Takes one of `words`, or fails.
    pub(crate) fn expect_any<T: Copy>(&mut self, words: &[(&'static str, T)]) -> Result<T> {
        self.eat_any(words).ok_or_else(|| self.unexpected())
    }

    /// Takes a sign of this `kind`, if present.
    pub(crate) fn eat_sign(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == Some(kind);
        if found {
            self.advance();
        }
        found
    }

    /// Takes a quoted, non-empty name.
    pub(crate) fn name(&mut self, what: &str) -> Result<String> {
        let range = self.range();
        let name = self.quoted(what)?;
        if name.trim().is_empty() {
            let expected = format!("{what} that is not empty");
            return Err(SyntaxError::new(
                SyntaxErrorKind::Name,
                self.text,
                range,
                expected,
            ));
        }
        Ok(name)
    }

    /// Takes a quoted text.
    pub(crate) fn quoted(&mut self, what: &str) -> Result<String> {
        if self.kind() != Some(TokenKind::Quoted) {
            let error = self.error(SyntaxErrorKind::Name, format!("{what} in quotes"));
            let quoted = self.word().map(|word| format!("'{}'", word.trim_matches('\'')));
            return Err(error.suggest(quoted));
        }
        let text = unquote(&self.text[self.range()]);
        self.advance();
        Ok(text)
    }

    /// Takes a whole number.
    pub(crate) fn number<N: std::str::FromStr>(&mut self) -> Result<N> {
        let digits = self
            .word()
            .filter(|word| word.bytes().all(|b| b.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse().ok());
        let number = number.ok_or_else(|| self.error(SyntaxErrorKind::Number, "a whole number"))?;
        self.advance();
        Ok(number)
    }

    /// Parses a group in parentheses with `parse`.
    pub(crate) fn group<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if !self.eat_sign(TokenKind::Open) {
            return Err(self.error(SyntaxErrorKind::Unexpected, "`(`"));
        }
        let inner = self.nested(parse)?;
        if self.eat_sign(TokenKind::Close) {
            return Ok(inner);
        }
        self.tried.extend(["&", "|", ")"]);
        Err(self.unexpected())
    }

    /// Calls `parse` one nesting level deeper.
    pub(crate) fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == MAX_DEPTH {
            let expected = format!("at most {MAX_DEPTH} levels of nesting");
            return Err(self.error(SyntaxErrorKind::Depth, expected));
        }
        self.depth += 1;
        let inner = parse(self);
        self.depth -= 1;
        inner
    }

    /// Returns true if a term may end at the cursor.
    pub(crate) fn ends_term(&self) -> bool {
        matches!(
            self.kind(),
            None | Some(TokenKind::And | TokenKind::Or | TokenKind::Close)
        )
    }

    /// Fails unless the cursor is at the end of the text.
    pub(crate) fn finish(&mut self) -> Result<()> {
        if self.peek().is_none() {
            Ok(())
        } else {
            Err(self.leftover())
        }
    }

    /// The error for a token after a complete condition or period.
    pub(crate) fn leftover(&mut self) -> SyntaxError {
        self.tried.extend(["&", "|"]);
        self.unexpected_or(Some("the end"))
    }

    /// An error about the token at the cursor.
    pub(crate) fn error(&self, kind: SyntaxErrorKind, expected: impl Into<String>) -> SyntaxError {
        SyntaxError::new(kind, self.text, self.range(), expected)
    }

    /// The error for a token that is none of the expected words.
    pub(crate) fn unexpected(&self) -> SyntaxError {
        self.unexpected_or(None)
    }

    fn unexpected_or(&self, end: Option<&str>) -> SyntaxError {
        let error = self.error(SyntaxErrorKind::Unexpected, one_of(&self.tried, end));
        let suggestion = self.word().and_then(|word| match word {
            "and" if self.tried.contains(&"&") => Some("&"),
            "or" if self.tried.contains(&"|") => Some("|"),
            _ => nearest(word, self.tried.iter().copied()),
        });
        error.suggest(suggestion)
    }
}

/// `a`, `b` or the end.
fn one_of(words: &[&str], end: Option<&str>) -> String {
    let quoted = words.iter().map(|word| format!("`{word}`"));
    let items: Vec<String> = quoted.chain(end.map(str::to_owned)).collect();
    match items.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        items => items.concat(),
    }
}
