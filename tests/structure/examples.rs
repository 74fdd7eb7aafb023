//! The examples in the documentation, as a user would copy them.

/// The packages that users do not name.
const PARTS: [&str; 3] = ["rocketry_core::", "rocketry_macros::", "rocketry_sql::"];

/// The lines of examples in a file that name a part of the project in place of `rocketry`; what is hidden from readers
/// begins with `#`.
pub(crate) fn naming_parts(source: &str) -> Vec<usize> {
    let mut in_example = false;
    let numbered = source.lines().enumerate();
    numbered
        .filter_map(|(index, line)| {
            let text = doc_text(line)?;
            if text.starts_with("```") {
                in_example = !in_example;
            }
            let names = in_example && !text.starts_with('#') && PARTS.iter().any(|part| text.contains(part));
            names.then_some(index + 1)
        })
        .collect()
}

/// The text of a line of documentation.
fn doc_text(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
    Some(text.trim_start())
}

/// The names that the `pub use` lines of a crate's root export.
pub(crate) fn exported(root: &str) -> Vec<String> {
    let lines = root
        .split(';')
        .filter_map(|item| item.split_once("pub use ").map(|(_, path)| path));
    let names = lines.flat_map(|path| {
        let list = path.split_once('{').map_or(path, |(_, list)| list);
        list.split(',')
            .map(|name| name.trim_matches(|c: char| c == '}' || c.is_whitespace()))
    });
    let last = |name: &str| name.rsplit([':', ' ']).next().unwrap_or_default().to_owned();
    names.filter(|name| !name.is_empty()).map(last).collect()
}

/// The features that a manifest declares.
pub(crate) fn features(manifest: &str) -> Vec<&str> {
    let table = manifest
        .split("\n[")
        .find_map(|table| table.strip_prefix("features]\n"));
    let lines = table.into_iter().flat_map(str::lines);
    lines
        .filter_map(|line| line.split_once(" = ["))
        .map(|(name, _)| name)
        .collect()
}

/// The features that a table of features explains, as Markdown.
pub(crate) fn explained(text: &str) -> Vec<&str> {
    let rows = text.lines().map(|line| line.trim_start_matches("//! "));
    rows.skip_while(|row| *row != "| feature | adds |")
        .skip(2)
        .map_while(|row| row.strip_prefix("| `")?.split_once("` | ").map(|(name, _)| name))
        .collect()
}

#[test]
fn only_what_a_reader_sees_counts() {
    let source = "/// ```\n/// use rocketry_core::A;\n/// # use rocketry_core::B;\n/// ```\n/// rocketry_core::C\nuse rocketry_core::D;";
    assert_eq!(naming_parts(source), [2]);
}

#[test]
fn exports_are_read() {
    let root =
        "mod a;\npub use a::{A, b::B,};\npub use c::words as conds;\n#[cfg(x)]\npub use d::D;\nuse e::E;";
    assert_eq!(exported(root), ["A", "B", "conds", "D"]);
}

#[test]
fn tables_of_features_are_read() {
    let manifest =
        "[package]\nname = \"x\"\n\n[features]\n# One.\na = []\nb-c = [\"a\"]\n\n[dependencies]\nd = [1]\n";
    assert_eq!(features(manifest), ["a", "b-c"]);
    let text = "//! | feature | adds |\n//! |---|---|\n//! | `a` | one |\n//! | `b-c` | two |\n//!\n//! | `d` | three |";
    assert_eq!(explained(text), ["a", "b-c"]);
}
