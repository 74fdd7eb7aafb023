//! What was done on somebody's behalf is kept with the change, and its secrets are not.

use rocketry_core::log::RunLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Event, Task, params};

use crate::support::{Disk, app, start};

fn told(app: &TestApp) -> Vec<String> {
    let entries = app.session().audit();
    entries.iter().rev().map(ToString::to_string).collect()
}

fn report(disk: &Disk) -> TestApp {
    let config = Config {
        secrets: vec!["password".into()],
        ..Config::default()
    };
    let task = Task::func("report", || async {}).start("daily");
    start(app(disk).config(config).pool("db", 2).task(task))
}

#[test]
fn it_tells_who_did_what_how_it_was_and_how_it_is_also_after_a_restart() {
    let disk = Disk::default();
    let app = report(&disk);
    let ann = app.session().by("ann").via("dashboard");
    let task = ann.task("report").unwrap();
    task.set_start("hourly").unwrap();
    task.set_priority(3);
    task.disable();
    task.reset();
    task.pause();
    task.resume();
    task.skip_next();
    task.set_param("password", "hunter2".to_owned());
    task.set_param("day", "monday".to_owned());
    task.remove_param("day");
    drop(task.run(params! { password = "swordfish".to_owned() }));
    app.session()
        .via("socket")
        .set_param("mode", "resting".to_owned());
    ann.set_pool("db", 4).unwrap();
    let expected = [
        "ann by dashboard: `set-start` of task `report`, from `daily`, to `hourly`",
        "ann by dashboard: `set-priority` of task `report`, from `0`, to `3`",
        "ann by dashboard: `disable` of task `report`, from `false`, to `true`",
        "ann by dashboard: `reset` of `start` of task `report`, from `hourly`, to `daily`",
        "ann by dashboard: `reset` of `priority` of task `report`, from `3`, to `0`",
        "ann by dashboard: `reset` of `disabled` of task `report`, from `true`, to `false`",
        "ann by dashboard: `pause` of task `report`, to `until it is resumed`",
        "ann by dashboard: `resume` of task `report`, from `until it is resumed`",
        "ann by dashboard: `skip-next` of task `report`",
        "ann by dashboard: `set-param` of `password` of task `report`, to `***`",
        "ann by dashboard: `set-param` of `day` of task `report`, to `monday`",
        "ann by dashboard: `remove-param` of `day` of task `report`, from `monday`",
        "ann by dashboard: `run` of task `report`, to `{\"password\":\"***\"}`",
        "somebody by socket: `set-param` of `mode`, to `resting`",
        "ann by dashboard: `set-pool` of `db`, from `2`, to `4`",
    ];
    assert_eq!(told(&app), expected);
    app.close().unwrap();
    let facts = disk.load().unwrap().facts;
    assert!(
        facts
            .values()
            .all(|value| !value.contains("hunter2") && !value.contains("swordfish"))
    );

    let app = report(&disk);
    assert_eq!(told(&app), expected);
    app.session().by("ben").pause();
    assert_eq!(app.session().audit()[0].number, 15);
    app.close().unwrap();
}

#[test]
fn what_the_app_does_by_itself_is_not_in_it() {
    let disk = Disk::default();
    let app = report(&disk);
    app.session().task("report").unwrap().disable();
    app.session().by(" ").pause();
    assert!(app.session().audit().is_empty());
    app.close().unwrap();
}

#[test]
fn a_change_that_is_refused_is_not_in_it() {
    let disk = Disk::default();
    let app = report(&disk);
    let ann = app.session().by("ann");
    assert!(ann.task("report").unwrap().set_start("dayly").is_err());
    assert!(ann.set_pool("db", 0).is_err());
    assert!(!ann.remove_param("nothing"));
    assert!(app.session().audit().is_empty());
    app.close().unwrap();
}

#[test]
fn old_entries_make_room_in_the_log_as_well() {
    let disk = Disk::default();
    let app = report(&disk);
    let task = app.session().by("ann").task("report").unwrap();
    (0..1005).for_each(|priority| task.set_priority(priority));
    app.close().unwrap();
    let facts = disk.load().unwrap().facts;
    let kept = facts.keys().filter(|key| key.starts_with("audit/")).count();
    assert_eq!(kept, 1000);
    let app = report(&disk);
    assert_eq!(app.session().audit_before(6, 10).len(), 1);
    app.close().unwrap();
}

#[test]
fn a_subscriber_hears_of_each_entry() {
    let disk = Disk::default();
    let mut app = report(&disk);
    let mut events = app.session().subscribe();
    app.session().by("ann").task("report").unwrap().set_priority(7);
    app.settle();
    let heard = std::iter::from_fn(|| events.try_next());
    let heard: Vec<_> = heard
        .filter_map(|event| match event {
            Event::Audited(entry) => Some(entry.after),
            _ => None,
        })
        .collect();
    assert_eq!(heard, [Some("7".into())]);
    app.close().unwrap();
}
