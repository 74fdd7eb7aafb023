//! What records, instants and the like are for serde.

use std::sync::Arc;

use rocketry_core::log::Extra;
use rocketry_core::{Action, Exit, ProcessEnd, Record, RunId, Status, Timestamp};
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

#[test]
fn parameters_and_results_are_json() {
    let full = Record {
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
        })),
        ..record()
    };
    let json = serde_json::to_value(full).unwrap();
    assert_eq!(json["run_id"], "007");
    assert_eq!(json["message"], "why");
    assert_eq!(
        json["process"],
        json!({"exit": {"signal": 9}, "output": "last words"})
    );
    assert_eq!(json["params"], json!({"day": [1]}));
    assert_eq!(json["result"], 42);
    assert_eq!(json["version"], "1.2");
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
