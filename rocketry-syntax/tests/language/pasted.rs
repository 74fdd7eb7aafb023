//! What people paste from other schedulers, and the statement that is proposed in its place.

use crate::proposals::PASTED;
use rocketry_syntax::{Phrase, SyntaxErrorKind, parse_condition, parse_condition_with, parse_strict};

#[test]
fn each_text_has_its_statement() {
    for &(text, expected) in PASTED {
        let error = parse_condition(text).expect_err(text);
        assert_eq!(error.kind, SyntaxErrorKind::Notation, "{text}: {error}");
        assert_eq!(error.suggestion.as_deref(), expected.ok(), "{text}: {error}");
        let part = expected.err().unwrap_or_default();
        assert!(
            error.help.as_deref().is_some_and(|help| help.contains(part)),
            "{text}: {error}"
        );
    }
}

#[test]
fn every_proposal_is_a_statement() {
    for proposal in PASTED.iter().filter_map(|(_, expected)| expected.ok()) {
        if let Err(error) = parse_strict(proposal) {
            panic!("{proposal}: {error}");
        }
    }
}

#[test]
fn a_part_of_a_statement_is_recognised_in_its_place() {
    let error = parse_condition("is workday & (0 5 * * * | hourly)").unwrap_err();
    assert_eq!(
        error.caret("is workday & (0 5 * * * | hourly)"),
        "is workday & (0 5 * * * | hourly)\n              ^^^^^^^^^ did you mean `cron 0 5 * * *`?"
    );
}

#[test]
fn a_custom_condition_keeps_its_phrase() {
    let known = |text: &str| text == "every other day";
    assert!(parse_condition_with("every other day", &known).is_ok());
    for phrase in [
        "in season",
        "in 5 of 6 rooms",
        "at home",
        "weekly report is due",
        "first of all",
        "3 2 1",
        "cron(job) runs",
    ] {
        let tree = parse_condition(phrase);
        let notation = tree.is_err_and(|error| error.kind == SyntaxErrorKind::Notation);
        assert!(!notation, "{phrase}");
    }
}

#[test]
fn a_schedule_is_no_phrase_of_a_custom_condition() {
    let error = Phrase::parse("every other day").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a phrase that is not a schedule, found `every other day` (at 0..15)"
    );
}

#[test]
fn a_slip_of_one_word_goes_first() {
    let error = parse_condition("monthly on 2st").unwrap_err();
    assert_eq!(error.suggestion.as_deref(), Some("2nd"));
}
