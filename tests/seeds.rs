//! The programs people begin with, as the documentation of Python's Rocketry shows them: conditions and pipelines. Those about
//! parameters are in `seed_parameterization.rs`, the advanced ones in `seed_advanced.rs` and `seed_metatask.rs`.
//!
//! All of them are annotated in this one binary, so each test looks at its own tasks in an app of everything.

use std::time::Duration;

use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Action, Value, Zone};

/// An app of everything annotated here, at midnight of a Thursday. Conditions are asked once a minute, so that a
/// week passes quickly.
fn everything() -> TestApp {
    let app = Rocketry::new().config(Config {
        zone: Zone::UTC,
        poll_interval: Duration::from_secs(60),
        ..Config::default()
    });
    TestApp::start(app, "2026-01-01T00:00:00Z").unwrap()
}

fn value(app: &TestApp, task: &str) -> Value {
    let result = app.session().task(task).unwrap().result();
    result.unwrap_or_else(|| panic!("{:?}", app.records(&Query::new().task(task))))
}

fn text(app: &TestApp, task: &str) -> String {
    value(app, task).get().expect("a text")
}

fn last(app: &TestApp, task: &str) -> Action {
    app.records(&Query::new().task(task).last(1))[0].action
}

mod conditions {
    use super::*;

    #[cond("is foo")]
    fn is_foo(#[arg("mode")] mode: String) -> bool {
        mode == "foo"
    }

    #[cond("is workday")]
    fn is_workday(now: Now) -> bool {
        now.weekday().number_from_monday() < 6
    }

    /// Without a phrase it is a word only.
    #[cond]
    fn is_first_of_month(now: Now) -> bool {
        now.day() == 1
    }

    #[cond("it is past {hour}")]
    fn past_hour(hour: u32, now: Now) -> Result<bool, String> {
        if hour > 23 {
            return Err(format!("there is no hour {hour}"));
        }
        Ok(now.hour() >= hour)
    }

    #[param("mode")]
    fn mode() -> String {
        "bar".to_owned()
    }

    #[task(daily & is_foo)]
    fn as_a_word() {}

    #[task("daily & is foo")]
    fn as_a_phrase() {}

    #[task("daily & ~is foo")]
    fn negated() {}

    #[task(daily.after("07:00") & is_workday & !is_first_of_month)]
    fn on_workdays() {}

    #[task("daily & it is past 9")]
    fn captured() {}

    #[task(daily & past_hour(10) & "it is past 11")]
    fn called_and_captured() {}

    #[task(daily & past_hour(24))]
    fn impossible() {}

    #[test]
    fn one_is_a_word_and_a_phrase() {
        let mut app = everything();
        app.run_for(Duration::from_secs(60));
        let count = |app: &TestApp, task| app.starts(task).len();
        assert_eq!(
            (
                count(&app, "as_a_word"),
                count(&app, "as_a_phrase"),
                count(&app, "negated")
            ),
            (0, 0, 1)
        );
        app.session().set_param("mode", "foo");
        app.run_for(Duration::from_secs(60));
        assert_eq!(
            (
                count(&app, "as_a_word"),
                count(&app, "as_a_phrase"),
                count(&app, "negated")
            ),
            (1, 1, 1)
        );
    }

    #[test]
    fn one_is_joined_with_others() {
        let mut app = everything();
        app.run_until("2026-01-08T00:00:00Z");
        let days: Vec<String> = app
            .starts("on_workdays")
            .iter()
            .map(|at| at.to_string()[8..16].to_owned())
            .collect();
        assert_eq!(days, ["02T07:00", "05T07:00", "06T07:00", "07T07:00"]);
    }

    #[test]
    fn one_takes_what_its_phrase_captures() {
        let mut app = everything();
        app.run_until("2026-01-01T12:00:00Z");
        let first = |task| app.starts(task)[0].to_string()[11..16].to_owned();
        assert_eq!(
            (first("captured"), first("called_and_captured")),
            ("09:00".into(), "11:00".into())
        );
    }

    #[test]
    fn one_that_fails_is_false_and_says_why() {
        let app = everything();
        let task = app.session().task("impossible").unwrap();
        assert_eq!(
            task.condition_error().as_deref(),
            Some("`it is past 24`: there is no hour 24")
        );
    }
}

mod pipelines {
    use anyhow::Context as _;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Report {
        rows: usize,
    }

    #[task("daily after 07:00")]
    async fn fetch() -> anyhow::Result<Report> {
        Ok(Report { rows: 3 })
    }

    #[task(after_success(fetch))]
    fn crunch(#[arg(Return(fetch))] report: Report) -> usize {
        report.rows * 2
    }

    #[task("after task 'pipelines::crunch'", execution = "main")]
    fn publish(
        #[arg(Return("crunch"))] rows: usize,
        #[arg(Return(fetch))] report: std::sync::Arc<Report>,
    ) -> String {
        format!("{rows} from {}", report.rows)
    }

    #[task("daily")]
    fn idle() -> anyhow::Result<()> {
        Err(Inaction::because("no new files"))
            .context("while looking for files")
            .context("on the server")
    }

    #[task(after_any_fail([idle, broken]) | after_all_success((fetch, publish)))]
    fn watch() {}

    #[task("daily after 08:00")]
    async fn broken() -> anyhow::Result<()> {
        std::fs::read("/no/such/file").context("the import failed")?;
        Ok(())
    }

    #[test]
    fn results_are_handed_from_task_to_task() {
        let mut app = everything();
        app.run_until("2026-01-01T07:00:00Z");
        assert_eq!(value(&app, "fetch").get(), Some(Report { rows: 3 }));
        assert_eq!(value(&app, "crunch").get(), Some(6usize));
        assert_eq!(text(&app, "publish"), "6 from 3");
        assert_eq!(app.starts("watch").len(), 1);
        app.run_until("2026-01-01T08:00:00Z");
        assert_eq!(app.starts("watch").len(), 2);
    }

    #[test]
    fn nothing_to_do_and_failures_are_reported_with_their_causes() {
        let mut app = everything();
        app.run_until("2026-01-01T08:00:00Z");
        assert_eq!(
            (last(&app, "idle"), last(&app, "broken")),
            (Action::Inaction, Action::Fail)
        );
        let message = |task| {
            app.records(&Query::new().task(task).last(1))[0]
                .message
                .clone()
                .unwrap()
        };
        assert_eq!(
            &*message("idle"),
            "on the server: while looking for files: no new files"
        );
        assert!(message("broken").starts_with("the import failed: No such file or directory"));
    }
}
