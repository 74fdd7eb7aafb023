//! Bounds and lengths of time against the periods of the conformance data: which are valid, which are not.

use rocketry_syntax::{BoundValue, Delta, SyntaxError, Unit, Window};
use serde_json::Value;

const FILES: [&str; 2] = [
    include_str!("../../../tests/conformance/periods_contains.jsonl"),
    include_str!("../../../tests/conformance/periods_roll.jsonl"),
];

/// What the reference takes by accident, and this project rejects.
const LENIENT: [&str; 4] = [
    "DAY-LENIENT",
    "OUT-OF-RANGE-ACCEPTED",
    "UNANCHORED-REGEX",
    "QUARTER-ZERO",
];

/// What the reference rejects, and this project understands.
const UNDERSTOOD: [&str; 2] = ["YEAR-ON-DAY", "DOC-DELTA"];

fn cases() -> impl Iterator<Item = Value> {
    let lines = FILES.into_iter().flat_map(str::lines);
    lines.map(|line| serde_json::from_str(line).expect("a case is JSON"))
}

fn bound(period: &Value, key: &str) -> BoundValue<'static> {
    match &period[key] {
        Value::String(text) => BoundValue::Text(text.clone().leak()),
        Value::Number(number) => number
            .as_i64()
            .map_or_else(|| number.as_f64().unwrap_or_default().into(), BoundValue::Integer),
        parts => {
            let part = |name: &str, unit: u64| parts[name].as_u64().unwrap_or(0) * unit * 1_000_000;
            BoundValue::Micros(part("hour", 3_600) + part("minute", 60) + part("second", 1))
        }
    }
}

fn window(period: &Value) -> Option<Result<Window, SyntaxError>> {
    let unit = Unit::ALL.into_iter().find(|unit| period["type"] == unit.name())?;
    Some(match period["op"].as_str()? {
        "between" => Window::between(unit, bound(period, "start"), bound(period, "end")),
        "after" => Window::after(unit, bound(period, "start")),
        "before" => Window::before(unit, bound(period, "end")),
        "on" => Window::on(unit, bound(period, "start")),
        "starting" => Window::starting(unit, bound(period, "start")),
        _ => Ok(Window::Full),
    })
}

/// Whether the period is valid; `None` for the kinds that statements do not have.
fn is_valid(period: &Value) -> Option<bool> {
    match period["type"].as_str()? {
        "all" | "any" => {
            let members = period["periods"].as_array()?;
            members
                .iter()
                .map(is_valid)
                .try_fold(true, |all, valid| Some(all & valid?))
        }
        "delta" => {
            let lengths = ["past", "future"]
                .into_iter()
                .filter_map(|key| period[key].as_str());
            Some(lengths.map(str::parse::<Delta>).all(|delta| delta.is_ok()))
        }
        _ => window(period).map(|window| window.is_ok()),
    }
}

#[test]
fn valid_periods_are_accepted_and_others_rejected() {
    let mut judged = 0;
    for case in cases() {
        let Some(valid) = is_valid(&case["period"]) else {
            continue;
        };
        let suspect = case["suspect"].as_str().unwrap_or_default();
        let is = |codes: &[&str]| codes.iter().any(|code| suspect.starts_with(code));
        let expected = case["kind"] != "period_invalid";
        let deviates = if expected { is(&LENIENT) } else { is(&UNDERSTOOD) };
        // The last day of a month has no notation in the reference.
        let last = case["period"]["end"] == "last";
        assert!(valid == expected || deviates || last, "{case} is valid: {valid}");
        judged += 1;
    }
    assert!(judged > 4_000, "only {judged} of the cases were judged");
}
