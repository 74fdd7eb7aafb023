//! Custom conditions and parameters that nothing uses.

use rocketry_core::param::{Arg, FuncArg};
use rocketry_core::{Group, Rocketry, Session, Task, func};

use super::app::{found, lints, task, with};

#[test]
fn a_condition_that_no_task_uses_is_reported() {
    let app = || with([task("trade").start("daily & markets are open")]).cond("markets are open", || true);
    assert_eq!(lints(&found(app())), [""; 0]);
    let findings = found(app().cond("it rains", || false));
    assert_eq!(lints(&findings), ["unused_condition"]);
    assert_eq!(findings[0].message, "no task uses the condition \"it rains\"");
    assert!(findings[0].place.as_ref().unwrap().file.ends_with("unused.rs"));
    let by_group = app()
        .cond("it rains", || false)
        .group(Group::new("wet").start("it rains"));
    assert_eq!(lints(&found(by_group)), [""; 0]);
    let by_end = app()
        .cond("it rains", || false)
        .task(task("walk").start("daily").end("it rains"));
    assert_eq!(lints(&found(by_end)), [""; 0]);
}

#[test]
fn a_parameter_that_nothing_takes_is_reported() {
    let greet = || Task::func("greet", func!(|name: String| async move { drop(name) })).start("daily");
    let app = || with([greet()]).param("name", "Ada".to_owned());
    assert_eq!(lints(&found(app())), [""; 0]);
    let findings = found(app().param("unused", 1_u32));
    assert_eq!(lints(&findings), ["unused_parameter"]);
    assert_eq!(
        findings[0].message,
        "nothing takes the session parameter `unused`"
    );
    assert!(findings[0].place.is_some());
}

#[test]
fn a_parameter_that_something_may_take_is_not_reported() {
    let silent: [Rocketry; 5] = [
        // By a handle.
        Rocketry::builder()
            .func("a", "daily", |_: Session| async {})
            .param("used", 1_u32),
        // By a statement.
        with([task("a").start("daily & param 'used' exists")]).param("used", 1_u32),
        with([task("a").start("daily & env 'test'")]).param("env", "test".to_owned()),
        // By another parameter.
        with([Task::func("a", func!(|value: u32| async move { format!("{value}") })).start("daily")])
            .argument("value", Arg("used"))
            .param("used", 1_u32),
        with([Task::func("a", func!(|value: u32| async move { format!("{value}") })).start("daily")])
            .argument("value", FuncArg(func!(|used: u32| used + 1)))
            .param("used", 1_u32),
    ];
    for app in silent {
        assert_eq!(lints(&found(app)), [""; 0]);
    }
}

#[test]
fn a_parameter_of_a_task_that_its_function_does_not_take_is_reported() {
    let greet = || Task::func("greet", func!(|name: String| async move { drop(name) })).start("daily");
    let findings = found(with([greet()
        .parameter("name", "Ada".to_owned())
        .parameter("nmae", 1_u32)]));
    assert_eq!(lints(&findings), ["unused_parameter: greet"]);
    assert_eq!(
        findings[0].message,
        "the function of `greet` takes no parameter `nmae`; did you mean `name`?"
    );
    let command = Task::command("list", ["ls"]).start("daily").parameter("l", true);
    assert_eq!(lints(&with([command]).check().unwrap()), [""; 0]);
}
