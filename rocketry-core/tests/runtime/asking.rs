//! Custom conditions: when they are asked, what they are given, and what they answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rocketry_core::__private::{
    CondCall, CondDef, CondWord, Registration, capture, cond_call, inventory, location, param, truth,
};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Condition, Config, Now, Query, Rocketry, Session, Zone};

use crate::support::{app, ends, start, times};

/// A condition with a phrase for each test that needs one.
macro_rules! condition {
    ($def:ident, $phrase:literal, [$($param:ident: $type:ty),*], $body:expr) => {
        define!($def, $phrase, &[], |_| {
            Ok(cond_call(($(param!($param: $type),)*), move |($($param,)*)| truth!($body), Vec::new()))
        });
    };
}

macro_rules! define {
    ($def:ident, $phrase:literal, $captures:expr, $make:expr) => {
        static $def: CondDef = CondDef {
            name: stringify!($def),
            phrase: Some($phrase),
            location: location!(),
            captures: $captures,
            make: $make,
        };
        inventory::submit! { Registration::cond(&$def) }
    };
}

condition!(GATE, "gate is open", [asked: Arc<AtomicU32>, gate: bool], {
    asked.fetch_add(1, Ordering::Relaxed);
    gate
});
condition!(SKY, "the sky falls", [], falls());
condition!(DISK, "disk answers", [disk: bool], disk.then_some(true).ok_or("the disk is gone"));
condition!(WORKDAY, "is workday", [now: Now], {
    use chrono::Datelike as _;
    now.weekday().number_from_monday() < 6
});
define!(EVEN, "number {n} is even", &["n"], |texts| {
    let n: u32 = capture(texts[0], "n")?;
    Ok(cond_call(
        (),
        move |()| truth!(n.is_multiple_of(2)),
        vec![("n", n.to_string())],
    ))
});

fn falls() -> bool {
    panic!("no idea")
}

fn is_even(n: u32) -> Condition {
    EVEN.condition(cond_call(
        (),
        move |()| truth!(n.is_multiple_of(2)),
        vec![("n", n.to_string())],
    ))
}

/// An app whose gate counts how often it is asked.
fn gated(start: &str) -> (Rocketry, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let app =
        app()
            .param("asked", asked.clone())
            .param("gate", false)
            .func("work", start.to_owned(), || async {});
    (app, asked)
}

/// Asks seldom, so that days pass quickly.
fn once_a_minute() -> Config {
    Config {
        zone: Zone::UTC,
        poll_interval: Duration::from_secs(60),
        ..Config::default()
    }
}

#[test]
fn a_condition_of_ones_own_is_asked_only_while_the_rest_is_true() {
    let (app, asked) = gated("daily after 07:00 & gate is open");
    let mut app = start(app);
    app.run_until("2026-01-01T06:59:59Z");
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    app.run_until("2026-01-01T07:00:00Z");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    app.run_until("2026-01-01T07:00:01Z");
    assert_eq!(asked.load(Ordering::Relaxed), 11);
    app.session().set_param("gate", true);
    app.run_until("2026-01-01T07:00:02Z");
    assert_eq!(asked.load(Ordering::Relaxed), 12);
    assert_eq!(times(&app, "work"), ["07:00:01"]);
    app.run_until("2026-01-02T06:00:00Z");
    assert_eq!(
        asked.load(Ordering::Relaxed),
        12,
        "the rest is false until tomorrow"
    );
}

#[test]
fn it_is_not_asked_where_the_rest_decides() {
    let (app, asked) = gated("(every 1 hour & gate is open) | every 1 hour");
    let mut app = start(app);
    app.run_for(Duration::from_secs(3 * 3600));
    assert_eq!((app.starts("work").len(), asked.load(Ordering::Relaxed)), (4, 0));
}

