//! Parameters of a function: the order of the levels, their types, and what is said when one does not fit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rocketry_core::param::{Arg, Entry, Params, Return, SimpleArg};
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Config, Due, Now, Rocketry, RunId, Session, Task, TerminationFlag, Value, params,
};

use crate::support::{app, ends, message, mistakes, result, start};

/// Starts an app and runs its task `work`.
fn run(app: Rocketry, params: Params) -> TestApp {
    let mut app = start(app);
    app.session().task("work").unwrap().run(params);
    app.settle();
    app
}

#[test]
fn a_parameter_comes_from_the_run_then_the_task_then_the_signature_then_the_session() {
    let work = || task!("work", [level: String = SimpleArg("signature")], level);
    let session = || app().param("level", "session");
    let level = |app, params| result::<String>(&run(app, params), "work");
    let batch = || Params::new().with("level", "run");

    assert_eq!(
        level(
            session().task(task!("work", [level: String], level)),
            Params::new()
        ),
        "session"
    );
    assert_eq!(level(session().task(work()), Params::new()), "signature");
    assert_eq!(
        level(session().task(work().parameter("level", "task")), Params::new()),
        "task"
    );
    assert_eq!(
        level(session().task(work().parameter("level", "task")), batch()),
        "run"
    );
    assert_eq!(level(session().task(work()), batch()), "run");
}

#[test]
fn the_parameters_of_a_run_are_for_that_run_alone() {
    let mut app = run(
        app().param("level", 0).task(task!("work", [level: i32], level)),
        Params::new().with("level", 1),
    );
    assert_eq!(result::<i32>(&app, "work"), 1);
    app.session().task("work").unwrap().run(Params::new());
    app.settle();
    assert_eq!(result::<i32>(&app, "work"), 0);
}

#[test]
fn a_task_that_is_only_run_by_hand_may_get_its_parameter_then() {
    let work = || app().task(task!("work", [level: i32], level));
    assert_eq!(
        result::<i32>(&run(work(), Params::new().with("level", 3)), "work"),
        3
    );
    let app = run(work(), Params::new());
    assert_eq!(ends(&app, "work"), [Action::Fail]);
    assert!(message(&app, "work").contains("there is no session parameter `level`"));
}

#[test]
fn a_parameter_of_the_task_may_be_asked_for_at_each_run() {
    let calls = AtomicU32::new(0);
    let app = app()
        .argument(
            "number",
            rocketry_core::param::FuncArg(move || calls.fetch_add(1, Ordering::Relaxed)),
        )
        .task(task!("work", [level: u32], level).argument("level", Arg("number")));
    let mut app = run(app, Params::new());
    assert_eq!(result::<u32>(&app, "work"), 0);
    app.session().task("work").unwrap().run(Params::new());
    app.settle();
    assert_eq!(result::<u32>(&app, "work"), 1);
}

#[test]
fn a_change_of_a_session_parameter_is_seen_by_the_next_run() {
    let mut app = run(
        app().param("level", 1).task(task!("work", [level: i32], level)),
        Params::new(),
    );
    app.session().set_param("level", 2);
    app.session().task("work").unwrap().run(Params::new());
    app.settle();
    assert_eq!(result::<i32>(&app, "work"), 2);
}

#[test]
fn text_and_json_from_outside_become_the_type_that_is_asked_for() {
    #[derive(Clone, Debug, PartialEq, serde::Deserialize)]
    struct Range {
        from: i32,
        to: Option<i32>,
    }
    let json = |text: &str| SimpleArg::value(Value::json(serde_json::from_str(text).unwrap()));
    let text = |text: &str| SimpleArg::value(Value::text(text));
    let work = task!(
        "work",
        [
            range: Range = json("{\"from\": 1}"),
            list: Vec<u8> = json("[1, 2]"),
            number: u64 = text("42"),
            exact: f64 = text("2.5"),
            truth: bool = text("true"),
            digits: String = text("007"),
            word: String = json("\"x\"")
        ],
        format!("{range:?} {list:?} {number} {exact} {truth} {digits} {word}")
    );
    assert_eq!(
        result::<String>(&run(app().task(work), Params::new()), "work"),
        "Range { from: 1, to: None } [1, 2] 42 2.5 true 007 x"
    );
}

#[test]
fn numbers_fit_where_they_can() {
    let work = task!("work", [a: u8 = SimpleArg(200i64), b: f64 = SimpleArg(2)], f64::from(a) + b);
    assert!((result::<f64>(&run(app().task(work), Params::new()), "work") - 202.0).abs() < f64::EPSILON);
    let app = run(
        app().task(task!("work", [a: u8], a)),
        Params::new().with("a", 300),
    );
    assert_eq!(ends(&app, "work"), [Action::Fail]);
}

