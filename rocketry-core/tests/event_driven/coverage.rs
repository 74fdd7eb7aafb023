//! Random statements have every word of the language, so nothing of it escapes the comparisons.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::frame::frames;
use crate::statements::statements;

#[path = "../../../rocketry-syntax/tests/language/words.rs"]
mod words;

#[test]
fn each_word_occurs() {
    let mut runner = TestRunner::deterministic();
    let statements = frames().prop_flat_map(|frame| statements(frame, 3));
    let trees = (0..2_000).map(|_| {
        let tree = statements.new_tree(&mut runner).expect("a statement");
        tree.current()
    });
    let missing = words::missing(trees);
    assert!(missing.is_empty(), "{missing:?} never occur");
}
