//! A conjunction that is refused has no instant at which it is true.

use proptest::prelude::*;
use proptest::sample::select;
use rocketry_core::time::{Period, Timestamp, Zone};
use rocketry_core::{Group, Rocketry, Task};
use rocketry_syntax::ast::{Bound, CondExpr, Date, Delta, Moment, PeriodExpr, Unit, Window};

use crate::support::{
    DAY, HOUR, MINUTE, ZONES, anchored, crons, date, instants, next_jump, nth, places, repeated, tree, ts,
    units, weekday, windows, zone,
};

fn is_refused(members: &[PeriodExpr]) -> bool {
    let statement: CondExpr = CondExpr::all(members.iter().cloned().map(CondExpr::TimeOf));
    statement.contradiction().is_some()
}

/// Two windows, often of the same unit: only such exclude each other often.
fn pairs() -> impl Strategy<Value = (PeriodExpr, PeriodExpr)> {
    let alike = units().prop_flat_map(|unit| {
        let window = move || windows(unit).prop_map(move |window| tree(unit, window));
        (window(), window())
    });
    prop_oneof![3 => alike, 1 => (anchored(), anchored())]
}

/// Whether all the periods hold at some instant of a stretch, which are looked at every ten minutes.
fn ever(members: &[PeriodExpr], zone: Zone, from: Timestamp, days: u64) -> Option<Timestamp> {
    let compile = |member: &PeriodExpr| Period::compile(member).expect("a period");
    let members: Vec<_> = members.iter().map(compile).collect();
    let instants = (0..days * DAY / (10 * MINUTE)).map(|step| from.saturating_add(Delta(step * 10 * MINUTE)));
    let mut all = instants.filter(|at| members.iter().all(|member| member.contains(*at, zone)));
    all.next()
}

/// Zones that still move their clocks, with an instant at which they do so.
fn jumps() -> impl Strategy<Value = (Zone, Timestamp)> {
    let first = ts("2025-01-01T00:00:00Z");
    (select(&ZONES[..]), 0..4_000_u64).prop_filter_map("no jump", move |(name, day)| {
        let zone = zone(name);
        Some((zone, next_jump(first.saturating_add(Delta(day * DAY)), zone)?))
    })
}

/// Hours at which no clock is moved, which would be uncertain.
fn daytime() -> impl Strategy<Value = u64> {
    (4..21_u64).prop_map(|hour| hour * HOUR)
}

/// The first day of some dates, by its number in 2026 to 2029, and how many follow it.
fn dates() -> impl Strategy<Value = (u64, u64)> {
    (0..4 * 365_u64, prop_oneof![0..10_u64, 0..45_u64])
}

/// `from` a date and `until` another, and an instant before both; some with a time of day.
fn stretch((first, days): (u64, u64), times: [Option<u64>; 2]) -> ([PeriodExpr; 2], Timestamp) {
    let start = ts("2026-01-01T00:00:00Z").saturating_add(Delta(first * DAY));
    let moment = |days: u64, time| {
        let text = start.saturating_add(Delta(days * DAY)).to_string();
        let part = |range: std::ops::Range<usize>| text[range].parse::<u16>().expect("a number");
        let small = |range| u8::try_from(part(range)).expect("a small number");
        let date = Date {
            year: part(0..4),
            month: small(5..7),
            day: small(8..10),
        };
        Moment { date, time }
    };
    let dates = [
        PeriodExpr::From(moment(0, times[0])),
        PeriodExpr::Until(moment(days, times[1])),
    ];
    (dates, start.saturating_sub(Delta(2 * DAY)))
}

/// Periods that recur in weeks, months, quarters and years, by every kind of rule.
fn recurring() -> BoxedStrategy<PeriodExpr> {
    let units = select(vec![
        Unit::Week,
        Unit::Month,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
    ]);
    let window = units.prop_flat_map(|unit| windows(unit).prop_map(move |window| tree(unit, window)));
    // Boxed, since together they are larger than a test's stack.
    prop_oneof![4 => window.boxed(), 2 => repeated().boxed(), 1 => crons().boxed()].boxed()
}

#[test]
fn dates_are_compared_with_weeks_and_months() {
    // So that the properties below are about something.
    let cases = [
        (tree(Unit::Week, Window::On(weekday(4))), 338, 5),
        (tree(Unit::Month, Window::On(nth(31))), 396, 27),
        (tree(Unit::Year, Window::On(date(12, 24))), 0, 300),
    ];
    for (period, first, days) in cases {
        let ([from, until], _) = stretch((first, days), [None, None]);
        assert!(is_refused(&[period.clone(), from, until]), "{period}");
    }
}

