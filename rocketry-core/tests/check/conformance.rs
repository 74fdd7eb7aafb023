//! Statements of the conformance data that are known to run, of which nothing false may be said.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use rocketry_core::check::{Finding, Lint, check_statement};
use serde_json::Value as Json;

use super::app::NOW;
use super::expected::expect;

fn cases(file: &str) -> Vec<Json> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests").join(file);
    let text = fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Statements that start a task in one of the timelines.
fn of_timelines() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for case in cases("conformance/timeline.jsonl") {
        for task in case["tasks"].as_array().unwrap() {
            let starts = &case["expected"][task["name"].as_str().unwrap()];
            let has_run = starts.as_array().is_some_and(|starts| !starts.is_empty());
            found.extend(task["str"].as_str().filter(|_| has_run).map(str::to_owned));
        }
    }
    found
}

/// Statements that are true in one of the scenarios.
fn of_scenarios() -> BTreeSet<String> {
    let cases = cases("conformance/scenario.jsonl");
    let is_true = cases
        .iter()
        .filter(|case| case["expected"] == true && case["suspect"].is_null());
    is_true
        .filter_map(|case| case["str"].as_str())
        .map(str::to_owned)
        .collect()
}

/// Cron expressions of real crontabs that have starts.
fn of_crontabs() -> BTreeSet<String> {
    let cases = cases("schedules/cases.jsonl");
    let crons = cases.iter().filter(|case| case["kind"] == "cron_next");
    let with_starts = crons.filter(|case| {
        case["expected"]
            .as_array()
            .is_some_and(|starts| !starts.is_empty())
    });
    with_starts
        .map(|case| format!("cron {}", case["text"].as_str().unwrap()))
        .collect()
}

#[test]
fn no_statement_that_runs_is_said_never_to() {
    let all: BTreeSet<String> = [of_timelines(), of_scenarios(), of_crontabs()]
        .into_iter()
        .flatten()
        .collect();
    assert!(all.len() >= 200, "{}", all.len());
    for text in &all {
        let Ok(findings) = check_statement(text.as_str(), "UTC", NOW) else {
            continue;
        };
        // A part of it may be.
        let is_whole = |finding: &&Finding| finding.part.is_none() || finding.part == finding.statement;
        let mut never = findings.iter().filter(|finding| finding.lint == Lint::NeverTrue);
        let wrong = never.find(is_whole);
        assert!(wrong.is_none(), "{text}: {}", wrong.unwrap());
    }
}

/// All that is said of the others is in a file, which a person has read.
#[test]
fn what_is_said_of_statements_that_run() {
    let mut said = String::new();
    for text in of_timelines()
        .into_iter()
        .chain(of_scenarios())
        .collect::<BTreeSet<_>>()
    {
        for finding in check_statement(text.as_str(), "UTC", NOW).into_iter().flatten() {
            writeln!(said, "{text}\n    {}: {}", finding.lint, finding.message).unwrap();
        }
    }
    expect("conformance", &said);
}

/// The texts in quotes in the examples and in the README that are statements.
#[test]
fn nothing_is_said_of_the_statements_of_the_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let examples = fs::read_dir(root.join("examples")).unwrap();
    let examples = examples.map(|entry| entry.unwrap().path());
    let sources = examples.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let mut checked = 0;
    for source in sources.chain([root.join("README.md")]) {
        let text = fs::read_to_string(&source).unwrap();
        let quoted = text.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
        for statement in quoted.filter(|text| rocketry_syntax::parse_strict(text).is_ok()) {
            let findings = check_statement(statement, "UTC", NOW).unwrap();
            assert!(findings.is_empty(), "{}: {}", source.display(), findings[0]);
            checked += 1;
        }
    }
    assert!(checked >= 15, "{checked}");
}
