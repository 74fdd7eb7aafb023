//! What a durable log knows of a run besides: its parameters, its result, the version of the app.

use rocketry_core::{Action, Config, Params, Query, Returned, Task, Zone};

use crate::support::{Disk, app, start};

#[test]
fn parameters_results_and_the_version_are_recorded() {
    let disk = Disk::default();
    let task = Task::func("work", || Returned(vec![1, 2]))
        .parameter("size", 5)
        .parameter("day", "none");
    let mut app = start(
        app(&disk)
            .version("1.2.3")
            .task(task)
            .func("plain", "daily", || {}),
    );
    app.session()
        .task("work")
        .unwrap()
        .run(Params::new().with("day", "2026-01-01"));
    app.settle();
    let [begun, ended] = &app.records(&Query::new().task("work"))[..] else {
        panic!("a run")
    };
    assert_eq!(begun.params(), Some(r#"{"day":"2026-01-01","size":5}"#));
    assert_eq!((begun.result(), ended.params()), (None, None));
    assert_eq!(ended.result(), None, "a vector is no everyday type");
    assert_eq!((begun.version(), ended.version()), (Some("1.2.3"), Some("1.2.3")));
    let plain = app.records(&Query::new().task("plain"));
    assert!(plain.iter().all(|record| record.version() == Some("1.2.3")));
    assert!(
        plain
            .iter()
            .all(|record| record.params().or(record.result()).is_none())
    );
}

#[test]
fn a_result_is_recorded_with_its_end() {
    let disk = Disk::default();
    let app = start(app(&disk).func("number", "daily", || Returned(42)));
    let end = app.records(&Query::new().action(Action::Success)).remove(0);
    assert_eq!(end.result(), Some("42"));
    assert_eq!(app.records(&Query::new().has_result(true)).len(), 1);
}

#[test]
fn secrets_are_not_written_down() {
    let disk = Disk::default();
    let config = Config {
        zone: Zone::UTC,
        secrets: vec!["token".into()],
        ..Config::default()
    };
    let task = Task::func("work", || {})
        .parameter("token", "abc")
        .parameter("size", 5);
    let mut app = start(app(&disk).config(config).task(task));
    let work = app.session().task("work").unwrap();
    app.session().set_param("token", "def");
    work.set_param("token", "ghi");
    work.run(Params::new().with("token", "jkl"));
    app.settle();
    let begun = app.records(&Query::new().action(Action::Run)).remove(0);
    assert_eq!(begun.params(), Some(r#"{"size":5,"token":"***"}"#));
    let facts = rocketry_core::log::RunLog::load(&disk).unwrap().facts;
    assert!(facts.is_empty(), "{facts:?}");
}
