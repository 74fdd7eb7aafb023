//! What the compiler says to a user who makes a mistake, and that what is right compiles.
//!
//! Each file in `fail` has one mistake, and beside it what the compiler says. Its twin of the same name in
//! `pass` has the mistake mended; all twins are modules of this test, so they are linted as well.
//! `TRYBUILD=overwrite cargo test -p ui` writes the messages anew.

use std::collections::BTreeSet;
use std::path::Path;

mod pass;

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}

/// Statements of real programs, in Rust. The script that builds this test writes them.
#[test]
#[allow(
    clippy::useless_conversion,
    reason = "one form of a check fits words and whole conditions"
)]
fn real_schedules_compile() {
    use rocketry::Condition;
    #[allow(clippy::wildcard_imports, reason = "programs import the words so")]
    use rocketry::conds::*;

    include!(concat!(env!("OUT_DIR"), "/real_schedules.rs"));
}

#[test]
fn every_mistake_has_its_twin() {
    assert!(
        names("fail").len() >= 40,
        "most mistakes that users make are here"
    );
    let without: Vec<String> = names("fail").difference(&names("pass")).cloned().collect();
    assert!(without.is_empty(), "no twin in pass: {without:?}");
    let declared = include_str!("pass/mod.rs");
    let forgotten: Vec<String> = names("pass")
        .into_iter()
        .filter(|name| !declared.contains(&format!("mod {name};")))
        .collect();
    assert!(forgotten.is_empty(), "not in pass/mod.rs: {forgotten:?}");
}

/// The names of the files in one of the folders.
fn names(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
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
