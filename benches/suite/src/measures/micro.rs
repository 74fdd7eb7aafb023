//! H: the parts by themselves. Only ours has them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rocketry::conds::daily;
use rocketry::time::Period;
use rocketry::{Condition, Rocketry, Task, Timestamp, Zone, preview};
use rocketry_syntax::{parse_condition, parse_period};

use super::{Better, Figure, Goal, Measure, Sample, never};
use crate::clock;
use crate::options::Extent;
use crate::report::median;

/// What people write.
const STATEMENTS: [&str; 6] = [
    "every 10 seconds",
    "daily after 07:00",
    "daily between 08:00 and 18:00 & ~task 'crunch' is running",
    "after task 'fetch' & time of week between Mon and Fri",
    "cron */5 8-18 * * Mon-Fri",
    "weekly on Friday | monthly starting 3rd 10:00",
];

/// The same, with dates, lists, rules of days, steps, calendars and zones.
const NEW_STATEMENTS: [&str; 12] = [
    "daily at 06:00, 18:00",
    "weekly on Mon, Wed, Fri 07:00",
    "daily at 09:30 on weekdays & ~on 'holidays'",
    "once at 2026-07-04 12:00",
    "daily & from 2026-11-28 & until 2026-12-01 09:00",
    "every 2 weeks on Friday 17:00 from 2026-01-02",
    "every 90 minutes from 09:00 until 17:00",
    "monthly on 2 days after second Tuesday",
    "monthly on last business day of 'nyse' & at most 10 runs",
    "30 minutes after task 'fetch' succeeded",
    "daily at 09:30 in America/New_York",
    "quarterly on last weekday 17:00 | every 1 month",
];

/// Statements that start for ever.
const PREVIEWED: [&str; 5] = [
    "every 10 seconds",
    "daily after 07:00",
    "cron */5 8-18 * * Mon-Fri",
    "daily at 09:30 on weekdays",
    "monthly on last weekday",
];

/// Periods that start at most 3,000 times a year.
const PERIODS: [&str; 14] = [
    "time of day at 06:00, 18:00",
    "time of week on Mon, Wed, Fri 07:00",
    "time of day at 09:30 on weekdays",
    "time of day at 09:30 on first Monday, December 24th",
    "every 2 weeks on Friday 17:00 from 2026-01-02",
    "every 10 days from 2026-01-02",
    "every 1 month from 2026-01-31",
    "every 90 minutes from 09:00 until 17:00",
    "every 4 hours from 2026-01-02 09:00",
    "time of month on first Monday 09:00",
    "time of month on 2 days after second Tuesday",
    "time of month on 15th or next weekday",
    "time of quarter on last weekday",
    "time of year on fourth Thursday of November",
];

const fn figure(name: &'static str, unit: &'static str, most: Option<fn(usize) -> Goal>) -> Figure {
    Figure {
        name,
        unit,
        better: Better::Less,
        goal: match most {
            Some(goal) => goal,
            None => |_| Goal::None,
        },
        growth: None,
    }
}

pub(super) const MEASURE: Measure = Measure {
    letter: 'H',
    title: "the parts by themselves",
    short: "parts",
    of: "",
    figures: &[
        figure("statement parsed", "µs", Some(|_| Goal::AtMost(2.0))),
        figure(
            "a year of `cron 30 7 * * Mon-Fri`",
            "ms",
            Some(|_| Goal::AtMost(1.0)),
        ),
        figure("a year of `daily`, Helsinki", "ms", Some(|_| Goal::AtMost(1.0))),
        figure(
            "statement with new words parsed",
            "µs",
            Some(|_| Goal::AtMost(2.0)),
        ),
        figure("longest year of 14 new words", "ms", Some(|_| Goal::AtMost(1.0))),
        figure(
            "longest year of them, New York",
            "ms",
            Some(|_| Goal::AtMost(1.0)),
        ),
        figure("next change of a daily window", "µs", None),
        figure("next change of a cron", "µs", None),
        figure("parameter with a value", "µs", None),
        figure("parameter made from two others", "µs", None),
        figure("condition from words", "µs", None),
        figure(
            "one of 100,000 tasks explained",
            "ms",
            Some(|_| Goal::AtMost(1.0)),
        ),
        figure(
            "longest preview of 1,000 starts",
            "ms",
            Some(|_| Goal::AtMost(5.0)),
        ),
    ],
    floor: "",
    sizes: |extent| match extent {
        Extent::Growth => &[],
        Extent::Quick | Extent::Full => &[1],
    },
    possible: |contender| contender.has_parts(),
    take: |_, _, extent| Sample::Figures(take(extent)),
    disturbed: never,
};

