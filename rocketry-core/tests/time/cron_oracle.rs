//! Cron expressions against croner, a cron library that has its own way to search.

use std::ops::RangeInclusive;

use chrono::DateTime;
use chrono_tz::Tz;
use croner::parser::{CronParser, Seconds};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rocketry_core::time::{Period, Timestamp, Zone};
use rocketry_syntax::Cron;
use rocketry_syntax::ast::{Delta, PeriodExpr};

use crate::support::{DAY, offset, places, ts, zone};

/// How many matches are looked for in each direction.
const STEPS: usize = 8;

const WEEKDAYS: [&str; 7] = ["Sun", "mon", "TUE", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = [
    "Jan", "feb", "MAR", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A part of an expression: as it is written here, and as croner knows it.
#[derive(Clone, Debug)]
struct Spelled {
    ours: String,
    theirs: String,
}

impl Spelled {
    fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            ours: text.clone(),
            theirs: text,
        }
    }

    fn joined(parts: &[Self], separator: &str) -> Self {
        let join = |text: fn(&Self) -> &str| parts.iter().map(text).collect::<Vec<_>>().join(separator);
        Self {
            ours: join(|part| &part.ours),
            theirs: join(|part| &part.theirs),
        }
    }
}

fn value(number: u8, spelled: &'static [&'static str], by_name: bool) -> String {
    let name = usize::from(number).checked_sub(usize::from(spelled.len() == 12));
    let name = name.and_then(|index| spelled.get(index)).filter(|_| by_name);
    name.map_or(number.to_string(), |name| (*name).to_owned())
}

/// A range that may wrap, of every `step`-th value.
fn range(values: &RangeInclusive<u8>, [first, last]: [u8; 2], step: Option<u8>) -> Spelled {
    let step = step.map_or(String::new(), |step| format!("/{step}"));
    let ours = format!("{first}-{last}{step}");
    let theirs = if first <= last {
        ours.clone()
    } else {
        let count = values.end() - values.start() + 1;
        let wrapped = first..=last + count;
        let each = wrapped.step_by(step.get(1..).map_or(1, |step| step.parse().expect("a step")));
        let each = each.map(|value| (value - values.start()) % count + values.start());
        let each: Vec<String> = each.map(|value| format!("{value}-{value}{step}")).collect();
        each.join(",")
    };
    Spelled { ours, theirs }
}

/// A member of the list that any field may have.
fn plain(values: RangeInclusive<u8>, names: &'static [&'static str]) -> BoxedStrategy<Spelled> {
    let (least, greatest) = values.clone().into_inner();
    let steps = 1..=greatest - least + 1;
    let single = (values.clone(), any::<bool>()).prop_map(move |(number, by_name)| Spelled {
        ours: value(number, names, by_name),
        theirs: number.to_string(),
    });
    let ranges = (values.clone(), values.clone(), prop::option::of(steps.clone()));
    let ranges = ranges.prop_map({
        let values = values.clone();
        move |(first, last, step)| range(&values, [first, last], step)
    });
    let from = (values, steps.clone()).prop_map(move |(first, step)| Spelled {
        ours: format!("{first}/{step}"),
        theirs: format!("{first}-{greatest}/{step}"),
    });
    let all = steps.prop_map(|step| Spelled::same(format!("*/{step}")));
    prop_oneof![6 => single, 2 => ranges, 1 => from, 2 => all].boxed()
}

fn days_of_month() -> impl Strategy<Value = Spelled> {
    let nearest = (1..=31_u8).prop_map(|day| Spelled::same(format!("{day}W")));
    let last = select(vec!["L", "LW"]).prop_map(Spelled::same);
    prop_oneof![4 => plain(1..=31, &[]), 1 => nearest, 1 => last]
}

