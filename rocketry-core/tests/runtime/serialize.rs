//! What records, instants and the like are for serde.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::log::{Cause, Extra, RunRef};
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, Event, Exit, Hold, ProcessEnd, Record, RunId, SkipReason, Status, StopReason, Timestamp,
};
use rocketry_core::{Rocketry, Session, Zone};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

fn record() -> Record {
    let at = |text: &str| text.parse().unwrap();
    Record {
        task: "reports::fetch".into(),
        run_id: RunId::Number(7),
        action: Action::Success,
        created: at("2026-01-01T00:00:02Z"),
        due: at("2026-01-01T00:00:00Z"),
        start: at("2026-01-01T00:00:01Z"),
        message: None,
        extra: None,
    }
}

#[test]
fn a_record_has_the_fields_that_it_has() {
    let expected = json!({
        "task": "reports::fetch",
        "run_id": 7,
        "action": "success",
        "created": "2026-01-01T00:00:02.000000Z",
        "due": "2026-01-01T00:00:00.000000Z",
        "start": "2026-01-01T00:00:01.000000Z",
    });
    assert_eq!(serde_json::to_value(record()).unwrap(), expected);
}

fn full_record() -> Record {
    Record {
        run_id: RunId::Name("007".into()),
        message: Some("why".into()),
        extra: Some(Arc::new(Extra {
            process: Some(ProcessEnd {
                exit: Exit::Signal(9),
                output: "last words".into(),
            }),
            params: Some("{\"day\":[1]}".into()),
            result: Some("42".into()),
            version: Some("1.2".into()),
            cause: Some(Cause::Retry { number: 2 }),
            upstream: Box::new([RunRef {
                task: "fetch".into(),
                run_id: RunId::Number(3),
            }]),
        })),
        ..record()
    }
}

#[test]
fn parameters_and_results_are_json() {
    let json = serde_json::to_value(full_record()).unwrap();
    assert_eq!(json["run_id"], "007");
    assert_eq!(json["message"], "why");
    assert_eq!(
        json["process"],
        json!({"exit": {"signal": 9}, "output": "last words"})
    );
    assert_eq!(json["params"], json!({"day": [1]}));
    assert_eq!(json["result"], 42);
    assert_eq!(json["version"], "1.2");
    assert_eq!(json["cause"], json!({"kind": "retry", "number": 2}));
    assert_eq!(json["upstream"], json!([{"task": "fetch", "run_id": 3}]));
}

#[test]
fn small_things_are_words_and_come_back_where_they_can() {
    assert_eq!(serde_json::to_value(Exit::Code(1)).unwrap(), json!({"code": 1}));
    assert_eq!(serde_json::to_value(Status::Never).unwrap(), "never run");
    assert_eq!(serde_json::to_value(Status::Ended(Action::Fail)).unwrap(), "fail");
    let at: Timestamp = "2026-01-01T00:00:00.5Z".parse().unwrap();
    let text = serde_json::to_value(at).unwrap();
    assert_eq!(text, "2026-01-01T00:00:00.500000Z");
    assert_eq!(serde_json::from_value::<Timestamp>(text).unwrap(), at);
    assert!(serde_json::from_value::<Timestamp>(json!("noon")).is_err());
}

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
}

#[test]
fn records_come_back_from_their_json() {
    comes_back(&record());
    comes_back(&full_record());
    let nothing = Extra {
        result: Some("null".into()),
        ..Extra::default()
    };
    comes_back(&Record {
        extra: Some(Arc::new(nothing)),
        ..record()
    });
}

#[test]
fn views_and_events_come_back_from_their_json() {
    let app = Rocketry::builder()
        .func("endless", "daily", |session: Session| async move {
            session.clock().sleep(Duration::from_secs(1_000_000)).await;
        })
        .func("broken", "hourly", || Err::<(), _>("no network"));
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let mut events = app.session().subscribe();
    app.session().task("broken").unwrap().disable();
    app.run_until("2026-01-01T00:10:00Z");
    app.session().task("endless").unwrap().terminate();
    let stopping = app.session().run_infos()[0].stopping;
    assert_eq!(stopping, Some(StopReason::Request));
    assert_eq!(serde_json::to_value(stopping).unwrap(), "request");
    comes_back(&app.session().run_infos());
    app.run_until("2026-01-01T02:00:00Z");
    comes_back(&app.session().task_infos());
    comes_back(&app.session().run_infos());
    let told: Vec<Event> = std::iter::from_fn(|| events.try_next()).collect();
    assert!(told.len() > 1, "{told:?}");
    comes_back(&told);
    comes_back(&SkipReason::ALL.to_vec());
    comes_back(&Action::ALL.to_vec());
    comes_back(&Zone::UTC);
}

#[test]
fn the_kind_of_a_hold_is_that_of_its_json() {
    let instant = Timestamp::from_micros(0);
    let holds = [
        Hold::NotLeader {
            leader: Some("a".into()),
        },
        Hold::NotRunning,
        Hold::StartingUp,
        Hold::ShuttingDown,
        Hold::Restarting,
        Hold::OnlyRequested,
        Hold::Disabled,
        Hold::Running { running: 1, limit: 1 },
        Hold::Log {
            since: instant,
            reason: "the disk is full".into(),
        },
        Hold::Jitter { until: instant },
        Hold::Overlap,
        Hold::FirstRun { since: instant },
        Hold::Finished,
    ];
    for hold in holds {
        assert_eq!(serde_json::to_value(&hold).unwrap()["kind"], hold.kind());
    }
}
