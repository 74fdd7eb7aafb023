//! What is said of a statement holds: one that is never true never starts, one that is always true always may.

use std::time::Duration;

use proptest::prelude::*;
use rocketry_core::check::{Lint, check_statement};
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Rocketry, Timestamp};
use rocketry_syntax::parse_condition;

use super::app::{NOW, task};

/// Parts of statements whose windows exclude or complement each other often.
const PARTS: &[&str] = &[
    "weekly on Monday",
    "weekly on Friday",
    "weekly on Monday, Friday",
    "daily after 12:00",
    "daily before 12:00",
    "daily between 22:00 and 02:00",
    "time of day after 12:00",
    "time of day before 12:00",
    "time of day between 08:00 and 10:00",
    "time of week on Monday",
    "time of week after Friday",
    "time of week before Friday",
    "time of month after 15th",
    "monthly on 31st",
    "yearly on December",
    "time of year between April and November",
    "on weekdays",
    "on weekends",
    "from 2026-03-01",
    "until 2026-02-01",
    "cron 0 18 * * Mon-Fri",
    "cron 30 12 1 * *",
    "crontime * 0-11 * * *",
    "every 6 hours",
    "is running",
    "true",
    "false",
];

fn statement() -> impl Strategy<Value = String> {
    let part = (prop::sample::select(PARTS), any::<bool>()).prop_map(|(part, negated)| {
        if negated {
            format!("~{part}")
        } else {
            part.to_owned()
        }
    });
    let joined = |sign: &'static str| move |parts: Vec<String>| format!("({})", parts.join(sign));
    part.prop_recursive(2, 6, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(joined(" & ")),
            prop::collection::vec(inner, 2..4).prop_map(joined(" | ")),
        ]
    })
}

/// The parts of a statement that a lint reports.
fn reported(text: &str, lint: Lint) -> Vec<String> {
    let statement = parse_condition(text).unwrap();
    let remarks = statement
        .remarks()
        .into_iter()
        .filter(|remark| remark.lint == lint);
    remarks.map(|remark| remark.part).collect()
}

/// The starts of a statement in a simulated year.
fn starts_in_a_year(text: &str) -> usize {
    let task = task("lone").start(text).allow("never_true");
    let app = Rocketry::builder()
        .config(config("UTC"))
        .task(task)
        .build()
        .unwrap();
    let year = app.simulate("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    let year = year.takes("lone", Duration::from_secs(6 * 3600)).run().unwrap();
    year.runs.len()
}

fn config(zone: &str) -> Config {
    Config {
        zone: zone.parse().unwrap(),
        console: false,
        ..Config::default()
    }
}

proptest! {
    #[test]
    fn a_statement_that_is_never_true_never_starts(text in statement()) {
        for part in reported(&text, Lint::NeverTrue) {
            prop_assert_eq!(starts_in_a_year(&part), 0, "{}", part);
        }
    }

    #[test]
    fn a_statement_that_is_always_true_is_true_whenever_it_is_asked(
        text in statement(),
        hours in prop::collection::vec(0_i64..24 * 366, 1..20),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York"]),
    ) {
        for part in reported(&text, Lint::AlwaysTrue) {
            for hour in &hours {
                let now = Timestamp::from_micros(1_767_225_600_000_000 + hour * 3_600_000_000 + 1_234_567);
                prop_assert!(is_true_at(&part, zone, now), "{} at {}", part, now);
            }
        }
    }
}

fn is_true_at(text: &str, zone: &str, now: Timestamp) -> bool {
    let app = Rocketry::builder().config(config(zone));
    let app = TestApp::start(app, now).unwrap();
    match app.session().holds(text) {
        Ok(is_true) => is_true,
        // An app refuses a statement with a part that is never true, even if another part is always true.
        Err(refused) => {
            let message = refused.to_string();
            assert!(message.contains("are never true at the same time"), "{message}");
            true
        }
    }
}

/// Neighbours of what is reported, which start: no lint says of them that they never do.
#[test]
fn statements_that_start_are_not_said_never_to() {
    for text in PARTS
        .iter()
        .filter(|part| !matches!(**part, "false" | "is running" | "until 2026-02-01"))
    {
        assert!(starts_in_a_year(text) > 0, "{text}");
        let findings = check_statement(*text, "UTC", NOW).unwrap();
        assert!(
            findings.iter().all(|finding| finding.lint != Lint::NeverTrue),
            "{text}"
        );
    }
}
