//! The times at which a cron expression may match.

use super::stretches::{Ranges, days_before, merged, month_length};
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

/// The times on some days of a cycle. Matches within an hour are merged.
fn on_days(sets: &CronSets, days: impl Iterator<Item = u64>, length: u64, cycle: u64) -> Ranges {
    let [first, last] =
        [sets.minutes.trailing_zeros(), sets.minutes.ilog2()].map(|minute| u64::from(minute) * MINUTE);
    let starts = days.flat_map(|day| values(sets.hours).map(move |hour| day * DAY + hour * HOUR + first));
    repeating(starts, last - first + length, cycle)
}

/// The times of a year.
pub(super) fn of_year(cron: &Cron) -> Option<Ranges> {
    let length = length(cron)?;
    let months = (1..=12_u8).filter(|month| cron.sets().months >> month & 1 == 1);
    let ranges = months.flat_map(|month| {
        let start = days_before(month) * DAY;
        repeating([start].into_iter(), month_length(month) + length, YEAR)
    });
    Some(merged(ranges.collect()))
}

/// How long a match may last by the wall clock; `None` if that is long.
fn length(cron: &Cron) -> Option<u64> {
    let gap = if cron.sets().fixed_time { LONGEST_GAP } else { 0 };
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

/// Stretches of a cycle, which wrap around at its end.
fn repeating(starts: impl Iterator<Item = u64>, length: u64, cycle: u64) -> Ranges {
    let stretches = starts.flat_map(|start| {
        let end = start + length;
        [start..end.min(cycle), 0..end.saturating_sub(cycle)]
    });
    merged(stretches.collect())
}
