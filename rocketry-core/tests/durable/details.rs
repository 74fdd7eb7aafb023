//! The details of a run in a durable log: its parameters, its result, the version of the app.

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
    assert_eq!(ended.result(), None, "a vector is not an everyday type");
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

/// The keys of the facts of parameters.
fn of_params(disk: &Disk) -> Vec<String> {
    let facts = rocketry_core::log::RunLog::load(disk).unwrap().facts;
    let keys = facts.keys().map(ToString::to_string);
    keys.filter(|key| key.contains("param")).collect()
}

#[test]
fn nothing_is_left_of_a_parameter_that_was_set_and_removed() {
    let disk = Disk::default();
    let mut running = start(app(&disk).func("work", "daily", || async {}));
    let (session, work) = (running.session().clone(), running.session().task("work").unwrap());
    for number in 0..10 {
        let key = format!("n{number}");
        session.set_param(&key, number);
        work.set_param(&key, number);
        assert!(session.remove_param(&key) && work.remove_param(&key));
    }
    running.settle();
    assert_eq!(of_params(&disk), [""; 0]);
}

#[test]
fn a_parameter_of_the_code_stays_removed_as_long_as_the_code_declares_it() {
    let disk = Disk::default();
    let declared = || {
        let work = Task::func("work", || async {})
            .start("daily")
            .parameter("size", 1);
        app(&disk).param("mode", "quick").task(work)
    };
    let remove = |app: &mut rocketry_core::testing::TestApp| {
        let session = app.session().clone();
        let work = session.task("work").unwrap();
        assert!(session.remove_param("mode") && work.remove_param("size"));
        app.settle();
    };
    let mut running = start(declared());
    remove(&mut running);
    running.close().unwrap();
    // Once set again, it is removed again.
    let mut running = start(declared());
    assert!(running.session().params().is_empty());
    running.session().set_param("mode", "slow");
    running.session().task("work").unwrap().set_param("size", 2);
    remove(&mut running);
    running.close().unwrap();
    let running = start(declared());
    assert!(running.session().params().is_empty());
    assert!(!running.session().task("work").unwrap().remove_param("size"));
    assert_eq!(of_params(&disk).len(), 2);
    running.close().unwrap();
    // The code declares them no longer.
    let mut running = start(app(&disk).func("work", "daily", || async {}));
    running.settle();
    running.close().unwrap();
    assert_eq!(of_params(&disk), [""; 0]);
}

#[test]
fn a_deleted_task_leaves_no_removed_parameter() {
    let disk = Disk::default();
    let mut running = start(app(&disk));
    let task = Task::func("work", || async {}).parameter("size", 1);
    let work = running.session().add(task).unwrap();
    assert!(work.remove_param("size"));
    running.settle();
    assert_eq!(of_params(&disk).len(), 1);
    work.delete();
    running.settle();
    assert_eq!(of_params(&disk), [""; 0]);
}
