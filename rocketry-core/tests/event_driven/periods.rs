//! Random periods whose occurrences start and end on the grid of a case, while it lasts.

use chrono::{Datelike, NaiveDateTime, Timelike};
use proptest::prelude::*;
use proptest::sample::select;
use rocketry_syntax::ast::{
    Anchored, Bound, Cron, Date, Day, Moment, PeriodExpr, Series, Steps, StepsFrom, Unit, Window,
};

use crate::days::{days, ruled_bound};
use crate::frame::Frame;

/// Periods of every kind, and sets of them.
pub(crate) fn periods(frame: Frame) -> BoxedStrategy<PeriodExpr> {
    prop_oneof![
        12 => anchored(frame, frame.units()),
        4 => crons(frame).prop_map(PeriodExpr::Cron),
        3 => (1..20u32).prop_map(move |steps| PeriodExpr::Past(frame.length(steps))),
        1 => Just(PeriodExpr::Always),
        1 => Just(PeriodExpr::Never),
        2 => sets(frame),
        6 => repeated(frame),
        3 => ruled(frame),
        3 => long_series(frame),
        2 => zoned(frame),
    ]
    .boxed()
}

/// Windows of months, quarters and years from and until days that rules pick.
fn ruled(frame: Frame) -> BoxedStrategy<PeriodExpr> {
    let place = (0..frame.steps, any::<bool>());
    (
        select(vec![Unit::Month, Unit::Quarter, Unit::Year]),
        0..6_u8,
        place,
    )
        .prop_flat_map(move |(unit, kind, place)| {
            let plain = bound(frame, unit, place);
            ruled_bound(frame, unit).prop_map(move |ruled| {
                let window = match kind {
                    0 => Window::Between(ruled, plain.clone()),
                    1 => Window::Between(plain.clone(), ruled),
                    2 => Window::After(ruled),
                    3 => Window::Before(ruled),
                    4 => Window::Starting(ruled),
                    _ => Window::On(ruled),
                };
                PeriodExpr::anchored(unit, window)
            })
        })
        .boxed()
}

/// Windows in every n-th day, week, month, quarter or year, and stretches of so many of them.
fn long_series(frame: Frame) -> BoxedStrategy<PeriodExpr> {
    let units = select(vec![
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
    ]);
    let place = || (0..frame.steps, any::<bool>());
    let places = (place(), place(), prop::option::of(place()));
    (1..4_u32, units, any::<bool>(), places, days(frame))
        .prop_map(move |(every, unit, is_full, (start, from, until), days)| {
            let window = if is_full {
                Window::Full
            } else {
                Window::On(bound(frame, unit, start))
            };
            PeriodExpr::Series(Box::new(Series {
                every,
                days: if unit == Unit::Day && !is_full {
                    days
                } else {
                    Vec::new()
                },
                anchored: Anchored { unit, window },
                from: Some(moment(frame, from)),
                until: until.map(|until| moment(frame, until)),
            }))
        })
        .boxed()
}

/// Periods by the clock of another zone, whose readings are on the grid as well.
fn zoned(frame: Frame) -> BoxedStrategy<PeriodExpr> {
    select(vec!["UTC", "Asia/Kolkata", "America/New_York"])
        .prop_flat_map(move |zone| {
            let there = Frame {
                zone: zone.parse().expect("there is such a zone"),
                ..frame
            };
            let period = prop_oneof![
                anchored(there, &there.units()[1..]),
                repeated(there),
                ruled(there),
                crons(there).prop_map(PeriodExpr::Cron),
            ];
            period.prop_map(move |period| period.in_zone(zone))
        })
        .boxed()
}

/// Sets of periods that meet soon if they ever do, and rows of them that come to an end: others take long to find
/// that out, at every instant. None with a window that goes along with now: it lets go of what it overlaps with
/// just before an instant of the grid.
fn sets(frame: Frame) -> impl Strategy<Value = PeriodExpr> {
    let (short, long) = frame.units().split_at(2);
    let (short, long) = (anchored(frame, short), anchored(frame, long));
    prop_oneof![
        (long.clone(), short).prop_map(|(long, short)| long & short),
        (long.clone(), long).prop_map(|(one, other)| one | other),
    ]
}

