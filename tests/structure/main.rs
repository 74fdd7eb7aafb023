//! Holds the source against the structure that the design promises.
//!
//! - A module of `rocketry-core` uses only modules above it; so does a file of its engine.
//! - No files of most packages use each other in a circle.
//! - No file is longer than 400 lines, and no function longer than 40.
//! - The packages of the workspace depend in one direction.
//! - No file holds a placeholder or a debugging aid.
//! - Examples in the documentation name the one package that users name, and each feature is explained.

mod crates;
mod cycles;
mod examples;
mod lengths;
mod modules;
mod paths;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The sources of our packages.
const PACKAGES: [&str; 10] = [
    "rocketry-api/src",
    "rocketry-cli/src",
    "rocketry-cluster/src",
    "rocketry-core/src",
    "rocketry-dashboard/src",
    "rocketry-macros/src",
    "rocketry-notify/src",
    "rocketry-sql/src",
    "rocketry-syntax/src",
    "src",
];

/// The packages in which no files use each other in a circle. A parser is one recursion over many files, so the packages that
/// parse are exempt.
const WITHOUT_CIRCLES: [&str; 8] = [
    "rocketry-api/src",
    "rocketry-cli/src",
    "rocketry-cluster/src",
    "rocketry-core/src",
    "rocketry-dashboard/src",
    "rocketry-notify/src",
    "rocketry-sql/src",
    "src",
];

#[test]
fn a_module_uses_only_modules_above_it() {
    let folder = Path::new(ROOT).join("rocketry-core/src");
    let exports = modules::exports(&read(&folder.join("lib.rs")));
    let found = sources(&folder).into_iter().flat_map(|(file, source)| {
        let mut found = modules::violations(&file, &source, &exports);
        found.extend(modules::violations_in_engine(&file, &source));
        found
    });
    expect_none(found.map(|violation| format!("rocketry-core/src/{violation}")));
}

#[test]
fn no_files_depend_on_each_other_in_a_cycle() {
    let found = WITHOUT_CIRCLES.into_iter().flat_map(|package| {
        let cycles = cycles::cycles(&sources(&Path::new(ROOT).join(package)));
        cycles
            .into_iter()
            .map(move |circle| format!("{package}: {circle}"))
    });
    expect_none(found);
}

#[test]
fn no_file_or_function_is_too_long() {
    let found = sources_of_packages().flat_map(|(file, source)| lengths::complaints(&file, &source));
    expect_none(found);
}

#[test]
fn packages_depend_in_one_direction() {
    let dependencies = crates::dependencies();
    assert!(!dependencies.is_empty(), "the facade depends on its parts");
    expect_none(
        dependencies
            .iter()
            .filter_map(|(package, on)| crates::complaint(package, on)),
    );
}

#[test]
fn no_placeholders_or_debugging_aids_remain() {
    let found = sources(Path::new(ROOT)).into_iter().flat_map(|(file, source)| {
        leftovers(&source)
            .into_iter()
            .map(move |(line, name)| format!("{file}:{line}: `{name}!`"))
    });
    expect_none(found);
}

#[test]
fn examples_name_the_package_that_users_name() {
    let found = sources_of_packages().flat_map(|(file, source)| {
        let lines = examples::naming_parts(&source).into_iter();
        lines.map(move |line| format!("{file}:{line}"))
    });
    expect_none(found);
}

#[test]
fn the_facade_exports_what_the_runtime_does() {
    let root = Path::new(ROOT);
    let runtime = examples::exported(&read(&root.join("rocketry-core/src/lib.rs")));
    let facade = examples::exported(&read(&root.join("src/lib.rs")));
    assert!(runtime.len() > 50, "{runtime:?}");
    expect_none(runtime.into_iter().filter(|name| !facade.contains(name)));
}

#[test]
fn each_example_is_built() {
    let folder = Path::new(ROOT).join("examples");
    let manifest = read(&folder.join("Cargo.toml"));
    let files = std::fs::read_dir(folder).expect("there are examples");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("a name"));
    let sources = names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "rs"));
    expect_none(sources.filter(|name| !manifest.contains(&format!("path = \"{name}\""))));
}

#[test]
fn each_feature_is_explained() {
    let manifest = read(&Path::new(ROOT).join("Cargo.toml"));
    let mut declared = examples::features(&manifest);
    declared.sort_unstable();
    for file in ["README.md", "src/lib.rs"] {
        let text = read(&Path::new(ROOT).join(file));
        let mut explained = examples::explained(&text);
        explained.sort_unstable();
        assert_eq!(explained, declared, "{file}");
    }
}

#[test]
fn leftovers_are_found_in_code_only() {
    let source =
        "fn f() {\n    todo!();\n    dbg!(unimplemented!())\n}\n// dbg!(1)\nconst NOTE: &str = \"todo!()\";";
    let expected = [(2, "todo"), (3, "dbg"), (3, "unimplemented")];
    assert_eq!(
        leftovers(source),
        expected.map(|(line, name)| (line, name.to_owned()))
    );
}

/// The line and the name of each call of a macro that finished code has no use for.
fn leftovers(source: &str) -> Vec<(usize, String)> {
    tokens::tokens(source)
        .windows(2)
        .filter(|pair| {
            matches!(pair[0].text.as_str(), "dbg" | "todo" | "unimplemented") && pair[1].text == "!"
        })
        .map(|pair| (pair[0].line, pair[0].text.clone()))
        .collect()
}

/// The path and the text of all source files of our packages.
fn sources_of_packages() -> impl Iterator<Item = (String, String)> {
    PACKAGES.into_iter().flat_map(|package| {
        let files = sources(&Path::new(ROOT).join(package)).into_iter();
        files.map(move |(file, source)| (format!("{package}/{file}"), source))
    })
}

/// The path, relative to the folder, and the text of all Rust files below it.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let named = |file: PathBuf| {
        let name = file
            .strip_prefix(folder)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        (name, read(&file))
    };
    rust_files(folder).into_iter().map(named).collect()
}

/// All Rust files below a folder, except what cargo and git keep there.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| {
            if path.is_dir() {
                below(&path)
            } else {
                rust_file(path)
            }
        })
        .collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if name == "target" || name.starts_with('.') {
        Vec::new()
    } else {
        rust_files(folder)
    }
}

fn rust_file(path: PathBuf) -> Vec<PathBuf> {
    if path.extension().is_some_and(|extension| extension == "rs") {
        vec![path]
    } else {
        Vec::new()
    }
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn expect_none(found: impl Iterator<Item = String>) {
    let found: Vec<_> = found.collect();
    assert!(found.is_empty(), "{} found:\n{}", found.len(), found.join("\n"));
}
