//! Writes the statements of real programs as Rust, for the compiler to read: see `../schedules/README.md`.
//!
//! `ROCKETRY_SCHEDULES` names another file of cases, or a folder that holds `cases.jsonl`.

use std::path::{Path, PathBuf};

use serde_json::Value;

fn main() {
    let own = PathBuf::from("../schedules/cases.jsonl");
    let file = std::env::var_os("ROCKETRY_SCHEDULES").map_or(own, PathBuf::from);
    let file = if file.is_dir() {
        file.join("cases.jsonl")
    } else {
        file
    };
    println!("cargo::rerun-if-env-changed=ROCKETRY_SCHEDULES");
    println!("cargo::rerun-if-changed={}", file.display());
    let data = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let cases = data
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a case is JSON"));
    let checks: String = cases
        .filter(|case| case["kind"] == "rocketry_expr")
        .map(|case| check(&case))
        .collect();
    let folder = std::env::var_os("OUT_DIR").expect("cargo says where to write");
    let path = Path::new(&folder).join("real_schedules.rs");
    std::fs::write(path, format!("{{\n{checks}}}\n")).expect("a file can be written");
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
