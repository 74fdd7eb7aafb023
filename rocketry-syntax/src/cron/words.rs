//! A cron expression in words.

use super::Cron;
use super::sets::{DaysOfMonth, DaysOfWeek};
use crate::bound::{MONTHS, WEEKDAYS, ending};

/// How many times of day are listed one by one.
const MOST_TIMES: usize = 6;

const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

impl Cron {
    /// Returns when it matches, in words.
    ///
    /// ```
    /// use rocketry_syntax::Cron;
    ///
    /// let words = |fields: &str| Cron::parse(fields, false).unwrap().words();
    /// assert_eq!(words("30 9 * * Mon-Fri"), "at 09:30, on Monday to Friday");
    /// assert_eq!(words("*/5 9-17 * * *"), "every 5 minutes of the hours 9 to 17");
    /// assert_eq!(words("0 9 13 * Fri"), "at 09:00, on the 13th or on Friday");
    /// ```
    pub fn words(&self) -> String {
        let months = values(self.sets.months, 1..=12);
        let mut words = self.time();
        if let Some(days) = self.days() {
            words += ", on ";
            words += &days;
        }
        if months.len() < 12 {
            words += ", in ";
            words += &listed(&months, |month| MONTHS[usize::from(month) - 1].to_owned());
        }
        words
    }

    fn time(&self) -> String {
        let seconds = values(self.sets.seconds, 0..=59);
        let (minutes, hours) = (values(self.sets.minutes, 0..=59), values(self.sets.hours, 0..=23));
        let times = minutes.len() * hours.len() * seconds.len();
        if times <= MOST_TIMES {
            let all = hours
                .iter()
                .flat_map(|hour| minutes.iter().map(move |minute| (hour, minute)));
            let all = all.flat_map(|(hour, minute)| {
                let second = |second: &u8| {
                    let time = format!("{hour:02}:{minute:02}");
                    if self.seconds {
                        format!("{time}:{second:02}")
                    } else {
                        time
                    }
                };
                seconds.iter().map(second).collect::<Vec<_>>()
            });
            return format!("at {}", all.collect::<Vec<_>>().join(", "));
        }
        let mut words = String::new();
        if self.seconds {
            words = part(&seconds, 60, "second");
            words.push_str(&of(&minutes, 60, "minute", !words.starts_with("every")));
        } else {
            words.push_str(&part(&minutes, 60, "minute"));
        }
        words + &of(&hours, 24, "hour", minutes.len() == 1)
    }

    fn days(&self) -> Option<String> {
        let of_month = self.sets.days_of_month.as_ref().map(days_of_month);
        let of_week = self.sets.days_of_week.as_ref().map(days_of_week);
        match (of_month, of_week) {
            (Some(month), Some(week)) if self.sets.both_days => Some(format!("{month} if that is {week}")),
            (Some(month), Some(week)) => Some(format!("{month} or on {week}")),
            (month, week) => month.or(week),
        }
    }
}

fn days_of_month(named: &DaysOfMonth) -> String {
    let nth = |day: u8| format!("{day}{}", ending(day));
    let mut days = Vec::new();
    let plain = values(named.days, 1..=31);
    if !plain.is_empty() {
        days.push(format!("the {}", listed(&plain, nth)));
    }
    let nearest = values(named.nearest_weekday, 1..=31);
    days.extend(
        nearest
            .into_iter()
            .map(|day| format!("the weekday nearest to the {}", nth(day))),
    );
    days.extend(
        values(named.before_last, 0..=31)
            .into_iter()
            .map(|days| match days {
                0 => "the last day of the month".to_owned(),
                1 => "the day before the last of the month".to_owned(),
                days => format!("the day {days} days before the last of the month"),
            }),
    );
    days.extend(
        values(named.weekday_before_last, 0..=31)
            .into_iter()
            .map(|days| match days {
                0 => "the last weekday of the month".to_owned(),
                1 => "the weekday nearest to the day before the last of the month".to_owned(),
                days => format!("the weekday nearest to {days} days before the last of the month"),
            }),
    );
    days.join(", ")
}

