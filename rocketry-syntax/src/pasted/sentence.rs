//! Sentences that are nearly statements: `every day at 10:00`, `weekdays at 9:30`, `each 5 minutes`.

use super::Advice;
use super::schedule::{Days, Schedule, ordinal};
use super::words::{self, Words};
use crate::ast::Delta;

/// Words for how often, with the number and the unit that they stand for.
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

/// Reads a sentence of which every word is known.
pub(super) fn read(text: &str) -> Option<Advice> {
    if let Some(length) = text.strip_prefix("in ") {
        return delay(length);
    }
    let mut words = Words::new(text);
    let mut schedule = Schedule::default();
    while !words.is_empty() {
        CLAUSES
            .iter()
            .find_map(|clause| words.attempt(|words| clause(words, &schedule)))?
            .apply(&mut schedule)?;
        words.take(&[","]);
    }
    let statement = schedule.statement().filter(|statement| statement != text)?;
    Some(Advice::new(
        "a statement says this in other words",
        Some(statement),
    ))
    .filter(|advice| advice.write.is_some())
}

/// What follows `in`: a length of time, but a statement is not made at a moment from which it could count.
fn delay(length: &str) -> Option<Advice> {
    let length: Delta = length.parse().ok()?;
    let said =
        format!("a statement counts from the start of the app, or repeats a run with `every {length}`");
    let statement = format!("scheduler has run over {length} & ~has started");
    Some(Advice::new(said, Some(statement)))
}

/// Something that a sentence says.
enum Clause {
    Cadence(u32, &'static str),
    Days(Days),
    Times(Vec<String>),
    Window(String, String),
}

impl Clause {
    /// Adds the clause to a schedule that does not say the same yet.
    fn apply(self, schedule: &mut Schedule) -> Option<()> {
        match self {
            Self::Cadence(number, unit) => set(&mut schedule.cadence, (number, unit)),
            Self::Days(days) => set(&mut schedule.days, days),
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

type Reader = fn(&mut Words<'_>, &Schedule) -> Option<Clause>;

const CLAUSES: [Reader; 6] = [adverb, every, of_unit, window, times, days];

/// `daily`, `biweekly`
fn adverb(words: &mut Words<'_>, _: &Schedule) -> Option<Clause> {
    let known = |word: &str| ADVERBS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
    let (_, (number, unit)) = words.take_as(known)?;
    Some(Clause::Cadence(*number, unit))
}

/// `every 5 minutes`, `each day`, `every other week`, `once a month`, `every Monday`
fn every(words: &mut Words<'_>, _: &Schedule) -> Option<Clause> {
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
    interval.or_else(|| some_days(words).map(Clause::Days))
}

/// `of the month`, `a month`
fn of_unit(words: &mut Words<'_>, _: &Schedule) -> Option<Clause> {
    if !words.take(&["of", "in"]) {
        return None;
    }
    words.take(&["the", "each", "every", "a"]);
    Some(Clause::Cadence(1, words.take_as(words::unit)?))
}

/// `from 9:00 to 17:00`, `between 9:00 and 17:00`
fn window(words: &mut Words<'_>, _: &Schedule) -> Option<Clause> {
    words.take(&["from", "between"]).then_some(())?;
    let start = words::time(words)?;
    words.take(&["to", "and", "until", "till", "-"]).then_some(())?;
    Some(Clause::Window(start, words::time(words)?))
}

/// `at 10:00 and 18:00`, `10:00`
fn times(words: &mut Words<'_>, _: &Schedule) -> Option<Clause> {
    words.take(&["at", "@"]);
    words.list(words::time).map(Clause::Times)
}

/// `on Monday and Friday`, `weekdays`
fn days(words: &mut Words<'_>, _: &Schedule) -> Option<Clause> {
    words.take(&["on"]);
    some_days(words).map(Clause::Days)
}

fn some_days(words: &mut Words<'_>) -> Option<Days> {
    words.take(&["the"]);
    let part = |word: &str| match word.to_ascii_lowercase().as_str() {
        "weekday" | "weekdays" | "workday" | "workdays" => Some("weekdays"),
        "weekend" | "weekends" => Some("weekends"),
        _ => None,
    };
    if let Some(part) = words.take_as(part) {
        return Some(Days::Part(part));
    }
    if let Some(days) = words.list(|words| words.take_as(words::weekday)) {
        return Some(Days::Week(days));
    }
    if let Some(date) = words.attempt(date) {
        return Some(Days::Year(date));
    }
    words.list(day_of_month).map(Days::Month)
}

/// `25 December`, `December 25th`, `25th of December`
fn date(words: &mut Words<'_>) -> Option<String> {
    let day = words.take_as(words::day_of_month);
    if day.is_some() {
        words.take(&["of"]);
    }
    let month = words.take_as(words::month)?;
    let day = day.or_else(|| words.take_as(words::day_of_month))?;
    Some(format!("{month} {}", ordinal(day)))
}

/// `1st`, `last day`, `first Monday`
fn day_of_month(words: &mut Words<'_>) -> Option<String> {
    let weekday = words.attempt(|words| {
        let nth = words.take_as(words::nth)?;
        let weekday = words.take_as(words::weekday)?;
        Some(format!("{nth} {weekday}"))
    });
    let last = |words: &mut Words<'_>| {
        (words.take(&["last"]) && words.take(&["day"])).then(|| "last day".to_owned())
    };
    let first = |words: &mut Words<'_>| (words.take(&["first"]) && words.take(&["day"])).then(|| ordinal(1));
    let numbered = |words: &mut Words<'_>| {
        let marked = |word: &str| {
            word.ends_with(|c: char| c.is_ascii_alphabetic())
                .then(|| words::day_of_month(word))?
        };
        let day = words.take_as(marked)?;
        words.take(&["day"]);
        Some(ordinal(day))
    };
    weekday
        .or_else(|| words.attempt(last))
        .or_else(|| words.attempt(first))
        .or_else(|| words.attempt(numbered))
}
