//! What Prometheus scrapes.

use std::collections::BTreeSet;
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Query, Rocketry, Session, Task};

use rocketry_dashboard::{Access, Dashboard};

use crate::support::{dashboard, get, started};

/// The values of the series of a metric that have this label.
fn values<'a>(text: &'a str, series: &str) -> Vec<&'a str> {
    let lines = text.lines().filter(|line| line.starts_with(series));
    lines.map(|line| line.rsplit(' ').next().unwrap()).collect()
}

#[test]
fn counters_and_gauges_follow_the_state() {
    let app = started();
    let pages = dashboard(&app);
    let answer = get(&pages, "/metrics");
    assert!(
        answer
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let text = answer.body;
    assert!(text.ends_with("# EOF\n"), "{text}");
    let fetched = app
        .session()
        .log(&Query::new().task("fetch").action(rocketry_core::Action::Success))
        .unwrap();
    assert_eq!(
        values(&text, "rocketry_runs_total{task=\"fetch\",outcome=\"success\"}"),
        [fetched.len().to_string()]
    );
    assert_eq!(
        values(&text, "rocketry_runs_total{task=\"break\",outcome=\"fail\"}"),
        ["1"]
    );
    assert_eq!(values(&text, "rocketry_runs_running{task=\"wait\"}"), ["1"]);
    assert_eq!(
        values(&text, "rocketry_next_due_timestamp_seconds{task=\"fetch\"}"),
        ["1767250800.0"]
    );
    assert_eq!(
        values(&text, "rocketry_tasks "),
        [app.session().tasks().len().to_string()]
    );
}

#[test]
fn histograms_grow_from_the_first_scrape_on() {
    let mut app = started();
    let pages = dashboard(&app);
    let series = "rocketry_run_duration_seconds_count{task=\"fetch\"}";
    assert!(values(&get(&pages, "/metrics").body, series).is_empty());
    app.run_until("2026-01-01T08:30:00Z");
    assert_eq!(values(&get(&pages, "/metrics").body, series), ["2"]);
    app.run_until("2026-01-01T09:30:00Z");
    assert_eq!(values(&get(&pages, "/metrics").body, series), ["3"]);
}

#[test]
fn the_lag_of_the_scheduler_is_a_histogram() {
    let app = started();
    let text = get(&dashboard(&app), "/metrics").body;
    let cycles = app.session().scheduler_lag().cycles.to_string();
    assert_ne!(cycles, "0");
    for series in ["_count", "_bucket{le=\"0.0001\"}", "_bucket{le=\"+Inf\"}"] {
        let series = format!("rocketry_scheduler_lag_seconds{series}");
        assert_eq!(values(&text, &series), [cycles.as_str()], "{series}: {text}");
    }
    assert_eq!(values(&text, "rocketry_scheduler_lag_seconds_sum"), ["0.0"]);
}

#[test]
fn names_can_not_break_the_format() {
    let app = started();
    let text = get(&dashboard(&app), "/metrics").body;
    assert!(text.contains("task=\"quo\\\"te'\""), "{text}");
}

#[test]
fn the_series_of_a_deleted_task_vanish() {
    let mut app = started();
    let pages = dashboard(&app);
    get(&pages, "/metrics");
    app.run_until("2026-01-01T08:30:00Z");
    assert!(get(&pages, "/metrics").body.contains("task=\"fetch\""));
    app.session().task("fetch").unwrap().delete();
    app.settle();
    let text = get(&pages, "/metrics").body;
    assert!(!text.contains("task=\"fetch\""), "{text}");
}

#[test]
fn tasks_beyond_a_number_share_their_series() {
    let app = started();
    let pages = Dashboard::new(Access::operator())
        .metric_tasks(1)
        .router(app.session());
    let text = get(&pages, "/metrics").body;
    assert_eq!(
        text.matches("rocketry_next_due_timestamp_seconds{").count(),
        2,
        "{text}"
    );
    assert!(text.contains("task=\"other\""), "{text}");
}

/// The metrics that a text names.
fn named(text: &str) -> BTreeSet<String> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let words = text.split(|character| !is_part(character));
    words
        .filter(|word| word.starts_with("rocketry_"))
        .map(str::to_owned)
        .collect()
}

/// An app that has something for each metric: a start that waits for a pool, and one that is skipped.
fn busy() -> TestApp {
    let long = |session: Session| async move { session.clock().sleep(Duration::from_secs(100_000)).await };
    let app = Rocketry::builder()
        .pool("db", 1)
        .task(
            Task::func("load", long)
                .start("daily after 01:00")
                .pool("db")
                .no_timeout(),
        )
        .task(
            Task::func("report", || async {})
                .start("daily after 02:00")
                .pool("db"),
        )
        .task(Task::func("fetch", || async {}).start("hourly"));
    let app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.session().task("fetch").unwrap().skip_next();
    app
}

#[test]
fn the_alert_rules_and_the_grafana_dashboard_name_metrics_that_exist() {
    let mut app = busy();
    let pages = dashboard(&app);
    get(&pages, "/metrics");
    app.run_until("2026-01-01T03:30:00Z");
    let text = get(&pages, "/metrics").body;
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let mut known = BTreeSet::new();
    for (name, kind) in types.filter_map(|line| line.split_once(' ')) {
        let endings: &[&str] = match kind {
            "counter" => &["_total"],
            "histogram" => &["_bucket", "_count", "_sum"],
            "info" => &["_info"],
            _ => &[""],
        };
        known.extend(endings.iter().map(|ending| format!("{name}{ending}")));
    }
    for file in [
        include_str!("../../monitoring/alerts.yaml"),
        include_str!("../../monitoring/grafana.json"),
    ] {
        let unknown: Vec<_> = named(file).difference(&known).cloned().collect();
        assert!(unknown.is_empty(), "{unknown:?} are not among {known:?}");
        assert!(named(file).len() > 5);
    }
    let board: serde_json::Value =
        serde_json::from_str(include_str!("../../monitoring/grafana.json")).unwrap();
    assert!(board["panels"].as_array().is_some_and(|panels| panels.len() >= 8));
}
