//! Settings: in code, in a file, in the environment, in this order.

use std::process::Command;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Error, FirstRun, OnError, Rocketry, Session, Task, Zone};

fn helsinki() -> Zone {
    "Europe/Helsinki".parse().unwrap()
}

fn vars(vars: &[(&str, &str)]) -> Result<Config, Error> {
    Config::default().with_vars(vars.iter().copied())
}

#[test]
fn words_make_settings() {
    let config = vars(&[
        ("ROCKETRY_ZONE", "Europe/Helsinki"),
        ("ROCKETRY_TIMEOUT", "1 hour 30 minutes"),
        ("ROCKETRY_FIRST_RUN", "wait"),
        ("ROCKETRY_POLL_INTERVAL", "50 ms"),
        ("ROCKETRY_LOG_CAPACITY", "1000"),
        ("ROCKETRY_ON_COND_ERROR", "halt"),
        ("ROCKETRY_ON_SETUP_ERROR", "halt"),
        ("ROCKETRY_ON_LOG_ERROR", "halt"),
        ("ROCKETRY_ON_HOOK_ERROR", "halt"),
    ]);
    let wanted = Config {
        zone: helsinki(),
        timeout: Some(Duration::from_secs(5400)),
        first_run: FirstRun::Wait,
        poll_interval: Duration::from_millis(50),
        log_capacity: 1000,
        on_cond_error: OnError::Halt,
        on_setup_error: OnError::Halt,
        on_log_error: OnError::Halt,
        on_hook_error: OnError::Halt,
        ..Config::default()
    };
    assert_eq!(config.unwrap(), wanted);
    assert_eq!(vars(&[("ROCKETRY_TIMEOUT", "never")]).unwrap().timeout, None);
    assert_eq!(
        vars(&[("ROCKETRY_ON_LOG_ERROR", "continue")]).unwrap(),
        Config::default()
    );
}

