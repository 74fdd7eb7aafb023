//! Days in sentences: `Monday and Friday`, `Mon-Fri`, `25 December`, `the last day`, `first Monday`.

use super::schedule::{Days, ordinal};
use super::words::{self, Words};
use crate::bound::WEEKDAYS;

/// Takes what stands after `on` or `every`.
pub(super) fn some_days(words: &mut Words<'_>) -> Option<Days> {
    words.take(&["the"]);
    let part = |word: &str| match word.to_ascii_lowercase().as_str() {
        "weekday" | "weekdays" | "workday" | "workdays" => Some("weekdays"),
        "weekend" | "weekends" => Some("weekends"),
        _ => None,
    };
    if let Some(part) = words.take_as(part) {
        return Some(Days::Part(part));
    }
    if let Some(days) = words.attempt(range_of_weekdays) {
        return Some(days);
    }
    if let Some(days) = words.list(|words| words.take_as(words::weekday)) {
        return Some(Days::Week(days));
    }
    if let Some(date) = words.attempt(date) {
        return Some(Days::Year(date));
    }
    words.list(day_of_month).map(Days::Month)
}

/// `Monday to Friday`, `Mon-Fri`
fn range_of_weekdays(words: &mut Words<'_>) -> Option<Days> {
    let glued = |word: &str| {
        let (first, last) = word.split_once(['-', '–'])?;
        Some((words::weekday(first)?, words::weekday(last)?))
    };
    let (first, last) = words.take_as(glued).or_else(|| {
        let first = words.take_as(words::weekday)?;
        words.take(&["to", "-", "through", "until"]).then_some(())?;
        Some((first, words.take_as(words::weekday)?))
    })?;
    Some(match (first, last) {
        ("Monday", "Friday") => Days::Part("weekdays"),
        ("Saturday", "Sunday") => Days::Part("weekends"),
        _ => {
            let days = WEEKDAYS.iter().cycle().skip_while(|day| **day != first).take(7);
            let before: Vec<_> = days.copied().take_while(|day| *day != last).collect();
            Days::Week(before.into_iter().chain([last]).collect())
        }
    })
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

/// `1st`, `last day`, `first Monday`, `first` of the month
fn day_of_month(words: &mut Words<'_>) -> Option<String> {
    words
        .attempt(nth_weekday)
        .or_else(|| words.attempt(edge_of_month))
        .or_else(|| words.attempt(numbered_day))
}

fn nth_weekday(words: &mut Words<'_>) -> Option<String> {
    let nth = words.take_as(words::nth)?;
    let weekday = words.take_as(words::weekday)?;
    Some(format!("{nth} {weekday}"))
}

fn edge_of_month(words: &mut Words<'_>) -> Option<String> {
    let is_last = words.begin_with(&["last"]);
    words.take(&["first", "last"]).then_some(())?;
    (words.take(&["day"]) || words.begin_with(&["of"])).then_some(())?;
    Some(if is_last {
        "last day".to_owned()
    } else {
        ordinal(1)
    })
}

fn numbered_day(words: &mut Words<'_>) -> Option<String> {
    let marked = |word: &str| {
        let is_ordinal = word.ends_with(|c: char| c.is_ascii_alphabetic());
        words::day_of_month(word).filter(|_| is_ordinal)
    };
    let day = words.take_as(marked)?;
    words.take(&["day"]);
    Some(ordinal(day))
}
