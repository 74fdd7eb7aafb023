//! The vocabulary of sentences about time, and a reader of their words.

use crate::bound::{MONTHS, WEEKDAYS};

/// Reads a sentence word by word. A comma is a word of its own.
#[derive(Clone, Copy)]
pub(super) struct Words<'t>(&'t str);

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(text.trim())
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if the next word is one of `words`.
    pub(super) fn begin_with(self, words: &[&str]) -> bool {
        words.iter().any(|known| known.eq_ignore_ascii_case(self.peek()))
    }

    fn peek(self) -> &'t str {
        let end = self
            .0
            .find(|c: char| c.is_whitespace() || c == ',')
            .unwrap_or(self.0.len());
        &self.0[..end.max(usize::from(self.0.starts_with(',')))]
    }

    fn skip(&mut self, word: &str) {
        self.0 = self.0[word.len()..].trim_start();
    }

    /// Takes the next word if it is one of `words`.
    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        let found = self.begin_with(words);
        if found {
            self.skip(self.peek());
        }
        found
    }

    /// Takes the next word if it means something.
    pub(super) fn take_as<T>(&mut self, meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
        let word = self.peek();
        let value = meaning(word).filter(|_| !word.is_empty())?;
        self.skip(word);
        Some(value)
    }

    /// Takes what `read` reads, or nothing.
    pub(super) fn attempt<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let value = read(&mut ahead)?;
        *self = ahead;
        Some(value)
    }

    /// Takes a list such as `a, b and c`.
    pub(super) fn list<T>(&mut self, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = vec![item(self)?];
        let next = |words: &mut Self| {
            let separated = words.take(&[","]);
            (words.take(&["and", "&", "+"]) || separated).then_some(())?;
            item(words)
        };
        while let Some(item) = self.attempt(next) {
            items.push(item);
        }
        Some(items)
    }
}

/// `Monday` from `monday`, `Mon`, `mon.` or `Mondays`.
pub(super) fn weekday(word: &str) -> Option<&'static str> {
    named(word.trim_end_matches('.'), &WEEKDAYS)
}

/// `December` from `december`, `Dec` or `dec.`.
pub(super) fn month(word: &str) -> Option<&'static str> {
    named(word.trim_end_matches('.'), &MONTHS)
}

fn named(word: &str, names: &[&'static str]) -> Option<&'static str> {
    let is = |name: &str, word: &str| word.eq_ignore_ascii_case(name);
    let fits = |name: &&&str| {
        is(name, word) || is(&name[..3], word) || word.strip_suffix('s').is_some_and(|one| is(name, one))
    };
    names.iter().find(fits).copied()
}

/// A number in digits or in words.
pub(super) fn number(word: &str) -> Option<u32> {
    const NUMBERS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let spelled = || NUMBERS.iter().position(|name| name.eq_ignore_ascii_case(word));
    let number = word.parse().ok().or_else(|| spelled()?.try_into().ok());
    number.filter(|&number| number > 0)
}

/// `minute` from `minutes` or `mins`.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    const UNITS: [(&str, &[&str]); 8] = [
        ("second", &["sec", "secs", "seconds"]),
        ("minute", &["min", "mins", "minutes"]),
        ("hour", &["hr", "hrs", "hours"]),
        ("day", &["days"]),
        ("week", &["weeks"]),
        ("month", &["months"]),
        ("quarter", &["quarters"]),
        ("year", &["years"]),
    ];
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    let unit = UNITS
        .iter()
        .find(|(name, others)| is(name) || others.iter().any(|other| is(other)));
    unit.map(|&(name, _)| name)
}

/// `first` to `last`, as a statement says which weekday of a month is meant.
pub(super) fn nth(word: &str) -> Option<&'static str> {
    const NTHS: [(&str, &str); 6] = [
        ("first", "1st"),
        ("second", "2nd"),
        ("third", "3rd"),
        ("fourth", "4th"),
        ("fifth", "5th"),
        ("last", "last"),
    ];
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    NTHS.iter()
        .find(|(name, short)| is(name) || is(short))
        .map(|&(name, _)| name)
}

/// The number of `25`, `25th` or `25.`.
pub(super) fn day_of_month(word: &str) -> Option<u32> {
    let digits = word
        .trim_end_matches('.')
        .trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    let fits = ["", ".", "st", "nd", "rd", "th"].contains(&suffix);
    digits.parse().ok().filter(|day| fits && (1..=31).contains(day))
}

/// Takes `9:30`, `10 am`, `9pm`, `noon` or `midnight`, and gives it as a statement writes it: `09:30`.
pub(super) fn time(words: &mut Words<'_>) -> Option<String> {
    let named = |word: &str| match word {
        "noon" | "midday" => Some("12:00"),
        "midnight" => Some("00:00"),
        _ => None,
    };
    if let Some(time) = words.take_as(named) {
        return Some(time.to_owned());
    }
    words.attempt(|words| {
        let (clock, half) = words.take_as(clock)?;
        let half = half.or_else(|| words.take_as(half_of_day));
        let (hour, rest) = clock.split_once(':').unwrap_or((&clock, ""));
        let hour: u32 = hour.parse().ok()?;
        let hour = match half {
            Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
            None if clock.contains(':') => hour,
            _ => return None,
        };
        Some(format!("{hour:02}:{}", if rest.is_empty() { "00" } else { rest }))
    })
}

/// The digits of a time, and the half of the day that is written at their end.
fn clock(word: &str) -> Option<(String, Option<u32>)> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_time = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let suffix = &word[digits.len()..];
    let half = half_of_day(suffix);
    (is_time && (suffix.is_empty() || half.is_some())).then(|| (digits.to_owned(), half))
}

fn half_of_day(word: &str) -> Option<u32> {
    match word.to_ascii_lowercase().as_str() {
        "am" | "a.m." => Some(0),
        "pm" | "p.m." => Some(12),
        _ => None,
    }
}
