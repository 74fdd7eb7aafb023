//! The times at which a cron expression may match.

use std::ops::Range;

use super::civil::{first_day, month_of, month_of_year, weekday};
use super::clocks::earliest;
use super::stretches::{Ranges, days_before, merged, month_length, wrapped};
use crate::cron::{Cron, CronSets, DaysOfMonth, DaysOfWeek};
use crate::duration::{DAY, HOUR, MINUTE, SECOND, WEEK};

/// The longest gap of any clock, unless it skips a whole day. Fixed times in a gap run at its end.
const LONGEST_GAP: u64 = 3 * HOUR;
const YEAR: u64 = 366 * DAY;

/// The times of a week at which a match may last.
pub(super) fn of_week(cron: &Cron) -> Option<Ranges> {
    let (sets, length) = (cron.sets(), length(cron)?);
    // Cron numbers Sunday as 0; in the cycle, Sunday is the last day of the week.
    let days = values(weekdays(sets)).map(|day| (day + 6) % 7);
    Some(on_days(sets, days, length, WEEK))
}

/// The times of a month, if their days are certain.
pub(super) fn of_month(cron: &Cron) -> Option<Ranges> {
    let (sets, length) = (cron.sets(), length(cron)?);
    let named = sets
        .days_of_month
        .filter(|_| sets.both_days || sets.days_of_week.is_none())?;
    let plain = DaysOfMonth {
        days: named.days,
        ..DaysOfMonth::default()
    };
    // Not every month has the last days, and a match on one may last into the next month.
    let certain = named == plain && values(named.days).all(|day| day < 27);
    certain.then(|| on_days(sets, values(named.days).map(|day| day - 1), length, 31 * DAY))
}

/// The times of a day at which a match may last, which may end on the next day.
pub(super) fn of_day(cron: &Cron) -> Option<Ranges> {
    let length = length(cron)?;
    Some(merged(in_hours(cron.sets(), length).collect()))
}

/// Returns true if a day, by its number, matches.
pub(super) fn is_on(cron: &Cron, day: u64) -> bool {
    let month = month_of(day);
    let (first, end) = (first_day(month), first_day(month + 1));
    // Cron numbers Sunday as 0.
    let [begins_on, length] = [(weekday(first) + 1) % 7, end - first].map(u64::cast_signed);
    let days = cron.sets().days(begins_on, length);
    cron.sets().months >> month_of_year(month) & 1 == 1 && days >> (day - first + 1) & 1 == 1
}

/// The times on some days of a cycle.
fn on_days(sets: &CronSets, days: impl Iterator<Item = u64>, length: u64, cycle: u64) -> Ranges {
    let open = merged(in_hours(sets, length).collect());
    let times = days.flat_map(|day| {
        open.iter()
            .map(move |range| day * DAY + range.start..day * DAY + range.end)
    });
    wrapped(times, cycle)
}

/// The times of a day. Matches within an hour are merged.
fn in_hours(sets: &CronSets, length: u64) -> impl Iterator<Item = Range<u64>> {
    let [first, last] =
        [sets.minutes.trailing_zeros(), sets.minutes.ilog2()].map(|minute| u64::from(minute) * MINUTE);
    values(sets.hours).map(move |hour| {
        let start = hour * HOUR + first;
        // What is open when the clock is put back stays open.
        earliest(start)..start + last - first + length
    })
}

/// The times of a year.
pub(super) fn of_year(cron: &Cron) -> Option<Ranges> {
    let length = length(cron)?;
    let months = (1..=12_u8).filter(|month| cron.sets().months >> month & 1 == 1);
    let ranges = months.map(|month| {
        let start = days_before(month) * DAY;
        start..start + month_length(month) + length
    });
    Some(wrapped(ranges, YEAR))
}

/// How long a match may last by the wall clock; `None` if that is long.
fn length(cron: &Cron) -> Option<u64> {
    let is_moved = cron.sets().fixed_time || cron.grace().is_some();
    let gap = if is_moved { LONGEST_GAP } else { 0 };
    // Matches within a minute are not distinguished.
    let open = cron.grace().map_or(MINUTE, |grace| grace.0.max(SECOND) + MINUTE);
    (open < DAY).then_some(open + gap)
}

/// The days of the week that a match may be on, Sunday being 0.
fn weekdays(sets: &CronSets) -> u64 {
    let all = (1 << 7) - 1;
    let DaysOfWeek { days, of_week, last } = match sets.days_of_week {
        Some(named) if sets.both_days || sets.days_of_month.is_none() => named,
        _ => return all,
    };
    of_week.into_iter().fold(days | last, |all, days| all | days)
}

fn values(set: u64) -> impl Iterator<Item = u64> {
    (0..64).filter(move |value| set >> value & 1 == 1)
}
