//! Cron expressions against the answers of the reference implementations, evaluated by a cron library.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use croner::Cron as Reference;
use rocketry_syntax::{Cron, CronSets};
use serde_json::Value;

const CASES: &str = include_str!("../../../tests/conformance/cron.jsonl");

/// The last Friday, the weekday nearest to the 15th, and any day: legal elsewhere, and supported here.
const SUPPORTED: [&str; 4] = ["* * * * 5L", "* * 15W * *", "* * * * ?", "* * ? * *"];

fn cases(kind: &str) -> Vec<Value> {
    let cases = CASES
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a case is JSON"));
    cases.filter(|case| case["kind"] == kind).collect()
}

fn text<'c>(case: &'c Value, key: &str) -> &'c str {
    case[key].as_str().unwrap_or_default()
}

fn instant(text: &str) -> DateTime<Utc> {
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
    naive.expect("an instant of the data").and_utc()
}

/// The expression with all values written out, which any cron library understands.
fn plain(cron: &Cron) -> String {
    let CronSets {
        minutes,
        hours,
        days_of_month,
        months,
        days_of_week,
        ..
    } = **cron.sets();
    let any = || vec!["*".to_owned()];
    let fields = [
        values(minutes, ""),
        values(hours, ""),
        days_of_month.map_or_else(any, |days| {
            [values(days.days, ""), values(days.nearest_weekday, "W")].concat()
        }),
        values(months, ""),
        days_of_week.map_or_else(any, |days| {
            [values(days.days, ""), values(days.last, "L")].concat()
        }),
    ];
    fields.map(|field| field.join(",")).join(" ")
}

fn values(set: u64, suffix: &str) -> Vec<String> {
    let values = (0..60).filter(|value| set >> value & 1 == 1);
    values.map(|value| format!("{value}{suffix}")).collect()
}

fn reference(cron: &Cron) -> Reference {
    let plain = plain(cron);
    plain.parse().unwrap_or_else(|error| panic!("{plain}: {error}"))
}

fn contains(cron: &Reference, at: DateTime<Utc>) -> bool {
    let into_minute = at.timestamp_micros().rem_euclid(60_000_000);
    cron.is_time_matching(&(at - TimeDelta::microseconds(into_minute)))
        .expect("a time in range")
}

fn is_suspect(case: &Value, codes: &[&str]) -> bool {
    codes.iter().any(|code| text(case, "suspect").starts_with(code))
}

#[test]
fn invalid_expressions_are_rejected() {
    let cases = cases("cron_invalid");
    assert!(!cases.is_empty());
    for case in cases {
        let expression = text(&case, "expr");
        let accepted = Cron::parse(expression, false).is_ok();
        assert_eq!(accepted, SUPPORTED.contains(&expression), "{expression}");
    }
}

#[test]
fn membership_is_as_expected() {
    for case in cases("cron_contains") {
        let expression = text(&case, "expr");
        let Ok(cron) = Cron::parse(expression, false) else {
            assert!(
                is_suspect(&case, &["CRON-LENIENT", "CRON-NEVER", "CRON-MONTH-CRASH"]),
                "{case}"
            );
            continue;
        };
        let actual = contains(&reference(&cron), instant(text(&case, "at")));
        let suspect = !text(&case, "suspect").is_empty();
        let passes = case["expected"] == actual || (suspect && case["ideal"] == actual);
        assert!(passes, "{case}\n  as {} yields {actual}", plain(&cron));
    }
}

#[test]
fn next_starts_are_as_expected() {
    for case in cases("cron_next") {
        let Ok(cron) = Cron::parse(text(&case, "expr"), false) else {
            assert!(case["expected"].is_null(), "{case}");
            continue;
        };
        let Some(expected) = case["expected"].as_array() else {
            panic!("{case} has no next start")
        };
        let expected: Vec<_> = expected
            .iter()
            .map(|start| instant(start.as_str().expect("an instant")))
            .collect();
        let starts = reference(&cron).iter_after(instant(text(&case, "at")));
        let actual: Vec<_> = starts.take(expected.len()).collect();
        let alternative = is_suspect(&case, &["CRON-STAR-STEP", "CRON-DOW-STEP"]);
        assert!(
            actual == expected || alternative,
            "{case}\n  as {} yields {actual:?}",
            plain(&cron)
        );
    }
}

#[test]
fn keywords_are_the_fields_in_order() {
    for case in cases("cron_contains")
        .into_iter()
        .filter(|case| case.get("kwargs").is_some())
    {
        let field = |key: &str| case["kwargs"][key].as_str().unwrap_or("*").to_owned();
        let keys = ["minute", "hour", "day_of_month", "month", "day_of_week"].map(field);
        let [minute, hour, day, month, weekday] = keys.each_ref().map(String::as_str);
        let cron = Cron::from_fields(minute, hour, day, month, weekday).expect("valid keywords");
        assert_eq!(Ok(cron), Cron::parse(text(&case, "expr"), false), "{case}");
    }
}
