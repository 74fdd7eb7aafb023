//! Which package of the workspace depends on which.

use std::process::Command;

use serde_json::Value;

/// The packages from the bottom up: each may depend on those above it in this list. Equals share a line.
const ORDER: &[&[&str]] = &[
    &["rocketry-syntax"],
    &["rocketry-core", "rocketry-macros"],
    &["rocketry-api", "rocketry-notify", "rocketry-sql"],
    &["rocketry-cluster"],
    &["rocketry-cli", "rocketry-dashboard"],
    &["rocketry"],
    // These use the facade as its users do.
    &["elsewhere", "examples", "ui", "web"],
];

/// The package whose names the examples in the documentation use.
const FACADE: &str = "rocketry";

/// Every dependency between two of our packages, as `(package, dependency)`. What only the tests of a package need counts
/// as well, apart from the facade, through which its examples are written.
pub(crate) fn dependencies() -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"]
        .as_array()
        .expect("the workspace has packages");
    packages.iter().flat_map(edges).collect()
}

/// The complaint about a dependency, if it leads the wrong way.
pub(crate) fn complaint(package: &str, dependency: &str) -> Option<String> {
    match (rank(package), rank(dependency)) {
        (Some(here), Some(there)) if there < here => None,
        (Some(_), Some(_)) => Some(format!(
            "`{package}` depends on `{dependency}`, which does not stand above it"
        )),
        _ => Some(format!(
            "`{package}` or `{dependency}` has no place in the order of the packages"
        )),
    }
}

fn edges(package: &Value) -> impl Iterator<Item = (String, String)> {
    let name = package["name"].as_str().unwrap_or_default();
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    dependencies
        .filter(|dependency| dependency["kind"] != "dev" || dependency["name"] != FACADE)
        .filter_map(|dependency| dependency["name"].as_str())
        .filter(|dependency| dependency.starts_with("rocketry"))
        .map(|dependency| (name.to_owned(), dependency.to_owned()))
}

fn rank(package: &str) -> Option<usize> {
    ORDER.iter().position(|equals| equals.contains(&package))
}

#[test]
fn only_the_way_up_is_accepted() {
    assert_eq!(complaint("rocketry-core", "rocketry-syntax"), None);
    assert_eq!(complaint("rocketry", "rocketry-sql"), None);
    for (package, dependency) in [
        ("rocketry-syntax", "rocketry-core"),
        ("rocketry-core", "rocketry-macros"),
        ("rocketry-core", "rocketry"),
        ("rocketry-core", "rocketry-core"),
        ("rocketry-extras", "rocketry-core"),
    ] {
        assert!(
            complaint(package, dependency).is_some(),
            "{package} on {dependency}"
        );
    }
}
