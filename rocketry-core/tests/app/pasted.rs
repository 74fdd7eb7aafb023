//! An app that is given the schedule of another scheduler says what to write instead.

use crate::proposals::PASTED;
use rocketry_core::{Condition, Rocketry};

/// The mistakes of an app whose one task starts by the statement.
fn told(start: &str) -> String {
    let app = Rocketry::builder().func("report", start, || {});
    app.build().expect_err("a mistake").to_string()
}

#[test]
fn an_app_says_what_a_pasted_schedule_means() {
    for &(start, expected) in PASTED {
        let told = told(start);
        let help = expected.map_or_else(str::to_owned, |statement| format!("did you mean `{statement}`?"));
        assert!(told.contains(&help) && told.contains(file!()), "{start}: {told}");
    }
}

#[test]
fn an_app_says_what_a_number_lacks() {
    for (start, expected) in [
        ("every 300", "did you mean `300 seconds`?"),
        ("daily & scheduler has 3 cycles", "did you mean `at least 3`?"),
        ("weekly at 00:00", "did you mean `Monday 00:00`?"),
        ("hourly after 10:16:08", "did you mean `16:08`?"),
    ] {
        let told = told(start);
        assert!(told.contains(expected), "{start}: {told}");
    }
}

#[test]
fn every_proposal_is_a_condition() {
    for statement in PASTED.iter().filter_map(|(_, expected)| expected.ok()) {
        let app = Rocketry::builder().func("report", Condition::parse(statement).expect(statement), || {});
        assert!(app.build().is_ok(), "{statement}");
    }
}
