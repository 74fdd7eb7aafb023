//! Defaults of the options of tasks, from the settings.

use std::time::Duration;

use rocketry_core::{Action, Config, Group, Hold, Overlap, Rocketry, Session, Task, TaskDefaults, Zone};

use crate::support::{mistakes, start, times};

fn app(task_defaults: TaskDefaults) -> Rocketry {
    Rocketry::builder().config(Config {
        zone: Zone::UTC,
        task_defaults,
        ..Config::default()
    })
}

async fn long(session: Session) {
    session.clock().sleep(Duration::from_secs(90)).await;
}

#[test]
fn a_task_has_what_the_settings_say_unless_it_says_more() {
    let defaults = TaskDefaults {
        priority: 5,
        max_running: Some(3),
        pool: Some("common".into()),
        ..TaskDefaults::default()
    };
    let app = app(defaults)
        .pool("common", 2)
        .pool("own", 1)
        .task(Task::func("plain", || async {}))
        .task(
            Task::func("special", || async {})
                .priority(0)
                .max_running(1)
                .pool("own"),
        )
        .task(Task::func("many", || async {}).multilaunch(true));
    let app = start(app);
    let info = |task: &str| app.session().task(task).unwrap().info();
    let plain = info("plain");
    assert_eq!((plain.priority, plain.max_running), (5, Some(3)));
    assert_eq!(
        plain.pools.iter().map(|pool| &**pool).collect::<Vec<_>>(),
        ["common"]
    );
    let special = info("special");
    assert_eq!((special.priority, special.max_running), (0, Some(1)));
    assert_eq!(
        special.pools.iter().map(|pool| &**pool).collect::<Vec<_>>(),
        ["own"]
    );
    assert_eq!(info("many").max_running, None);
    let added = app.session().add(Task::func("added", || async {})).unwrap();
    assert_eq!(added.info().priority, 5);
}

#[test]
fn starts_overlap_and_are_spread_as_the_settings_say() {
    let defaults = TaskDefaults {
        overlap: Overlap::Queue,
        jitter: Some(Duration::from_secs(30)),
        ..TaskDefaults::default()
    };
    let app = app(defaults)
        .group(Group::new("group"))
        .task(
            Task::func("queued", long)
                .start("cron with seconds 0 * * * * *")
                .jitter("1 us"),
        )
        .task(
            Task::func("skipped", long)
                .start("cron with seconds 0 * * * * *")
                .overlap(Overlap::Skip)
                .jitter("1 us"),
        )
        .task(Task::func("spread", || async {}).start("daily").group("group"));
    let mut app = start(app);
    app.run_for(Duration::from_secs(200));
    assert_eq!(times(&app, "queued")[..2], ["00:00:00", "00:01:30"]);
    assert_eq!(times(&app, "skipped")[..2], ["00:00:00", "00:02:00"]);
    assert_ne!(app.starts("spread")[0].to_string(), "2026-01-01T00:00:00.000000Z");
}

#[test]
fn the_end_of_the_app_by_a_condition_has_no_defaults() {
    let defaults = TaskDefaults {
        jitter: Some(Duration::from_secs(3600)),
        pool: Some("common".into()),
        ..TaskDefaults::default()
    };
    let app = app(defaults)
        .pool("common", 1)
        .task(Task::func("work", long).start("daily").jitter("1 us"))
        .shut_down_when("task 'work' is running");
    let mut app = start(app);
    app.run_for(Duration::from_secs(100));
    let work = app.session().task("work").unwrap();
    assert_eq!(work.total(Action::Success), 1);
    assert!(work.holds().contains(&Hold::ShuttingDown));
}

#[test]
fn a_pool_that_is_not_there_is_a_mistake() {
    let defaults = TaskDefaults {
        pool: Some("comon".into()),
        ..TaskDefaults::default()
    };
    let app = app(defaults)
        .pool("common", 1)
        .task(Task::func("work", || async {}));
    let said = mistakes(app).to_string();
    assert!(
        said.contains("there is no pool `comon`; did you mean `common`?"),
        "{said}"
    );
}

#[test]
fn the_environment_names_each_default() {
    let config = |vars: [(&str, &str); 1]| Config::default().with_vars(vars);
    let set = |name: &str, text: &str| config([(name, text)]).unwrap().task_defaults;
    assert_eq!(set("ROCKETRY_TASK_DEFAULTS_PRIORITY", "-3").priority, -3);
    assert_eq!(
        set("ROCKETRY_TASK_DEFAULTS_MAX_RUNNING", "4").max_running,
        Some(4)
    );
    assert_eq!(
        set("ROCKETRY_TASK_DEFAULTS_POOL", "db").pool.as_deref(),
        Some("db")
    );
    assert_eq!(
        set("ROCKETRY_TASK_DEFAULTS_JITTER", "30 s").jitter,
        Some(Duration::from_secs(30))
    );
    let error = config([("ROCKETRY_TASK_DEFAULTS_PRIORTY", "1")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("did you mean `ROCKETRY_TASK_DEFAULTS_PRIORITY`?"),
        "{error}"
    );
    let error = config([("ROCKETRY_TASK_DEFAULTS_OVERLAP", "both")])
        .unwrap_err()
        .to_string();
    assert!(error.contains("expected skip, queue or replace"), "{error}");
    let error = config([("ROCKETRY_TASK_DEFAULTS_JITTER", "soon")])
        .unwrap_err()
        .to_string();
    assert!(error.contains("ROCKETRY_TASK_DEFAULTS_JITTER"), "{error}");
}

#[cfg(feature = "config-file")]
#[test]
fn a_file_has_a_table_of_defaults() {
    let toml = "[task_defaults]\npriority = 2\noverlap = \"replace\"\njitter = \"1 minute\"\n";
    let defaults = Config::default().with_toml(toml).unwrap().task_defaults;
    assert_eq!((defaults.priority, defaults.overlap), (2, Overlap::Replace));
    assert_eq!(defaults.jitter, Some(Duration::from_secs(60)));
    let error = Config::default()
        .with_toml("[task_defaults]\nprioriti = 2\n")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("there is no setting `task_defaults.prioriti`"),
        "{error}"
    );
    assert!(
        error.contains("did you mean `task_defaults.priority`?"),
        "{error}"
    );
}