#[test]
fn a_shared_value_is_not_copied() {
    /// Has no copy.
    struct Pool(u32);
    let pool = Arc::new(Pool(7));
    let app = app()
        .param("pool", pool.clone())
        .param("bare", Pool(8))
        .task(task!("work", [pool: Arc<Pool>, bare: Arc<Pool>], (Arc::as_ptr(&pool) as usize, bare.0)));
    let app = run(app, Params::new());
    assert_eq!(
        result::<(usize, u32)>(&app, "work"),
        (Arc::as_ptr(&pool) as usize, 8)
    );
    assert_eq!(pool.0, 7);
}

#[test]
fn a_type_that_cannot_come_as_json_is_copied() {
    #[derive(Clone)]
    struct Token(&'static str);
    let app = app()
        .param("token", Token("abc"))
        .task(task!("work", [token: Token], token.0.to_owned()));
    assert_eq!(result::<String>(&run(app, Params::new()), "work"), "abc");
}

#[test]
fn extractors_bring_their_own_values() {
    let work = task!(
        "work",
        [session: Session, this: Task, now: Now, due: Due, run: RunId, flag: TerminationFlag, config: Config, batch: Params],
        {
            assert_eq!(session.now(), due.0);
            assert_eq!(&config, session.config());
            assert!(!flag.is_set());
            assert!(matches!(run, RunId::Number(_)));
            assert_eq!(batch.iter().map(|(key, _)| key.to_owned()).collect::<Vec<_>>(), ["extra"]);
            format!("{} {}", this.name(), now.format("%Y-%m-%d"))
        }
    );
    let app = run(app().task(work), Params::new().with("extra", 1));
    assert_eq!(result::<String>(&app, "work"), "work 2026-01-01");
}

#[test]
fn a_mismatch_names_the_parameter_both_types_and_the_place() {
    let line = line!() + 1;
    let work = task!("work", [level: i32], level);
    let said = mistakes(app().param("level", "high").task(work)).to_string();
    let (file, next) = (file!(), line + 1);
    let expected =
        "parameter `level` of task `work`: expected `i32`, found a value of type `alloc::string::String`";
    let declared = format!("\n  the value is declared at {file}:{next}:");
    let (mismatch, taken) = said.split_once(&declared).expect("the place of the value");
    assert_eq!(mismatch, expected);
    assert!(taken.contains(&format!("\n  --> {file}:{line}:")), "{said}");
}

#[test]
fn parameters_of_a_run_are_values_or_arguments_with_a_place() {
    let work = || task!("work", [a: i32, r#type: String], format!("{a} {}", r#type));
    let given = params! { a = 5, r#type = Arg("kind") };
    let done = run(app().param("kind", "csv").task(work()), given);
    assert_eq!(result::<String>(&done, "work"), "5 csv");
    let line = line!() + 1;
    let wrong = run(app().task(work()), params! { a = "five", r#type = "" });
    let said = message(&wrong, "work");
    let place = format!("\n  the value is declared at {}:{line}:", file!());
    assert!(said.contains(&place), "{said}");
    assert!(params! {}.is_empty());
}

#[test]
fn what_is_given_while_the_app_runs_has_a_place_as_well() {
    type Give = fn(&Session, &Task) -> (u32, Params);
    let ways: [Give; 4] = [
        |session, _| {
            session.set_param("level", "high");
            (line!() - 1, Params::new())
        },
        |_, task| {
            task.set_param("level", "high");
            (line!() - 1, Params::new())
        },
        |_, _| (line!(), Params::new().with("level", "high")),
        |_, _| (line!(), Params::new().with_argument("level", SimpleArg("high"))),
    ];
    for give in ways {
        let mut app = start(app().param("level", 1).task(task!("work", [level: i32], level)));
        let task = app.session().task("work").unwrap();
        let (line, params) = give(app.session(), &task);
        task.run(params);
        app.settle();
        let said = message(&app, "work");
        let place = format!("\n  the value is declared at {}:{line}:", file!());
        assert!(said.contains(&place), "{said}");
    }
}

#[test]
fn a_mismatch_shows_text_and_json_as_they_are() {
    let said = |value: Value| {
        let mut params = Params::new();
        params.set("level", Entry::value_of(value));
        message(
            &run(app().task(task!("work", [level: i32], level)), params),
            "work",
        )
    };
    assert!(said(Value::text("high")).contains("expected `i32`, found the text `high`"));
    assert!(said(Value::json(serde_json::json!([1]))).contains("expected `i32`, found the JSON `[1]`"));
}

#[test]
fn a_mismatch_of_a_shared_value_is_reported_too() {
    struct Pool;
    struct Other;
    let work = task!("work", [pool: Arc<Other>, level: std::num::NonZeroU8], {
        let _ = (pool, level);
    });
    let said = mistakes(app().param("pool", Pool).param("level", 3u8).task(work)).to_string();
    assert!(said.contains("::Other`, found a value of type `"), "{said}");
}

#[test]
fn a_parameter_that_is_removed_fails_the_runs_that_need_it() {
    let mut app = start(
        app()
            .param("level", 1)
            .task(task!("work", [level: i32], level).start("every 1 hour")),
    );
    app.session().remove_param("level");
    app.run_for(std::time::Duration::from_secs(3600));
    assert_eq!(ends(&app, "work"), [Action::Success, Action::Fail]);
    assert!(
        message(&app, "work")
            .contains("parameter `level` of task `work`: there is no session parameter `level`")
    );
}

#[test]
fn a_result_is_handed_on_by_the_name_of_its_task() {
    let mut app = start(
        app()
            .task(task!("jobs::fetch", [], vec![1, 2, 3]).start("every 1 hour"))
            .task(
                task!("sum", [list: Vec<i32> = Return("fetch")], list.iter().sum::<i32>())
                    .start("after task 'fetch'"),
            )
            .task(
                task!("share", [list: Arc<Vec<i32>> = Return("jobs::fetch")], list.len())
                    .start("after task 'sum'"),
            ),
    );
    app.settle();
    assert_eq!(
        (result::<i32>(&app, "sum"), result::<usize>(&app, "share")),
        (6, 3)
    );
}

#[test]
fn a_result_that_is_not_there_yet_is_an_error_unless_something_stands_in() {
    let built = app()
        .task(task!("fetch", [], 5))
        .task(task!("bare", [number: i32 = Return("fetch")], number).start("daily"))
        .task(task!("filled", [number: i32 = Return("fetch").or(1)], number).start("daily"));
    let app = start(built);
    assert!(message(&app, "bare").contains("task `fetch` has no result yet"));
    assert_eq!(result::<i32>(&app, "filled"), 1);
}

#[test]
fn a_result_may_leave_the_process_where_its_type_allows() {
    #[derive(Clone, serde::Serialize)]
    struct Report {
        rows: u32,
    }
    #[derive(Clone, serde::Deserialize)]
    struct Row {
        rows: u64,
    }
    let app = start(
        app()
            .task(task!("fetch", [], Report { rows: 4 }).on_startup(true))
            .task(task!("tried", [], Ok::<_, std::io::Error>(Report { rows: 5 })).on_startup(true))
            .task(task!("read", [report: Row = Return("fetch"), tried: Row = Return("tried")], report.rows + tried.rows).start("daily")),
    );
    assert_eq!(result::<u64>(&app, "read"), 9);
}

#[test]
fn what_a_function_of_a_task_takes_may_be_given_by_the_task_or_the_run() {
    let work =
        || task!("work", [x: String], x).argument("x", made!("x", [from: String], format!("<{from}>")));
    let given = run(app().task(work().parameter("from", "task")), Params::new());
    assert_eq!(result::<String>(&given, "work"), "<task>");
    // One that only runs when told to may be told it then.
    let told = run(app().task(work()), Params::new().with("from", "run"));
    assert_eq!(result::<String>(&told, "work"), "<run>");
    let mistakes = mistakes(app().task(work().start("daily")));
    assert_eq!(
        mistakes.problems()[0].message,
        "parameter `x` of task `work`: there is no session parameter `from`"
    );
}

#[test]
fn up_to_twelve_parameters_are_taken() {
    let work = task!(
        "work",
        [a: i32, b: i32, c: i32, d: i32, e: i32, f: i32, g: i32, h: i32, i: i32, j: i32, k: i32, l: i32],
        a + b + c + d + e + f + g + h + i + j + k + l
    );
    let params = "abcdefghijkl"
        .chars()
        .fold(Params::new(), |params, key| params.with(&key.to_string(), 1));
    assert_eq!(result::<i32>(&run(app().task(work), params), "work"), 12);
}

#[test]
fn a_parameter_may_be_called_like_a_keyword() {
    let work = task!("work", [r#type: String], r#type);
    assert_eq!(
        result::<String>(&run(app().param("type", "csv").task(work), Params::new()), "work"),
        "csv"
    );
}

#[test]
fn parameters_are_listed_by_name() {
    let mut params = Params::new().with("b", 2).with("a", 1);
    assert!(!params.is_empty() && Params::new().is_empty());
    assert_eq!(params.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["a", "b"]);
    let copy = params.clone();
    assert!(params.remove("a") && !params.remove("a") && !Params::new().remove("a"));
    assert!(params.get("a").is_none() && copy.get("a").is_some());
    assert_eq!(format!("{:?}", copy.get("a").unwrap()), "Value(i32)");
}