fn days_of_week(named: &DaysOfWeek) -> String {
    let name = |day: u8| WEEKDAYS[usize::from(day)].to_owned();
    let mut days = Vec::new();
    let plain = weekdays(named.days);
    if !plain.is_empty() {
        days.push(listed(&plain, name));
    }
    for (week, ordinal) in named.of_week.into_iter().zip(ORDINALS) {
        let of_week = weekdays(week).into_iter();
        days.extend(of_week.map(|day| format!("the {ordinal} {} of the month", name(day))));
    }
    let last = weekdays(named.last).into_iter();
    days.extend(last.map(|day| format!("the last {} of the month", name(day))));
    days.join(", ")
}

/// The days of the week in a set in which Sunday is 0, by their places in a week that begins on Monday.
fn weekdays(set: u64) -> Vec<u8> {
    values(set >> 1 | (set & 1) << 6, 0..=6)
}

/// The values of the first part of the time: `every 5 minutes`, `at the minutes 0, 40`.
fn part(values: &[u8], of: usize, unit: &str) -> String {
    match values {
        _ if values.len() == of => format!("every {unit}"),
        [value] => format!("at {unit} {value}"),
        [0, step, ..] if of.is_multiple_of(usize::from(*step)) && of / usize::from(*step) == values.len() => {
            format!("every {step} {unit}s")
        }
        _ => format!("at the {unit}s {}", listed(values, |value| value.to_string())),
    }
}

/// The values of a later part: ` of the hours 9 to 17`. All of them need no word unless `always`.
fn of(values: &[u8], of: usize, unit: &str, always: bool) -> String {
    match values {
        _ if values.len() == of && always => format!(" of every {unit}"),
        _ if values.len() == of => String::new(),
        [value] => format!(" of the {unit} {value}"),
        _ => format!(" of the {unit}s {}", listed(values, |value| value.to_string())),
    }
}

/// The values in a set.
fn values(set: u64, range: std::ops::RangeInclusive<u8>) -> Vec<u8> {
    range.filter(|value| set >> value & 1 == 1).collect()
}

/// A list in which three and more values that follow each other are a range: `1 to 3, 7`.
fn listed(values: &[u8], name: impl Fn(u8) -> String) -> String {
    let runs = values.chunk_by(|value, next| value + 1 == *next);
    let words = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{} to {}", name(*first), name(*last))],
        run => run.iter().map(|value| name(*value)).collect(),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::Cron;

    #[test]
    fn every_field_has_words() {
        let words = |fields: &str| Cron::parse(fields, false).unwrap().words();
        assert_eq!(words("* * * * *"), "every minute");
        assert_eq!(words("0 * * * *"), "at minute 0 of every hour");
        assert_eq!(words("*/40 * * * *"), "at the minutes 0, 40");
        assert_eq!(words("0 2,14 * * *"), "at 02:00, 14:00");
        assert_eq!(words("*/15 9 * * *"), "at 09:00, 09:15, 09:30, 09:45");
        assert_eq!(words("* 9 * * *"), "every minute of the hour 9");
        assert_eq!(words("0 0 1 1,7 *"), "at 00:00, on the 1st, in January, July");
        assert_eq!(
            words("15 10 LW * ?"),
            "at 10:15, on the last weekday of the month"
        );
        assert_eq!(
            words("0 6 L-3,15W 3-5 *"),
            "at 06:00, on the weekday nearest to the 15th, the day 3 days before the last of the month, in March to May"
        );
        assert_eq!(
            words("0 0 * * 5#2"),
            "at 00:00, on the second Friday of the month"
        );
        assert_eq!(words("0 0 * * 5L"), "at 00:00, on the last Friday of the month");
        assert_eq!(words("0 0 * * Sat,Sun"), "at 00:00, on Saturday, Sunday");
        assert_eq!(words("0 9 13 * +Fri"), "at 09:00, on the 13th if that is Friday");
    }

    #[test]
    fn seconds_have_words() {
        let words = |fields: &str| Cron::parse(fields, true).unwrap().words();
        assert_eq!(words("*/10 * * * * *"), "every 10 seconds");
        assert_eq!(words("30 0 9 * * *"), "at 09:00:30");
        assert_eq!(words("5 * * * * *"), "at second 5 of every minute");
        assert_eq!(
            words("*/10 0 9-17 * * *"),
            "every 10 seconds of the minute 0 of the hours 9 to 17"
        );
    }
}
