//! When a cron expression may match.

use super::stretches::{Ranges, days_before, merged, month_length};
use crate::cron::{Cron, CronSets, DaysOfMonth, DaysOfWeek};
use crate::duration::{DAY, HOUR, MINUTE, SECOND, WEEK};

/// No clock skips more of a day, unless it skips the day. What it skips of fixed times comes at the end of the gap.
const LONGEST_GAP: u64 = 3 * HOUR;
const YEAR: u64 = 366 * DAY;

/// The times of a week at which a match may be open.
pub(super) fn of_week(cron: &Cron) -> Option<Ranges> {
    let (sets, length) = (cron.sets(), length(cron)?);
    // Sunday is 0 in the one, and the last day of the week in the other.
    let days = values(weekdays(sets)).map(|day| (day + 6) % 7);
    Some(on_days(sets, days, length, WEEK))
}

/// The times of a month, where it is certain which days they are on.
pub(super) fn of_month(cron: &Cron) -> Option<Ranges> {
    let (sets, length) = (cron.sets(), length(cron)?);
    let named = sets
        .days_of_month
        .filter(|_| sets.both_days || sets.days_of_week.is_none())?;
    let plain = DaysOfMonth {
        days: named.days,
        ..DaysOfMonth::default()
    };
    // Not every month has the last ones, and what goes on after them is in the next.
    let certain = named == plain && values(named.days).all(|day| day < 27);
    certain.then(|| on_days(sets, values(named.days).map(|day| day - 1), length, 31 * DAY))
}

/// The times on some days of a cycle. Those of an hour are not told apart.
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

/// How long a match may be open, from the reading of the clock on; `None` if that is long.
fn length(cron: &Cron) -> Option<u64> {
    let gap = if cron.sets().fixed_time { LONGEST_GAP } else { 0 };
    // The seconds of a minute are not told apart.
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

/// Stretches of a cycle that go on at its start where they reach over its end.
fn repeating(starts: impl Iterator<Item = u64>, length: u64, cycle: u64) -> Ranges {
    let stretches = starts.flat_map(|start| {
        let end = start + length;
        [start..end.min(cycle), 0..end.saturating_sub(cycle)]
    });
    merged(stretches.collect())
}
