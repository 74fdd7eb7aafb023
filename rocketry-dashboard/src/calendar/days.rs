//! The days of a week or a month, in a time zone.

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime, TimeDelta};
use rocketry_core::{Timestamp, Zone};

/// How many days are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    Month,
    Week,
}

impl Span {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Span::Month => "month",
            Span::Week => "week",
        }
    }
}

/// The days of a week or a month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) shown: Span,
    pub(crate) first: NaiveDate,
    /// The first day that no longer belongs to it.
    pub(crate) after: NaiveDate,
    pub(crate) zone: Zone,
}

/// A day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    /// How far the clocks go forward on this day; negative if they go back.
    pub(crate) change: TimeDelta,
}

impl Range {
    /// The week or the month of a day.
    pub(crate) fn around(shown: Span, day: NaiveDate, zone: Zone) -> Self {
        let (first, after) = match shown {
            Span::Month => {
                let first = day.with_day(1).unwrap_or(day);
                (first, first.checked_add_months(Months::new(1)))
            }
            Span::Week => {
                let since_monday = Days::new(u64::from(day.weekday().num_days_from_monday()));
                let first = day.checked_sub_days(since_monday).unwrap_or(day);
                (first, first.checked_add_days(Days::new(7)))
            }
        };
        let after = after.unwrap_or(first);
        Range {
            shown,
            first,
            after,
            zone,
        }
    }

    /// `December 2026`, or the days of a week.
    pub(crate) fn title(&self) -> String {
        let last = self.after.pred_opt().unwrap_or(self.first);
        match self.shown {
            Span::Month => self.first.format("%B %Y").to_string(),
            Span::Week => format!("{} to {}", self.first.format("%-d %B"), last.format("%-d %B %Y")),
        }
    }

    pub(crate) fn contains(&self, day: NaiveDate) -> bool {
        (self.first..self.after).contains(&day)
    }

    /// Its first instant, and the first that no longer belongs to it.
    pub(crate) fn span(&self) -> (Timestamp, Timestamp) {
        (midnight(self.first, self.zone), midnight(self.after, self.zone))
    }

    /// The day on which the range before begins, and that after.
    pub(crate) fn neighbours(&self) -> (Option<NaiveDate>, NaiveDate) {
        let before = self.first.pred_opt();
        (
            before.map(|day| Range::around(self.shown, day, self.zone).first),
            self.after,
        )
    }

    pub(crate) fn days(&self) -> impl Iterator<Item = Day> + use<> {
        let (after, zone) = (self.after, self.zone);
        let dates = self.first.iter_days().take_while(move |date| *date < after);
        dates.map(move |date| Day {
            date,
            change: change(date, zone),
        })
    }
}

fn midnight(date: NaiveDate, zone: Zone) -> Timestamp {
    zone.first(date.and_time(NaiveTime::MIN))
}

/// How far the clocks go forward on a day: it is shorter than 24 hours by so much.
fn change(date: NaiveDate, zone: Zone) -> TimeDelta {
    let Some(next) = date.succ_opt() else {
        return TimeDelta::zero();
    };
    let length = midnight(next, zone).as_micros() - midnight(date, zone).as_micros();
    TimeDelta::days(1) - TimeDelta::microseconds(length)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};

    use super::{Range, Span};

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let zone = "UTC".parse().unwrap();
        let week = Range::around(Span::Week, date("2026-12-03"), zone);
        assert_eq!((week.first, week.after), (date("2026-11-30"), date("2026-12-07")));
        assert_eq!(week.neighbours(), (Some(date("2026-11-23")), date("2026-12-07")));
        let month = Range::around(Span::Month, date("2026-12-31"), zone);
        assert_eq!(
            (month.first, month.after),
            (date("2026-12-01"), date("2027-01-01"))
        );
        assert_eq!(month.neighbours(), (Some(date("2026-11-01")), date("2027-01-01")));
    }

    #[test]
    fn days_with_a_change_of_the_clock_are_known() {
        let zone = "Europe/Helsinki".parse().unwrap();
        let changes = |day: &str| {
            let days = Range::around(Span::Month, date(day), zone).days();
            days.filter(|day| day.change != TimeDelta::zero())
                .map(|day| (day.date.to_string(), day.change.num_minutes()))
                .collect::<Vec<_>>()
        };
        assert_eq!(changes("2026-03-01"), [("2026-03-29".to_owned(), 60)]);
        assert_eq!(changes("2026-10-01"), [("2026-10-25".to_owned(), -60)]);
        assert_eq!(changes("2026-12-01"), []);
    }
}
