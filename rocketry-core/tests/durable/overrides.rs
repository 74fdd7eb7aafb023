//! An option that was changed while the app ran holds until the code changes it.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::log::RunLog;
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Condition, Event, OnExists, Override, Part, Rocketry, Task, TaskBuilder, TaskOption, Timestamp,
};

use crate::support::{Disk, START, app, start};

fn report(start: &str) -> TaskBuilder {
    Task::func("report", || async {}).start(start.to_owned())
}

fn of(app: &TestApp) -> Task {
    app.session().task("report").unwrap()
}

fn condition(app: &TestApp) -> String {
    of(app).start_condition().unwrap().to_string()
}

/// A life of an app, to be changed and ended.
fn life(disk: &Disk, task: TaskBuilder, change: impl FnOnce(&TestApp)) {
    let app = start(app(disk).task(task));
    change(&app);
    app.close().unwrap();
}

/// The facts about overrides.
fn facts(disk: &Disk) -> Vec<String> {
    let facts = disk.load().unwrap().facts.into_keys();
    let mut facts: Vec<_> = facts
        .map(|key| key.to_string())
        .filter(|key| key.contains("report"))
        .collect();
    facts.sort();
    facts
}

#[test]
fn an_override_holds_until_the_code_changes() {
    let disk = Disk::default();
    life(&disk, report("daily"), |app| {
        app.session()
            .by("ann")
            .task("report")
            .unwrap()
            .set_start("hourly")
            .unwrap();
    });
    let at: Timestamp = START.parse().unwrap();
    for _ in 0..2 {
        life(&disk, report("daily"), |app| {
            assert_eq!(condition(app), "hourly");
            assert!(app.session().failures().is_empty());
            let over = &of(app).overrides()[0];
            assert_eq!((&*over.task, over.option), ("report", TaskOption::Start));
            assert_eq!(over.value.as_deref(), Some("hourly"));
            assert_eq!(over.declared.as_deref(), Some("daily"));
            assert_eq!(over.replaced.as_deref(), Some("daily"));
            assert_eq!((over.by.as_deref(), over.at), (Some("ann"), at));
        });
    }
    life(&disk, report("weekly"), |app| {
        assert_eq!(condition(app), "weekly");
        assert!(of(app).overrides().is_empty());
        let failures = app.session().failures();
        assert_eq!(failures.len(), 1);
        assert_eq!(
            (failures[0].part, failures[0].task.as_deref()),
            (Part::Override, Some("report"))
        );
        assert_eq!(
            &*failures[0].message,
            format!(
                "its option `start` is `weekly` from now on: the code has changed it since it was set to `hourly` by ann at {at}"
            )
        );
    });
    assert!(facts(&disk).is_empty());
    life(&disk, report("daily"), |app| {
        assert_eq!(condition(app), "daily");
        assert!(app.session().failures().is_empty());
    });
}

#[test]
fn a_subscriber_hears_of_it() {
    let disk = Disk::default();
    life(&disk, report("daily"), |app| of(app).set_start("hourly").unwrap());
    let app = start(app(&disk));
    let mut events = app.session().subscribe();
    app.session().add(report("weekly")).unwrap();
    let mut app = app;
    app.settle();
    let heard: Vec<Event> = std::iter::from_fn(|| events.try_next()).collect();
    let old = heard.iter().find_map(|event| match event {
        Event::Superseded(old) => Some(old),
        _ => None,
    });
    let old = old.unwrap_or_else(|| panic!("{heard:?}"));
    assert_eq!(
        (old.value.as_deref(), old.declared.as_deref()),
        (Some("hourly"), Some("weekly"))
    );
    assert_eq!(condition(&app), "weekly");
}

