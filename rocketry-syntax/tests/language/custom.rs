//! Phrases of custom conditions: when the parser takes a term for one, and what a pattern matches.

use rocketry_syntax::{
    CondExpr, Phrase, SyntaxErrorKind, parse_condition, parse_condition_with, parse_strict,
};

#[test]
fn unknown_terms_are_phrases() {
    let phrases = [
        "is workday",
        "is at least 3 ready",
        "has network",
        "in season",
        "any printer is free",
        "after sunset",
        "while it rains",
        "one light is green",
        "past bedtime",
        "file 'a & b | (c).csv' exists",
        "'x' looks healthy",
        "it's raining",
        "3 files exist",
        "this is not valid",
    ];
    for phrase in phrases {
        assert_eq!(
            parse_condition(phrase),
            Ok(CondExpr::Custom(phrase.to_owned())),
            "{phrase}"
        );
        let error = parse_strict(phrase).unwrap_err();
        assert_eq!(error.kind, SyntaxErrorKind::UnknownPhrase, "{phrase}");
        assert_eq!(
            parse_condition_with(phrase, &|text| text == phrase),
            parse_condition(phrase)
        );
    }
}

#[test]
fn white_space_in_phrases_is_one_blank() {
    let tree = parse_condition("daily & file  'a  b'\n exists | x='y'").unwrap();
    assert_eq!(tree.to_string(), "(daily & file 'a  b' exists) | x='y'");
}

#[test]
fn slips_in_built_in_conditions_are_no_phrases() {
    let slips = [
        "evry 10 seconds",
        "dailly after 10:00",
        "mintuely",
        "True",
        "has faild today",
        "is runing",
        "is",
        "after tsak 'x'",
        "aftr task 'x'",
        "time of wek on Monday",
        "task other is running",
        "env test",
        "not daily",
        "or daily",
        "past 10 minutes",
        "daily & workday (today)",
        "workday (today)",
        "work ~day",
    ];
    for slip in slips {
        assert!(parse_condition(slip).is_err(), "{slip}");
        assert!(parse_condition_with(slip, &|_| false).is_err(), "{slip}");
    }
}

#[test]
fn known_phrases_may_begin_like_built_in_conditions() {
    let known = |text: &str| text == "daily backup exists" || text == "daily";
    let tree = parse_condition_with("daily backup  exists & daily", &known).unwrap();
    let CondExpr::All(members) = tree else {
        panic!("two members")
    };
    assert_eq!(members[0], CondExpr::Custom("daily backup exists".to_owned()));
    assert!(
        matches!(members[1], CondExpr::Once(_)),
        "a built-in condition goes first"
    );
}

#[test]
fn patterns_capture() {
    type Values = &'static [(&'static str, &'static str)];
    let cases: [(&str, &str, Values); 9] = [
        ("is workday", "is  workday", &[]),
        (
            "file '{path}' exists",
            "file 'a & b.csv' exists",
            &[("path", "a & b.csv")],
        ),
        ("file '{path}' exists", "file 'it''s' exists", &[("path", "it's")]),
        ("is at least {n} ready", "is at least 3 ready", &[("n", "3")]),
        (
            "is at least {n} ready",
            "is at least 'a b' ready",
            &[("n", "a b")],
        ),
        (
            "{a} equals {b}",
            "x equals y equals z",
            &[("a", "x"), ("b", "y equals z")],
        ),
        (
            "{a} equals {b}!",
            "x 'q' y equals z!",
            &[("a", "x 'q' y"), ("b", "z")],
        ),
        (
            "moved {dx},{dy} px",
            "moved 3,14 px",
            &[("dx", "3"), ("dy", "14")],
        ),
        (
            "mode 'fast' on {unit}",
            "mode 'fast' on core",
            &[("unit", "core")],
        ),
    ];
    for (pattern, text, expected) in cases {
        let phrase = Phrase::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        let values = phrase
            .matches(text)
            .unwrap_or_else(|| panic!("{pattern} and {text}"));
        let values: Vec<_> = values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(values, expected);
        assert!(phrase.captures().eq(expected.iter().map(|(name, _)| *name)));
        assert_eq!(phrase.to_string(), pattern);
        assert_eq!(pattern.parse(), Ok(phrase));
    }
}

#[test]
fn patterns_reject() {
    let cases = [
        ("is workday", "is workday now"),
        ("is workday", "is work"),
        ("is workday", "is work day"),
        ("file '{path}' exists", "file x exists"),
        ("file '{path}' exists", "file 'x' is gone"),
        ("is at least {n} ready", "is at least ready"),
        ("is at least {n} ready", "is at least (3) ready"),
        ("is at least {n} ready", "is at least 'x ready"),
        ("mode 'fast' on {unit}", "mode 'slow' on core"),
        ("file '{path}' exists", "file"),
        ("moved {dx},{dy} px", "moved ,14 px"),
    ];
    for (pattern, text) in cases {
        assert_eq!(
            Phrase::parse(pattern).unwrap().matches(text),
            None,
            "{pattern} and {text}"
        );
    }
}

#[test]
fn impossible_patterns_are_errors() {
    let cases = [
        (
            "",
            "expected a phrase with a word outside of its captures, found end of text (at 0..0)",
        ),
        (
            "{x}",
            "expected a phrase with a word outside of its captures, found `{x}` (at 0..3)",
        ),
        (
            "is {x",
            "expected a name in braces such as `{path}`, found `{x` (at 3..5)",
        ),
        (
            "is x}",
            "expected a name in braces such as `{path}`, found `}` (at 4..5)",
        ),
        (
            "is {a}{b}",
            "expected text between two captures, found `{b}` (at 6..9)",
        ),
        (
            "is {a} or {a}",
            "expected each name only once, found `{a}` (at 10..13)",
        ),
        (
            "is {}",
            "expected a name of letters, digits and `_`, found `{}` (at 3..5)",
        ),
        (
            "is {1st}",
            "expected a name of letters, digits and `_`, found `{1st}` (at 3..8)",
        ),
        (
            "is '{a-b}'",
            "expected a name of letters, digits and `_`, found `{a-b}` (at 4..9)",
        ),
        (
            "is 'in-{a}'",
            "expected a capture alone in its quotes, found `in-{a}` (at 4..10)",
        ),
        ("is 'x", "expected a closing `'`, found `'x` (at 3..5)"),
        (
            "is a & b",
            "expected a phrase without signs of logic, found `&` (at 5..6)",
        ),
        (
            "daily",
            "expected a phrase that is not a built-in condition, found `daily` (at 0..5)",
        ),
        (
            "every {n} beats",
            "expected a phrase that does not begin like a built-in condition, found `every {n} beats` (at 0..15)",
        ),
    ];
    for (pattern, message) in cases {
        assert_eq!(Phrase::parse(pattern).unwrap_err().to_string(), message);
    }
}
