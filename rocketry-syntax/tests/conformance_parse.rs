//! The parser against the answers of the reference implementation.

#[path = "../../tests/support/canonical.rs"]
mod canonical;

use std::collections::BTreeMap;

use rocketry_syntax::{parse_period, parse_strict};
use serde_json::{Value, json};

const CASES: &str = include_str!("../../tests/conformance/parse.jsonl");

/// How a case was passed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Expected,
    Ideal,
    Decided,
}

/// What parsing a case yields: its notation, or the message of the error.
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

fn judge(case: &Value) -> Result<Verdict, String> {
    let outcome = outcome(case);
    let is = |wanted: &Value| match &outcome {
        Ok(tree) => wanted != "error" && canonical::same(tree, wanted),
        Err(_) => wanted == "error",
    };
    let expected = if case["kind"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("invalid"))
    {
        json!("error")
    } else {
        case["expected"].clone()
    };
    if is(&expected) {
        return Ok(Verdict::Expected);
    }
    let suspect = case["suspect"].as_str().unwrap_or_default();
    if !suspect.is_empty() && case.get("ideal").is_some_and(is) {
        return Ok(Verdict::Ideal);
    }
    if decided(case["str"].as_str().unwrap_or_default(), suspect)
        .as_ref()
        .is_some_and(is)
    {
        return Ok(Verdict::Decided);
    }
    Err(format!("{case}\n  yields {outcome:?}"))
}

/// What this project decided for a case, where the data leaves it open or the project goes its own way.
fn decided(text: &str, suspect: &str) -> Option<Value> {
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
        _ if suspect.starts_with("CRON-LAZY") => json!("error"),
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

#[test]
fn every_case_of_the_conformance_data_passes() {
    let cases = CASES
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case is JSON"));
    let mut verdicts: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for case in cases {
        match judge(&case) {
            Ok(verdict) => *verdicts.entry(verdict).or_default() += 1,
            Err(failure) => failures.push(failure),
        }
    }
    println!("{verdicts:?}, failures: {}", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(verdicts.values().sum::<usize>(), CASES.lines().count());
}

#[test]
fn canonical_text_means_the_same() {
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).expect("a case is JSON");
        let text = case["str"].as_str().expect("every case has a text");
        let Ok(tree) = parse_strict(text) else { continue };
        let canonical = tree.to_string();
        assert_eq!(
            parse_strict(&canonical).as_ref(),
            Ok(&tree),
            "{text} as {canonical}"
        );
        assert_eq!(
            parse_strict(&canonical).expect("just parsed").to_string(),
            canonical
        );
    }
}
