//! Dates and lengths of ISO 8601: `2026-07-04T12:00`, `PT15M`, `R/P1D`.

use super::{Advice, every};

/// The letters of lengths, with the units that statements know; those of the time stand after `T`.
const DATE_UNITS: [(char, &str); 2] = [('W', "weeks"), ('D', "days")];
const TIME_UNITS: [(char, &str); 3] = [('H', "hours"), ('M', "minutes"), ('S', "seconds")];

pub(super) fn read(text: &str) -> Option<Advice> {
    if let Some(instant) = instant(text.strip_prefix("at ").unwrap_or(text)) {
        return Some(Advice::new(
            "a single date is written with `once at`",
            Some(format!("once at {instant}")),
        ));
    }
    let repeated = text.strip_prefix('R').and_then(|rest| rest.split_once('/'));
    let length = match repeated {
        Some(("", length)) => length,
        Some(_) => return None,
        None => text,
    };
    let statement = every(&length_in_words(length)?);
    Some(Advice::new("this is a length of time in ISO 8601", statement))
}

/// `1 days 2 hours` from `P1DT2H`.
fn length_in_words(text: &str) -> Option<String> {
    let rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut words = Vec::new();
    pieces(date, &DATE_UNITS, &mut words)?;
    pieces(time, &TIME_UNITS, &mut words)?;
    (!words.is_empty()).then(|| words.join(" "))
}

fn pieces(mut text: &str, units: &[(char, &str)], words: &mut Vec<String>) -> Option<()> {
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, rest) = text.split_at(end);
        let (_, unit) = units.iter().find(|(letter, _)| rest.starts_with(*letter))?;
        number.parse::<f64>().ok()?;
        words.push(format!("{number} {unit}"));
        text = &rest[1..];
    }
    Some(())
}

/// `2026-07-04 12:00` from that, with a `T`, or with seconds.
pub(super) fn instant(text: &str) -> Option<String> {
    let date = text.get(..10).filter(|date| is_date(date))?;
    let time = text[10..].trim_start_matches([' ', 'T']);
    let time = time
        .strip_suffix(":00")
        .filter(|time| time.contains(':'))
        .unwrap_or(time);
    let is_time =
        time.is_empty() || (time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || b == b':'));
    is_time.then(|| format!("{date} {time}").trim_end().to_owned())
}

fn is_date(text: &str) -> bool {
    let matches = |(b, pattern)| {
        if pattern == b'0' {
            u8::is_ascii_digit(&b)
        } else {
            b == pattern
        }
    };
    text.len() == 10 && text.bytes().zip(*b"0000-00-00").all(matches)
}
