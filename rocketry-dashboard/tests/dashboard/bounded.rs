//! Work is bounded, whatever a stranger types.

use axum::http::StatusCode;

use crate::support::{dashboard, get, started};

/// A statement of nearly 2,000 bytes that repeats a part.
fn repeated(part: &str, between: &str) -> String {
    let mut statement = part.to_owned();
    while statement.len() + between.len() + part.len() < 1990 {
        statement.push_str(between);
        statement.push_str(part);
    }
    statement
}

/// A statement of nearly 2,000 bytes with its parts one in the other.
fn nested(part: &str, joints: [&str; 2]) -> String {
    let mut statement = part.to_owned();
    for level in 0..120 {
        let deeper = format!("{part} {} ({statement})", joints[level % 2]);
        if deeper.len() > 1990 {
            break;
        }
        statement = deeper;
    }
    statement
}

#[test]
fn a_statement_of_a_stranger_makes_a_bounded_amount_of_work() {
    let app = started();
    let pages = dashboard(&app);
    let minutes: Vec<String> = (0..60)
        .map(|minute| format!("cron {minute} 3 29 2 Mon#5"))
        .collect();
    let statements = [
        "every 1 microsecond".to_owned(),
        "every 1 second".to_owned(),
        "true".to_owned(),
        "cron 0 0 29 2 +Mon".to_owned(),
        "once at 9999-12-31 12:00".to_owned(),
        "time of day between 10:00 and 10:01 & yearly on February 29 & every 1 second".to_owned(),
        repeated("every 1 second", " | "),
        repeated("cron * * * * *", " & "),
        repeated("cron 1 1 29 2 Mon", " | "),
        repeated("~cron * * 29 2 *", " & "),
        repeated("time of day between 10:00 and 10:01", " | "),
        repeated("after task 'fetch'", " | "),
        minutes.join(" | "),
        nested("hourly", ["&", "|"]),
        nested("cron 5 * * * *", ["|", "&"]),
        nested("once at 2020-01-01", ["&", "|"]),
        nested("once at 2020-01-01", ["|", "&"]),
        nested("~daily", ["&", "|"]),
        "(".repeat(1990),
        "~".repeat(1990),
    ];
    let mut out_of_steps = 0;
    for statement in statements {
        let value = percent_encoding::utf8_percent_encode(&statement, percent_encoding::NON_ALPHANUMERIC);
        let next = get(&pages, &format!("/api/next?count=10000&of={value}"));
        if next.status == StatusCode::OK {
            let next: serde_json::Value = serde_json::from_str(&next.body).unwrap();
            let starts = next["starts"].as_array().unwrap().len();
            // Each of them took several steps.
            assert!(starts <= 20_000 / 2, "{statement:.50}: {starts} starts");
            let end = next["end"].as_str().unwrap_or_default();
            out_of_steps += u32::from(end.ends_with("finding them takes more than 20000 steps"));
        } else {
            assert!(next.status.is_client_error(), "{statement:.50}: {}", next.body);
        }
        for address in ["/try?statement=", "/api/check?statement="] {
            let answer = get(&pages, &format!("{address}{value}"));
            assert!(
                !answer.status.is_server_error(),
                "{statement:.50}: {}",
                answer.body
            );
            assert!(answer.body.len() < 1 << 20, "{statement:.50}");
        }
    }
    assert!(out_of_steps >= 4, "{out_of_steps} statements were stopped");
}
