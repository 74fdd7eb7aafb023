//! Random days, some of which there are while a case lasts: of every kind, and by every rule.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};
use proptest::prelude::*;
use rocketry_core::Dates;
use rocketry_syntax::ast::{Bound, Day, DayKind, DayRule, Days, RuledBound, Unit};

use crate::frame::Frame;
use crate::periods::{date, day_of_quarter, seconds};

/// The calendar of every case.
pub(crate) const CALENDAR: &str = "days off";

/// Its days: every third of each year.
pub(crate) fn days_off() -> Dates {
    Dates::by_year(|year| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a year");
        first
            .iter_days()
            .take_while(|day| day.year() == year)
            .step_by(3)
            .collect()
    })
}

/// Lists of days.
pub(crate) fn days(frame: Frame) -> BoxedStrategy<Vec<Days>> {
    let day = (0..frame.steps, 0..8_u8, rule(frame)).prop_map(move |(steps, kind, (_, rule))| {
        let local = frame.zone.local(frame.at(steps));
        let date = date(local);
        match kind {
            0 => Days::Weekday(weekday(local)),
            1 => Days::Date(date),
            2 => Days::Calendar(CALENDAR.into()),
            3 => Days::Business(CALENDAR.into()),
            4 => Days::Ruled {
                month: None,
                day: DayRule::Plain(Day::Nth(date.day)),
            },
            5 => Days::Ruled {
                month: Some(date.month),
                day: DayRule::Plain(Day::Nth(date.day)),
            },
            6 => Days::Ruled {
                month: Some(date.month),
                day: rule,
            },
            _ => Days::Ruled {
                month: None,
                day: rule,
            },
        }
    });
    prop::collection::vec(day, 1..3).boxed()
}

/// A bound of a month, a quarter or a year on a day that a rule picks.
pub(crate) fn ruled_bound(frame: Frame, unit: Unit) -> BoxedStrategy<Bound> {
    (rule(frame), any::<bool>())
        .prop_map(move |((local, rule), bare)| {
            let day = match (unit, rule) {
                (Unit::Quarter, DayRule::Moved { by, before, kind, .. }) => {
                    let from = Box::new(DayRule::Plain(Day::Nth(day_of_quarter(local))));
                    DayRule::Moved {
                        by,
                        before,
                        kind,
                        from,
                    }
                }
                (_, rule) => rule,
            };
            Bound::Ruled(Box::new(RuledBound {
                month: (unit == Unit::Year).then(|| date(local).month),
                day,
                time: (!bare).then(|| seconds(chrono::Timelike::num_seconds_from_midnight(&local))),
            }))
        })
        .boxed()
}

/// A rule that picks the day of an instant of the case out of its month, or one near it; with what the clock reads then.
fn rule(frame: Frame) -> impl Strategy<Value = (NaiveDateTime, DayRule)> {
    (0..frame.steps, 0..7_u8, any::<bool>(), 1..4_u8, 0..4_u8).prop_map(
        move |(steps, shape, before, by, kind)| {
            let local = frame.zone.local(frame.at(steps));
            (local, rule_for(local, shape, before, by, self::kind(local, kind)))
        },
    )
}

fn kind(local: NaiveDateTime, kind: u8) -> DayKind {
    match kind {
        0 => DayKind::Day,
        1 => DayKind::Weekday,
        2 => DayKind::Business(CALENDAR.into()),
        _ => DayKind::On(weekday(local)),
    }
}

fn rule_for(local: NaiveDateTime, shape: u8, before: bool, by: u8, kind: DayKind) -> DayRule {
    let day = date(local).day;
    let after = local.date().num_days_in_month() - day;
    let plain = || Box::new(DayRule::Plain(Day::Nth(day)));
    match shape {
        0 => DayRule::Counted {
            nth: day.div_ceil(7),
            from_end: false,
            kind: DayKind::On(weekday(local)),
        },
        1 => DayRule::Counted {
            nth: after / 7 + 1,
            from_end: true,
            kind: DayKind::On(weekday(local)),
        },
        2 if after > 0 => DayRule::Counted {
            nth: after + 1,
            from_end: true,
            kind: DayKind::Day,
        },
        3 => DayRule::Counted {
            nth: weekdays(local, day),
            from_end: false,
            kind: DayKind::Weekday,
        },
        4 => DayRule::Counted {
            nth: by,
            from_end: before,
            kind: DayKind::Business(CALENDAR.into()),
        },
        5 => DayRule::Moved {
            by,
            before,
            kind,
            from: plain(),
        },
        _ => DayRule::Nearest {
            day: plain(),
            before,
            kind,
        },
    }
}

/// How many days of Monday to Friday there are up to a day of the month, and at least one.
fn weekdays(local: NaiveDateTime, day: u8) -> u8 {
    let first = local.date().with_day(1).expect("a first day");
    let count = first
        .iter_days()
        .take(day.into())
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    u8::try_from(count.count()).expect("a day of a month").max(1)
}

fn weekday(local: NaiveDateTime) -> u8 {
    u8::try_from(local.weekday().num_days_from_monday()).expect("a day of a week")
}
