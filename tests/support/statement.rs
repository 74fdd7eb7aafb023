//! A condition of the data in all its notations: as a string, built with the words, and as a tree.

use rocketry_core::cond::Condition;
use rocketry_syntax::parse_condition;
use serde_json::Value;

use super::{api, canonical};

/// The condition of a value with `str`, `api` and `ast`, once built with the words and, if it has a string,
/// once read from that.
///
/// # Errors
/// Names the notation that does not match the expected tree.
pub(crate) fn build(value: &Value) -> Result<Vec<Condition>, String> {
    let mut conditions = vec![api::build(&value["api"])];
    if let Some(text) = value["str"].as_str() {
        conditions.push(Condition::parse(text).map_err(|error| format!("`{text}`: {error}"))?);
    }
    for condition in &conditions {
        // A printed condition parses as the same condition.
        let text = condition.to_string();
        let tree = parse_condition(&text).map_err(|error| format!("`{text}`: {error}"))?;
        if Condition::parse(&text).as_ref() != Ok(condition) {
            return Err(format!(
                "`{text}` is another condition than what printed it: {condition:?}"
            ));
        }
        let canonical = canonical::condition(&tree);
        if !canonical::same(&canonical, &value["ast"]) {
            return Err(format!("`{text}` is {canonical}"));
        }
    }
    Ok(conditions)
}
