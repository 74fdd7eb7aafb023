//! Code as text in separate processes.

use rocketry_core::__private::{param, param_fn, value};
use rocketry_core::param::FuncArg;
use rocketry_core::{Action, CodeLimits, Execution, Exit, Params, Session, Task, TaskBuilder, Value};

use crate::app::{patient, with};
use crate::ends::stopped;
use crate::post::{children, report};
use crate::runner::Case;

pub(crate) const CASES: &[Case] = &[
    ("code_is_given_values_and_gives_one_back", values),
    ("what_a_script_needs_of_the_session_goes_along", scripts),
    ("code_that_is_told_to_end_does", told),
];

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/process/script.rhai");

pub(crate) fn tasks() -> impl Iterator<Item = TaskBuilder> {
    let endless = CodeLimits {
        operations: 0,
        ..CodeLimits::default()
    };
    [
        Task::code("code", "#{ sum: a + b, volume: volume }"),
        Task::code("endless", "at_work; loop {}")
            .code_limits(endless)
            .argument("at_work", at_work()),
        Task::script(SCRIPT).name("script"),
        Task::script(SCRIPT).function("main").name("function"),
    ]
    .into_iter()
    .map(|task| task.execution(Execution::Process))
}

/// Reports by the time that the code begins.
fn at_work() -> FuncArg {
    let reported = param_fn((param!(post: String),), |(post,)| {
        // The line is open for as long as the process is there.
        std::mem::forget(report(&post));
        value!(true)
    });
    FuncArg::of("at_work", reported)
}

async fn result(session: &Session, task: &str, params: Params) -> Value {
    let task = session.task(task).unwrap();
    let record = task.run(params).await.unwrap();
    assert_eq!(record.action, Action::Success, "{:?}", record.message);
    assert!(record.process().is_some());
    task.result().unwrap()
}

fn values() {
    with(patient(), async |session| {
        session.set_param("volume", 11);
        let given = Params::new().with("a", 40).with("b", 2);
        let expected = serde_json::json!({"sum": 42, "volume": 11});
        assert_eq!(result(session, "code", given).await.to_json(), Some(expected));
    });
}

fn scripts() {
    with(patient(), async |session| {
        session.set_param("volume", 5);
        session.set_param("day", "Mon");
        let said = result(session, "script", Params::new()).await;
        assert_eq!(said.read::<String>().unwrap(), "<5>");
        let said = result(session, "function", Params::new().with("times", 2)).await;
        assert_eq!(said.read::<String>().unwrap(), "MonMon");
    });
}

fn told() {
    let record = stopped("endless");
    let exit = record.process().map(|process| process.exit);
    assert_eq!((record.action, exit), (Action::Terminate, Some(Exit::Code(0))));
    assert_eq!(children(), Vec::<String>::new());
}
