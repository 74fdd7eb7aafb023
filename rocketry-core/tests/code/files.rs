//! Code in files, which are read at each run.

use std::fs;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Params, Query, Rocketry, Task};
use serde_json::json;

use crate::folder::Folder;
use crate::{reason, result_with};

fn with_script(text: &str) -> (Folder, std::path::PathBuf) {
    let folder = Folder::new();
    let path = folder.path("script.rhai");
    fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn a_file_is_run_or_a_function_of_it() {
    let (_folder, path) = with_script("const BASE = 40; fn main() { global::BASE + 2 } fn other(x) { x } 7");
    assert_eq!(result_with(Task::script(&path), Params::new()), json!(7));
    let main = Task::script(&path).function("main");
    assert_eq!(result_with(main, Params::new()), json!(42));
    let other = Task::script(&path).function("other");
    assert_eq!(result_with(other, Params::new().with("x", 5)), json!(5));
}

#[test]
fn arguments_are_filled_by_name() {
    let (_folder, path) = with_script("let at = place; fn main(b, a) { `${a} ${b}` }");
    let script = Task::script(&path)
        .function("main")
        .name("script")
        .parameter("a", "task");
    let app = Rocketry::builder()
        .param("a", "session")
        .param("b", "session")
        .param("place", "here")
        .task(script);
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let task = app.session().task("script").unwrap();
    for (params, expected) in [
        (Params::new(), "task session"),
        (Params::new().with("b", "batch"), "task batch"),
    ] {
        drop(task.run(params));
        app.settle();
        assert_eq!(task.result().unwrap().read::<String>().unwrap(), expected);
    }
}

#[test]
fn an_edit_takes_effect_at_the_next_run() {
    let (_folder, path) = with_script("fn main() { 1 }");
    let script = Task::script(&path).function("main").name("script");
    let mut app = TestApp::start(Rocketry::builder().task(script), "2026-01-01T00:00:00Z").unwrap();
    let task = app.session().task("script").unwrap();
    let mut run = || {
        drop(task.run(Params::new()));
        app.settle();
        app.records(&Query::new().task("script").last(1)).remove(0)
    };
    assert_eq!(run().action, Action::Success);
    fs::write(&path, "fn main() { 1 +").unwrap();
    let broken = run();
    assert_eq!(broken.action, Action::Fail);
    let place = format!("{}:1:16: ", path.display());
    assert!(broken.message.unwrap().starts_with(&place));
    fs::write(&path, "fn main(x) { x }").unwrap();
    let missing = run().message.unwrap();
    assert!(
        missing.starts_with("parameter `x` of task `script`: there is no session parameter `x`"),
        "{missing}"
    );
    fs::write(&path, "fn main() { 2 }").unwrap();
    assert_eq!(run().action, Action::Success);
    assert_eq!(task.result().unwrap().read::<i32>(), Ok(2));
}

#[test]
fn a_missing_file_or_function_fails_the_run() {
    let (folder, path) = with_script("fn main() { 1 } fn twice() { 1 } fn twice(x) { 2 }");
    let name = path.display();
    let reason_of = |function: &str| reason(Task::script(&path).function(function));
    assert_eq!(
        reason_of("mian"),
        format!("{name}: there is no function `mian`; did you mean `main`?")
    );
    assert_eq!(
        reason_of("twice"),
        format!("{name}: there is more than one function `twice`: which is meant?")
    );
    let missing = folder.path("missing.rhai");
    let message = reason(Task::script(&missing).function("main"));
    let expected = format!("`{}` can't be read: No such file", missing.display());
    assert!(message.starts_with(&expected), "{message}");
    let message = reason(Task::script("no/such/folder/missing.rhai"));
    let at = std::env::current_dir().unwrap();
    assert!(message.contains(&at.display().to_string()), "{message}");
}

#[test]
fn what_goes_wrong_has_its_file_line_and_column() {
    let (_folder, path) = with_script("fn part() {\n  1 / 0\n}\nfn main() { part() }");
    assert_eq!(
        reason(Task::script(&path).function("main")),
        format!(
            "{}:2:5: Division by zero: 1 / 0\nin the function `part`",
            path.display()
        )
    );
}

#[test]
fn a_script_is_called_as_its_path() {
    let names = [
        Task::script("a.rhai"),
        Task::script("a.rhai").function("main"),
        Task::script("a.rhai").name("report").function("main"),
    ]
    .map(|task| task.declared_name().to_owned());
    assert_eq!(names, ["a.rhai", "a.rhai:main", "report"]);
}
