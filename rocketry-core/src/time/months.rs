//! Durations in calendar months.

use super::civil::{DAY, first_day, month_of};
use super::timestamp::Timestamp;
use super::wall::Wall;
use super::zone::Zone;

/// The same day and time a number of months later; the last day of a month that lacks it.
pub(crate) fn months_later(at: Timestamp, months: u32, zone: Zone) -> Timestamp {
    let wall = zone.wall(at);
    let (day, month) = (wall.day(), month_of(wall.day()));
    let later = month + i64::from(months);
    let date = (first_day(later) + day - first_day(month)).min(first_day(later + 1) - 1);
    let time = wall.micros() - day * DAY;
    zone.moment(Wall::new(date * DAY + time)).first()
}

/// When a task with an interval of months is next due, counted from when its last run was due. That run also
/// makes up for everything that was missed before it started.
pub(crate) fn next_in_months(due: Timestamp, started: Timestamp, months: u32, zone: Zone) -> Timestamp {
    let due = due.min(started);
    let month = |at: Timestamp| month_of(zone.wall(at).day());
    let gone = u32::try_from(month(started) - month(due)).unwrap_or(0) / months.max(1) * months.max(1);
    let next = months_later(due, gone, zone);
    if next > started {
        return next;
    }
    months_later(due, gone.saturating_add(months), zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_is_kept_or_is_the_last_of_the_month() {
        let utc = Zone::UTC;
        let january = at("2026-01-31T10:00:00Z");
        assert_eq!(months_later(january, 1, utc), at("2026-02-28T10:00:00Z"));
        assert_eq!(months_later(january, 2, utc), at("2026-03-31T10:00:00Z"));
        assert_eq!(months_later(january, 25, utc), at("2028-02-29T10:00:00Z"));
    }

    #[test]
    fn the_time_of_day_is_kept_where_the_clock_is_moved() {
        let helsinki: Zone = "Europe/Helsinki".parse().unwrap();
        assert_eq!(
            months_later(at("2026-03-15T10:00:00Z"), 1, helsinki),
            at("2026-04-15T09:00:00Z")
        );
        // 03:30 on the 29th of March is skipped.
        assert_eq!(
            months_later(at("2026-02-28T01:30:00Z"), 1, helsinki),
            at("2026-03-28T01:30:00Z")
        );
        assert_eq!(
            months_later(at("2026-01-29T01:30:00Z"), 2, helsinki),
            at("2026-03-29T01:00:00Z")
        );
    }

    #[test]
    fn a_late_run_makes_up_for_what_was_missed() {
        let next = |due, started| next_in_months(at(due), at(started), 2, Zone::UTC);
        assert_eq!(
            next("2026-01-15T00:00:00Z", "2026-01-15T00:00:01Z"),
            at("2026-03-15T00:00:00Z")
        );
        assert_eq!(
            next("2026-01-15T00:00:00Z", "2026-03-14T00:00:00Z"),
            at("2026-03-15T00:00:00Z")
        );
        assert_eq!(
            next("2026-01-15T00:00:00Z", "2026-03-16T00:00:00Z"),
            at("2026-05-15T00:00:00Z")
        );
        assert_eq!(
            next("2026-01-15T00:00:00Z", "2026-12-24T00:00:00Z"),
            at("2027-01-15T00:00:00Z")
        );
    }
}
