//! The readings of a wall clock that a cron expression matches, field by field.

use rocketry_syntax::CronSets;

use super::toward::Toward;
use crate::time::civil::{DAY, first_day, month_of};
use crate::time::wall::Wall;

const SECOND: i64 = 1_000_000;
const SECONDS_OF_DAY: i64 = DAY / SECOND;

/// The nearest reading that matches, `from` included. There has to be one.
pub(super) fn nearest(sets: &CronSets, toward: Toward, from: Wall) -> Wall {
    let from = toward.second(from.micros());
    let (today, time) = (from.div_euclid(SECONDS_OF_DAY), from.rem_euclid(SECONDS_OF_DAY));
    let mut day = nearest_day(sets, toward, today);
    if day == today {
        if let Some(time) = nearest_time(sets, toward, time) {
            return reading(day, time);
        }
        day = nearest_day(sets, toward, today + toward.step());
    }
    let time = [sets.hours, sets.minutes, sets.seconds].map(|set| toward.first(set));
    reading(day, in_seconds(time))
}

const fn reading(day: i64, second: i64) -> Wall {
    Wall::new((day * SECONDS_OF_DAY + second) * SECOND)
}

/// The nearest day that matches, `from` included.
fn nearest_day(sets: &CronSets, toward: Toward, from: i64) -> i64 {
    let this_month = month_of(from);
    let mut month = nearest_month(sets, toward, this_month);
    if month == this_month {
        if let Some(day) = toward.nearest(days(sets, month), from - day_zero(month)) {
            return day_zero(month) + day;
        }
        month = nearest_month(sets, toward, month + toward.step());
    }
    loop {
        let days = days(sets, month);
        if days != 0 {
            return day_zero(month) + toward.first(days);
        }
        month = nearest_month(sets, toward, month + toward.step());
    }
}

/// The nearest month that matches, `from` included.
fn nearest_month(sets: &CronSets, toward: Toward, from: i64) -> i64 {
    let (year, month) = (from.div_euclid(12), from.rem_euclid(12) + 1);
    toward.nearest(sets.months, month).map_or_else(
        || (year + toward.step()) * 12 + toward.first(sets.months) - 1,
        |month| year * 12 + month - 1,
    )
}

/// The days that match in a month that matches: bit `n` is the day `n`.
fn days(sets: &CronSets, month: i64) -> u64 {
    let (first, length) = (first_day(month), first_day(month + 1) - first_day(month));
    // 1970-01-01 was a Thursday.
    sets.days((first + 4).rem_euclid(7), length)
}

/// The day before the first of a month.
fn day_zero(month: i64) -> i64 {
    first_day(month) - 1
}

/// The nearest time of day that matches, in seconds, `from` included.
fn nearest_time(sets: &CronSets, toward: Toward, from: i64) -> Option<i64> {
    let [hour, minute, second] = [from / 3_600, from / 60 % 60, from % 60];
    let [first_minute, first_second] = [sets.minutes, sets.seconds].map(|set| toward.first(set));
    let has = |set: u64, value: i64| set >> value & 1 == 1;
    let in_minute = || Some([hour, minute, toward.nearest(sets.seconds, second)?]);
    let in_hour = || {
        Some([
            hour,
            toward.nearest(sets.minutes, minute + toward.step())?,
            first_second,
        ])
    };
    let in_day = || {
        Some([
            toward.nearest(sets.hours, hour + toward.step())?,
            first_minute,
            first_second,
        ])
    };
    let now = has(sets.hours, hour)
        .then(|| {
            has(sets.minutes, minute)
                .then(in_minute)
                .flatten()
                .or_else(in_hour)
        })
        .flatten();
    now.or_else(in_day).map(in_seconds)
}

const fn in_seconds([hour, minute, second]: [i64; 3]) -> i64 {
    (hour * 60 + minute) * 60 + second
}
