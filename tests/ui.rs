//! What the compiler says to a user who makes a mistake, and that what is right compiles.
//!
//! Each file in `ui/fail` has one mistake, and beside it what the compiler says. Its twin of the same name in
//! `ui/pass` has the mistake mended; all twins are modules of this test, so they are linted as well.
//! `TRYBUILD=overwrite cargo test --test ui` writes the messages anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

#[path = "ui/pass/mod.rs"]
mod pass;

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}

/// Statements of real programs, in Rust: see `tests/schedules/README.md`.
#[test]
fn real_schedules_compile() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schedules/cases.jsonl");
    let file = std::env::var_os("ROCKETRY_SCHEDULES").map_or(own, PathBuf::from);
    let cases = if file.is_dir() {
        file.join("cases.jsonl")
    } else {
        file
    };
    let data = std::fs::read_to_string(&cases).expect("a file of cases");
    let cases = data
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a case is JSON"));
    let checks: String = cases
        .filter(|case| case["kind"] == "rocketry_expr")
        .map(|case| check(&case))
        .collect();
    let program = format!("use rocketry::Condition;\nuse rocketry::conds::*;\n\nfn main() {{\n{checks}}}\n");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("real_schedules.rs");
    std::fs::write(&path, program).expect("a file can be written");
    trybuild::TestCases::new().pass(path);
}

/// A line of code that holds a statement against what it prints. Of a mistake only the word counts.
fn check(case: &Value) -> String {
    let (rust, printed) = (
        case["rust"].as_str().expect("code"),
        case["printed"].as_str().expect("a text"),
    );
    let made = format!("Condition::from({rust}).to_string()");
    match printed.split_once(": expected ") {
        Some((word, _)) => format!("    assert!({made}.starts_with(\"{word}: \"));\n"),
        None => format!("    assert_eq!({made}, {printed:?});\n"),
    }
}

#[test]
fn every_mistake_has_its_twin() {
    assert!(
        names("fail").len() >= 40,
        "most mistakes that users make are here"
    );
    let without: Vec<String> = names("fail").difference(&names("pass")).cloned().collect();
    assert!(without.is_empty(), "no twin in tests/ui/pass: {without:?}");
    let declared = include_str!("ui/pass/mod.rs");
    let forgotten: Vec<String> = names("pass")
        .into_iter()
        .filter(|name| !declared.contains(&format!("mod {name};")))
        .collect();
    assert!(forgotten.is_empty(), "not in tests/ui/pass/mod.rs: {forgotten:?}");
}

/// The names of the files in one of the folders.
fn names(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/ui")
        .join(folder);
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let paths = files.map(|file| file.expect("a file of the folder").path());
    let sources = paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let stem = |path: std::path::PathBuf| {
        path.file_stem()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned()
    };
    sources.map(stem).filter(|name| name != "mod").collect()
}
