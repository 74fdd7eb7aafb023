//! A conjunction that is refused has no instant at which it is true.

mod time_support;

use proptest::prelude::*;
use rocketry_core::time::{Period, Zone};
use rocketry_core::{Group, Rocketry, Task};
use rocketry_syntax::ast::{CondExpr, Delta, PeriodExpr, Unit};

use time_support::{DAY, anchored, crons, instants, places, tree, units, windows};

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

proptest! {
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
        a in windows(Unit::Day),
        b in windows(Unit::Week),
        at in instants(),
    ) {
        let (a, b) = (tree(Unit::Day, a), tree(Unit::Week, b));
        let refused = is_refused(&[a.clone(), b.clone()]);
        let both = Period::compile(&PeriodExpr::All(vec![a, b])).expect("a period");
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
