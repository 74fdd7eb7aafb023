//! Laws that hold for every statement and every history.

use proptest::prelude::*;
use rocketry_core::Condition;
use rocketry_core::cond::{Plan, TaskId, Verdict};
use rocketry_core::log::{Action, Series};
use rocketry_core::time::{Period, Timestamp, Zone};
use rocketry_syntax::ast::Delta;
use rocketry_syntax::parse_period;

use crate::app::{A, App, B, T};
use crate::statements::{Event, happen, past, period, present, statement};

/// Instants after now at which something might change: steps of growing size, and the hours around them.
fn steps(now: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    const SECOND: u64 = 1_000_000;
    const HOUR: u64 = 3_600 * SECOND;
    let later = |delta: u64| now.saturating_add(Delta(delta));
    let past_hour = now.as_micros().cast_unsigned() % HOUR;
    let growing = (0..40).map(|power| later(1 << power));
    let seconds = (1..90).map(|step| later(step * SECOND - past_hour % SECOND));
    let minutes = (1..150).map(|step| later(step * 433 * SECOND));
    let hours = (1..60).map(|step| later(step * HOUR - past_hour));
    let last = until.saturating_sub(Delta(1));
    let all = growing.chain(seconds).chain(minutes).chain(hours).chain([last]);
    all.filter(|at| *at > now && *at < until && *at < later(400 * 24 * HOUR))
        .collect()
}

fn prepared(condition: &Condition, events: &[Event], present: (Timestamp, Zone)) -> (App, Plan) {
    let mut app = App::new();
    app.zone = present.1;
    let plan = app.plan(condition.clone());
    happen(&mut app, events, present.0);
    (app, plan)
}

/// How long ago a task that waits for its first period was added.
fn waits() -> impl Strategy<Value = Option<Delta>> {
    const HOUR: u64 = 3_600_000_000;
    prop::option::of(prop_oneof![0..2 * HOUR, 0..50 * 24 * HOUR].prop_map(Delta))
}

/// Few enough to be quick without optimisation; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(96)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// The scheduler sleeps until the instant that a condition gives: nothing may change before.
    #[test]
    fn a_truth_holds_until_the_instant_given(
        condition in statement(), events in past(), present in present(), waits in waits(),
    ) {
        let (mut app, plan) = prepared(&condition, &events, present);
        app.waits_since = waits.map(|ago| present.0.saturating_sub(ago));
        let verdict = app.look(&plan, present.0);
        prop_assert!(verdict.truth.is_some());
        prop_assert!(verdict.until > present.0, "{condition}: {verdict:?} at {}", present.0);
        for at in steps(present.0, verdict.until) {
            let later = app.look(&plan, at);
            prop_assert_eq!(later.truth, verdict.truth, "{}: {:?} at {}, but {:?} at {}",
                condition, verdict, present.0, later, at);
        }
    }

    /// Evaluating again at each given instant makes progress: a second takes few evaluations.
    #[test]
    fn time_passes_from_one_instant_given_to_the_next(
        condition in statement(), events in past(), present in present(), waits in waits(),
    ) {
        let (mut app, plan) = prepared(&condition, &events, present);
        app.waits_since = waits.map(|ago| present.0.saturating_sub(ago));
        let mut now = present.0;
        for _ in 0..64 {
            now = app.look(&plan, now).until;
        }
        prop_assert!(now >= present.0.saturating_add(Delta(1_000_000)), "{condition}: only at {now}");
    }

    /// The events that a plan declares suffice: keeping every event gives the same answer.
    #[test]
    fn what_is_kept_is_enough(condition in statement(), events in past(), present in present()) {
        let (app, plan) = prepared(&condition, &events, present);
        let mut full = App::new();
        full.zone = present.1;
        for task in [T, A, B] {
            let past = full.past.get_mut(&TaskId::new(task)).expect("a task");
            for series in Action::ALL.map(Series::Happened).into_iter().chain([Series::Failures]) {
                past.history.keep(series, Delta(u64::MAX));
            }
        }
        happen(&mut full, &events, present.0);
        let (kept, all) = (app.look(&plan, present.0), full.look(&plan, present.0));
        prop_assert_eq!(kept.truth, all.truth, "{}", condition);
    }

    /// No relevant event is dropped: an occurrence does not begin earlier than its period says.
    #[test]
    fn the_latest_occurrence_is_not_older_than_said(text in period(), present in present()) {
        let period = Period::compile(&parse_period(&text).expect("a period")).expect("a period");
        let oldest = present.0.saturating_sub(period.lookback());
        if let Some(latest) = period.span_before(present.0, present.1).filter(|_| !period.is_moving()) {
            prop_assert!(latest.start > oldest || oldest == Timestamp::MIN, "{text}: {latest:?}");
        }
    }

    /// A condition is printed as the text from which it was made.
    #[test]
    fn what_is_printed_is_read_as_the_same(condition in statement()) {
        let text = condition.to_string();
        prop_assert_eq!(Condition::parse(&text).expect("what is printed can be read"), condition);
    }

    /// The laws of logic hold for the truth and for the instant at which it may change.
    #[test]
    fn a_negation_passes_through_a_row(
        a in statement(), b in statement(), events in past(), present in present(),
    ) {
        let says = |condition: Condition| -> Verdict {
            let (app, plan) = prepared(&condition, &events, present);
            app.look(&plan, present.0)
        };
        let (not_both, either_not) = (says(!(a.clone() & b.clone())), says(!a.clone() | !b.clone()));
        prop_assert_eq!(not_both, either_not);
        let (first, second, both) = (says(a.clone()).truth, says(b.clone()).truth, says(a & b).truth);
        prop_assert_eq!(both, first.zip(second).map(|(first, second)| first && second));
    }

    /// Only the tasks that a plan depends on, and the owner, can change its answer.
    #[test]
    fn others_change_nothing(
        condition in statement(), events in past(), more in past(), present in present(),
    ) {
        let (mut app, plan) = prepared(&condition, &events, present);
        let before = app.look(&plan, present.0);
        let depends = plan.depends().tasks;
        for (_, task, action) in more {
            if task != T && !depends.contains(&TaskId::new(task)) {
                app.record(task, action, present.0);
            }
        }
        prop_assert_eq!(app.look(&plan, present.0), before);
    }
}
