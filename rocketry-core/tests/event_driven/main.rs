//! The scheduler that waits for events does what one would do that looks at every task all the time.
//!
//! A case is a random app and what happens to it from outside. It runs twice: on manual time, and in a naive
//! scheduler that knows no timers and no subscriptions. Everything in a case lies on a grid of instants, so that
//! the naive one can look at each of them. Both must start and end the same runs at the same instants.

mod apps;
mod coverage;
mod days;
mod driven;
mod explained;
mod frame;
mod naive;
mod periods;
mod previewed;
mod simulated;
mod statements;

use std::fmt;

use proptest::prelude::*;
use rocketry_core::{Action, Timestamp};

use apps::Case;

/// One record, as far as both schedulers have to agree.
#[derive(Clone, PartialEq, Eq)]
struct Line {
    task: String,
    action: Action,
    at: Timestamp,
    due: Timestamp,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.at, self.task, self.action)?;
        if self.due < self.at {
            write!(f, ", due {}", self.due)?;
        }
        Ok(())
    }
}

/// What happened to one task.
fn of_task(lines: &[Line], task: &str) -> Vec<Line> {
    lines.iter().filter(|line| line.task == task).cloned().collect()
}

/// What started, in order: by priority where it was at the same instant.
fn starts(lines: &[Line]) -> Vec<Line> {
    let started = |line: &&Line| line.action == Action::Run;
    lines.iter().filter(started).cloned().collect()
}

fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases * 2,
        max_shrink_iters: 300,
        failure_persistence: None,
        ..usual
    }
}

/// Fails with the first line that differs, and the one before it.
fn same(found: &[Line], expected: &[Line]) -> Result<(), TestCaseError> {
    let longest = found.len().max(expected.len());
    let differs = (0..longest).find(|index| found.get(*index) != expected.get(*index));
    let Some(index) = differs else { return Ok(()) };
    Err(TestCaseError::fail(format!(
        "after {:?} comes {:?} but should {:?}",
        index.checked_sub(1).map(|before| &expected[before]),
        found.get(index),
        expected.get(index)
    )))
}

fn agree(case: &Case) -> Result<(), TestCaseError> {
    prop_assume!(!case.may_spin());
    statements::keep_to(case.frame);
    let expected = naive::run(case);
    let found = driven::run(case);
    for task in case.names() {
        same(&of_task(&found, &task), &of_task(&expected, &task))?;
    }
    same(&starts(&found), &starts(&expected))?;
    Ok(())
}

/// Fewer cases, for tests that look at each instant.
fn few() -> ProptestConfig {
    ProptestConfig {
        cases: config().cases.div_ceil(64),
        ..config()
    }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn an_explanation_says_what_the_scheduler_does(case in apps::cases()) {
        prop_assume!(!case.may_spin());
        statements::keep_to(case.frame);
        explained::agree(&case)?;
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn events_lead_to_what_looking_all_the_time_does(case in apps::cases()) {
        agree(&case)?;
    }

    #[test]
    fn a_preview_foresees_the_starts_of_a_year(year in previewed::years()) {
        previewed::foresees_a_year(&year)?;
    }

    #[test]
    fn a_preview_of_a_task_that_has_run_foresees_the_rest(year in previewed::years()) {
        previewed::foresees_the_rest(&year)?;
    }

    #[test]
    fn a_simulation_does_what_the_app_does(case in simulated::apps()) {
        simulated::does_the_same(&case)?;
    }
}