fn days_of_week() -> impl Strategy<Value = Spelled> {
    let special = (
        0..=7_u8,
        any::<bool>(),
        select(vec!["L", "#1", "#2", "#3", "#4", "#5"]),
    );
    let special = special.prop_map(|(day, by_name, which)| Spelled {
        ours: value(day, &WEEKDAYS, by_name) + which,
        theirs: format!("{day}{which}"),
    });
    // Sunday is 7 as well.
    let sundays = select(vec![
        ("7", "0"),
        ("5-7", "5,6,0"),
        ("7-2", "0-2"),
        ("0-7", "0-6"),
        ("1-7/3", "1,4,0"),
        ("7/4", "0-6/4"),
    ]);
    let sundays = sundays.prop_map(|(ours, theirs)| Spelled {
        ours: ours.to_owned(),
        theirs: theirs.to_owned(),
    });
    prop_oneof![4 => plain(0..=6, &WEEKDAYS), 1 => sundays, 2 => special]
}

/// A field: often everything, else a list.
fn field(member: impl Strategy<Value = Spelled> + 'static) -> BoxedStrategy<Spelled> {
    let members = prop_oneof![4 => 1..=1_usize, 1 => 2..=3_usize];
    let member = member.boxed();
    let lists = members.prop_flat_map(move |count| prop::collection::vec(member.clone(), count));
    let list = (lists, prop::option::weighted(0.05, any::<Index>())).prop_map(|(list, whole)| {
        let mut field = Spelled::joined(&list, ",");
        if whole.is_some_and(|place| place.index(2) == 0) {
            field = Spelled::joined(&[field, Spelled::same("*")], ",");
            "*".clone_into(&mut field.theirs);
        }
        field
    });
    prop_oneof![2 => Just(Spelled::same("*")), 3 => list].boxed()
}

/// The seconds, if any, minutes and hours: often a single time, mostly at night, when clocks are moved.
fn times() -> impl Strategy<Value = Spelled> {
    let number = |number: u8| Spelled::same(number.to_string());
    let minute = prop_oneof![select(vec![0, 1, 15, 30, 45, 59]), 0..=59_u8].prop_map(number);
    let hour = prop_oneof![3 => 0..=3_u8, 1 => 0..=23_u8].prop_map(number);
    let single = (prop::option::of(minute.clone()), minute, hour);
    let any = (
        prop::option::weighted(0.2, field(plain(0..=59, &[]))),
        field(plain(0..=59, &[])),
        field(plain(0..=23, &[])),
    );
    prop_oneof![single.boxed(), any.boxed()].prop_map(|(second, minute, hour)| {
        let fields: Vec<Spelled> = second.into_iter().chain([minute, hour]).collect();
        Spelled::joined(&fields, " ")
    })
}

fn dates() -> impl Strategy<Value = Spelled> {
    let dates = (
        field(days_of_month()),
        field(plain(1..=12, &MONTHS)),
        field(days_of_week()),
    );
    prop_oneof![
        Just(Spelled::same("* * *")),
        dates.prop_map(|(day, month, weekday)| Spelled::joined(&[day, month, weekday], " ")),
    ]
}

/// An expression that some date matches.
fn expressions() -> impl Strategy<Value = (Spelled, Cron)> {
    let spelled = (times(), dates()).prop_map(|(time, date)| Spelled::joined(&[time, date], " "));
    spelled.prop_filter_map("no date matches", |spelled| {
        let seconds = spelled.ours.split(' ').count() == 6;
        let cron = Cron::parse(&spelled.ours, seconds).ok()?;
        let days = cron.sets().days_of_month;
        // In such a list croner forgets the last day.
        let forgotten = days.is_some_and(|days| days.before_last != 0 && days.weekday_before_last != 0);
        (!forgotten).then_some((spelled, cron))
    })
}

