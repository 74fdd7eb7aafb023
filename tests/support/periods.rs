//! `contains`, `roll` and `period_invalid`: periods in the notation of the data.

use std::fmt::Display;

use rocketry_core::time::{Period, Span, Timestamp, Zone};
use rocketry_syntax::BoundValue;
use rocketry_syntax::ast::{Age, Anchored, Cron, Delta, PeriodExpr, Unit, Window};
use serde_json::{Value, json};

use super::verdict::{Verdict, error};

/// Judges a case of the kinds `contains`, `roll` and `period_invalid`.
pub(crate) fn check(case: &Value) -> Verdict {
    let period = build(&case["period"]);
    match (case["kind"].as_str(), period) {
        (Some("period_invalid"), period) => Verdict::of_rejection(case, &period),
        (_, Err(_)) => Verdict::of(case, &error()),
        (Some("roll"), Ok(period)) => Verdict::of(case, &roll(case, &period)),
        (_, Ok(period)) => Verdict::of(case, &contains(case, &period).into()),
    }
}

fn contains(case: &Value, period: &Period) -> bool {
    let at = instant(&case["at"]);
    case.get("reference").map_or_else(
        || period.contains(at, Zone::UTC),
        |reference| period.contains_from(at, instant(reference), Zone::UTC),
    )
}

/// The interval of the period at or after (or before) an instant, cut off at the instant.
fn roll(case: &Value, period: &Period) -> Value {
    let at = instant(&case["at"]);
    let span = if case["op"] == "rollforward" {
        forward(period, at)
    } else {
        back(period, at)
    };
    span.map_or_else(|| nowhere(case), |(span, closed)| interval(span, closed))
}

fn forward(period: &Period, at: Timestamp) -> Option<(Span, &'static str)> {
    let span = closed_ends(period, period.span_after(at, Zone::UTC)?);
    Some((Span::new(span.start.max(at), span.end), "left"))
}

fn back(period: &Period, at: Timestamp) -> Option<(Span, &'static str)> {
    let span = closed_ends(period, period.span_before(at, Zone::UTC)?);
    if span.start < at || period.is_sliding() {
        return Some((Span::new(span.start, span.end.min(at)), "left"));
    }
    // Looking back from its very start, a cycle that follows another without a gap has not begun.
    let previous = period.span_before(at.saturating_sub(Delta(1)), Zone::UTC);
    match previous {
        Some(previous) if previous.end == at || matches!(period, Period::Cron(_)) => Some((previous, "left")),
        _ if matches!(period, Period::Any(_)) => Some((Span::new(at, at), "left")),
        _ => Some((Span::new(at, at), "both")),
    }
}

/// Windows around an instant include their end, and the data writes it as such.
fn closed_ends(period: &Period, span: Span) -> Span {
    if period.is_sliding() && span.end < Timestamp::MAX {
        return Span::new(span.start, span.end.saturating_sub(Delta(1)));
    }
    span
}

/// What the data says where there is no interval.
fn nowhere(case: &Value) -> Value {
    let bounded = matches!(case["period"]["type"].as_str(), Some("never" | "static"));
    let end = if case["op"] == "rollforward" {
        Timestamp::MAX
    } else {
        Timestamp::MIN
    };
    if bounded {
        interval(Span::new(end, end), "left")
    } else {
        Value::Null
    }
}

fn interval(span: Span, closed: &str) -> Value {
    json!({"left": written(span.start), "right": written(span.end), "closed": closed})
}

/// An instant in the notation of the data, whose time begins and ends somewhere.
pub(crate) fn written(at: Timestamp) -> String {
    match at {
        Timestamp::MIN => "1970-01-03T02:00:00.000000".to_owned(),
        Timestamp::MAX => "2260-01-01T00:00:00.000000".to_owned(),
        at => at.to_string().trim_end_matches('Z').to_owned(),
    }
}

/// An instant of the data.
pub(crate) fn instant(value: &Value) -> Timestamp {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("an instant")
}

/// The period that a value describes.
///
/// # Errors
/// When the value describes none.
pub(crate) fn build(value: &Value) -> Result<Period, String> {
    match value["type"].as_str().expect("a type") {
        "always" => Ok(Period::Always),
        "never" => Ok(Period::Never),
        "static" => Ok(Period::Fixed(Span::new(
            value.get("start").map_or(Timestamp::MIN, instant),
            value.get("end").map_or(Timestamp::MAX, instant),
        ))),
        "delta" => Ok(Period::Delta {
            past: delta(&value["past"])?.unwrap_or_default(),
            future: delta(&value["future"])?.unwrap_or_default(),
        }),
        "span" => Ok(Period::Age(Age {
            more_than: delta(&value["near"])?,
            less_than: delta(&value["far"])?,
        })),
        "cron" => {
            let fields = value["expr"].as_str().expect("an expression");
            compile(&PeriodExpr::Cron(Cron::parse(fields, false).map_err(message)?))
        }
        "all" => Ok(Period::all(members(value)?)),
        "any" => Ok(Period::any(members(value)?)),
        unit => anchored(unit, value),
    }
}

fn members(value: &Value) -> Result<Vec<Period>, String> {
    value["periods"]
        .as_array()
        .expect("members")
        .iter()
        .map(build)
        .collect()
}

fn anchored(unit: &str, value: &Value) -> Result<Period, String> {
    let unit = Unit::ALL
        .into_iter()
        .find(|it| it.name() == unit)
        .expect("a unit");
    let (start, end) = (&value["start"], &value["end"]);
    let window = match value["op"].as_str().expect("an operator") {
        "full" => Ok(Window::Full),
        "between" => Window::between(unit, bound(start), bound(end)),
        "after" => Window::after(unit, bound(start)),
        "before" => Window::before(unit, bound(end)),
        "on" => Window::on(unit, bound(start)),
        "starting" => Window::starting(unit, bound(start)),
        other => panic!("unknown operator {other}"),
    };
    compile(&PeriodExpr::Anchored(Anchored {
        unit,
        window: window.map_err(message)?,
    }))
}

fn compile(tree: &PeriodExpr) -> Result<Period, String> {
    Period::compile(tree).map_err(message)
}

/// A bound of a window.
pub(crate) fn bound(value: &Value) -> BoundValue<'_> {
    let part = |name| value[name].as_u64().unwrap_or(0);
    match value {
        Value::String(text) => BoundValue::Text(text),
        Value::Object(_) => {
            BoundValue::Micros(((part("hour") * 60 + part("minute")) * 60 + part("second")) * 1_000_000)
        }
        number => number.as_i64().map_or_else(
            || BoundValue::Float(number.as_f64().expect("a bound")),
            BoundValue::Integer,
        ),
    }
}

/// A length of time; signs do not count.
fn delta(value: &Value) -> Result<Option<Delta>, String> {
    let text = value.as_str().map(|text| text.trim_start_matches('-').parse());
    text.transpose().map_err(message)
}

fn message(error: impl Display) -> String {
    error.to_string()
}
