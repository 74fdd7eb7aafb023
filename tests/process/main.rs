//! Annotated functions in processes of their own: every level of parameters, results both ways, and what a run knows
//! of itself. This `main` is the one that `#[tokio::main]` makes.

#![cfg(unix)]

#[path = "../../rocketry-core/tests/support/runner.rs"]
mod runner;
#[path = "../../rocketry-core/tests/support/serving.rs"]
mod serving;
mod tasks;

use std::process::ExitCode;

use rocketry::{Action, Group, Params, Record, Rocketry, Session, Value, is_child};
use runner::Case;
use serving::{runtime, serve};
use tasks::{Door, Report};

const CASES: &[Case] = &[
    ("each_level_comes_before_the_next", levels),
    ("arguments_are_resolved_in_the_process", arguments),
    ("what_is_set_while_the_app_runs_goes_along", set_later),
    ("what_can_not_go_along_is_found_as_declared", declared),
    ("what_can_not_go_along_and_was_set_later_is_an_error", lost),
    ("results_go_into_the_process_and_out_of_it", pipeline),
    ("a_result_that_is_not_there_is_named", no_result),
    ("an_error_comes_with_its_causes", causes),
    ("a_run_knows_what_it_is", itself),
    ("there_is_no_session_even_by_a_detour", detour),
    ("tasks_of_another_crate_are_there_as_well", another_crate),
];

fn main() -> ExitCode {
    if is_child() {
        let ended = runtime().block_on(app().serve());
        unreachable!("a process of its own ends with its run: {ended:?}");
    }
    runner::run(CASES)
}

fn app() -> Rocketry {
    Rocketry::new()
        .group(Group::new("guarded").parameter("door", Door("of the group")))
        .param("door", Door("declared"))
        .param("volume", 1)
}

fn with<T>(act: impl AsyncFnOnce(&Session) -> T) -> T {
    serve(app(), act)
}

/// Runs a task once, and gives back its result.
async fn result(session: &Session, task: &str, params: Params) -> Value {
    let task = session.task(task).expect("a task");
    let record = task.run(params).await.expect("a run that ends");
    assert_eq!(record.action, Action::Success, "{record:?}");
    task.result().expect("a result")
}

async fn text(session: &Session, task: &str, params: Params) -> String {
    result(session, task, params).await.read().expect("text")
}

fn failure(record: &Record) -> &str {
    assert_eq!(record.action, Action::Fail, "{record:?}");
    record.message.as_deref().expect("a reason")
}

fn levels() {
    with(async |session| {
        assert_eq!(
            text(session, "levels", Params::new()).await,
            "task function session"
        );
        let batch = Params::new()
            .with("a", "batch")
            .with("b", "batch")
            .with("c", "batch");
        assert_eq!(text(session, "levels", batch).await, "batch batch batch");
        assert_eq!(
            text(session, "levels", Params::new().with("b", "batch")).await,
            "task batch session"
        );
        assert_eq!(
            text(session, "levels", Params::new()).await,
            "task function session"
        );
    });
}

fn arguments() {
    with(async |session| {
        let pid = result(session, "pids", Params::new())
            .await
            .read::<[u32; 2]>()
            .unwrap();
        assert_ne!(
            pid[0],
            std::process::id(),
            "the function of the parameter was called over there"
        );
        assert_eq!(pid[0], pid[1]);
        assert_eq!(text(session, "nested", Params::new()).await, "<volume 1>");
    });
}

fn set_later() {
    with(async |session| {
        session.set_param("volume", 11);
        assert_eq!(text(session, "nested", Params::new()).await, "<volume 11>");
    });
}

fn declared() {
    with(async |session| {
        assert_eq!(text(session, "knock", Params::new()).await, "declared");
        assert_eq!(text(session, "pass", Params::new()).await, "of the group");
    });
}

fn lost() {
    with(async |session| {
        session.set_param("door", Door("set later"));
        let record = session.task("knock").unwrap().run(Params::new()).await.unwrap();
        let message = failure(&record);
        assert!(
            message.contains("parameter `label` of task `tasks::knock`"),
            "{message}"
        );
        assert!(message.contains("Door` can't be turned into JSON"), "{message}");
    });
}

fn pipeline() {
    with(async |session| {
        result(session, "load", Params::new()).await;
        let summed = result(session, "sum", Params::new()).await;
        let expected = Report {
            name: "sum of numbers".to_owned(),
            numbers: vec![6.5],
        };
        assert_eq!(summed.read::<Report>().unwrap(), expected);
        assert_eq!(
            text(session, "show", Params::new()).await,
            "sum of numbers: [6.5]"
        );
    });
}

fn no_result() {
    with(async |session| {
        let record = session.task("sum").unwrap().run(Params::new()).await.unwrap();
        assert!(
            failure(&record).contains("task `tasks::load` has no result yet"),
            "{record:?}"
        );
    });
}

fn causes() {
    with(async |session| {
        let record = session.task("fail").unwrap().run(Params::new()).await.unwrap();
        assert_eq!(failure(&record), "the report could not be read: no such luck");
    });
}

fn itself() {
    with(async |session| {
        let task = session.task("itself").unwrap();
        let record = task.run(Params::new()).await.unwrap();
        let (id, due, set): (String, String, bool) = task.result().expect("a result").read().unwrap();
        assert_eq!(
            (id, due, set),
            (record.run_id.to_string(), record.due.to_string(), false)
        );
    });
}

fn detour() {
    with(async |session| {
        let record = session.task("detour").unwrap().run(Params::new()).await.unwrap();
        let message = failure(&record);
        assert!(
            message.contains("there is no `Session` in a process of its own: the app is in another"),
            "{message}"
        );
    });
}

fn another_crate() {
    with(async |session| {
        let doubled = session.task(elsewhere::double).unwrap();
        let done = doubled.next_end();
        let distance = Params::new().with("distance", 5_u32);
        let measured = result(session, "measure", distance).await;
        let (process, text) = measured.read::<(u32, String)>().unwrap();
        assert_ne!(process, std::process::id());
        assert_eq!(text, "5 km");
        assert_eq!(done.await.unwrap().action, Action::Success);
        assert_eq!(doubled.result().unwrap().read::<String>().unwrap(), "twice 5 km");
    });
}