#[test]
fn settings_are_serialised_in_words_and_read_again() {
    let config = Config {
        zone: helsinki(),
        timeout: None,
        on_log_error: OnError::Halt,
        ..Config::default()
    };
    let json = serde_json::to_value(&config).unwrap();
    assert_eq!(json["zone"], "Europe/Helsinki");
    assert_eq!(json["timeout"], "never");
    assert_eq!(json["poll_interval"], "100 ms");
    assert_eq!(json["on_log_error"], "halt");
    assert_eq!(serde_json::from_value::<Config>(json).unwrap(), config);
    assert_eq!(serde_json::from_str::<Config>("{}").unwrap(), Config::default());
    let unknown = serde_json::from_str::<Config>(r#"{"zonee": "UTC"}"#).unwrap_err();
    assert!(
        unknown.to_string().starts_with("unknown field `zonee`"),
        "{unknown}"
    );
}

#[test]
fn a_variable_that_is_no_setting_is_a_mistake_with_the_nearest_name() {
    let error = vars(&[
        ("ROCKETRY_POL_INTERVAL", "1 s"),
        ("ROCKETRY_TIMEOUT", "30 mintues"),
        ("ROCKETRY_POLL_INTERVAL", "0 seconds"),
        ("ROCKETRY_ZONE", "Europe/Helsinky"),
        ("ROCKETRY_LOG_CAPACITY", "many"),
        ("ROCKETRY_ON_LOG_ERROR", "hault"),
        ("HOME", "/root"),
        ("ROCKETRY_MACROS_DEBUG", "fetch"),
    ])
    .unwrap_err();
    assert!(error.is_build());
    let said: Vec<&str> = error.problems().iter().map(|problem| &*problem.message).collect();
    let begins = [
        "environment variable `ROCKETRY_POL_INTERVAL`: there is no such setting; did you mean `ROCKETRY_POLL_INTERVAL`?",
        "environment variable `ROCKETRY_TIMEOUT`: expected a unit of time such as `minutes`, found `mintues`",
        "environment variable `ROCKETRY_POLL_INTERVAL`: `0 seconds` is zero",
        "environment variable `ROCKETRY_ZONE`: there is no time zone 'Europe/Helsinky': did you mean 'Europe/Helsinki'?",
        "environment variable `ROCKETRY_LOG_CAPACITY`: expected a whole number, 0 or more, found `many`",
        "environment variable `ROCKETRY_ON_LOG_ERROR`: `hault` is not a valid answer to a failure: expected continue or halt; did you mean `halt`?",
    ];
    assert_eq!(said.len(), begins.len(), "{said:#?}");
    for (said, begin) in said.iter().zip(begins) {
        assert!(said.starts_with(begin), "{said}");
    }
}

#[test]
fn a_value_of_another_kind_is_a_mistake_that_says_which_is_meant() {
    let said = |name: &str, text: &str| vars(&[(name, text)]).unwrap_err().to_string();
    for (name, text, expected) in [
        ("ROCKETRY_MAX_PROCESS_COUNT", "-1", "a whole number, 0 or more"),
        ("ROCKETRY_LOG_KEEP_RECORDS", "1.5", "a whole number, 0 or more"),
        ("ROCKETRY_ECHO_OUTPUT", "yes", "`true` or `false`"),
        (
            "ROCKETRY_SECRETS",
            "token",
            "a list of names such as `[\"token\"]`",
        ),
        ("ROCKETRY_POOLS", "4", "a table"),
    ] {
        let expected = format!("environment variable `{name}`: expected {expected}, found `{text}`");
        assert_eq!(said(name, text), expected);
    }
}

#[test]
fn an_app_without_room_for_a_process_or_a_thread_is_a_mistake() {
    let config = Config {
        max_process_count: Some(0),
        max_thread_count: Some(0),
        ..Config::default()
    };
    let error = Rocketry::builder().config(config).build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "settings: `max_process_count` leaves no room for a process: it is 0\n\
         settings: `max_thread_count` leaves no room for a run on a thread: it is 0"
    );
}

