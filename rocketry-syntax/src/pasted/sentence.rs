//! Sentences that resemble statements: `every day at 10:00`, `weekdays at 9:30`, `each 5 minutes`.

use super::days::some_days;
use super::schedule::{Days, Schedule};
use super::words::{self, Words};
use super::{Advice, every};
use crate::ast::Delta;

/// Words for frequencies, with their number and unit.
const ADVERBS: [(&str, (u32, &str)); 14] = [
    ("secondly", (1, "second")),
    ("minutely", (1, "minute")),
    ("hourly", (1, "hour")),
    ("daily", (1, "day")),
    ("nightly", (1, "day")),
    ("weekly", (1, "week")),
    ("biweekly", (2, "week")),
    ("bi-weekly", (2, "week")),
    ("fortnightly", (2, "week")),
    ("monthly", (1, "month")),
    ("quarterly", (1, "quarter")),
    ("yearly", (1, "year")),
    ("annually", (1, "year")),
    ("annual", (1, "year")),
];

/// Parses a sentence if it knows every word.
pub(super) fn read(text: &str) -> Option<Advice> {
    if let Some(length) = text.strip_prefix("in ").or_else(|| text.strip_prefix("after ")) {
        return delay(length);
    }
    if text.starts_with(|c: char| c.is_ascii_digit())
        && let Some(statement) = every(text)
    {
        let said = "a length of time needs the word `every`";
        return Some(Advice::new(said, Some(statement)));
    }
    let mut words = Words::new(text);
    let mut schedule = Schedule::default();
    while !words.is_empty() {
        CLAUSES
            .iter()
            .find_map(|clause| words.attempt(clause))?
            .apply(&mut schedule)?;
        words.take(&[","]);
    }
    let statement = schedule.statement().filter(|statement| statement != text)?;
    Some(Advice::new(
        format!("statements use other words for this{}", schedule.remark()),
        Some(statement),
    ))
    .filter(|advice| advice.write.is_some())
}

/// The part after `in`: a length of time, but a statement is not made at a moment from which it could count.
fn delay(length: &str) -> Option<Advice> {
    let length: Delta = length.parse().ok()?;
    let said =
        format!("a statement can count from the start of the app; to repeat the run, write `every {length}`");
    let statement = format!("scheduler has run over {length} & ~has started");
    Some(Advice::new(said, Some(statement)))
}

/// A clause of a sentence.
enum Clause {
    Cadence(u32, &'static str),
    Days(Days),
    /// These days of every other week.
    Alternating(Days),
    Times(Vec<String>),
    Window(String, String),
}

impl Clause {
    /// Adds the clause to a schedule without such a clause.
    fn apply(self, schedule: &mut Schedule) -> Option<()> {
        match self {
            Self::Cadence(number, unit) => set(&mut schedule.cadence, (number, unit)),
            Self::Days(days) => set(&mut schedule.days, days),
            Self::Alternating(days) => {
                set(&mut schedule.cadence, (2, "week"))?;
                set(&mut schedule.days, days)
            }
            Self::Window(start, end) => set(&mut schedule.window, (start, end)),
            Self::Times(times) if schedule.times.is_empty() => {
                schedule.times = times;
                Some(())
            }
            Self::Times(_) => None,
        }
    }
}

fn set<T: PartialEq>(place: &mut Option<T>, value: T) -> Option<()> {
    let fits = place.as_ref().is_none_or(|known| *known == value);
    *place = Some(value);
    fits.then_some(())
}

type Reader = fn(&mut Words<'_>) -> Option<Clause>;

const CLAUSES: [Reader; 6] = [adverb, repetition, of_unit, window, times, days];

/// `daily`, `biweekly`
fn adverb(words: &mut Words<'_>) -> Option<Clause> {
    let known = |word: &str| ADVERBS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
    let (_, (number, unit)) = words.take_as(known)?;
    Some(Clause::Cadence(*number, unit))
}

/// `every 5 minutes`, `each day`, `every other week`, `once a month`, `every Monday`
fn repetition(words: &mut Words<'_>) -> Option<Clause> {
    let once = words.take(&["once"]);
    if !(words.take(&["every", "each", "per"]) || (once && words.take(&["a", "an"]))) {
        return None;
    }
    let interval = words.attempt(|words| {
        let number = words.take_as(|word| match word {
            "other" | "second" | "2nd" => Some(2),
            _ => words::number(word),
        });
        Some(Clause::Cadence(number.unwrap_or(1), words.take_as(words::unit)?))
    });
    interval.or_else(|| some_of(words))
}

/// The part after `every`: `Monday`, `other Friday`, `first Monday`.
fn some_of(words: &mut Words<'_>) -> Option<Clause> {
    if words.take(&["other"]) {
        return some_days(words).map(Clause::Alternating);
    }
    // `every second Friday` is one of each month or one of each fortnight.
    let is_unclear = words.begin_with(&["second", "2nd"]);
    let days = some_days(words)?;
    (!is_unclear || words.begin_with(&["of", "in"])).then_some(Clause::Days(days))
}

/// `of the month`, `a month`
fn of_unit(words: &mut Words<'_>) -> Option<Clause> {
    if !words.take(&["of", "in"]) {
        return None;
    }
    words.take(&["the", "each", "every", "a"]);
    Some(Clause::Cadence(1, words.take_as(words::unit)?))
}

/// `from 9:00 to 17:00`, `between 9:00 and 17:00`
fn window(words: &mut Words<'_>) -> Option<Clause> {
    words.take(&["from", "between"]).then_some(())?;
    let start = words::time(words)?;
    words.take(&["to", "and", "until", "till", "-"]).then_some(())?;
    Some(Clause::Window(start, words::time(words)?))
}

/// `at 10:00 and 18:00`, `10:00`
fn times(words: &mut Words<'_>) -> Option<Clause> {
    words.take(&["at", "@"]);
    words.list(words::time).map(Clause::Times)
}

/// `on Monday and Friday`, `weekdays`
fn days(words: &mut Words<'_>) -> Option<Clause> {
    words.take(&["on"]);
    some_days(words).map(Clause::Days)
}
