//! `parse`, `parse_time` and their invalid twins: statements, and the trees they stand for.

use rocketry_syntax::{parse_period, parse_strict};
use serde_json::{Value, json};

use super::canonical;
use super::verdict::{Verdict, class, error};

/// Judges a case of the kinds `parse`, `parse_time`, `parse_invalid` and `parse_time_invalid`.
pub(crate) fn check(case: &Value) -> Verdict {
    let outcome = outcome(case);
    let suspect = case["suspect"].as_str().map(class);
    let is = |wanted: &Value| match &outcome {
        Ok(tree) => *wanted != error() && canonical::same(tree, wanted),
        Err(_) => *wanted == error(),
    };
    let answer = outcome.as_ref().map_or_else(Clone::clone, Value::to_string);
    if is(&expected(case)) {
        return Verdict::Agreed;
    }
    if let Some(code) = suspect.clone().filter(|_| case.get("ideal").is_some_and(is)) {
        return Verdict::Suspect { code, answer };
    }
    let text = case["str"].as_str().unwrap_or_default();
    if decided(text, suspect.as_deref()).as_ref().is_some_and(is) {
        return Verdict::Decided {
            code: suspect.unwrap_or_else(|| "STATEMENT".to_owned()),
            answer,
        };
    }
    Verdict::Disagreed { answer }
}

fn expected(case: &Value) -> Value {
    let invalid = case["kind"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("invalid"));
    if invalid {
        error()
    } else {
        case["expected"].clone()
    }
}

/// Parses a case, and returns its notation or the message of the error.
fn outcome(case: &Value) -> Result<Value, String> {
    let text = case["str"].as_str().expect("every case has a text");
    if case["kind"]
        .as_str()
        .is_some_and(|kind| kind.starts_with("parse_time"))
    {
        parse_period(text)
            .map(|tree| canonical::period(&tree))
            .map_err(|error| error.to_string())
    } else {
        parse_strict(text)
            .map(|tree| canonical::condition(&tree))
            .map_err(|error| error.to_string())
    }
}

/// Returns the project's decision for a case that the data leaves open or from which the project deviates.
fn decided(text: &str, suspect: Option<&str>) -> Option<Value> {
    let depend = |kind: &str, task: &str| json!({ kind: { "depend_task": task, "task": null } });
    let status = |action: &str, day: u64| {
        let start = day * 86_400_000_000;
        let period = json!({ "type": "week", "op": "starting", "start_us": start, "end_us": start });
        json!({ "task_status": { "action": action, "task": null, "period": period, "compare": {} } })
    };
    let daily = json!({ "type": "day", "op": "full", "start_us": 0, "end_us": 86_400_000_000_u64 });
    let at_ten = json!({
        "type": "day", "op": "on", "start_us": 36_000_000_000_u64, "end_us": 39_600_000_000_u64,
    });
    Some(match text {
        // Invalid cron expressions are errors at once, too few fields among them.
        "cron 5" | "cron 0 12" | "~ (weekly on Monday | cron 5)" => json!("error"),
        _ if suspect == Some("CRON-LAZY") => json!("error"),
        // Names end at their quote.
        "after task 'a', 'b'" | "task 'a' has failed' has failed" => json!("error"),
        "after tasks 'a','b'" => {
            json!({ "all": [depend("depend_success", "a"), depend("depend_success", "b")] })
        }
        // The documented meanings.
        "after task 'x' terminated" => depend("depend_terminate", "x"),
        "param 'abc' exists" => json!({ "param_exists": { "keys": ["abc"], "values": {} } }),
        "has finished this week starting Monday" => status("finish", 0),
        "has succeeded this week starting Tuesday" => status("success", 1),
        // Both operators in every place; the plain constants are conditions.
        "time of day on 10:00" => at_ten,
        "always & daily" => json!({ "all": ["always", {
            "task_executable": { "task": null, "period": daily, "retries": 0 },
        }] }),
        "always" => json!("always"),
        "never" => json!("never"),
        _ => return None,
    })
}