#[test]
fn an_entry_of_a_table_leaves_the_others() {
    let code = Config {
        pools: [("db".to_owned(), 1), ("net".to_owned(), 2)].into(),
        ..Config::default()
    };
    let pools = |vars: &[(&str, &str)]| {
        let config = code.clone().with_vars(vars.iter().copied())?;
        Ok::<_, Error>(Vec::from_iter(config.pools))
    };
    let sizes = |db, net| vec![("db".to_owned(), db), ("net".to_owned(), net)];
    assert_eq!(pools(&[("ROCKETRY_POOLS_DB", "4")]).unwrap(), sizes(4, 2));
    assert_eq!(
        pools(&[("ROCKETRY_POOLS", r#"{"net": 3}"#)]).unwrap(),
        sizes(1, 3)
    );
    let said = pools(&[("ROCKETRY_POOLS_DB", "many")]).unwrap_err().to_string();
    assert!(
        said.starts_with(
            "environment variable `ROCKETRY_POOLS_DB`: expected a whole number, 0 or more, found `many`"
        ),
        "{said}"
    );
    let said = pools(&[("ROCKETRY_POOL_DB", "4")]).unwrap_err().to_string();
    assert!(
        said.starts_with("environment variable `ROCKETRY_POOL_DB`: there is no such setting; did you mean `ROCKETRY_POOLS_DB`?"),
        "{said}"
    );
}

#[test]
fn the_size_of_a_pool_in_the_settings_goes_over_the_one_in_the_code() {
    let app = |pools: &[(&str, usize)]| {
        let config = Config {
            pools: pools
                .iter()
                .map(|(name, size)| ((*name).to_owned(), *size))
                .collect(),
            zone: Zone::UTC,
            ..Config::default()
        };
        let query = |name: &'static str| {
            let work = |session: Session| async move { session.clock().sleep(Duration::from_secs(10)).await };
            Task::func(name, work).start("daily").pool("queries")
        };
        Rocketry::builder()
            .config(config)
            .task(query("sales"))
            .task(query("stock"))
    };
    let running = |app: Rocketry| {
        let app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
        let tasks = app.session().tasks().into_iter();
        tasks.filter(Task::is_running).count()
    };
    assert_eq!(running(app(&[]).pool("queries", 1)), 1);
    assert_eq!(running(app(&[("queries", 2)]).pool("queries", 1)), 2);
    assert_eq!(
        running(app(&[("queries", 1)])),
        1,
        "the settings alone make a pool that a task names"
    );
    let said = |app: Rocketry| app.build().unwrap_err().to_string();
    assert_eq!(
        said(app(&[("querys", 1)]).pool("queries", 1)),
        "settings: no task has a pool `querys`; did you mean `queries`?"
    );
    assert_eq!(
        said(app(&[("queries", 0)])),
        "the pool `queries` has no room: its size is 0"
    );
}

/// Runs one of the tests below in a process of its own, because the environment belongs to the whole process.
fn with_env(test: &str, vars: &[(&str, &str)]) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let output = child
        .args([test, "--exact", "--ignored"])
        .envs(vars.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn the_environment_goes_over_the_code() {
    with_env(
        "in_env::over_the_code",
        &[
            ("ROCKETRY_POLL_INTERVAL", "50 ms"),
            ("ROCKETRY_ZONE", "Europe/Helsinki"),
        ],
    );
}

#[test]
fn a_mistake_in_the_environment_keeps_the_app_from_being_built() {
    with_env("in_env::mistake", &[("ROCKETRY_TIMOUT", "never")]);
}

mod in_env {
    use super::*;

    #[test]
    #[ignore = "needs an environment of its own"]
    fn over_the_code() {
        let config = Config {
            zone: Zone::UTC,
            log_capacity: 5,
            ..Config::default()
        };
        let app = Rocketry::builder().config(config).build().unwrap();
        let expected = Config {
            zone: helsinki(),
            log_capacity: 5,
            poll_interval: Duration::from_millis(50),
            ..Config::default()
        };
        assert_eq!(*app.session().config(), expected);
    }

    #[test]
    #[ignore = "needs an environment of its own"]
    fn mistake() {
        let error = Rocketry::builder()
            .func("work", "every 10 mintues", || {})
            .build()
            .unwrap_err();
        let said = error.to_string();
        assert!(
            said.contains("`ROCKETRY_TIMOUT`") && said.contains("did you mean `ROCKETRY_TIMEOUT`?"),
            "{said}"
        );
        assert!(
            said.contains("did you mean `minutes`?"),
            "other mistakes are found as well: {said}"
        );
    }

    /// The file is the one that the test below has written.
    #[cfg(feature = "config-file")]
    #[test]
    #[ignore = "needs an environment of its own"]
    fn over_the_file() {
        let file = std::env::var("SETTINGS").unwrap();
        let app = Rocketry::builder().config_file(file).config(Config {
            log_capacity: 5,
            ..Config::default()
        });
        let session = app.build().unwrap().session();
        let config = session.config();
        assert_eq!(config.log_capacity, 5, "only the code says it");
        assert_eq!(config.timeout, None, "only the file says it");
        assert_eq!(config.zone, helsinki(), "the environment has the last word");
    }
}

#[cfg(feature = "config-file")]
mod file {
    use super::*;

    fn toml(text: &str) -> Result<Config, Error> {
        Config::default().with_toml(text)
    }

    #[test]
    fn only_what_it_says_is_changed() {
        let code = Config {
            log_capacity: 5,
            timeout: Some(Duration::from_secs(1)),
            ..Config::default()
        };
        let config = code.clone().with_toml("timeout = 'never'\n").unwrap();
        assert_eq!(
            config,
            Config {
                timeout: None,
                ..code.clone()
            }
        );
        assert_eq!(code.clone().with_toml("# nothing\n").unwrap(), code);
    }

    #[test]
    fn mistakes_come_with_their_place() {
        let error = toml("# settings\nzone = \"UTC\"\npol_interval = \"1 s\"\ntimeout = \"30 mintues\"\n")
            .unwrap_err();
        assert!(error.is_build());
        let expected = [
            "there is no setting `pol_interval`; did you mean `poll_interval`?\n  --> settings:3:1\n  |\n3 | pol_interval = \"1 s\"\n  | ^^^^^^^^^^^^",
            "`timeout`: expected a unit of time such as `minutes`, found `mintues` (at 3..10); did you mean `minutes`?\n  --> settings:4:11\n  |\n4 | timeout = \"30 mintues\"\n  |           ^^^^^^^^^^^^",
        ];
        let said: Vec<&str> = error.problems().iter().map(|problem| &*problem.message).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn a_table_is_read_entry_by_entry() {
        let code = Config {
            pools: [("db".to_owned(), 1), ("net".to_owned(), 2)].into(),
            ..Config::default()
        };
        let config = code.with_toml("timeout = 'never'\n[pools]\ndb = 4\n").unwrap();
        assert_eq!(
            (config.pools["db"], config.pools["net"], config.timeout),
            (4, 2, None)
        );
        assert_eq!(toml("pools = { db = 4 }\n").unwrap().pools["db"], 4);
        let said = |text| toml(text).unwrap_err().to_string();
        assert_eq!(
            said("[pools]\ndb = 4\nnet = 'many'\n"),
            "`pools.net`: expected a whole number, 0 or more, found `many`\n  --> settings:3:7\n  |\n3 | net = 'many'\n  |       ^^^^^^"
        );
        assert!(said("[pool]\ndb = 4\n").starts_with("there is no setting `pool`; did you mean `pools`?"));
        assert!(said("pools = 4\n").starts_with("`pools`: expected a table, found `4`"));
    }

    #[test]
    fn what_is_no_toml_is_a_mistake_with_its_place() {
        let said = toml("zone = \"UTC\"\ntimeout = 30 minutes\n")
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("settings:2:11") && said.contains("2 | timeout = 30 minutes"),
            "{said}"
        );
        let said = toml("zone = \"UTC\"\nzone = \"UTC\"\n").unwrap_err().to_string();
        assert!(
            said.contains("duplicate key") && said.contains("settings:2:1"),
            "{said}"
        );
        let said = toml("timeout = 5\n").unwrap_err().to_string();
        assert!(
            said.starts_with("`timeout`: expected text such as `\"30 minutes\"`, found `5`"),
            "{said}"
        );
    }

    #[test]
    fn it_goes_over_the_code_and_the_environment_over_it() {
        let file = std::env::temp_dir().join(format!("rocketry-config-{}.toml", std::process::id()));
        std::fs::write(&file, "timeout = 'never'\nzone = 'UTC'\n").unwrap();
        let path = file.to_str().unwrap();
        with_env(
            "in_env::over_the_file",
            &[("SETTINGS", path), ("ROCKETRY_ZONE", "Europe/Helsinki")],
        );
        std::fs::remove_file(&file).unwrap();
    }

    #[test]
    fn one_that_is_not_there_keeps_the_app_from_being_built() {
        let error = Rocketry::builder()
            .config_file("no/such.toml")
            .build()
            .unwrap_err();
        assert!(error.is_build());
        assert!(
            error.to_string().starts_with("settings in `no/such.toml`: "),
            "{error}"
        );
    }
}

#[cfg(not(feature = "config-file"))]
#[test]
fn without_the_feature_a_file_is_a_mistake_that_names_it() {
    let said = Config::default().with_toml("").unwrap_err().to_string();
    assert!(
        said.contains("needs the feature `config-file` of the crate `rocketry`"),
        "{said}"
    );
}
