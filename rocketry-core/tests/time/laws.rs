//! What holds for every period, zone and instant.

use proptest::prelude::*;
use rocketry_core::time::{Period, Span, Timestamp, Zone};
use rocketry_syntax::ast::{Delta, PeriodExpr};

use crate::support::{anchored, crons, instants, offset, places, repeated, trees, zone};

/// So many times the usual number of cases, which `PROPTEST_CASES` sets.
fn cases(times: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases * times,
        ..usual
    }
}

/// Earlier than any instant that is tested.
fn earliest() -> Timestamp {
    Timestamp::from_micros(0)
}

fn previous(at: Timestamp) -> Timestamp {
    at.saturating_sub(Delta(1))
}

/// The answers about one instant agree with one another.
fn consistent(period: &Period, at: Timestamp, zone: Zone) -> Result<(), TestCaseError> {
    let (before, current, after) = (
        period.span_before(at, zone),
        period.span_at(at, zone),
        period.span_after(at, zone),
    );
    prop_assert_eq!(period.contains(at, zone), current.is_some());
    if current.is_some() {
        prop_assert_eq!(before, current);
        prop_assert_eq!(after, current);
    }
    if let Some(before) = before {
        prop_assert!(!before.is_empty() && before.start <= at);
        prop_assert!(
            period.lookback() >= Delta(before.start.max(earliest()).as_micros().abs_diff(at.as_micros()))
        );
        prop_assert!(current.is_some() || before.end <= at);
    }
    if let Some(after) = after {
        prop_assert!(!after.is_empty() && after.end > at);
        prop_assert!(current.is_some() || after.start > at);
    }
    let change = after.map(|after| if after.start > at { after.start } else { after.end });
    prop_assert_eq!(
        period.next_change(at, zone),
        change.filter(|change| *change < Timestamp::MAX)
    );
    Ok(())
}

/// An occurrence is the same one from wherever it is looked at, and its neighbours keep clear of it.
fn stable(period: &Period, span: Span, zone: Zone) -> Result<(), TestCaseError> {
    let (first, last) = (span.start, previous(span.end));
    for at in [
        first,
        last,
        Timestamp::from_micros(i64::midpoint(first.as_micros(), last.as_micros())),
    ] {
        prop_assert_eq!(period.span_at(at, zone), Some(span));
    }
    if let Some(next) = period.span_after(span.end, zone) {
        prop_assert!(next.start >= span.end, "{:?} reaches into {:?}", span, next);
        prop_assert_eq!(period.span_before(previous(next.start), zone), Some(span));
    }
    if let Some(earlier) = period.span_before(previous(span.start), zone) {
        prop_assert!(earlier.end <= span.start, "{:?} reaches into {:?}", earlier, span);
        prop_assert_eq!(period.span_after(earlier.end, zone), Some(span));
    }
    Ok(())
}

fn lawful(tree: &PeriodExpr, zone: Zone, at: Timestamp) -> Result<(), TestCaseError> {
    let period = Period::compile(tree).expect("a valid tree");
    consistent(&period, at, zone)?;
    let mut next = Some(at);
    for _ in 0..3 {
        next = next.and_then(|at| period.next_change(at, zone));
        let Some(change) = next else { break };
        consistent(&period, change, zone)?;
        consistent(&period, previous(change), zone)?;
    }
    let spans = [period.span_before(at, zone), period.span_after(at, zone)];
    let finite = |span: &Span| span.start > Timestamp::MIN && span.end < Timestamp::MAX;
    spans
        .into_iter()
        .flatten()
        .filter(finite)
        .try_for_each(|span| stable(&period, span, zone))
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn anchored_periods_are_lawful(tree in anchored(), (zone, at) in places()) {
        lawful(&tree, zone, at)?;
    }

    #[test]
    fn repeated_periods_are_lawful(tree in repeated(), (zone, at) in places()) {
        lawful(&tree, zone, at)?;
    }

    #[test]
    fn crons_are_lawful(tree in crons(), (zone, at) in places()) {
        lawful(&tree, zone, at)?;
    }
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn sets_are_consistent(tree in trees(), (zone, at) in places()) {
        let period = Period::compile(&tree).expect("a valid tree");
        consistent(&period, at, zone)?;
    }

    #[test]
    fn sets_follow_logic(members in prop::collection::vec(anchored(), 1..4), (zone, at) in places()) {
        let each: Vec<bool> =
            members.iter().map(|tree| Period::compile(tree).unwrap().contains(at, zone)).collect();
        let all = Period::compile(&PeriodExpr::All(members.clone())).unwrap();
        let any = Period::compile(&PeriodExpr::Any(members)).unwrap();
        prop_assert_eq!(all.contains(at, zone), each.iter().all(|it| *it));
        prop_assert_eq!(any.contains(at, zone), each.iter().any(|it| *it));
    }

    /// Where the clock is never moved, a zone is UTC with other readings.
    #[test]
    fn a_clock_that_stands_still_is_utc_moved(tree in anchored(), name in steady_zones(), at in instants()) {
        let (period, zone) = (Period::compile(&tree).unwrap(), zone(name));
        let ahead = offset(at, zone) * 1_000_000;
        let moved = |at: Timestamp| Timestamp::from_micros(at.as_micros() + ahead);
        prop_assert_eq!(period.contains(at, zone), period.contains(moved(at), Zone::UTC));
        prop_assert_eq!(period.next_change(at, zone).map(moved), period.next_change(moved(at), Zone::UTC));
    }
}

fn steady_zones() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Etc/GMT+12",
        "Etc/GMT-14",
        "Asia/Tokyo",
    ])
}
