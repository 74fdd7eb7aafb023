//! Schedules of cloud services: `rate(5 minutes)`, `cron(0 18 ? * MON-FRI *)`, `at(2026-07-04T12:00:00)`.

use super::{Advice, crontab, every, iso8601};
use crate::cron::no_year;

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

pub(super) fn read(text: &str) -> Option<Advice> {
    let (name, inner) = text.strip_suffix(')')?.split_once('(')?;
    match name {
        "rate" => Some(Advice::new(
            "`rate(…)` is how AWS writes an interval",
            every(inner),
        )),
        "cron" => cron(inner),
        "at" => Some(Advice::new(
            "`at(…)` is how AWS writes a single date",
            Some(format!("once at {}", iso8601::instant(inner)?)),
        )),
        _ => None,
    }
}

fn cron(inner: &str) -> Option<Advice> {
    let said = "`cron(…)` is how AWS writes a cron expression";
    let fields: Vec<&str> = inner.split_whitespace().collect();
    match fields.as_slice() {
        [fields @ .., day_of_week, year] if fields.len() == 4 => {
            if *year != "*" {
                let said = format!("{said}; {}", no_year(year));
                return Some(Advice::new(said, None));
            }
            let day_of_week = from_sunday(day_of_week);
            let statement = format!(
                "cron {} {}",
                crontab::starred(fields),
                crontab::starred(&[&day_of_week])
            );
            Some(Advice::new(said, Some(statement)))
        }
        fields if fields.len() == 5 => Some(Advice::new(
            "a cron expression stands here without parentheses",
            Some(format!("cron {}", crontab::starred(fields))),
        )),
        _ => None,
    }
}

/// A day of the week as cron has it, from one in which Sunday is 1: `2-6` is `MON-FRI`, `6L` is `5L`.
fn from_sunday(field: &str) -> String {
    let items = field.split(',').map(|item| {
        let end = item.find(['#', '/']).unwrap_or(item.len());
        let (days, rest) = item.split_at(end);
        let days: Vec<String> = days.split('-').map(day_from_sunday).collect();
        days.join("-") + rest
    });
    items.collect::<Vec<_>>().join(",")
}

fn day_from_sunday(day: &str) -> String {
    let digits = day.trim_end_matches('L');
    match digits.parse::<usize>() {
        Ok(number @ 1..=7) if digits == day => WEEKDAYS[number - 1].to_owned(),
        Ok(number @ 1..=7) => format!("{}L", number - 1),
        _ => day.to_owned(),
    }
}
