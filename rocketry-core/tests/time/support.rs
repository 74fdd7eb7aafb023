//! What the tests of time share: short ways to write periods and instants, and strategies for random ones.
#![allow(dead_code, reason = "every test file uses a part of it")]
#![allow(unreachable_pub, reason = "the module is compiled into several test binaries")]

use proptest::prelude::*;
use rocketry_core::time::{Period, Span, Timestamp, Zone};
use rocketry_syntax::ast::{
    Anchored, Bound, Cron, Date, Day, DayKind, DayRule, Days, Delta, Moment, PeriodExpr, RuledBound, Series,
    Steps, StepsFrom, Unit, Window,
};

pub const SECOND: u64 = 1_000_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;

/// An instant from RFC 3339, or from a reading of the UTC clock.
pub fn ts(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub fn zone(name: &str) -> Zone {
    name.parse().expect("a zone")
}

/// What the clock of a zone reads, to the second.
pub fn reading(at: Timestamp, zone: Zone) -> String {
    at.in_zone(&zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// A bound of the clock from `HH:MM`.
pub fn clock(text: &str) -> Bound {
    Bound::Clock(micros(text))
}

fn micros(text: &str) -> u64 {
    let (hour, minute) = text.split_once(':').expect("HH:MM");
    hour.parse::<u64>().expect("hours") * HOUR + minute.parse::<u64>().expect("minutes") * MINUTE
}

pub fn weekday(day: u8) -> Bound {
    Bound::Weekday { day, time: None }
}

pub fn nth(day: u8) -> Bound {
    Bound::MonthDay {
        day: Day::Nth(day),
        time: None,
    }
}

pub const LAST: Bound = Bound::MonthDay {
    day: Day::Last,
    time: None,
};

pub fn month(month: u8) -> Bound {
    Bound::YearDay {
        month,
        day: None,
        time: None,
    }
}

pub fn date(month: u8, day: u8) -> Bound {
    Bound::YearDay {
        month,
        day: Some(Day::Nth(day)),
        time: None,
    }
}

pub fn tree(unit: Unit, window: Window) -> PeriodExpr {
    PeriodExpr::Anchored(Anchored { unit, window })
}

pub fn period(unit: Unit, window: Window) -> Period {
    Period::compile(&tree(unit, window)).expect("a period")
}

pub fn cron_tree(fields: &str, grace: Option<u64>) -> PeriodExpr {
    let seconds = fields.split(' ').count() == 6;
    let cron = Cron::parse(fields, seconds).expect("a cron expression");
    PeriodExpr::Cron(match grace {
        Some(grace) => cron.with_grace(Delta(grace)),
        None => cron,
    })
}

pub fn cron(fields: &str, grace: Option<u64>) -> Period {
    Period::compile(&cron_tree(fields, grace)).expect("a period")
}

/// The occurrences that start from `from` until before `until`.
pub fn occurrences(period: &Period, from: Timestamp, until: Timestamp, zone: Zone) -> Vec<Span> {
    let first = period.span_after(from, zone);
    let spans = std::iter::successors(first, |span| period.span_after(span.end, zone));
    spans
        .skip_while(|span| span.start < from)
        .take_while(|span| span.start < until)
        .collect()
}

/// How far the clock of a zone is ahead of UTC, in seconds.
pub fn offset(at: Timestamp, zone: Zone) -> i64 {
    use chrono::Offset;
    i64::from(at.in_zone(&zone).offset().fix().local_minus_utc())
}

/// The first instant after `at`, within two years, at which the clock of the zone is moved.
pub fn next_jump(at: Timestamp, zone: Zone) -> Option<Timestamp> {
    let (day, second) = (Delta(DAY), Delta(SECOND));
    let moved = |at: Timestamp, by| offset(at, zone) != offset(at.saturating_add(by), zone);
    let days = std::iter::successors(Some(at), |at| Some(at.saturating_add(day)));
    let mut before = days.take(731).find(|at| moved(*at, day))?;
    let mut width = DAY / SECOND;
    while width > 1 {
        let half = width / 2;
        if moved(before, Delta(half * SECOND)) {
            width = half;
        } else {
            before = before.saturating_add(Delta(half * SECOND));
            width -= half;
        }
    }
    Some(before.saturating_add(second))
}

/// Zones that move their clocks in an unusual way, and some ordinary ones.
pub const ZONES: [&str; 16] = [
    "UTC",
    "Europe/Helsinki",
    "America/New_York",
    "Australia/Lord_Howe", // half an hour
    "Asia/Kolkata",        // +05:30
    "America/Havana",      // midnight is skipped, then repeated
    "America/Sao_Paulo",   // midnight was skipped, 23:00 repeated
    "America/St_Johns",    // at a minute past midnight
    "Pacific/Apia",        // a whole day was skipped in 2011
    "Africa/Casablanca",   // around Ramadan
    "Antarctica/Troll",    // two hours
    "Asia/Beirut",         // midnight is skipped
    "Pacific/Chatham",     // +12:45
    "America/Caracas",     // half an hour for good
    "Asia/Pyongyang",      // half an hour, there and back
    "America/Scoresbysund",
];

pub fn zones() -> impl Strategy<Value = Zone> {
    let known = prop::sample::select(&ZONES[..]).prop_map(zone);
    let any = prop::sample::select(chrono_tz::TZ_VARIANTS.as_slice()).prop_map(|tz| zone(tz.name()));
    prop_oneof![known, any]
}

/// Instants between 1987 and 2037, many of them on a full minute.
pub fn instants() -> impl Strategy<Value = Timestamp> {
    let seconds = 536_457_600..2_114_380_800_i64;
    let exact = seconds.clone().prop_map(|second| second / 60 * 60_000_000);
    let odd = (seconds, 0..1_000_000_i64).prop_map(|(second, micros)| second * 1_000_000 + micros);
    prop_oneof![exact, odd].prop_map(Timestamp::from_micros)
}

/// A zone and an instant, often one just around a jump of the clock.
pub fn places() -> impl Strategy<Value = (Zone, Timestamp)> {
    let minutes = prop_oneof![-120..120_i64, -4_320..4_320_i64];
    (zones(), instants(), prop::option::of((minutes, -1..2_i64))).prop_map(|(zone, at, near)| {
        let jump = near.and_then(|near| Some((next_jump(at, zone)?, near)));
        let at = jump.map_or(at, |(jump, (minutes, micros))| {
            Timestamp::from_micros(jump.as_micros() + minutes * 60_000_000 + micros)
        });
        (zone, at)
    })
}

/// Lengths of time in steps that make bounds meet often.
fn steps(unit: u64, count: u64) -> impl Strategy<Value = u64> {
    prop_oneof![(0..count).prop_map(move |step| step * (unit / count)), 0..unit]
}

fn times() -> impl Strategy<Value = Option<u64>> {
    prop::option::of(steps(DAY, 48))
}

fn days(greatest: u8) -> impl Strategy<Value = Day> {
    prop_oneof![5 => (1..=greatest).prop_map(Day::Nth), 2 => (28.min(greatest)..=greatest).prop_map(Day::Nth), 1 => Just(Day::Last)]
}

fn kinds() -> impl Strategy<Value = DayKind> {
    prop_oneof![
        (0..7_u8).prop_map(DayKind::On),
        Just(DayKind::Weekday),
        Just(DayKind::Day)
    ]
}

/// Days that rules pick. Not all of them exist in each month.
fn rules() -> impl Strategy<Value = DayRule> {
    let plain = days(31).prop_map(DayRule::Plain).boxed();
    let counted = (1..=6_u8, any::<bool>(), kinds()).prop_map(|(nth, from_end, kind)| DayRule::Counted {
        nth,
        from_end,
        kind,
    });
    let base = prop_oneof![plain, counted].boxed();
    let moved = (1..=5_u8, any::<bool>(), kinds(), base.clone()).prop_map(|(by, before, kind, from)| {
        DayRule::Moved {
            by,
            before,
            kind,
            from: Box::new(from),
        }
    });
    let nearest = (base.clone(), any::<bool>(), kinds()).prop_map(|(day, before, kind)| DayRule::Nearest {
        day: Box::new(day),
        before,
        kind,
    });
    prop_oneof![3 => base, 1 => moved, 1 => nearest]
}

fn ruled(month: Option<u8>) -> impl Strategy<Value = Bound> {
    (rules(), times()).prop_map(move |(day, time)| Bound::Ruled(Box::new(RuledBound { month, day, time })))
}

fn dates() -> impl Strategy<Value = Date> {
    (1987..2037_u16, 1..=12_u8, 1..=28_u8).prop_map(|(year, month, day)| Date { year, month, day })
}

fn moments() -> impl Strategy<Value = Moment> {
    (dates(), times()).prop_map(|(date, time)| Moment { date, time })
}

fn day_lists() -> impl Strategy<Value = Vec<Days>> {
    let item = prop_oneof![
        4 => (0..7_u8).prop_map(Days::Weekday),
        1 => (prop::option::of(1..=12_u8), rules()).prop_map(|(month, day)| Days::Ruled { month, day }),
        1 => dates().prop_map(Days::Date),
    ];
    prop::collection::vec(item, 1..4)
}

/// Windows in some units, several windows, steps and stretches; some by the clock of a zone of their own.
pub fn repeated() -> impl Strategy<Value = PeriodExpr> {
    let several = units().prop_flat_map(|unit| {
        let starts = prop::collection::vec(bounds(unit), 2..5);
        starts.prop_map(move |starts| tree(unit, Window::Each(starts)))
    });
    let filtered = (windows(Unit::Day), day_lists())
        .prop_map(|(window, days)| PeriodExpr::anchored(Unit::Day, window).on_days(days));
    let spaced = (1..5_u32, units(), moments(), prop::option::of(moments())).prop_flat_map(
        |(every, unit, from, until)| {
            windows(unit).prop_map(move |window| {
                let anchored = Anchored { unit, window };
                PeriodExpr::Series(Box::new(Series {
                    every,
                    anchored,
                    days: Vec::new(),
                    from: Some(from),
                    until,
                }))
            })
        },
    );
    let spaced = spaced.prop_filter(
        "units of the calendar",
        |tree| matches!(tree, PeriodExpr::Series(series) if series.anchored.unit >= Unit::Day),
    );
    let lengths = prop_oneof![steps(DAY, 96), Just(7 * HOUR), Just(15 * MINUTE)];
    let clock = (
        lengths,
        steps(DAY, 48),
        prop::option::of(steps(DAY, 48)),
        prop::option::of(day_lists()),
    )
        .prop_map(|(step, start, end, days)| {
            let days = days.unwrap_or_default();
            let from = StepsFrom::Clock { start, end, days };
            PeriodExpr::Steps(Box::new(Steps {
                step: Delta(step.max(1)),
                from,
            }))
        });
    let ticks =
        (steps(40 * DAY, 99), moments(), prop::option::of(moments())).prop_map(|(step, start, end)| {
            let from = StepsFrom::Moment { start, end };
            PeriodExpr::Steps(Box::new(Steps {
                step: Delta(step.max(1)),
                from,
            }))
        });
    let stretches = prop_oneof![
        moments().prop_map(PeriodExpr::From),
        moments().prop_map(PeriodExpr::Until),
        moments().prop_map(PeriodExpr::At),
        day_lists().prop_map(PeriodExpr::On),
    ];
    let zones = prop::option::weighted(0.2, prop::sample::select(&ZONES[..]));
    let any = prop_oneof![2 => several, 2 => filtered, 2 => spaced, 2 => clock, 1 => ticks, 2 => stretches];
    (any, zones).prop_map(|(tree, zone)| match zone {
        Some(zone) => tree.in_zone(zone),
        None => tree,
    })
}

fn bounds(unit: Unit) -> BoxedStrategy<Bound> {
    match unit {
        Unit::Second => steps(SECOND, 10).prop_map(Bound::Clock).boxed(),
        Unit::Minute => steps(MINUTE, 60).prop_map(Bound::Clock).boxed(),
        Unit::Hour => steps(HOUR, 60).prop_map(Bound::Clock).boxed(),
        Unit::Day => steps(DAY, 96).prop_map(Bound::Clock).boxed(),
        Unit::Week => (0..7_u8, times())
            .prop_map(|(day, time)| Bound::Weekday { day, time })
            .boxed(),
        Unit::Month => {
            let dated = (days(31), times()).prop_map(|(day, time)| Bound::MonthDay { day, time });
            prop_oneof![3 => dated, 1 => ruled(None)].boxed()
        }
        Unit::Quarter => {
            let dated = (days(92), times()).prop_map(|(day, time)| Bound::MonthDay { day, time });
            prop_oneof![3 => dated, 1 => ruled(None)].boxed()
        }
        Unit::Year => {
            let bare = (1..=12_u8).prop_map(month);
            let leap = times().prop_map(|time| Bound::YearDay {
                month: 2,
                day: Some(Day::Nth(29)),
                time,
            });
            let dated = (1..=12_u8, days(28), times()).prop_map(|(month, day, time)| Bound::YearDay {
                month,
                day: Some(day),
                time,
            });
            let ruled = (1..=12_u8).prop_flat_map(|month| ruled(Some(month)));
            prop_oneof![2 => bare, 1 => leap, 4 => dated, 2 => ruled].boxed()
        }
    }
}

pub fn windows(unit: Unit) -> impl Strategy<Value = Window> {
    prop_oneof![
        Just(Window::Full),
        (bounds(unit), bounds(unit)).prop_map(|(start, end)| Window::Between(start, end)),
        (bounds(unit), bounds(unit)).prop_map(|(start, end)| Window::Between(start, end)),
        bounds(unit).prop_map(Window::After),
        bounds(unit).prop_map(Window::Before),
        bounds(unit).prop_map(Window::On),
        bounds(unit).prop_map(Window::Starting),
    ]
}

pub fn units() -> impl Strategy<Value = Unit> {
    use Unit::{Day, Hour, Minute, Month, Quarter, Second, Week, Year};
    prop::sample::select(vec![
        Second, Minute, Hour, Hour, Day, Day, Day, Week, Week, Month, Month, Month, Quarter, Year,
    ])
}

pub fn anchored() -> impl Strategy<Value = PeriodExpr> {
    units().prop_flat_map(|unit| windows(unit).prop_map(move |window| tree(unit, window)))
}

pub fn crons() -> impl Strategy<Value = PeriodExpr> {
    let fields = prop::sample::select(vec![
        "* * * * *",
        "30 2 * * *",
        "0 0 * * *",
        "*/7 1-3 * * *",
        "30 * * * 1-5",
        "15,45 0,2 13 * 5",
        "0 12 31 * *",
        "0 6 29 2 *",
        "0 0 L * *",
        "0 3 * * 1#2",
        "30 1 * * 0",
        "*/20 * 2 * * *",
        "0 30 2 * * *",
        "0 2,14 * * *",
        "10-50/5 0-22 * * Sat-Mon",
        "0 18 * * Mon-Fri",
        "15 9 1,2 Jan *",
        "0 23 13 * +Fri",
        "45 23 L-2 2-4 *",
        "0 4 1W * ?",
        "*/30 0 0 * Dec SunL",
    ]);
    (
        fields,
        prop::option::of(prop_oneof![0..3 * MINUTE, Just(HOUR), Just(3 * DAY)]),
    )
        .prop_map(|(fields, grace)| cron_tree(fields, grace))
}

/// Anchored periods and crons, alone and in sets.
pub fn trees() -> impl Strategy<Value = PeriodExpr> {
    let leaf = prop_oneof![5 => anchored(), 1 => crons(), 1 => Just(PeriodExpr::Always), 1 => Just(PeriodExpr::Never)];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let members = prop::collection::vec(inner, 1..4);
        prop_oneof![
            members.clone().prop_map(PeriodExpr::All),
            members.prop_map(PeriodExpr::Any)
        ]
    })
}
