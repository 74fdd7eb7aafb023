//! What the tests of messages share.

use rocketry_syntax::{SyntaxError, parse_strict};

/// Holds each statement against the indented line after it: the kind and the message of its error, in which short names
/// stand for what is often expected.
#[track_caller]
pub(crate) fn says(names: &[(&str, &str)], table: &str) {
    let lines: Vec<&str> = table.trim_start_matches('\n').lines().collect();
    for case in lines.chunks(2) {
        let [text, expected] = case else {
            panic!("a statement and a message: {case:?}")
        };
        let error: SyntaxError = parse_strict(text).expect_err(text);
        let names = names.iter();
        let expected = names.fold(expected.trim().to_owned(), |text, (name, meaning)| {
            text.replace(name, meaning)
        });
        assert_eq!(format!("{:?}: {error}", error.kind), expected, "{text}");
    }
}