#[test]
fn it_is_not_asked_for_a_task_that_can_not_start() {
    let (app, asked) = gated("true & gate is open");
    let mut app = start(app);
    let task = app.session().task("work").unwrap();
    let before = asked.load(Ordering::Relaxed);
    task.disable();
    app.run_for(Duration::from_secs(60));
    assert_eq!(asked.load(Ordering::Relaxed), before);
    task.enable();
    app.settle();
    assert_eq!(asked.load(Ordering::Relaxed), before + 1);
}

/// A scheduler that comes late can't ask about the past, but knows when the rest was false.
#[test]
fn a_late_run_is_due_since_the_rest_has_been_true_without_a_break() {
    let window = "time of hour between 10:00 and 20:00 & gate is open";
    let (app, _) = gated(&format!("every 1 hour & ({window} | daily after 23:00)"));
    let mut app = start(app);
    app.session().set_param("gate", true);
    app.sleep_until("2026-01-01T01:15:00Z");
    let [run] = &app.records(&Query::new().task("work").action(Action::Run))[..] else {
        panic!("{:?}", app.starts("work"));
    };
    assert_eq!(run.due.to_string(), "2026-01-01T01:10:00.000000Z");
}

#[test]
fn how_often_it_is_asked_is_a_setting() {
    let (app, asked) = gated("gate is open");
    let mut app = start(app.config(Config {
        zone: Zone::UTC,
        poll_interval: Duration::from_secs(20),
        ..Config::default()
    }));
    app.run_for(Duration::from_secs(60));
    assert_eq!(asked.load(Ordering::Relaxed), 4);
}

#[test]
fn it_can_be_negated_and_joined() {
    let (app, _) = gated("daily & ~gate is open & (number 2 is even | gate is open)");
    let app = start(app);
    assert_eq!(ends(&app, "work"), [Action::Success]);
}

#[test]
fn a_phrase_takes_what_it_captures() {
    let app = start(
        app()
            .func("even", "daily & number 4 is even", || async {})
            .func("odd", "daily & number 5 is even", || async {})
            .func("word", rocketry_core::conds::daily & is_even(6), || async {}),
    );
    assert_eq!(
        (
            app.starts("even").len(),
            app.starts("odd").len(),
            app.starts("word").len()
        ),
        (1, 0, 1)
    );
    let shown = app
        .session()
        .task("word")
        .unwrap()
        .start_condition()
        .unwrap()
        .to_string();
    assert_eq!(shown, "daily & number 6 is even");
}

#[test]
fn a_condition_without_arguments_is_a_word() {
    const IS_WORKDAY: CondWord = CondWord::new(&WORKDAY);
    let condition = rocketry_core::conds::daily.after("07:00") & IS_WORKDAY;
    assert_eq!(condition.to_string(), "daily after 07:00 & is workday");
    assert_eq!((!IS_WORKDAY).to_string(), "~is workday");
    assert_eq!((IS_WORKDAY | IS_WORKDAY).to_string(), "is workday | is workday");
    let mut app = start(app().config(once_a_minute()).func("work", condition, || async {}));
    app.run_until("2026-01-12T00:00:00Z");
    let days: Vec<String> = app
        .starts("work")
        .iter()
        .map(|at| at.to_string()[8..10].to_owned())
        .collect();
    assert_eq!(days, ["01", "02", "05", "06", "07", "08", "09"]);
}

#[test]
fn it_sees_the_wall_clock_of_the_task() {
    let sunday_noon = "2026-01-04T20:00:00Z";
    let tokyo = rocketry_core::Task::func("tokyo", || async {});
    let built = app()
        .func("utc", "is workday & daily", || async {})
        .task(tokyo.start("is workday & daily").timezone("Asia/Tokyo"));
    let app = TestApp::start(built, sunday_noon).unwrap();
    assert_eq!((app.starts("utc").len(), app.starts("tokyo").len()), (0, 1));
}

