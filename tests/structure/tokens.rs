//! Rust source as a flat list of words and signs: just enough to read paths and macro calls.
//!
//! Comments and literals are dropped, so that a path in a sentence or in a message is not taken for a use.

use std::iter::Peekable;
use std::str::Chars;

/// A word or a sign, and the line it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// Splits source text into words, `::` and single signs.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        chars: source.chars().peekable(),
        line: 1,
        tokens: Vec::new(),
    };
    while lexer.step() {}
    lexer.tokens
}

struct Lexer<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn step(&mut self) -> bool {
        let line = self.line;
        let Some(first) = self.bump() else { return false };
        match first {
            '/' if self.eat('/') => while self.bump_unless('\n') {},
            '/' if self.eat('*') => self.block_comment(),
            '"' => self.string(),
            '\'' => self.char_or_lifetime(),
            c if is_word(c) => self.word(c, line),
            ':' if self.eat(':') => self.push("::".into(), line),
            c if c.is_whitespace() => {}
            c => self.push(c.into(), line),
        }
        true
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.chars.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    fn eat(&mut self, expected: char) -> bool {
        self.chars.next_if_eq(&expected).is_some()
    }

    fn bump_unless(&mut self, end: char) -> bool {
        self.chars.peek().is_some_and(|&c| c != end) && self.bump().is_some()
    }

    fn push(&mut self, text: String, line: usize) {
        self.tokens.push(Token { text, line });
    }

    fn block_comment(&mut self) {
        let mut depth = 1;
        while depth > 0 {
            match self.bump() {
                Some('*') if self.eat('/') => depth -= 1,
                Some('/') if self.eat('*') => depth += 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    fn string(&mut self) {
        while let Some(c) = self.bump() {
            match c {
                '"' => return,
                '\\' => _ = self.bump(),
                _ => {}
            }
        }
    }

    /// After a quote: `'x'` and `'\n'` are literals, `'name` is a lifetime.
    fn char_or_lifetime(&mut self) {
        if self.eat('\\') {
            self.bump();
            while self.bump_unless('\'') {}
            self.bump();
        } else {
            self.bump();
            if !self.eat('\'') {
                while self.chars.next_if(|&c| is_word(c)).is_some() {}
            }
        }
    }

    fn word(&mut self, first: char, line: usize) {
        let mut text = String::from(first);
        while let Some(c) = self.chars.next_if(|&c| is_word(c)) {
            text.push(c);
        }
        match (text.as_str(), self.chars.peek()) {
            ("r" | "br" | "cr", Some('"' | '#')) => self.raw_string_or_identifier(),
            ("b" | "c", Some('"')) => {
                self.bump();
                self.string();
            }
            _ => self.push(text, line),
        }
    }

    /// After `r`: `"…"` or `#"…"#` is a string; in `#name` the name follows as a word of its own.
    fn raw_string_or_identifier(&mut self) {
        let mut hashes = 0;
        while self.eat('#') {
            hashes += 1;
        }
        if self.eat('"') {
            while self.bump_unless('"') || self.bump().is_some() && !self.closing(hashes) {}
        }
    }

    fn closing(&mut self, hashes: usize) -> bool {
        (0..hashes).all(|_| self.eat('#'))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn comments_and_literals_are_dropped() {
    let source = "a // b\n/* c /* d */ e */ f \"g \\\" h\" r#\"i \" j\"# b'k' 'l' '\\'' '\\u{6d}' 'n: o::p!";
    let found: Vec<_> = tokens(source).into_iter().map(|token| token.text).collect();
    assert_eq!(found, ["a", "f", "b", ":", "o", "::", "p", "!"]);
}

#[test]
fn lines_are_counted_through_everything_that_is_dropped() {
    let found = tokens("/*\n*/ \"\n\" r\"\n\" r#type '\n' x");
    assert_eq!(
        found,
        [
            Token {
                text: "type".into(),
                line: 4
            },
            Token {
                text: "x".into(),
                line: 5
            }
        ]
    );
}

#[test]
fn unfinished_source_ends_quietly() {
    for source in ["/* a", "\"a", "r#\"a\"", "'", "'\\", "r#", "b\""] {
        assert!(tokens(source).is_empty(), "{source}");
    }
}
