//! Parses the days in the text of a file.

use std::path::Path;

use chrono::NaiveDate;

use super::given::Given;

/// The days in a file, whose extension determines the format.
pub(super) fn read(path: &Path, text: &str) -> Result<Given, String> {
    let is_calendar = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("ics"));
    if is_calendar { events(text) } else { dates(text) }
}

/// Each date in the text that does not follow a `#`.
fn dates(text: &str) -> Result<Given, String> {
    let mut given = Given::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':'))) {
            let word = word.split('T').next().unwrap_or_default();
            if is_date(word) {
                let date = word.parse();
                given
                    .dates
                    .push(date.map_err(|_| format!("line {}: there is no day `{word}`", index + 1))?);
            }
        }
    }
    Ok(given)
}

/// Returns true if a word has the form of a date.
fn is_date(word: &str) -> bool {
    let mut lengths = word.split('-').map(|part| {
        let is_number = part.bytes().all(|b| b.is_ascii_digit());
        if is_number { part.len() } else { 0 }
    });
    (lengths.next(), lengths.next(), lengths.next(), lengths.next()) == (Some(4), Some(2), Some(2), None)
}

/// An event of an iCalendar file, as far as it was read.
#[derive(Default)]
struct Event {
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
    is_yearly: bool,
}

/// The days of the events of an iCalendar file.
fn events(text: &str) -> Result<Given, String> {
    let mut given = Given::default();
    let mut event = Event::default();
    for (index, line) in unfolded(text) {
        let told = |mistake: String| format!("line {index}: {mistake}");
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        match (name.split(';').next().unwrap_or_default(), value) {
            ("BEGIN", "VEVENT") => event = Event::default(),
            ("DTSTART", value) => event.start = Some(day(value).map_err(told)?),
            ("DTEND", value) => event.end = Some(day(value).map_err(told)?),
            ("RRULE", rule) => event.is_yearly = is_each_year(rule).map_err(told)?,
            ("END", "VEVENT") => event.add_to(&mut given),
            _ => {}
        }
    }
    Ok(given)
}

impl Event {
    /// Adds the days of the event. Its end is exclusive.
    fn add_to(&self, given: &mut Given) {
        let Some(start) = self.start else { return };
        let end = self.end.unwrap_or(start);
        let later = start.iter_days().skip(1).take_while(|day| *day < end);
        let days = std::iter::once(start).chain(later);
        if self.is_yearly {
            given.yearly.extend(days);
        } else {
            given.dates.extend(days);
        }
    }
}

/// The logical lines with their numbers. A line that begins with a blank continues the previous one.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            _ => lines.push((index + 1, line.to_owned())),
        }
    }
    lines
}

/// The day of `20261225` or `20261225T090000Z`.
fn day(value: &str) -> Result<NaiveDate, String> {
    let digits = value.split('T').next().unwrap_or_default();
    NaiveDate::parse_from_str(digits, "%Y%m%d")
        .map_err(|_| format!("expected a date such as `20261225`, found `{value}`"))
}

/// Returns true if a rule repeats an event on the same day of each year, without an end.
fn is_each_year(rule: &str) -> Result<bool, String> {
    let plain = |part: &str| {
        let part = part.to_ascii_uppercase();
        part == "FREQ=YEARLY" || part == "INTERVAL=1" || part.starts_with("WKST=")
    };
    if rule.split(';').all(plain) {
        Ok(true)
    } else {
        Err(format!(
            "only `FREQ=YEARLY` is understood, not `{rule}`; write the days out, or give a function of the year"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(dates: &[NaiveDate]) -> Vec<String> {
        dates.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_date_of_a_text_counts_but_for_remarks() {
        let toml = "# 2020-01-01\nholidays = [\"2026-12-25\", 2026-12-26] # and 2026-12-27\n[other]\nday = 2027-01-01T00:00:00Z\n";
        let given = read(Path::new("days.toml"), toml).unwrap();
        assert_eq!(days(&given.dates), ["2026-12-25", "2026-12-26", "2027-01-01"]);
        let csv = "date,name\n2026-05-01,Labour Day 1-2-3\n2026-12-25,\"Christmas\"\n";
        let given = read(Path::new("days.csv"), csv).unwrap();
        assert_eq!(days(&given.dates), ["2026-05-01", "2026-12-25"]);
        let mistake = read(Path::new("days.csv"), "a\n2026-02-30\n").err();
        assert_eq!(mistake.as_deref(), Some("line 2: there is no day `2026-02-30`"));
    }

    #[test]
    fn events_of_a_calendar_are_days() {
        let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Christ\r\n mas\r\nDTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=\r\n \
                   DATE:20261227\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20250101T000000Z\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n";
        let given = read(Path::new("days.ICS"), ics).unwrap();
        assert_eq!(days(&given.dates), ["2026-12-24", "2026-12-25", "2026-12-26"]);
        assert_eq!(days(&given.yearly), ["2025-01-01"]);
        let mistake = events("BEGIN:VEVENT\nRRULE:FREQ=MONTHLY\n").err();
        assert!(mistake.is_some_and(|mistake| mistake.starts_with("line 2: only `FREQ=YEARLY`")));
    }
}