#[test]
fn a_parameter_that_is_made_is_asked_for_in_statements_too() {
    let mut app = start(
        app()
            .param("count", 1)
            .argument(
                "mode",
                made!("mode", [count: i32], if count > 2 { "full" } else { "part" }.to_owned()),
            )
            .func("work", "daily & param 'mode' is 'full'", || async {})
            .func("never", "daily & param 'nothing' is 'full'", || async {}),
    );
    app.run_for(Duration::from_secs(1));
    assert_eq!(app.starts("work").len(), 0);
    app.session().set_param("count", 3);
    app.run_for(Duration::from_secs(1));
    assert_eq!((app.starts("work").len(), app.starts("never").len()), (1, 0));
}

#[test]
fn a_parameter_that_is_made_and_then_removed_equals_nothing() {
    let mut app = start(app().argument("mode", made!("mode", [], "full".to_owned())).func(
        "work",
        "every 1 hour & param 'mode' is 'full'",
        || async {},
    ));
    assert!(app.session().remove_param("mode"));
    app.run_for(Duration::from_secs(7200));
    assert_eq!(app.starts("work").len(), 1);
}

#[test]
fn statements_on_parameters_are_looked_at_when_one_changes() {
    let app_with = || {
        app()
            .func("on", "daily & param 'go' exists", || async {})
            .func("mode", "daily & param 'mode' is 'full'", || async {})
            .func("environment", "daily & env 'prod'", || async {})
    };
    let mut app = start(app_with());
    app.run_for(Duration::from_secs(60));
    assert_eq!(app.records(&rocketry_core::Query::new()).len(), 0);
    for (key, value) in [("go", "yes"), ("mode", "part"), ("mode", "full"), ("env", "prod")] {
        app.session().set_param(key, value);
    }
    app.settle();
    for task in ["on", "mode", "environment"] {
        assert_eq!(app.starts(task), [app.now()], "{task}");
    }
    assert!(app.session().remove_param("go"));
    assert!(!app.session().remove_param("go"));
}

#[test]
fn a_condition_may_steer_the_app() {
    condition!(SELF_MADE, "the flag can be set", [session: Session], {
        session.set_param("flag", true);
        session.task("other")?.run(rocketry_core::Params::new());
        Ok::<bool, rocketry_core::Error>(true)
    });
    let app = start(
        app()
            .func("work", "daily & the flag can be set", || async {})
            .task(rocketry_core::Task::func("other", || async {})),
    );
    assert_eq!(ends(&app, "work"), [Action::Success]);
    assert_eq!(ends(&app, "other"), [Action::Success]);
    assert!(app.session().param("flag").is_ok());
}

#[test]
fn there_is_no_run_in_a_condition() {
    condition!(RUNLESS, "there is a run", [flag: rocketry_core::TerminationFlag], flag.is_set());
    let app = start(app().func("work", "daily & there is a run", || async {}));
    let error = app.session().task("work").unwrap().condition_error().unwrap();
    assert!(
        error.contains("there is no `TerminationFlag` outside a run"),
        "{error}"
    );
}

#[test]
fn a_condition_without_a_phrase_shows_its_name_and_arguments() {
    static NAMELESS: CondDef = CondDef {
        name: "file_exists",
        phrase: None,
        location: location!(),
        captures: &[],
        make: |_| Err("it has no phrase".to_owned()),
    };
    let call = |shown| -> CondCall { cond_call((), |()| truth!(true), shown) };
    let condition = NAMELESS.condition(call(vec![("path", "in.csv".to_owned())]));
    assert_eq!(condition.to_string(), "file_exists(path=\"in.csv\")");
    assert_eq!(NAMELESS.condition(call(Vec::new())).to_string(), "file_exists");
    let word = Condition::from(CondWord::new(&NAMELESS));
    assert!(
        word.to_string()
            .starts_with("condition `file_exists`: it has no phrase")
    );
}

#[test]
fn the_task_in_a_condition_is_the_one_whose_statement_asks() {
    condition!(
        OWN,
        "it is called well",
        [this: rocketry_core::Task],
        this.name() == "well"
    );
    let app = start(app().func("well", "daily & it is called well", || async {}).func(
        "badly",
        "daily & it is called well",
        || async {},
    ));
    assert_eq!((app.starts("well").len(), app.starts("badly").len()), (1, 0));
}
