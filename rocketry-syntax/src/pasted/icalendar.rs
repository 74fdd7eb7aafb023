//! Recurrence rules of iCalendar: `RRULE:FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9`.

use super::schedule::{Days, Schedule, ordinal};
use super::{Advice, words};

pub(super) fn read(text: &str) -> Option<Advice> {
    let rule = text.strip_prefix("RRULE:").unwrap_or(text);
    if !rule.split(';').any(|part| part.starts_with("FREQ=")) {
        return None;
    }
    let schedule = Rule::read(rule).and_then(Rule::schedule);
    let remark = schedule.as_ref().map(Schedule::remark).unwrap_or_default();
    Some(Advice::new(
        format!("this is a recurrence rule of iCalendar{remark}"),
        schedule.and_then(|schedule| schedule.statement()),
    ))
}

/// The parts of a rule that a statement can say.
#[derive(Default)]
struct Rule<'t> {
    schedule: Schedule,
    unit: &'static str,
    interval: u32,
    hours: Vec<&'t str>,
    minute: Option<&'t str>,
}

impl<'t> Rule<'t> {
    /// Reads a rule of which every part is known.
    fn read(text: &'t str) -> Option<Self> {
        let mut rule = Self {
            interval: 1,
            ..Self::default()
        };
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=')?;
            rule.add(key, value)?;
        }
        Some(rule)
    }

    fn add(&mut self, key: &str, value: &'t str) -> Option<()> {
        match key {
            "FREQ" => self.unit = unit(value)?,
            "INTERVAL" => self.interval = words::number(value)?,
            "BYHOUR" => self.hours = value.split(',').collect(),
            "BYMINUTE" => self.minute = Some(value),
            "BYDAY" => self.schedule.days = Some(days(value)?),
            "BYMONTHDAY" => self.schedule.days = Some(days_of_month(value)?),
            "COUNT" => self.schedule.limits.push(format!("at most {value} runs")),
            "UNTIL" => self.schedule.limits.push(format!("until {}", date(value)?)),
            "WKST" if value == "MO" => {}
            "BYSECOND" if value == "0" => {}
            _ => return None,
        }
        Some(())
    }

    fn schedule(mut self) -> Option<Schedule> {
        if self.hours.is_empty() && self.minute.is_some() {
            return None;
        }
        let minute = self.minute.unwrap_or("0");
        for hour in self.hours {
            self.schedule.times.push(format!("{hour:0>2}:{minute:0>2}"));
        }
        self.schedule.cadence = Some((self.interval, self.unit));
        Some(self.schedule)
    }
}

fn unit(frequency: &str) -> Option<&'static str> {
    Some(match frequency {
        "SECONDLY" => "second",
        "MINUTELY" => "minute",
        "HOURLY" => "hour",
        "DAILY" => "day",
        "WEEKLY" => "week",
        "MONTHLY" => "month",
        "YEARLY" => "year",
        _ => return None,
    })
}

/// `MO,WE`, `1MO` or `-1FR`.
fn days(value: &str) -> Option<Days> {
    if value == "MO,TU,WE,TH,FR" {
        return Some(Days::Part("weekdays"));
    }
    let items = value.split(',').map(|item| {
        let (nth, day) = item.split_at_checked(item.len().checked_sub(2)?)?;
        Some((nth, weekday(day)?))
    });
    let items: Vec<_> = items.collect::<Option<_>>()?;
    if items.iter().all(|(nth, _)| nth.is_empty()) {
        return Some(Days::Week(items.into_iter().map(|(_, day)| day).collect()));
    }
    let nth_days = items
        .into_iter()
        .map(|(nth, day)| Some(format!("{} {day}", ordinal_word(nth)?)));
    nth_days.collect::<Option<_>>().map(Days::Month)
}

fn ordinal_word(number: &str) -> Option<&'static str> {
    match number.trim_start_matches('+') {
        "1" => Some("first"),
        "2" => Some("second"),
        "3" => Some("third"),
        "4" => Some("fourth"),
        "5" => Some("fifth"),
        "-1" => Some("last"),
        _ => None,
    }
}

fn weekday(letters: &str) -> Option<&'static str> {
    let short = match letters {
        "MO" => "Mon",
        "TU" => "Tue",
        "WE" => "Wed",
        "TH" => "Thu",
        "FR" => "Fri",
        "SA" => "Sat",
        "SU" => "Sun",
        _ => return None,
    };
    words::weekday(short)
}

fn days_of_month(value: &str) -> Option<Days> {
    let day = |day: &str| match day {
        "-1" => Some("last day".to_owned()),
        day => words::day_of_month(day).map(ordinal),
    };
    value.split(',').map(day).collect::<Option<_>>().map(Days::Month)
}

/// `2026-12-01` from `20261201` or `20261201T000000Z`.
fn date(value: &str) -> Option<String> {
    let digits = value
        .get(..8)
        .filter(|date| date.bytes().all(|b| b.is_ascii_digit()))?;
    Some(format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]))
}
