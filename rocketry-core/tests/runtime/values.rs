//! Values of any type.

use std::str::FromStr;
use std::sync::Arc;

use proptest::prelude::*;
use rocketry_core::{Action, Execution, Inaction, OnExists, Outcome, Returned, RunId, Task, Value};
use serde_json::json;

use crate::support::{app, start};

#[test]
fn text_literals_are_kept_as_strings() {
    assert_eq!(Value::new("x").get::<String>(), Some("x".to_owned()));
}

#[test]
fn a_shared_value_is_only_its_own_type() {
    let value = Value::new(5i32);
    assert_eq!((value.get::<i32>(), value.get::<i64>()), (Some(5), None));
    assert_eq!(value.share::<i32>().as_deref(), Some(&5));
    assert!(value.share::<i64>().is_none());
    assert!(Value::text("5").get::<i32>().is_none() && Value::json(json!(5)).share::<i32>().is_none());
}

#[test]
fn everyday_types_are_read_as_one_another_where_they_fit() {
    assert_eq!(Value::new(5i32).read::<u64>(), Ok(5));
    assert!(Value::new(-5i32).read::<u64>().is_err());
    assert!(Value::new(5i32).read::<String>().is_err());
    assert_eq!(Value::text("5").read::<u8>(), Ok(5));
    assert_eq!(Value::text("[1,2]").read::<Vec<u8>>(), Ok(vec![1, 2]));
    assert_eq!(Value::json(json!("x")).read::<String>(), Ok("x".to_owned()));
    let mismatch = Value::text("five").read::<u8>().unwrap_err();
    assert_eq!(mismatch.to_string(), "expected `u8`, found the text `five`");
}

#[test]
fn a_name_is_read_as_an_alternative() {
    #[derive(Clone, Debug, PartialEq, serde::Deserialize)]
    enum Mode {
        Full,
    }
    assert_eq!(Value::text("Full").read::<Mode>(), Ok(Mode::Full));
}

#[test]
fn a_value_turns_into_json_and_text_where_its_type_allows() {
    struct Plain;
    assert_eq!(Value::new(2.5).to_json(), Some(json!(2.5)));
    assert_eq!(Value::portable(vec![1, 2]).to_json(), Some(json!([1, 2])));
    assert_eq!(Value::text("x").to_json(), Some(json!("x")));
    assert_eq!(Value::new("x").to_text().as_deref(), Some("x"));
    assert_eq!(Value::new(true).to_text().as_deref(), Some("true"));
    assert_eq!(
        (Value::new(Plain).to_json(), Value::new(vec![1]).to_text()),
        (None, None)
    );
}

#[test]
fn values_show_their_type_or_content() {
    assert_eq!(format!("{:?}", Value::new(5)), "Value(i32)");
    assert_eq!(format!("{:?}", Value::json(json!([1]))), "Value([1])");
    assert_eq!(format!("{:?}", Value::text("x")), "Value(\"x\")");
}

#[test]
fn a_copy_is_the_same_value() {
    let value = Value::new(Arc::new(5));
    let (one, other) = (
        value.share::<Arc<i32>>().unwrap(),
        value.clone().share::<Arc<i32>>().unwrap(),
    );
    assert!(Arc::ptr_eq(&one, &other));
}

#[test]
fn what_an_app_lets_go_is_dropped_when_a_test_looks() {
    let held = Arc::new(());
    let result = held.clone();
    let task = Task::func("work", move || Returned(result.clone()));
    let mut app = start(app().task(task.start("never")));
    let work = app.session().task("work").unwrap();
    app.session().set_param("x", held.clone());
    work.set_param("x", held.clone());
    work.force_run();
    app.settle();
    assert_eq!(
        Arc::strong_count(&held),
        5,
        "mine, the function's, two parameters, the result"
    );
    app.session().remove_param("x");
    work.remove_param("x");
    app.session()
        .add_as(Task::func("work", || {}), OnExists::Replace)
        .unwrap()
        .force_run();
    drop(work);
    app.settle();
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn outcomes_are_values_or_messages() {
    assert!(Outcome::Success(Value::new(5)).into_value().is_ok());
    let reason = Inaction::because("nothing new");
    assert_eq!(
        &*Outcome::of_error(&reason).into_value().unwrap_err(),
        "nothing new"
    );
    assert!(
        matches!(Outcome::of_panic(&5), Outcome::Fail(message) if &*message == "panicked: a value that is not a string")
    );
}

#[test]
fn names_of_actions_and_executions_are_read_back() {
    for action in Action::ALL {
        assert_eq!(Action::from_str(action.name()).unwrap(), action);
        assert_eq!(format!("{action:>10}").trim_start(), action.name());
    }
    for execution in [
        Execution::Main,
        Execution::Async,
        Execution::Thread,
        Execution::Process,
    ] {
        assert_eq!(execution.to_string().parse::<Execution>().unwrap(), execution);
    }
    let error = Action::from_str("sucess").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`sucess` is not an action; did you mean `success`?"
    );
    let error = Execution::from_str("threat").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`threat` is not a valid execution: expected main, async, thread or process; did you mean `thread`?"
    );
}

proptest! {
    #[test]
    fn a_run_id_is_read_back(text in "[0-9+]{0,3}|.{0,12}", number: u64) {
        prop_assert_eq!(RunId::from(&*text).to_string(), text);
        prop_assert_eq!(RunId::from(&*number.to_string()), RunId::Number(number));
    }

    #[test]
    fn numbers_as_text_are_read_as_numbers(number: i64) {
        prop_assert_eq!(Value::text(number.to_string()).read::<i64>(), Ok(number));
        prop_assert_eq!(Value::new(number).read::<i128>(), Ok(i128::from(number)));
    }
}
