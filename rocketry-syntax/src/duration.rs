//! Lengths of time: `10 seconds`, `1h30m`, `1 day, 12 hour`, `1 days 10:20:30`.

use std::ops::Range;
use std::str::FromStr;
use std::time::Duration;

use crate::ast::{Delta, Interval};
use crate::cursor::Cursor;
use crate::error::{Result, SyntaxError, SyntaxErrorKind};
use crate::suggest::nearest;

pub(crate) const SECOND: u64 = 1_000_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;
pub(crate) const WEEK: u64 = 7 * DAY;

/// All spellings of all units; the plural that statements print is last.
pub(crate) const UNITS: &[(u64, &[&str])] = &[
    (WEEK, &["w", "wk", "wks", "week", "weeks"]),
    (DAY, &["d", "day", "days"]),
    (HOUR, &["h", "hr", "hrs", "hour", "hours"]),
    (MINUTE, &["m", "min", "mins", "minute", "minutes"]),
    (SECOND, &["s", "sec", "secs", "second", "seconds"]),
    (1_000, &["ms", "millisecond", "milliseconds"]),
    (1, &["us", "microsecond", "microseconds"]),
];

impl Delta {
    /// Creates a length from microseconds.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Returns the length in microseconds.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Returns true if the length is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Interval {
    /// Returns true if the interval is zero.
    pub const fn is_zero(self) -> bool {
        matches!(self, Self::Time(Delta(0)) | Self::Months(0))
    }
}

/// The duration in whole microseconds, capped at the longest [`Delta`].
impl From<Duration> for Delta {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
    }
}

impl From<Delta> for Duration {
    fn from(delta: Delta) -> Self {
        Self::from_micros(delta.0)
    }
}

/// Parses the spellings that statements accept. A leading sign is ignored, because the position of a length
/// determines its direction.
///
/// ```
/// use rocketry_syntax::Delta;
///
/// let delta: Delta = "1 day, 12 hour, 30 min".parse()?;
/// assert_eq!(delta.to_string(), "1 day 12 hours 30 minutes");
/// assert_eq!("1.5 hours".parse::<Delta>()?, "1h30m".parse::<Delta>()?);
/// # Ok::<(), rocketry_syntax::SyntaxError>(())
/// ```
impl FromStr for Delta {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self> {
        let unsigned = text.trim_start().trim_start_matches(['+', '-']);
        let offset = text.len() - unsigned.len();
        parse_all(unsigned).map_err(|error| error.shifted(offset))
    }
}

fn parse_all(text: &str) -> Result<Delta> {
    let mut cursor = Cursor::new(text)?;
    let delta = delta(&mut cursor)?;
    if cursor.peek().is_some() {
        return Err(cursor.error(SyntaxErrorKind::Duration, "a number and a unit of time"));
    }
    Ok(delta)
}

/// Takes a length of time that is longer than zero.
pub(crate) fn positive_delta(cursor: &mut Cursor<'_>) -> Result<Delta> {
    let start = cursor.position();
    let delta = delta(cursor)?;
    if delta.is_zero() {
        let (text, range) = (cursor.text(), cursor.range_since(start));
        let expected = "a length of time longer than zero";
        return Err(SyntaxError::new(SyntaxErrorKind::Duration, text, range, expected));
    }
    Ok(delta)
}

/// Takes a length of time.
pub(crate) fn delta(cursor: &mut Cursor<'_>) -> Result<Delta> {
    let mut sum = Sum {
        text: cursor.text(),
        total: 0,
        pending: None,
    };
    let start = cursor.position();
    while let Some(word) = cursor.word() {
        let continues = word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let separates = cursor.position() > start && word.trim_matches([',', ':']).is_empty();
        if !(continues || separates || sum.pending.is_some()) {
            break;
        }
        sum.add_word(word, cursor.range().start)?;
        cursor.advance();
    }
    if cursor.position() == start {
        let expected = "a length of time such as `10 minutes`";
        let unit = cursor
            .word()
            .filter(|word| is_unit(word))
            .map(|unit| format!("1 {unit}"));
        return Err(cursor.error(SyntaxErrorKind::Duration, expected).suggest(unit));
    }
    if let Some(number) = sum.pending.take() {
        let suggestion = format!("{} seconds", &cursor.text()[number.clone()]);
        let error = sum.error(number, "a unit of time after the number");
        return Err(error.suggest(Some(suggestion)));
    }
    Ok(Delta(sum.total))
}

