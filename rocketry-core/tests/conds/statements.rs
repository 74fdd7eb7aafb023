//! Random statements and random pasts.

use proptest::prelude::*;
use rocketry_core::Condition;
use rocketry_core::log::Action;
use rocketry_core::time::{Timestamp, Zone};

use crate::app::App;

const SECOND: u64 = 1_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

fn windowed() -> impl Strategy<Value = (String, &'static str)> {
    prop::sample::select(vec![
        ("minute", "after 30"),
        ("minute", "between 50 and 10"),
        ("hour", "before 45:00"),
        ("hour", "at 15:30"),
        ("hour", "starting 20:00"),
        ("day", "after 10:00"),
        ("day", "before 02:30"),
        ("day", "between 22:00 and 03:00"),
        ("day", "between 01:00 and 23:00"),
        ("day", "at 02:15"),
        ("day", "starting 12:00"),
        ("week", "between Mon and Fri"),
        ("week", "on Sunday"),
        ("week", "after Sat 12:00"),
        ("month", "on last day"),
        ("month", "after 29th"),
        ("month", "between 30th and 2nd"),
        ("year", "on Feb 29th"),
        ("year", "between Mar and Oct"),
    ])
    .prop_map(|(unit, window)| (unit.to_owned(), window))
}

fn cycle() -> impl Strategy<Value = String> {
    let name = |unit: &str| match unit {
        "day" => "daily".to_owned(),
        unit => format!("{unit}ly"),
    };
    let narrowed = windowed().prop_map(move |(unit, window)| format!("{} {window}", name(&unit)));
    let full = one_of(&[
        "secondly", "minutely", "hourly", "daily", "weekly", "monthly", "yearly",
    ]);
    let retries = one_of(&["", "", " with 1 retry", " with 3 retries"]);
    (prop_oneof![full, narrowed], retries).prop_map(|(cycle, retries)| format!("{cycle}{retries}"))
}

fn cron() -> impl Strategy<Value = String> {
    one_of(&[
        "cron */5 * * * *",
        "cron 0 2 * * *",
        "cron 30 2 29-31 * Mon",
        "cron with seconds */20 * * * * *",
        "cron 0 12 * * Mon-Fri grace 3 hours",
        "cron 0 0 29 2 * grace 40 days",
    ])
}

const LENGTHS: &[&str] = &["1 ms", "20 seconds", "10 minutes", "3 hours", "1 day", "40 days"];

/// A period, or a set of them.
pub(crate) fn period() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => windowed().prop_map(|(unit, window)| format!("time of {unit} {window}")),
        1 => one_of(&["any time of hour", "any time of day", "always", "never"]),
        2 => one_of(LENGTHS).prop_map(|length| format!("past {length}")),
        1 => cron(),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        (inner.clone(), one_of(&["&", "|"]), inner).prop_map(|(a, sign, b)| format!("({a} {sign} {b})"))
    })
}

fn task() -> impl Strategy<Value = String> {
    one_of(&["", "", "task 'a' ", "task 'b' "])
}

fn count(one: &'static str, many: &'static str) -> impl Strategy<Value = String> {
    let test = one_of(&["at least", "at most", "more than", "less than", "exactly", "not"]);
    let counted = (test, 0..4u8)
        .prop_map(move |(test, number)| format!(" {test} {number} {}", if number == 1 { one } else { many }));
    prop_oneof![2 => Just(String::new()), 1 => counted]
}

fn status() -> impl Strategy<Value = String> {
    let verb = one_of(&[
        "started",
        "succeeded",
        "failed",
        "finished",
        "terminated",
        "inacted",
        "crashed",
    ]);
    let within = prop_oneof![
        1 => Just(String::new()),
        1 => one_of(&[" today", " this minute", " this hour", " this week", " this month", " this year"]),
        2 => one_of(LENGTHS).prop_map(|length| format!(" past {length}")),
        3 => period().prop_map(|period| format!(" in ({period})")),
    ];
    (task(), verb, within, count("time", "times"))
        .prop_map(|(task, verb, within, count)| format!("{task}has {verb}{within}{count}"))
}