/// Lists, days, steps and dates.
fn repeated(frame: Frame) -> BoxedStrategy<PeriodExpr> {
    let place = || (0..frame.steps, any::<bool>());
    let units = &frame.units()[1..];
    let several = (select(units), prop::collection::vec(place(), 2..4)).prop_map(move |(unit, places)| {
        let starts = places
            .into_iter()
            .map(|place| bound(frame, unit, place))
            .collect();
        PeriodExpr::anchored(unit, Window::Each(starts))
    });
    let some_days = (days(frame), place(), place()).prop_map(move |(days, start, end)| {
        let window = Window::Between(bound(frame, Unit::Day, start), bound(frame, Unit::Day, end));
        PeriodExpr::anchored(Unit::Day, window).on_days(days)
    });
    let spaced = (1..4u32, place(), 0..frame.steps).prop_map(move |(every, from, on)| {
        let window = Window::On(bound(frame, Unit::Day, (on, true)));
        PeriodExpr::Series(Box::new(Series {
            every,
            anchored: Anchored {
                unit: Unit::Day,
                window,
            },
            days: Vec::new(),
            from: Some(moment(frame, from)),
            until: None,
        }))
    });
    let steps = (
        1..10u32,
        0..frame.steps,
        prop::option::of(0..frame.steps),
        days(frame),
        any::<bool>(),
    )
        .prop_map(move |(step, start, end, days, any_day)| {
            let clock = |steps| seconds(frame.zone.local(frame.at(steps)).num_seconds_from_midnight());
            let days = if any_day { Vec::new() } else { days };
            let (start, end) = (clock(start), end.map(clock));
            PeriodExpr::Steps(Box::new(Steps {
                step: frame.length(step),
                from: StepsFrom::Clock { start, end, days },
            }))
        });
    let ticks = (1..20u32, place(), prop::option::of(place())).prop_map(move |(step, start, end)| {
        PeriodExpr::Steps(Box::new(Steps {
            step: frame.length(step),
            from: StepsFrom::Moment {
                start: moment(frame, start),
                end: end.map(|end| moment(frame, end)),
            },
        }))
    });
    let dates = prop_oneof![
        place().prop_map(move |place| PeriodExpr::From(moment(frame, place))),
        place().prop_map(move |place| PeriodExpr::Until(moment(frame, place))),
        place().prop_map(move |place| PeriodExpr::At(moment(frame, place))),
        days(frame).prop_map(PeriodExpr::On),
    ];
    let any = prop_oneof![several, some_days, spaced, ticks, dates].boxed();
    if frame.has_all() {
        any
    } else {
        prop_oneof![4 => any, 1 => steps].boxed()
    }
}

/// The date, or the date and the time, so many steps from the start.
fn moment(frame: Frame, (steps, bare): (u32, bool)) -> Moment {
    let local = frame.zone.local(frame.at(steps));
    let time = (!bare).then(|| seconds(local.num_seconds_from_midnight()));
    Moment {
        date: date(local),
        time,
    }
}

pub(crate) fn date(local: NaiveDateTime) -> Date {
    let part = |number: u32| u8::try_from(number).expect("a part of a date");
    Date {
        year: u16::try_from(local.year()).expect("a year"),
        month: part(local.month()),
        day: part(local.day()),
    }
}

fn anchored(frame: Frame, units: &'static [Unit]) -> BoxedStrategy<PeriodExpr> {
    let place = (0..frame.steps, any::<bool>());
    (select(units), 0..6u8, place.clone(), place)
        .prop_map(move |(unit, kind, start, end)| {
            let start = bound(frame, unit, start);
            let end = bound(frame, unit, end);
            let window = match kind {
                _ if is_finest(frame, unit) => Window::Full,
                0 => Window::Between(start, end),
                1 => Window::After(start),
                2 => Window::Before(end),
                3 if !is_too_short(frame, unit) => Window::On(start),
                4 => Window::Starting(start),
                _ => Window::Full,
            };
            PeriodExpr::anchored(unit, window)
        })
        .boxed()
}

