//! Pauses, skipped starts, and previews.

use rocketry_api::{NextFilter, PauseRequest, ProblemKind};
use rocketry_core::PauseScope;

use super::support::{client, problem, started, wait};

#[test]
fn a_task_is_paused_until_an_instant_and_resumed() {
    let mut app = started();
    let client = client(&app);
    let fetch = PauseScope::Task("fetch".into());
    let until = PauseRequest {
        until: Some("90m".into()),
    };
    let done = wait(client.pause(&fetch, &until)).unwrap();
    assert_eq!(
        done.message,
        "task `fetch` is paused until 2026-01-01 01:30:00 UTC"
    );
    assert_eq!(wait(client.pauses()).unwrap(), app.session().pauses());
    app.run_until("2026-01-01T01:45:00Z");
    assert_eq!(
        app.starts("fetch").len(),
        2,
        "at midnight, and when the pause ended"
    );
    wait(client.pause(&fetch, &PauseRequest::default())).unwrap();
    wait(client.resume(&fetch)).unwrap();
    assert!(!app.session().task("fetch").unwrap().is_paused());
    let past = PauseRequest {
        until: Some("2025-01-01".into()),
    };
    assert_eq!(
        problem(wait(client.pause(&fetch, &past))).kind,
        ProblemKind::Invalid
    );
}

#[test]
fn a_task_stays_paused_with_the_app() {
    let app = started();
    let client = client(&app);
    wait(client.pause(&PauseScope::App, &PauseRequest::default())).unwrap();
    let done = wait(client.resume(&PauseScope::Task("fetch".into()))).unwrap();
    assert_eq!(
        done.message,
        "task `fetch` is resumed, but its group or the app is still paused"
    );
    let unknown = problem(wait(client.resume(&PauseScope::Group("db".into()))));
    assert_eq!(unknown.kind, ProblemKind::NotFound);
}

#[test]
fn a_start_is_skipped() {
    let mut app = started();
    wait(client(&app).skip_next(&PauseScope::Task("fetch".into()))).unwrap();
    app.run_until("2026-01-01T02:30:00Z");
    assert_eq!(app.starts("fetch").len(), 2, "at 0 and 2");
}

#[test]
fn starts_of_tasks_and_statements_are_foreseen() {
    let app = started();
    let client = client(&app);
    let ask = |of: &str| NextFilter {
        of: of.into(),
        count: Some(2),
        zone: None,
    };
    let next = wait(client.next(&ask("fetch"))).unwrap();
    let times: Vec<String> = next
        .starts
        .iter()
        .map(|start| start.at.to_string()[11..16].to_owned())
        .collect();
    assert_eq!(times, ["01:00", "02:00"]);
    let zone = Some("Europe/Paris".to_owned());
    let next = wait(client.next(&NextFilter {
        zone,
        ..ask("daily  at 02:30")
    }))
    .unwrap();
    assert_eq!(next.canonical.as_deref(), Some("daily at 02:30"));
    assert_eq!(next.starts[0].at.to_string(), "2026-01-01T01:30:00.000000Z");
    let never = wait(client.next(&ask("daily & until 2025-12-31"))).unwrap();
    assert!(never.starts.is_empty() && never.end.is_some(), "{never:?}");
    assert_eq!(
        problem(wait(client.next(&ask("fetsh")))).nearest.as_deref(),
        Some("fetch")
    );
}
