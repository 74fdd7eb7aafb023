//! What Prometheus scrapes.

use rocketry_core::Query;

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
fn names_can_not_break_the_format() {
    let app = started();
    let text = get(&dashboard(&app), "/metrics").body;
    assert!(text.contains("task=\"quo\\\"te'\""), "{text}");
}