fn running() -> impl Strategy<Value = String> {
    let age = one_of(&[
        "",
        " for more than 10 minutes",
        " for less than 3 hours",
        " for more than 1 ms and less than 1 day",
    ]);
    let runs = count("run", "runs").prop_map(|count| {
        if count.is_empty() {
            count
        } else {
            format!(" in{count}")
        }
    });
    (task(), age, runs).prop_map(|(task, age, runs)| format!("{task}is running{age}{runs}"))
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => (one_of(LENGTHS), one_of(&["", " based on success", " based on fail", " based on finish"]))
            .prop_map(|(length, basis)| format!("every {length}{basis}")),
        3 => cycle(),
        1 => cron(),
        2 => (task(), period(), one_of(&["", " with 2 retries"]))
            .prop_map(|(task, period, retries)| format!("{task}once per ({period}){retries}")),
        1 => (task(), period()).prop_map(|(task, period)| format!("{task}one start per ({period})")),
        2 => windowed().prop_map(|(unit, window)| format!("time of {unit} {window}")),
        1 => period().prop_map(|period| format!("in ({period})")),
        1 => one_of(&["after task 'a'", "after task 'b' failed", "after tasks 'a', 'b' finished",
                      "after any tasks 'a', 'b' terminated"]),
        4 => status(),
        2 => running(),
        1 => one_of(&["retry", "retry 2 times", "retry with backoff 20 seconds", "retry 3 times with backoff 10 minutes"]),
        1 => one_of(&["scheduler has run over 10 minutes", "scheduler started 3 hours ago",
                      "scheduler has run under 1 day", "scheduler has at least 3 cycles"]),
        1 => one_of(&["env 'test'", "param 'y' exists", "true", "false"]),
    ]
}

/// A statement of any kind about the tasks of the [`App`].
pub(crate) fn statement() -> impl Strategy<Value = Condition> {
    let tree = leaf().prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("~({inner})")),
            (prop::collection::vec(inner, 2..4), one_of(&[" & ", " | "]))
                .prop_map(|(members, sign)| format!("({})", members.join(&sign))),
        ]
    });
    tree.prop_map(|text| Condition::parse(&text).unwrap_or_else(|error| panic!("{}", error.caret(&text))))
}

/// How long after the event before, what happened, and to which task.
pub(crate) type Event = (u64, u32, Action);

fn gap() -> impl Strategy<Value = u64> {
    prop_oneof![
        prop::sample::select(vec![
            0,
            1,
            1_000,
            SECOND,
            20 * SECOND,
            10 * MINUTE,
            HOUR,
            3 * HOUR,
            DAY,
            30 * DAY
        ]),
        0..2 * HOUR,
        0..2 * DAY,
    ]
}

/// Events in the order of their time.
pub(crate) fn past() -> impl Strategy<Value = Vec<Event>> {
    let event = (gap(), 0..3u32, prop::sample::select(Action::ALL.to_vec()));
    prop::collection::vec(event, 0..12)
}

/// An instant at which the events are over, near a jump of some clock or anywhere.
pub(crate) fn present() -> impl Strategy<Value = (Timestamp, Zone)> {
    let zones = [
        "UTC",
        "Europe/Helsinki",
        "America/New_York",
        "Australia/Lord_Howe",
    ];
    let zone = prop::sample::select(zones.to_vec()).prop_map(|name| name.parse().expect("a zone"));
    let near = [
        "2024-03-31T01:00",
        "2024-10-27T00:30",
        "2024-03-10T07:00",
        "2024-11-03T05:30",
        "2024-02-29T00:00",
    ];
    let near = prop::sample::select(near.to_vec()).prop_map(|text| {
        format!("{text}:00")
            .parse::<Timestamp>()
            .expect("an instant")
            .as_micros()
    });
    let anywhere = 1_700_000_000_000_000..1_740_000_000_000_000i64;
    let offset = prop_oneof![Just(0i64), -1..2i64, -7_200_000_000..7_200_000_000i64];
    let instant =
        (prop_oneof![near, anywhere], offset).prop_map(|(at, offset)| Timestamp::from_micros(at + offset));
    (instant, zone)
}

/// Lets the events happen, the last of them so long before now.
pub(crate) fn happen(app: &mut App, events: &[Event], now: Timestamp) {
    let total: u64 = events.iter().map(|(gap, ..)| gap).sum();
    let mut at = now.saturating_sub(rocketry_syntax::Delta(total));
    app.startup = at;
    for (gap, task, action) in events {
        at = at.saturating_add(rocketry_syntax::Delta(*gap));
        app.record(*task, *action, at);
    }
}
