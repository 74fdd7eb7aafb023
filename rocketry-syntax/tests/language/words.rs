//! Which words of the tree occur in random trees: every variant of every enumeration, and every optional part with and
//! without a value.

use std::collections::BTreeSet;
use std::fmt::Debug;

/// The sources of the tree.
const SOURCES: [&str; 3] = [
    include_str!("../../src/ast.rs"),
    include_str!("../../src/ast/days.rs"),
    include_str!("../../src/ast/series.rs"),
];

/// What none of some trees has.
pub(crate) fn missing<T: Debug>(trees: impl Iterator<Item = T>) -> BTreeSet<String> {
    let mut missing = all();
    for tree in trees {
        let text = format!("{tree:?}");
        let names = words(&text);
        missing.retain(|word| match word.split_once(": ") {
            Some(_) => !text.contains(word.as_str()),
            None => !names.contains(word.as_str()),
        });
    }
    missing
}

/// The names in a text.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
}

/// The variants, such as `Weekday`, and the optional parts, such as `time: Some` and `time: None`.
fn all() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for source in SOURCES {
        let mut is_enum = false;
        for line in source.lines() {
            if line.starts_with("pub ") {
                is_enum = line.starts_with("pub enum ");
            }
            let part = line.strip_prefix("    ").unwrap_or_default();
            if is_enum && part.starts_with(|c: char| c.is_ascii_uppercase()) {
                all.extend(part.split(['(', ' ', ',']).next().map(str::to_owned));
            }
            let field = part.trim_start().trim_start_matches("pub ");
            if let Some((name, _)) = field.split_once(": Option<") {
                all.extend(["Some", "None"].map(|value| format!("{name}: {value}")));
            }
        }
    }
    assert!(all.len() > 80, "{all:?}");
    all
}
