//! Conditions from closures, and from rows of conditions.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use rocketry_core::conds::*;
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Condition, Config, Now, Rocketry, Session, Task, Zone};

fn app() -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

fn start(app: Rocketry) -> TestApp {
    TestApp::start(app, "2026-01-01T00:00:00Z").unwrap()
}

#[test]
fn a_closure_is_asked_until_it_is_true() {
    let open = Arc::new(AtomicBool::new(false));
    let seen = open.clone();
    let condition = daily & Condition::from_fn(move || seen.load(Ordering::Relaxed));
    let mut app = start(app().task(Task::func("work", || async {}).start(condition)));
    app.run_for(Duration::from_secs(5));
    assert!(app.starts("work").is_empty());
    open.store(true, Ordering::Relaxed);
    app.run_for(Duration::from_secs(1));
    assert_eq!(app.starts("work").len(), 1);
}

#[test]
fn a_closure_takes_extractors_and_may_fail() {
    let fails = Condition::from_fn(|session: Session, now: Now, task: Task| -> Result<bool, String> {
        Err(format!(
            "{} {} {}",
            task.name(),
            now.format("%Y"),
            session.now() >= session.now()
        ))
    });
    let app = start(app().task(Task::func("work", || async {}).start(daily & fails)));
    let error = app.session().task("work").unwrap().condition_error().unwrap();
    assert!(error.starts_with("`the closure at "), "{error}");
    assert!(
        error.contains("closures.rs") && error.ends_with(": work 2026 true"),
        "{error}"
    );
}

#[test]
fn closures_of_one_place_stay_apart() {
    let tasks = [true, false].map(|truth| {
        let name = if truth { "yes" } else { "no" };
        Task::func(name, || async {}).start(daily & Condition::from_fn(move || truth))
    });
    let app = start(tasks.into_iter().fold(app(), Rocketry::task));
    assert_eq!((app.starts("yes").len(), app.starts("no").len()), (1, 0));
    let closure = Condition::from_fn(|| true);
    assert_eq!(closure, closure.clone());
    assert_ne!(closure, Condition::from_fn(|| true));
}

#[test]
fn a_closure_by_a_phrase_is_a_word_of_strings() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    let app = app()
        .cond("queue is empty", move || {
            count.fetch_add(1, Ordering::Relaxed) > 0
        })
        .func("work", "daily & queue is empty", || async {})
        .func("other", "daily & ~queue is empty", || async {});
    let mut app = start(app);
    app.run_for(Duration::from_secs(1));
    assert_eq!(app.starts("work").len(), 1);
    assert!(asked.load(Ordering::Relaxed) >= 2);
    app.session()
        .task("other")
        .unwrap()
        .set_start("hourly & queue is empty")
        .unwrap();
    app.run_for(Duration::from_secs(3600));
    assert_eq!(app.session().task("other").unwrap().total(Action::Fail), 0);
}

#[test]
fn a_phrase_that_can_mean_nothing_is_a_mistake() {
    let mistake = |app: Rocketry| app.build().unwrap_err().to_string();
    let twice = mistake(app().cond("is late", || true).cond("is late", || false));
    assert!(
        twice.contains("two conditions have the phrase \"is late\"; the first is declared at "),
        "{twice}"
    );
    assert_eq!(twice.matches("closures.rs:").count(), 2, "{twice}");
    let captures = mistake(app().cond("file '{path}' exists", || true));
    assert!(
        captures.contains("a closure can't be given `{path}`"),
        "{captures}"
    );
    assert!(captures.contains("closures.rs:"), "{captures}");
    let built_in = mistake(app().cond("daily", || true));
    assert!(built_in.contains("phrase of condition `daily`"), "{built_in}");
    let near = mistake(
        app()
            .cond("queue is empty", || true)
            .func("work", "queue is emty", || async {}),
    );
    assert!(near.contains("did you mean `queue is empty`?"), "{near}");
}

#[test]
fn rows_of_conditions_are_joined() {
    let words = ["daily", "time of day after 07:00", "task 'x' is running"];
    assert_eq!(Condition::all(words).to_string(), words.join(" & "));
    assert_eq!(Condition::any(words).to_string(), words.join(" | "));
    assert_eq!(
        Condition::all([daily.after("07:00")]),
        daily.after("07:00").into()
    );
    assert_eq!(Condition::all(Vec::<Condition>::new()), Condition::from(true));
    assert_eq!(Condition::any(Vec::<&str>::new()), Condition::from(false));
    let nested = Condition::all([Condition::any(["daily", "hourly"]), !running("x")]);
    assert_eq!(nested.to_string(), "(daily | hourly) & ~task 'x' is running");
    let line = line!() + 1;
    let wrong = Condition::any(["daily", "mintuely"]);
    let said = app()
        .task(Task::func("x", || async {}).start(wrong))
        .build()
        .unwrap_err()
        .to_string();
    assert!(said.contains(&format!("closures.rs:{line}:")), "{said}");
}
