//! The days of cron expressions against a calendar that looks at every day.

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;
use rocketry_syntax::Cron;

/// An item of the field for the days of the month.
#[derive(Clone, Copy, Debug)]
enum OfMonth {
    Day(u32),
    BeforeLast(u32),
    Near(u32),
    NearLast(u32),
}

/// An item of the field for the days of the week, Sunday being 0; the days may be a range that wraps.
#[derive(Clone, Copy, Debug)]
enum OfWeek {
    Every(u32, u32),
    Nth(u32, u32, u32),
    Last(u32, u32),
}

impl OfMonth {
    fn text(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::BeforeLast(0) => "L".to_owned(),
            Self::BeforeLast(days) => format!("L-{days}"),
            Self::Near(day) => format!("{day}W"),
            Self::NearLast(0) => "LW".to_owned(),
            Self::NearLast(days) => format!("L-{days}W"),
        }
    }

    fn has(self, date: NaiveDate) -> bool {
        let last = month(date).last().expect("a month has days").day();
        match self {
            Self::Day(day) => date.day() == day,
            Self::BeforeLast(days) => date.day() + days == last,
            Self::Near(day) => is_nearest(date, day),
            Self::NearLast(days) => days < last && is_nearest(date, last - days),
        }
    }
}

/// Whether a date is the one of Monday to Friday in its month that is nearest to a day of that month.
fn is_nearest(date: NaiveDate, day: u32) -> bool {
    let workdays = month(date).filter(|date| date.weekday().num_days_from_monday() < 5);
    let nearest = workdays.min_by_key(|date| date.day().abs_diff(day));
    date.with_day(day).is_some() && nearest == Some(date)
}

impl OfWeek {
    fn text(self) -> String {
        let days = |first, last| {
            if first == last {
                format!("{first}")
            } else {
                format!("{first}-{last}")
            }
        };
        match self {
            Self::Every(first, last) => days(first, last),
            Self::Nth(first, last, week) => format!("{}#{week}", days(first, last)),
            Self::Last(first, last) => format!("{}#L", days(first, last)),
        }
    }

    fn has(self, date: NaiveDate) -> bool {
        let (Self::Every(first, last) | Self::Nth(first, last, _) | Self::Last(first, last)) = self;
        let weekday = date.weekday().num_days_from_sunday();
        let is_named = (weekday + 7 - first) % 7 <= (last + 7 - first) % 7;
        let is_in_week = match self {
            Self::Every(..) => true,
            Self::Nth(.., week) => date.day().div_ceil(7) == week,
            Self::Last(..) => (date + Days::new(7)).month() != date.month(),
        };
        is_named && is_in_week
    }
}

/// The days of the month that a date is in.
fn month(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let first = date.with_day(1).expect("a month has a first day");
    first
        .iter_days()
        .take_while(move |day| day.month() == date.month())
}

fn of_month() -> impl Strategy<Value = OfMonth> {
    prop_oneof![
        (1..=31_u32).prop_map(OfMonth::Day),
        (0..=30_u32).prop_map(OfMonth::BeforeLast),
        (1..=31_u32).prop_map(OfMonth::Near),
        (0..=30_u32).prop_map(OfMonth::NearLast),
    ]
}

fn of_week() -> impl Strategy<Value = OfWeek> {
    let days = || prop_oneof![(0..7_u32).prop_map(|day| (day, day)), (0..7_u32, 0..7_u32)];
    prop_oneof![
        days().prop_map(|(first, last)| OfWeek::Every(first, last)),
        (days(), 1..=5_u32).prop_map(|((first, last), week)| OfWeek::Nth(first, last, week)),
        days().prop_map(|(first, last)| OfWeek::Last(first, last)),
    ]
}

fn list<T: std::fmt::Debug>(item: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(item, 0..4)
}

/// The text of a list; an empty one is every day.
fn field(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        "*".to_owned()
    } else {
        items.join(",")
    }
}

proptest! {
    #[test]
    fn the_days_are_those_that_the_fields_name(
        days in list(of_month()),
        weekdays in list(of_week()),
        and in select(vec!["", "+"]),
        year in 1990..2110_i32,
        number in 1..=12_u32,
    ) {
        let text = format!(
            "0 0 {} * {and}{}",
            field(days.iter().map(|item| item.text())),
            field(weekdays.iter().map(|item| item.text())),
        );
        let first = NaiveDate::from_ymd_opt(year, number, 1).expect("a date");
        let has = |date: NaiveDate| {
            let (day, weekday) = (days.iter().any(|item| item.has(date)), weekdays.iter().any(|item| item.has(date)));
            match (days.is_empty(), weekdays.is_empty()) {
                (true, true) => true,
                (false, true) => day,
                (true, false) => weekday,
                (false, false) if and == "+" => day && weekday,
                (false, false) => day || weekday,
            }
        };
        let expected: Vec<u32> = month(first).filter(|date| has(*date)).map(|date| date.day()).collect();
        let Ok(cron) = Cron::parse(&text, false) else {
            prop_assert_eq!(expected, [] as [u32; 0], "{} is refused", text);
            return Ok(());
        };
        let begins_on = i64::from(first.weekday().num_days_from_sunday());
        let length = i64::try_from(month(first).count()).expect("a month is short");
        let found = cron.sets().days(begins_on, length);
        let found: Vec<u32> = (1..=31).filter(|day| found >> day & 1 == 1).collect();
        prop_assert_eq!(found, expected, "{} in {}", text, first);
    }
}
