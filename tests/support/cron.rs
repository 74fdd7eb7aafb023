//! `cron_contains`, `cron_next` and `cron_invalid`.

use rocketry_core::time::{Period, Timestamp, Zone};
use rocketry_syntax::ast::{Cron, PeriodExpr};
use serde_json::Value;

use super::periods::{instant, written};
use super::verdict::{Verdict, error};

/// Judges a case of the kinds `cron_contains`, `cron_next` and `cron_invalid`.
pub(crate) fn check(case: &Value) -> Verdict {
    let period = build(case);
    match (case["kind"].as_str(), period) {
        // The last of a weekday is croner's notation, which the project follows.
        (Some("cron_invalid"), Ok(_)) if last_weekday(case) => Verdict::Decided {
            code: "CRONER".to_owned(),
            answer: "accepted".to_owned(),
        },
        (Some("cron_invalid"), period) => Verdict::of_rejection(case, &period),
        (_, Err(_)) => Verdict::of(case, &error()),
        (Some("cron_next"), Ok(period)) => Verdict::of(case, &next_five(&period, instant(&case["at"]))),
        (_, Ok(period)) => Verdict::of(case, &period.contains(instant(&case["at"]), Zone::UTC).into()),
    }
}

fn next_five(period: &Period, at: Timestamp) -> Value {
    let spans = std::iter::successors(period.span_after(at, Zone::UTC), |span| {
        period.span_after(span.end, Zone::UTC)
    });
    let starts = spans.map(|span| span.start).filter(|start| *start > at);
    starts.take(5).map(written).collect()
}

/// The expression, from its text or from its fields.
fn build(case: &Value) -> Result<Period, String> {
    let text = case["expr"].as_str();
    let field = |name| case["kwargs"][name].as_str().unwrap_or("*");
    let cron = match (case.get("kwargs"), text) {
        (None, Some(text)) => Cron::parse(text, false),
        _ => Cron::from_fields(
            field("minute"),
            field("hour"),
            field("day_of_month"),
            field("month"),
            field("day_of_week"),
        ),
    };
    let tree = PeriodExpr::Cron(cron.map_err(|error| error.to_string())?);
    Period::compile(&tree).map_err(|error| error.to_string())
}

/// Tells whether the day of the week is like `5L`.
fn last_weekday(case: &Value) -> bool {
    let day_of_week = case["expr"].as_str().and_then(|expr| expr.split(' ').nth(4));
    day_of_week.is_some_and(|field| field.len() == 2 && field.ends_with('L'))
}