/// Places around changes of the clock that are unlike others.
fn peculiar() -> impl Strategy<Value = (Zone, Timestamp)> {
    let changes = select(vec![
        ("Pacific/Apia", "2011-12-30T10:00:00Z"), // a day is left out
        ("Pacific/Kwajalein", "1993-08-20T12:00:00Z"),
        ("Australia/Lord_Howe", "2024-04-06T15:00:00Z"), // half an hour
        ("Australia/Lord_Howe", "2024-10-05T15:30:00Z"),
        ("America/Sao_Paulo", "2017-10-15T03:00:00Z"), // without midnight
        ("America/Sao_Paulo", "2018-02-18T02:00:00Z"), // from midnight to 23:00
        ("Asia/Beirut", "2024-03-30T22:00:00Z"),
        ("Africa/Cairo", "2024-04-25T22:00:00Z"),
        ("Africa/Cairo", "2024-10-31T21:00:00Z"),
        ("America/St_Johns", "2010-11-07T02:31:00Z"), // from 00:01 to 23:01
        ("America/Nuuk", "2024-03-31T01:00:00Z"),     // from 23:00 to midnight
        ("Antarctica/Troll", "2024-03-31T01:00:00Z"), // two hours
        ("Antarctica/Casey", "2020-10-03T16:01:00Z"), // three hours
    ]);
    (changes, -200_000..200_000_i64).prop_map(|((place, change), seconds)| {
        (
            zone(place),
            Timestamp::from_micros(ts(change).as_micros() + seconds * 1_000_000),
        )
    })
}

/// Whether croner has the same opinion on the changes of the clock of a zone.
///
/// What recurs follows the readings there, too. To croner a time is fixed only if it is a single one, and what a gap
/// skips is made up for only if the day after the gap matches. In a long gap it gives up, or makes up for a time of a
/// day that is left out.
fn is_judged_alike(spelled: &Spelled, cron: &Cron, zone: Zone) -> bool {
    let sets = cron.sets();
    let single = !spelled.theirs.contains(['/', ',']) && spelled.theirs.ends_with("* * *");
    !sets.fixed_time
        || (single && sets.hours.is_power_of_two() && sets.minutes.is_power_of_two() && !has_long_gap(zone))
}

/// Whether the clock was ever put forward by more than two hours, in the years that are tested.
fn has_long_gap(zone: Zone) -> bool {
    let gap = |at: Timestamp| offset(at, zone) - offset(at.saturating_sub(Delta(DAY)), zone) > 7_200;
    (5_000..30_000).any(|day| gap(Timestamp::from_micros(day * 86_400_000_000)))
}

fn next(period: &Period, at: Timestamp, zone: Zone) -> Timestamp {
    let from = period.span_at(at, zone).map_or(at, |current| current.end);
    period.span_after(from, zone).expect("some date matches").start
}

fn last(period: &Period, at: Timestamp, zone: Zone) -> Timestamp {
    period.span_before(at, zone).expect("some date matches").start
}

/// Croner does not look at fractions of a second.
fn second(at: Timestamp, zone: Zone) -> DateTime<Tz> {
    Timestamp::from_micros(at.as_micros().div_euclid(1_000_000) * 1_000_000).in_zone(&zone)
}

proptest! {
    #[test]
    fn croner_finds_the_same((spelled, cron) in expressions(), (zone, at) in prop_oneof![places(), peculiar()]) {
        let zone = if is_judged_alike(&spelled, &cron, zone) { zone } else { Zone::UTC };
        let period = Period::compile(&PeriodExpr::Cron(cron)).expect("checked");
        let croner = CronParser::builder().seconds(Seconds::Optional).build();
        let theirs = croner.parse(&spelled.theirs).expect("croner knows it");
        let mut from = at;
        for _ in 0..STEPS {
            let found = theirs.find_next_occurrence(&second(from, zone), false);
            let expected = Timestamp::from(found.expect("some date matches"));
            prop_assert_eq!(next(&period, from, zone), expected, "{:?} after {} in {}", spelled, from, zone);
            from = expected;
        }
        let mut from = at;
        for _ in 0..STEPS {
            let found = theirs.find_previous_occurrence(&second(from, zone), true);
            let expected = Timestamp::from(found.expect("some date matches"));
            prop_assert_eq!(last(&period, from, zone), expected, "{:?} until {} in {}", spelled, from, zone);
            from = Timestamp::from_micros(expected.as_micros() - 1);
        }
    }
}