fn is_unit(word: &str) -> bool {
    UNITS.iter().any(|(_, spellings)| spellings.contains(&word))
}

struct Sum<'t> {
    text: &'t str,
    total: u64,
    /// A number that waits for its unit.
    pending: Option<Range<usize>>,
}

impl Sum<'_> {
    /// Adds a word such as `1`, `day,`, `1h30m` or `10:20:30` that starts at byte `start`.
    fn add_word(&mut self, word: &str, start: usize) -> Result<()> {
        let inner = word.trim_end_matches([',', ':']);
        if self.pending.is_none() && inner.contains(':') {
            return self.add_clock(start..start + inner.len());
        }
        let mut at = 0;
        while let Some(c) = word[at..].chars().next() {
            let rest = &word[at..];
            let length = if c.is_ascii_digit() || c == '.' {
                rest.find(|c: char| !c.is_ascii_digit() && c != '.')
                    .unwrap_or(rest.len())
            } else if c == ',' || c == ':' {
                1
            } else {
                let ends = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':');
                rest.find(ends).unwrap_or(rest.len())
            };
            self.add_piece(start + at..start + at + length)?;
            at += length;
        }
        Ok(())
    }

    fn add_piece(&mut self, range: Range<usize>) -> Result<()> {
        let piece = &self.text[range.clone()];
        let is_number = piece.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        match (is_number, self.pending.take()) {
            (true, None) => self.pending = Some(range),
            (false, None) if piece.starts_with([',', ':']) => {}
            (false, None) => return Err(self.error(range, "a number before the unit of time")),
            (_, Some(number)) => {
                let unit = self.unit(range)?;
                self.add(number, unit)?;
            }
        }
        Ok(())
    }

    fn unit(&self, range: Range<usize>) -> Result<u64> {
        let spelling = &self.text[range.clone()];
        let known = UNITS.iter().find(|(_, spellings)| spellings.contains(&spelling));
        known.map(|&(micros, _)| micros).ok_or_else(|| {
            let long = UNITS.iter().flat_map(|(_, spellings)| spellings.iter().copied());
            let suggestion = nearest(spelling, long.filter(|unit| unit.len() > 2));
            self.error(range, "a unit of time such as `minutes`")
                .suggest(suggestion)
        })
    }

    /// Adds `H:MM:SS[.f]`.
    fn add_clock(&mut self, range: Range<usize>) -> Result<()> {
        let mut parts = self.text[range.clone()].split(':');
        let mut start = range.start;
        for unit in [HOUR, MINUTE, SECOND] {
            let part = parts.next().filter(|part| !part.is_empty());
            let part = part.ok_or_else(|| self.error(range.clone(), "a time like `10:20:30`"))?;
            self.add(start..start + part.len(), unit)?;
            start += part.len() + 1;
        }
        match parts.next() {
            None => Ok(()),
            Some(_) => Err(self.error(range, "a time like `10:20:30`")),
        }
    }

    fn add(&mut self, number: Range<usize>, unit: u64) -> Result<()> {
        let micros = scaled(&self.text[number.clone()], unit)
            .ok_or_else(|| self.error(number.clone(), "a number such as `10` or `1.5`"))?;
        let total = u64::try_from(micros)
            .ok()
            .and_then(|micros| self.total.checked_add(micros));
        self.total = total.ok_or_else(|| self.error(number, "at most 584,000 years"))?;
        Ok(())
    }

    fn error(&self, range: Range<usize>, expected: &str) -> SyntaxError {
        SyntaxError::new(SyntaxErrorKind::Duration, self.text, range, expected)
    }
}

/// The decimal number times `unit`, rounded to the nearest integer; `None` if it is not a number.
pub(crate) fn scaled(number: &str, unit: u64) -> Option<u128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    // Twenty digits exceed the precision of every unit in microseconds; truncation keeps the arithmetic in range.
    let fraction = &fraction[..fraction.len().min(20)];
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let numerator = if fraction.is_empty() {
        0
    } else {
        fraction.parse::<u128>().ok()?
    };
    let part = (numerator * u128::from(unit) * 2 / scale).div_ceil(2);
    let whole = if whole.is_empty() {
        0
    } else {
        whole.parse::<u64>().ok()?.into()
    };
    Some(whole * u128::from(unit) + part)
}
