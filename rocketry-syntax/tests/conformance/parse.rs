//! The parser against the answers of the reference implementation.

use rocketry_syntax::parse_strict;
use serde_json::Value;

use crate::verdict::Verdict;

const CASES: &str = include_str!("../../../tests/conformance/parse.jsonl");

#[test]
fn every_case_of_the_conformance_data_passes() {
    let mut failures = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).expect("a case is JSON");
        if let Verdict::Disagreed { answer } = crate::cases::check(&case) {
            failures.push(format!("{case}\n  yields {answer}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
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
