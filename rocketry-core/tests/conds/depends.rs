//! What a condition depends on, what has to be kept for it, and what is wrong with it.

use rocketry_core::Condition;
use rocketry_core::cond::{Dependencies, Need, Plan, TaskId};
use rocketry_core::conds::*;
use rocketry_core::log::{Action, Series};
use rocketry_syntax::ast::{Bound, CondExpr, Delta, PeriodExpr, Unit, Window};

use crate::app::{A, App, B};

const HOUR: u64 = 3_600_000_000;

fn depends(statement: &str) -> Dependencies {
    App::new().plan(statement).depends()
}

fn tasks(indexes: &[u32]) -> Dependencies {
    let tasks = indexes.iter().map(|index| TaskId::new(*index)).collect();
    Dependencies {
        tasks,
        ..Dependencies::default()
    }
}

#[test]
fn on_the_tasks_that_it_names() {
    for (statement, named, starts) in [
        ("every 10 minutes", vec![], vec![]),
        ("daily after 10:00 | retry", vec![], vec![]),
        ("time of day after 10:00", vec![], vec![]),
        // Of these, only the ends count.
        ("after task 'a'", vec![A], vec![]),
        ("after any tasks 'b', 'a' failed", vec![A, B], vec![]),
        ("after task 'a' & ~task 'b' is running", vec![A, B], vec![B]),
        (
            "task 'a' has failed today & ~task 'a' is running",
            vec![A],
            vec![A],
        ),
        (
            "task 'b' once per (past 2 hours) | task 'a' is running",
            vec![A, B],
            vec![A, B],
        ),
        ("is running & has failed", vec![], vec![]),
        (
            "scheduler has run over 1 hour | scheduler started 1 hour ago",
            vec![],
            vec![],
        ),
    ] {
        let starts = tasks(&starts).tasks;
        let expected = Dependencies {
            starts,
            ..tasks(&named)
        };
        assert_eq!(depends(statement), expected, "{statement}");
    }
}

#[test]
fn on_the_session() {
    for statement in ["env 'prod'", "param 'x' exists", "daily & ~param 'x' is 'y'"] {
        assert_eq!(
            depends(statement),
            Dependencies {
                params: true,
                ..tasks(&[])
            },
            "{statement}"
        );
    }
    assert_eq!(
        depends("~scheduler has more than 3 cycles"),
        Dependencies {
            cycles: true,
            ..tasks(&[])
        }
    );
}

#[test]
fn on_what_a_function_makes() {
    let mut app = App::new();
    app.made.push("env");
    let plan = app.plan("env 'prod' | after task 'a'");
    assert_eq!(
        plan.depends(),
        Dependencies {
            polled: true,
            ..tasks(&[A])
        }
    );
    assert_eq!(plan.customs()[0].to_string(), "param 'env' is 'prod'");
}

#[test]
fn instants_are_kept_only_where_the_last_one_does_not_tell() {
    let need = |action: Action, hours: u64| Need {
        task: None,
        series: action.into(),
        horizon: Delta(hours * HOUR),
    };
    let needs = |statement: &str| App::new().plan(statement).needs();
    for statement in ["daily", "every 1 hour", "has failed", "has failed past 2 hours"] {
        assert_eq!(needs(statement), [], "{statement}");
    }
    assert_eq!(
        needs("once per (past 2 hours) with 1 retry"),
        [need(Action::Fail, 2)]
    );
    let of_day = needs("daily with 1 retry");
    assert_eq!(of_day[0].series, Series::Failures);
    assert!(of_day[0].horizon >= Delta(25 * HOUR));
    assert_eq!(
        needs("has started past 2 hours at least 2 times"),
        [need(Action::Run, 2)]
    );
    let finished = [Action::Success, Action::Fail, Action::Terminate].map(|action| need(action, 3));
    assert_eq!(needs("has finished past 3 hours at most 4 times"), finished);
    let of_a = Need {
        task: Some(TaskId::new(A)),
        ..need(Action::Fail, 0)
    };
    let today = needs("task 'a' has failed today");
    assert!(today[0].horizon >= Delta(25 * HOUR));
    assert_eq!(
        today,
        [Need {
            horizon: today[0].horizon,
            ..of_a
        }]
    );
}

#[test]
fn every_mistake_is_reported_in_the_order_of_the_statement() {
    let statement = after_success("x") & "is workday" & daily.after("25:00") & failed("y").today();
    let mistakes = Plan::compile(&statement.expr(), &*App::new()).expect_err("four mistakes");
    let starts = [
        "there is no task `x`",
        "there is no condition `is workday`",
        "daily.after: expected",
        "there is no task `y`",
    ];
    assert_eq!(mistakes.len(), starts.len(), "{mistakes:?}");
    for (mistake, start) in mistakes.iter().zip(starts) {
        assert!(mistake.message.starts_with(start), "{mistake}");
    }
    assert!(
        mistakes[2].to_string().contains("depends.rs:"),
        "the line of code is told: {}",
        mistakes[2]
    );
}

#[test]
fn a_tree_that_no_text_gives_is_a_mistake() {
    const WEEKDAY: Bound = Bound::Weekday { day: 0, time: None };
    let none = PeriodExpr::anchored(Unit::Week, Window::Full);
    let none = PeriodExpr::All(vec![
        none,
        PeriodExpr::anchored(Unit::Day, Window::After(WEEKDAY)),
    ]);
    let condition = Condition::from(CondExpr::TimeOf(none));
    let mistakes = Plan::compile(&condition.expr(), &*App::new()).expect_err("a mistake");
    assert!(
        mistakes[0].message.ends_with("is not a place in Day"),
        "{mistakes:?}"
    );
}

#[test]
fn a_string_with_a_mistake_tells_where_it_was_given() {
    let condition = Condition::from("daily aftr 10:00");
    let mistakes = Plan::compile(&condition.expr(), &*App::new()).expect_err("a mistake");
    assert!(
        mistakes[0].to_string().contains("daily aftr 10:00\n      ^^^^"),
        "{}",
        mistakes[0]
    );
    assert!(mistakes[0].to_string().contains("depends.rs:"), "{}", mistakes[0]);
    assert_eq!(Condition::from("daily".to_owned()), Condition::from(daily));
}
