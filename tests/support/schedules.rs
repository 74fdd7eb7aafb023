//! Schedules from users and from the tests of other schedulers.

use rocketry_core::time::{Period, Span, Timestamp, Zone};
use rocketry_syntax::ast::{CondExpr, Cron, PeriodExpr};
use rocketry_syntax::parse_condition;
use serde_json::Value;

use super::decisions::{Row, decision};
use super::verdict::Verdict;

/// Judges a case whose kind says what the text is, and what is asked: `cron6_next`, `statement_next`.
pub(crate) fn check(case: &Value) -> Verdict {
    let kind = case["kind"].as_str().expect("a kind");
    let (language, question) = kind.split_once('_').expect("a language and a question");
    let tree = read(language, text(case));
    let starts = tree.as_ref().ok().and_then(|tree| starts(case, question, tree));
    let agrees = match (&tree, question) {
        (tree, "accept" | "reject") => tree.is_ok() == (question == "accept"),
        (Ok(tree), "match") => case["expected"] == matches(case, tree),
        _ => starts.as_ref().is_some_and(|starts| *starts == expected(case)),
    };
    if agrees {
        return Verdict::Agreed;
    }
    let answer = match (&tree, &starts) {
        (Err(mistake), _) => mistake.clone(),
        (Ok(_), Some(starts)) => format!("{:?}", starts.iter().map(ToString::to_string).collect::<Vec<_>>()),
        (Ok(_), None) => "accepted".to_owned(),
    };
    let row = Row {
        case,
        is_six: language == "cron6",
        fields: text(case).split_whitespace().collect(),
        tree: tree.ok(),
        starts: starts.unwrap_or_default(),
    };
    match decision(&row) {
        Some(code) => Verdict::Decided {
            code: code.to_owned(),
            answer,
        },
        None => Verdict::Disagreed { answer },
    }
}

/// Judges a statement of Rocketry: how it is printed, or that it is refused.
pub(crate) fn check_text(case: &Value) -> Verdict {
    let printed = parse_condition(text(case)).map(|statement| statement.to_string());
    let agrees = printed.as_deref().ok() == case["printed"].as_str();
    if agrees {
        return Verdict::Agreed;
    }
    Verdict::Disagreed {
        answer: printed.unwrap_or_else(|error| error.to_string()),
    }
}

fn text(case: &Value) -> &str {
    case["text"].as_str().expect("a text")
}

fn read(language: &str, text: &str) -> Result<PeriodExpr, String> {
    if language == "pasted" {
        let mistake = parse_condition(text).expect_err(text);
        let proposal = mistake.suggestion.clone().ok_or_else(|| mistake.to_string())?;
        return read("statement", &proposal);
    }
    let tree = match language {
        "statement" => parse_condition(text).map(|statement| match statement {
            CondExpr::Once(once) => once.period,
            other => panic!("{other} has no starts of its own"),
        }),
        language => Cron::parse(text, language == "cron6").map(PeriodExpr::Cron),
    };
    tree.map_err(|error| error.to_string())
}

fn compiled(tree: &PeriodExpr) -> Period {
    Period::compile(tree).expect("a tree that the parser made")
}

pub(super) fn zone(case: &Value) -> Zone {
    case["zone"].as_str().expect("a zone").parse().expect("a zone")
}

/// The starts found by the other schedulers.
pub(super) fn expected(case: &Value) -> Vec<Timestamp> {
    case["expected"]
        .as_array()
        .expect("instants")
        .iter()
        .map(instant)
        .collect()
}

/// Whether the instant that is asked for is within the second or minute of a start.
fn matches(case: &Value, tree: &PeriodExpr) -> bool {
    compiled(tree).contains(instant(&case["at"]), zone(case))
}

/// As many starts as are expected, strictly after or before an instant.
fn starts(case: &Value, question: &str, tree: &PeriodExpr) -> Option<Vec<Timestamp>> {
    let (period, start) = (compiled(tree), |span: Span| span.start);
    let ahead = |zone, at| {
        let first = period.span_after(at, zone);
        let spans = std::iter::successors(first, |span| period.span_after(span.end, zone));
        let starts = spans.map(start).filter(|start| *start > at);
        starts.take(expected(case).len()).collect()
    };
    let back = |zone, at| {
        let before = |at: &Timestamp| {
            period
                .span_before(Timestamp::from_micros(at.as_micros() - 1), zone)
                .map(start)
        };
        std::iter::successors(before(&at), before)
            .take(expected(case).len())
            .collect()
    };
    match question {
        "next" => Some(ahead(zone(case), instant(&case["at"]))),
        "prev" => Some(back(zone(case), instant(&case["at"]))),
        _ => None,
    }
}

pub(super) fn instant(value: &Value) -> Timestamp {
    value.as_str().expect("an instant").parse().expect("an instant")
}