/// Whether a window in the unit could not begin and end on the grid, unless it is the full unit.
fn is_finest(frame: Frame, unit: Unit) -> bool {
    frame.grid() < 2 && frame.units()[0] == unit
}

/// Whether a sub-unit of the unit is shorter than a step of the grid.
fn is_too_short(frame: Frame, unit: Unit) -> bool {
    frame.units()[0] == unit
}

/// The place in the unit at which the clock stands so many steps from the start; of a calendar's unit either
/// the bare day or with the time.
fn bound(frame: Frame, unit: Unit, (steps, bare): (u32, bool)) -> Bound {
    let local = frame.zone.local(frame.at(steps));
    let time = (!bare).then(|| seconds(local.num_seconds_from_midnight()));
    let is_last = local.day() == u32::from(local.date().num_days_in_month());
    let day = if is_last && steps.is_multiple_of(2) {
        Day::Last
    } else {
        Day::Nth(u8::try_from(local.day()).expect("a day of a month"))
    };
    let is_whole_month = bare && steps.is_multiple_of(4);
    match unit {
        Unit::Second => Bound::Clock(0),
        Unit::Minute => Bound::Clock(seconds(local.second())),
        Unit::Hour => Bound::Clock(seconds(local.minute() * 60 + local.second())),
        Unit::Day => Bound::Clock(seconds(local.num_seconds_from_midnight())),
        Unit::Week => Bound::Weekday {
            day: u8::try_from(local.weekday().num_days_from_monday()).expect("a day of a week"),
            time,
        },
        Unit::Month => Bound::MonthDay { day, time },
        Unit::Quarter => Bound::MonthDay {
            day: Day::Nth(day_of_quarter(local)),
            time,
        },
        Unit::Year => Bound::YearDay {
            month: u8::try_from(local.month()).expect("a month"),
            day: (!is_whole_month).then_some(day),
            time,
        },
    }
}

pub(crate) fn day_of_quarter(local: NaiveDateTime) -> u8 {
    let first = local
        .date()
        .with_day(1)
        .and_then(|date| date.with_month(local.month0() / 3 * 3 + 1));
    let days = local
        .date()
        .signed_duration_since(first.expect("a quarter has a first day"))
        .num_days();
    u8::try_from(days + 1).expect("a day of a quarter")
}

pub(crate) fn seconds(seconds: u32) -> u64 {
    u64::from(seconds) * 1_000_000
}

/// Cron expressions that match on the grid, and whose matches end there.
pub(crate) fn crons(frame: Frame) -> BoxedStrategy<Cron> {
    let grace = if frame.grid() == 2 {
        (1..8u32).prop_map(Some).boxed()
    } else {
        prop::option::of(1..40u32).boxed()
    };
    (0..frame.steps, 0..8usize, grace)
        .prop_map(move |(steps, kind, grace)| {
            let fields = fields(frame, kind, frame.zone.local(frame.at(steps)));
            let with_seconds = fields.split(' ').count() == 6;
            let cron = Cron::parse(&fields, with_seconds).expect("the fields make a cron expression");
            match grace {
                Some(steps) => cron.with_grace(frame.length(steps)),
                None => cron,
            }
        })
        .boxed()
}

fn fields(frame: Frame, kind: usize, at: NaiveDateTime) -> String {
    let (minute, hour, day) = (at.minute(), at.hour(), at.weekday().num_days_from_sunday());
    match (frame.grid(), kind) {
        (0, 0) => format!("{} * * * * *", at.second()),
        (0, 1) => "*/20 * * * * *".into(),
        (0, 2) => format!("{} {minute} {hour} * * *", at.second()),
        (0 | 1, 3) => "* * * * *".into(),
        (_, 0..4) => "*/30 * * * *".into(),
        (_, 4) => format!("{minute} * * * *"),
        (_, 5) => format!("{minute} {hour} * * *"),
        (_, 6) => format!("{minute} {hour} * * {day}"),
        _ => format!("{minute} */2 {} * *", at.day()),
    }
}
