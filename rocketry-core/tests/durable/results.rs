//! What is known of results and parameters after a restart: exactly what was there, or nothing.

use std::time::Duration;

use rocketry_core::log::RunLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{Params, Returned, Rocketry, Session, Task, TaskBuilder, Value};
use serde_json::{Value as Json, json};

use crate::support::{Disk, app, start};

/// The days on which an app is started.
const DAYS: [&str; 3] = [
    "2026-01-01T00:00:00Z",
    "2026-01-02T00:00:00Z",
    "2026-01-03T00:00:00Z",
];

/// How deep JSON may be that is written down.
const DEEPEST: usize = 120;

/// Starts an app and cuts it off; a new one takes its place.
fn live(disk: &Disk, task: TaskBuilder, day: &str) -> TestApp {
    TestApp::start(app(disk).task(task), day).unwrap()
}

/// What the result is known to be on the third day.
fn after(first: TaskBuilder, second: TaskBuilder) -> Option<Json> {
    let disk = Disk::default();
    drop(live(&disk, first.start("daily"), DAYS[0]));
    drop(live(&disk, second.start("daily"), DAYS[1]));
    let third = live(&disk, Task::func("source", || async {}), DAYS[2]);
    assert_eq!(third.session().failures(), [], "all that was written can be read");
    let result = third.session().task("source").unwrap().result();
    result.map(|value| value.to_json().expect("it was read from JSON"))
}

fn giving<T: Clone + Send + Sync + 'static>(value: T) -> TaskBuilder {
    Task::func("source", move || Returned(value.clone()))
}

fn list() -> TaskBuilder {
    giving(json!([1, 2]))
}

#[test]
fn the_last_result_is_known() {
    assert_eq!(after(giving(1), list()), Some(json!([1, 2])));
    assert_eq!(
        after(list(), giving(f64::MIN_POSITIVE)),
        Some(json!(f64::MIN_POSITIVE))
    );
}

#[test]
fn nothing_is_a_result_and_not_the_one_before() {
    assert_eq!(after(list(), Task::func("source", || async {})), Some(Json::Null));
    assert_eq!(after(list(), giving(Json::Null)), Some(Json::Null));
}

#[test]
fn a_result_that_json_can_not_carry_is_not_the_one_before() {
    struct Opaque;
    let opaque = Task::func("source", || Returned(std::sync::Arc::new(Opaque)));
    assert_eq!(after(list(), opaque), None);
    assert_eq!(after(list(), giving(f64::NAN)), None);
    assert_eq!(after(list(), giving(f32::INFINITY)), None);
    assert_eq!(after(list(), giving(nested(DEEPEST + 1))), None);
}

#[test]
fn a_failure_leaves_the_last_result() {
    let failing = Task::func("source", || Err::<u8, _>("no"));
    assert_eq!(after(list(), failing), Some(json!([1, 2])));
}

#[test]
fn text_spells_whatever_type_is_asked_for_after_a_restart_as_well() {
    let disk = Disk::default();
    drop(live(&disk, giving("42".to_owned()).start("daily"), DAYS[0]));
    let second = live(&disk, Task::func("source", || async {}), DAYS[1]);
    let result = second.session().task("source").unwrap().result().unwrap();
    assert_eq!(result.read::<String>().as_deref(), Ok("42"));
    assert_eq!(result.read::<u8>(), Ok(42));
}

fn nested(levels: usize) -> Json {
    (0..levels).fold(json!(0), |inner, _| json!([inner]))
}

/// An app whose task takes a minute, so that further runs wait.
fn slow(disk: &Disk) -> Rocketry {
    let work = |session: Session| async move {
        session.clock().sleep(Duration::from_secs(60)).await;
    };
    app(disk).task(Task::func("work", work))
}

/// The parameters of the runs that wait in the next life of an app, for each of which one was asked for with this value.
fn asked_again(values: impl IntoIterator<Item = Value>) -> Vec<Json> {
    let disk = Disk::default();
    let mut first = start(slow(&disk));
    let work = first.session().task("work").unwrap();
    work.force_run();
    for value in values {
        let mut params = Params::new();
        params.set("x", rocketry_core::param::Entry::value_of(value));
        work.run(params);
    }
    first.settle();
    drop(first);
    let second = TestApp::start(slow(&disk), DAYS[1]).unwrap();
    assert_eq!(
        second.session().failures(),
        [],
        "all that was written can be read"
    );
    let waiting = second.session().task("work").unwrap();
    let running = second.records(&rocketry_core::Query::new().task("work"));
    let begun = running.iter().filter_map(|record| record.params());
    let begun = begun.map(|params| serde_json::from_str(params).expect("JSON"));
    assert_eq!(waiting.queued(), 0, "one at most waits");
    begun.collect()
}

#[test]
fn a_run_waits_with_exactly_what_it_was_asked_for_or_not_at_all() {
    assert_eq!(asked_again([Value::new(1e308)]), [json!({"x": 1e308})]);
    assert_eq!(asked_again([Value::new(f64::INFINITY)]), [] as [Json; 0]);
    assert_eq!(
        asked_again([Value::json(nested(DEEPEST))]),
        [json!({"x": nested(DEEPEST)})]
    );
    assert_eq!(asked_again([Value::json(nested(DEEPEST + 1))]), [] as [Json; 0]);
}

#[test]
fn a_parameter_is_what_it_was_set_to_or_what_was_declared() {
    let set = |value: Json| {
        let disk = Disk::default();
        let mut first = start(app(&disk).param("x", "declared"));
        first.session().set_param("x", value);
        first.settle();
        drop(first);
        let second = TestApp::start(app(&disk).param("x", "declared"), DAYS[1]).unwrap();
        assert_eq!(
            second.session().failures(),
            [],
            "all that was written can be read"
        );
        second.session().param("x").unwrap().to_json().unwrap()
    };
    assert_eq!(set(nested(DEEPEST)), nested(DEEPEST));
    assert_eq!(set(nested(DEEPEST + 1)), json!("declared"));
}

#[test]
fn what_is_written_is_not_null_where_there_was_a_number() {
    let disk = Disk::default();
    let mut first = start(app(&disk).param("x", 1.0));
    first.session().set_param("x", f64::NAN);
    first.settle();
    assert_eq!(disk.load().unwrap().facts, [].into());
}