fn take(extent: Extent) -> Vec<f64> {
    let length = match extent {
        Extent::Quick => Duration::from_millis(5),
        Extent::Full | Extent::Growth => Duration::from_millis(50),
    };
    let helsinki: Zone = "Europe/Helsinki".parse().expect("the zone is known");
    let cron = period("cron 30 7 * * Mon-Fri");
    let window = period("time of day between 08:00 and 18:00");
    let from = Timestamp::from_micros(
        clock::since_epoch()
            .as_micros()
            .try_into()
            .expect("it is not so late"),
    );
    let app = Rocketry::new()
        .param("plain", 1_u64)
        .param("other", 2_u64)
        .build()
        .expect("the app is right");
    let session = app.session();
    vec![
        1e6 / 6.0 * seconds(length, || STATEMENTS.map(|text| parse_condition(text).is_ok())),
        1e3 * seconds(length, || year(&cron, from, Zone::UTC)),
        1e3 * seconds(length, || {
            year(&period("time of day between 07:00 and 07:01"), from, helsinki)
        }),
        1e6 / 12.0
            * seconds(length, || {
                NEW_STATEMENTS.map(|text| parse_condition(text).is_ok())
            }),
        longest_year(length, from, Zone::UTC),
        longest_year(
            length,
            from,
            "America/New_York".parse().expect("the zone is known"),
        ),
        1e6 * seconds(length, || window.next_change(from, helsinki)),
        1e6 * seconds(length, || cron.next_change(from, helsinki)),
        1e6 * seconds(length, || session.param("plain").is_ok()),
        1e6 * seconds(length, || session.param("made").is_ok()),
        1e6 * seconds(length, || Condition::from(daily.after("07:00"))),
        1e3 * explained(length),
        longest_preview(length, from, helsinki),
    ]
}

/// How many milliseconds the search for each occurrence within a year takes, of the period that takes longest.
fn longest_year(length: Duration, from: Timestamp, zone: Zone) -> f64 {
    let periods = PERIODS.iter().map(|text| period(text));
    let years = periods.map(|period| 1e3 * seconds(length / 10, || year(&period, from, zone)));
    years.fold(0.0, f64::max)
}

/// How many milliseconds a preview of 1,000 starts takes, of the statement whose preview takes longest.
fn longest_preview(length: Duration, from: Timestamp, zone: Zone) -> f64 {
    let foresee = |text: &str| {
        let starts = preview(text, zone, from)
            .expect("the statement is right")
            .take(1_000)
            .count();
        assert_eq!(starts, 1_000, "{text}");
    };
    let previews = PREVIEWED.map(|text| 1e3 * seconds(length / 4, || foresee(text)));
    previews.into_iter().fold(0.0, f64::max)
}

/// How long the explanation of one of many tasks takes.
fn explained(length: Duration) -> f64 {
    const STATEMENT: &str = "daily after 07:00 & ~task 'task 0' is running | retry 3 times";
    let tasks = (0..100_000).map(|number| format!("task {number}"));
    let app = tasks.fold(Rocketry::builder(), |app, name| {
        app.task(Task::func(name, || async {}).start(STATEMENT))
    });
    let session = app.build().expect("the app is right").session();
    let task = session.task("task 50000").expect("the task is in the app");
    seconds(length, || task.explain())
}

#[rocketry::param("made")]
fn made(plain: u64, other: u64) -> u64 {
    plain + other
}

fn period(text: &str) -> Period {
    let expr = parse_period(text).expect("the period is right");
    Period::compile(&expr).expect("the period is possible")
}

/// Every occurrence within a year.
fn year(period: &Period, from: Timestamp, zone: Zone) -> usize {
    let until = from.as_micros() + 365 * 24 * 3_600_000_000;
    let next = |at: Timestamp| period.span_after(at, zone);
    let mut found = 0;
    let mut at = from;
    while let Some(span) = next(at).filter(|span| span.start.as_micros() < until) {
        found += 1;
        // An occurrence may last for days, and for less than a minute.
        at = Timestamp::from_micros(span.start.as_micros() + 60_000_001).max(span.end);
    }
    found
}

/// How long one call takes: the middle of several rows of calls.
fn seconds<T>(length: Duration, mut call: impl FnMut() -> T) -> f64 {
    let row = |call: &mut dyn FnMut()| {
        let from = Instant::now();
        let mut calls = 0_u32;
        while from.elapsed() < length {
            call();
            calls += 1;
        }
        from.elapsed().as_secs_f64() / f64::from(calls)
    };
    let mut rows = [0; 5].map(|_| {
        row(&mut || {
            black_box(call());
        })
    });
    median(&mut rows)
}
