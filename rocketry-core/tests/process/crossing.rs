//! What goes into the process of a run, and what comes back.

use std::collections::BTreeMap;

use rocketry_core::param::Entry;
use rocketry_core::{Action, Exit, Params, Query, RunId, Value};
use serde_json::{Value as Json, json};

use crate::app::{impatient, run, with};
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[
    ("values_go_there_and_results_come_back", values),
    ("numbers_are_the_same_to_the_last_digit", numbers),
    ("long_values_go_both_ways", long),
    ("a_plain_function_may_use_the_runtime", runtime),
    ("an_inaction_is_one", inaction),
    ("a_missing_parameter_is_named", missing),
    ("a_wrong_type_is_named", wrong),
    ("a_result_without_json_is_a_failure", secret_result),
    ("a_parameter_without_json_is_a_failure", secret_parameter),
    ("records_have_the_run_and_its_process", records),
    ("deep_json_goes_both_ways", deep),
    ("json_that_is_too_deep_is_refused_on_either_side", too_deep),
    (
        "a_number_that_json_does_not_know_is_refused_on_either_side",
        no_number,
    ),
];

/// How deep JSON may be that leaves a process.
const DEEPEST: usize = 120;

fn values() {
    let result = with(impatient(), async |session| {
        let task = session.task("add").unwrap();
        task.run(Params::new().with("a", 2_u32).with("b", 3_u32))
            .await
            .unwrap();
        task.result().unwrap()
    });
    assert_eq!(result.read::<u32>(), Ok(5));
}

fn numbers() {
    let words: BTreeMap<String, f64> = [
        ("a".to_owned(), 0.1),
        ("b".to_owned(), 0.2),
        ("c".to_owned(), 1e-310),
    ]
    .into();
    let expected: f64 = words.values().sum();
    let result = with(impatient(), async |session| {
        let task = session.task("count").unwrap();
        let words = rocketry_core::Value::portable(words);
        let mut params = Params::new();
        params.set("words", rocketry_core::param::Entry::value_of(words));
        task.run(params).await.unwrap();
        task.result().unwrap()
    });
    let sum = result.read::<BTreeMap<String, f64>>().unwrap()["sum"];
    assert_eq!(sum.to_bits(), expected.to_bits());
}

fn runtime() {
    let result = with(impatient(), async |session| {
        let task = session.task("spawn").unwrap();
        let record = task.run(Params::new()).await.unwrap();
        assert_eq!(record.action, Action::Success, "{:?}", record.message);
        task.result().unwrap()
    });
    assert_eq!(result.read::<u32>(), Ok(42));
}

/// Longer than what a socket holds, so that neither side can be done before the other begins.
fn long() {
    let text = "ä\n\"".repeat(2_000_000);
    let result = with(impatient(), async |session| {
        let task = session.task("echo").unwrap();
        let record = task.run(Params::new().with("text", text.clone())).await.unwrap();
        assert_eq!(record.action, Action::Success, "{:?}", record.message);
        task.result().unwrap()
    });
    assert!(result.read::<String>().unwrap() == text);
}

fn inaction() {
    let record = run("add", Params::new().with("a", u32::MAX).with("b", 1_u32));
    assert_eq!(
        (record.action, record.message.as_deref()),
        (Action::Inaction, Some("that is too much"))
    );
}

fn missing() {
    let record = run("add", Params::new().with("a", 2_u32));
    let message = record.message.as_deref().expect("a reason");
    assert_eq!(record.action, Action::Fail);
    assert!(
        message.contains("parameter `b` of task `add`: there is no session parameter `b`"),
        "{message}"
    );
}

fn wrong() {
    let record = run("add", Params::new().with("a", 2_u32).with("b", "three"));
    let message = record.message.as_deref().expect("a reason");
    assert_eq!(record.action, Action::Fail);
    assert!(
        message.contains("parameter `b` of task `add`: expected `u32`, found the JSON `\"three\"`"),
        "{message}"
    );
}

fn secret_result() {
    let record = run("secret", Params::new());
    let message = record.message.as_deref().expect("a reason");
    assert_eq!(record.action, Action::Fail);
    assert!(
        message.starts_with("the result can't leave the process: a `")
            && message.ends_with("Secret` can't be turned into JSON"),
        "{message}"
    );
}

fn secret_parameter() {
    struct Key;
    let record = run("add", Params::new().with("a", 2_u32).with("b", Key));
    let message = record.message.as_deref().expect("a reason");
    assert!(
        message.starts_with("parameter `b` of task `add`: the value can't go to another process: a `"),
        "{message}"
    );
    assert!(message.ends_with("Key` can't be turned into JSON"), "{message}");
    assert_eq!(record.process(), None, "no process was started for it");
}

fn records() {
    let records = with(impatient(), async |session| {
        session.task("nothing").unwrap().run(Params::new()).await.unwrap();
        session.log(&Query::new().task("nothing")).unwrap()
    });
    let [begun, ended] = &records[..] else {
        panic!("two records: {records:?}")
    };
    assert_eq!((begun.action, ended.action), (Action::Run, Action::Inaction));
    assert_eq!(begun.process(), None);
    assert_eq!(ended.process().map(|process| process.exit), Some(Exit::Code(0)));
    assert!(matches!(&begun.run_id, RunId::Number(_)) && begun.run_id == ended.run_id);
}

fn nested(levels: usize) -> Json {
    (0..levels).fold(json!(0), |inner, _| json!([inner]))
}

/// Why a run fails with a value as its parameter; nothing if it does not.
fn refused(task: &str, value: Value) -> Option<String> {
    let mut params = Params::new();
    params.set("value", Entry::value_of(value));
    let record = run(task, params);
    record.message.map(|message| message.to_string())
}

fn deep() {
    assert_eq!(refused("give back", Value::json(nested(DEEPEST))), None);
}

fn too_deep() {
    let why = "it is nested more than 120 levels deep";
    assert_eq!(
        refused("give back", Value::json(nested(DEEPEST + 1))).unwrap(),
        format!("parameter `value` of task `give back`: the value can't go to another process: {why}")
    );
    assert_eq!(
        refused("nest", Value::json(nested(DEEPEST))).unwrap(),
        format!("the result can't leave the process: {why}")
    );
}

fn no_number() {
    let why = "it has a number in it that is NaN or infinite, which JSON does not know";
    assert_eq!(
        refused("give back", Value::new(f64::INFINITY)).unwrap(),
        format!("parameter `value` of task `give back`: the value can't go to another process: {why}")
    );
    assert_eq!(
        refused("divide", Value::new(0.0)).unwrap(),
        format!("the result can't leave the process: {why}")
    );
}
