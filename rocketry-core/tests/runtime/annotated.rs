//! What macros submit: found, sorted, and joined with what is added by hand.

use rocketry_core::__private::{
    Registration, TaskBuilder, TaskType, inventory, location, param_fn, task_name, value,
};
use rocketry_core::param::{FuncArg, SimpleArg};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Params, Rocketry};

use crate::support::{START, app, ends, mistakes, result, start};

/// A task as the macro makes one.
#[allow(non_camel_case_types, reason = "carries the name of its function")]
struct greet;

impl TaskType for greet {
    type Output = String;
    const NAME: &'static str = task_name(concat!(module_path!(), "::greet"));

    fn task() -> TaskBuilder {
        task!(Self::NAME, [greeting: String], format!("{greeting}, world")).start("daily after 23:00")
    }
}

inventory::submit! { Registration::task::<greet>(location!()) }
inventory::submit! {
    Registration::param("greeting", location!(), || param_fn((), |()| value!("Hello".to_owned())))
}

#[test]
fn an_app_has_everything_annotated_and_what_is_added() {
    let app = Rocketry::new().func("by hand", "daily", || async {});
    let mut app = TestApp::start(app, START).unwrap();
    app.session().task("greet").unwrap().run(Params::new());
    app.settle();
    assert_eq!(result::<String>(&app, "greet"), "Hello, world");
    assert_eq!(ends(&app, "by hand"), [Action::Success]);
    assert_eq!(app.session().task("greet").unwrap().name(), "annotated::greet");
}

#[test]
fn the_default_app_has_everything_annotated() {
    assert!(format!("{:?}", Rocketry::default()).contains("annotated::greet"));
}

#[test]
fn a_parameter_added_by_hand_replaces_an_annotated_one() {
    for app in [
        Rocketry::new().param("greeting", "Good evening".to_owned()),
        Rocketry::new().argument("greeting", SimpleArg("Good evening")),
        Rocketry::builder()
            .register::<greet>()
            .argument("greeting", FuncArg(|| "Good evening".to_owned())),
    ] {
        let mut app = start(app);
        app.session().task("greet").unwrap().run(Params::new());
        app.settle();
        assert_eq!(result::<String>(&app, "greet"), "Good evening, world");
    }
}

#[test]
fn a_builder_has_nothing_annotated_but_conditions() {
    let app = app().func("work", "daily & number 2 is even", || async {});
    let app = start(app);
    assert_eq!(app.session().tasks().len(), 1);
    assert_eq!(ends(&app, "work"), [Action::Success]);
}

#[test]
fn an_annotated_task_can_be_registered_once() {
    let mut app = start(app().register::<greet>().param("greeting", "Hi".to_owned()));
    app.run_until("2026-01-01T23:30:00Z");
    assert_eq!(result::<String>(&app, "greet"), "Hi, world");
    let error = mistakes(Rocketry::new().register::<greet>());
    assert!(
        error
            .to_string()
            .contains("two tasks are named `annotated::greet`"),
        "{error}"
    );
}

#[test]
fn the_name_of_a_task_is_its_path_in_the_crate() {
    assert_eq!(task_name("my_crate::reports::fetch"), "reports::fetch");
    assert_eq!(task_name("my_crate::fetch"), "fetch");
    assert_eq!(task_name("fetch"), "fetch");
}