#[test]
fn every_option_is_compared_on_its_own() {
    let disk = Disk::default();
    let task = || {
        report("daily")
            .end("never")
            .timeout("1 hour")
            .priority(1)
            .max_running(2)
    };
    life(&disk, task(), |app| {
        let task = of(app);
        task.set_start("hourly").unwrap();
        task.set_end("time of day after 10:00").unwrap();
        task.set_timeout("2 hours").unwrap();
        task.set_priority(5);
        task.set_max_running(7);
        task.disable();
    });
    let texts = |app: &TestApp| -> Vec<String> {
        let overrides = of(app).overrides().into_iter();
        let text = |over: Override| {
            format!(
                "{}: {} for {}",
                over.option,
                over.value.unwrap(),
                over.declared.unwrap()
            )
        };
        overrides.map(text).collect()
    };
    let all = [
        "start: hourly for daily",
        "end: time of day after 10:00 for false",
        "timeout: 2 hours for 1 hour",
        "priority: 5 for 1",
        "max_running: 7 for 2",
        "disabled: true for false",
    ];
    life(&disk, task(), |app| {
        assert_eq!(texts(app), all);
        assert_eq!(app.session().overrides().len(), 6);
    });
    let changed = task().priority(2).timeout("30 minutes");
    life(&disk, changed, |app| {
        let left: Vec<_> = all
            .into_iter()
            .filter(|text| !text.contains("timeout") && !text.contains("priority"))
            .collect();
        assert_eq!(texts(app), left);
        assert_eq!(of(app).priority(), 2);
        assert_eq!(app.session().failures().len(), 2);
    });
}

#[test]
fn a_reset_brings_back_what_the_code_says() {
    let disk = Disk::default();
    life(&disk, report("daily"), |app| {
        let task = of(app);
        task.set_start("hourly").unwrap();
        task.set_start("weekly").unwrap();
        task.set_priority(3);
        let overrides = task.overrides();
        assert_eq!(overrides[0].declared.as_deref(), Some("daily"));
        assert_eq!(overrides[0].replaced.as_deref(), Some("hourly"));
        assert_eq!(overrides[0].by, None);
    });
    assert_eq!(facts(&disk), ["priority/report", "start/report"]);
    life(&disk, report("daily"), |app| {
        of(app).reset();
        assert_eq!((condition(app), of(app).priority()), ("daily".to_owned(), 0));
        assert!(of(app).overrides().is_empty());
    });
    assert!(facts(&disk).is_empty());
    life(&disk, report("daily"), |app| assert_eq!(condition(app), "daily"));
}

#[test]
fn an_option_that_is_set_to_what_the_code_says_is_no_override() {
    let disk = Disk::default();
    life(&disk, report("daily"), |app| {
        of(app).disable();
        of(app).enable();
        of(app).set_start("hourly").unwrap();
        of(app).set_start("daily").unwrap();
        of(app).set_priority(0);
        assert!(of(app).overrides().is_empty());
    });
    assert!(facts(&disk).is_empty());
}

#[test]
fn a_closure_that_moves_in_the_code_is_no_change() {
    let disk = Disk::default();
    let one = Condition::from_fn(|| false);
    life(&disk, Task::func("report", || async {}).start(one), |app| {
        of(app).set_start("hourly").unwrap();
    });
    let other = Condition::from_fn(|| true);
    life(&disk, Task::func("report", || async {}).start(other), |app| {
        assert_eq!(condition(app), "hourly");
        assert_eq!(of(app).overrides().len(), 1);
        of(app).reset();
        assert!(condition(app).contains("overrides.rs"), "{}", condition(app));
    });
}

#[test]
fn a_task_that_is_replaced_has_no_overrides() {
    let disk = Disk::default();
    life(&disk, report("daily"), |app| {
        of(app).set_start("hourly").unwrap();
        app.session().add_as(report("weekly"), OnExists::Replace).unwrap();
        assert!(of(app).overrides().is_empty());
        assert_eq!(condition(app), "weekly");
    });
    assert!(facts(&disk).is_empty());
}

#[test]
fn an_override_survives_a_restart_within_the_process() {
    let mut app = start(Rocketry::builder().task(report("daily")));
    app.session()
        .by("ann")
        .task("report")
        .unwrap()
        .set_start("hourly")
        .unwrap();
    app.session().restart().unwrap();
    app.run_for(Duration::from_secs(1));
    assert_eq!(of(&app).overrides()[0].by, Some(Arc::from("ann")));
    assert_eq!(condition(&app), "hourly");
}

#[test]
fn an_override_is_read_back_from_its_json() {
    let app = start(Rocketry::builder().task(report("daily")));
    app.session()
        .by(" ")
        .task("report")
        .unwrap()
        .set_start("hourly")
        .unwrap();
    let over = of(&app).overrides().remove(0);
    let json = serde_json::to_value(&over).unwrap();
    assert_eq!(json["option"], "start");
    assert_eq!(json["by"], serde_json::Value::Null);
    assert_eq!(serde_json::from_value::<Override>(json).unwrap(), over);
}