proptest! {
    #[test]
    fn what_is_refused_never_happens_around_a_change_of_the_clock((a, b) in pairs(), (zone, at) in jumps()) {
        let both = [a, b];
        if is_refused(&both) {
            let found = ever(&both, zone, at.saturating_sub(Delta(2 * DAY)), 4);
            prop_assert_eq!(found, None, "{} & {} in {}", both[0], both[1], zone);
        }
    }

    #[test]
    fn what_is_refused_never_happens_on_its_dates(
        period in recurring(),
        other in prop::option::of(recurring()),
        dates in dates(),
        times in prop::array::uniform2(prop::option::weighted(0.3, (0..24_u64).prop_map(|hour| hour * HOUR))),
        zone in select(&ZONES[..]),
    ) {
        let ([from, until], start) = stretch(dates, times);
        let all: Vec<_> = [period, from, until].into_iter().chain(other).collect();
        if is_refused(&all) {
            let found = ever(&all, crate::support::zone(zone), start, dates.1 + 4);
            prop_assert_eq!(found, None, "{} in {}", PeriodExpr::All(all), zone);
        }
    }

    #[test]
    fn what_never_happens_on_its_dates_is_refused(
        bound in prop_oneof![
            (0..7_u8).prop_map(|day| tree(Unit::Week, Window::On(weekday(day)))),
            (1..=31_u8).prop_map(|day| tree(Unit::Month, Window::On(nth(day)))),
            (1..=12_u8, 1..=28_u8).prop_map(|(month, day)| tree(Unit::Year, Window::On(date(month, day)))),
        ],
        dates in dates(),
    ) {
        let ([from, until], start) = stretch(dates, [None, None]);
        let all = [bound, from, until];
        let found = ever(&all, Zone::UTC, start, dates.1 + 4);
        prop_assert_eq!(is_refused(&all), found.is_none(), "{}", PeriodExpr::All(all.to_vec()));
    }

    #[test]
    fn what_is_refused_never_happens((a, b) in pairs(), at in instants()) {
        if is_refused(&[a.clone(), b.clone()]) {
            let both = Period::compile(&PeriodExpr::All(vec![a, b])).expect("a period");
            prop_assert_eq!(both.span_after(at, Zone::UTC), None);
        }
    }

    #[test]
    fn a_cron_that_is_refused_never_happens_in_a_window(cron in crons(), window in anchored(), at in instants()) {
        if is_refused(&[cron.clone(), window.clone()]) {
            let both = Period::compile(&PeriodExpr::All(vec![cron, window])).expect("a period");
            prop_assert_eq!(both.span_after(at, Zone::UTC), None);
        }
    }

    #[test]
    fn crons_that_are_refused_never_happen_together(a in crons(), b in crons(), (zone, at) in places()) {
        if is_refused(&[a.clone(), b.clone()]) {
            let both = Period::compile(&PeriodExpr::All(vec![a, b])).expect("a period");
            prop_assert_eq!(both.span_after(at, zone), None);
        }
    }

    #[test]
    fn what_is_not_refused_happens_in_a_week(
        (start, end) in (daytime(), daytime()),
        (first, last) in (0..7_u8, 0..7_u8),
        times in prop::option::of((daytime(), daytime())),
        at in instants(),
    ) {
        let day = tree(Unit::Day, Window::Between(Bound::Clock(start), Bound::Clock(end)));
        let (from, until) = times.unzip();
        let [first, last] = [(first, from), (last, until)].map(|(day, time)| Bound::Weekday { day, time });
        let both = [day, tree(Unit::Week, Window::Between(first, last))];
        let refused = is_refused(&both);
        let both = Period::compile(&PeriodExpr::All(both.to_vec())).expect("a period");
        let soon = at.saturating_add(Delta(8 * DAY));
        prop_assert_eq!(!refused, both.span_after(at, Zone::UTC).is_some_and(|span| span.start < soon));
    }
}

/// The mistakes of an app whose one task starts by the statement.
fn told(start: &str) -> String {
    let app = Rocketry::builder().func("report", start, || {});
    app.build().expect_err("a mistake").to_string()
}

#[test]
fn a_task_and_its_group_have_a_time_in_common() {
    let mondays = Group::new("mondays").start("weekly on Monday");
    let task = Task::func("report", || {})
        .group("mondays")
        .start("weekly on Friday");
    let told = Rocketry::builder()
        .group(mondays)
        .task(task)
        .build()
        .expect_err("a mistake")
        .to_string();
    assert!(told.contains("are never true at the same time"), "{told}");
    assert!(
        told.contains("`weekly on Monday`") && told.contains("`weekly on Friday`"),
        "{told}"
    );
}

#[test]
fn an_app_does_not_start_with_a_contradiction() {
    let told = told("weekly on Monday & weekly on Friday");
    let expected = "start condition of task `report`: `weekly on Monday` and `weekly on Friday` are never true at the \
                    same time; if one of them is enough, join them with `|`";
    assert!(told.starts_with(expected), "{told}");
    assert!(told.contains(file!()), "{told}");
}
