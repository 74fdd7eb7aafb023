//! Conversions of Rust values to JSON, and their limits.

use std::fmt;

use serde::Serialize;
use serde_json::Value as Json;

use super::finite::Finite;

/// The maximum nesting depth of JSON that leaves the process. Parsers stop at 127 levels, and the JSON around a value
/// uses some of them.
pub(crate) const MAX_DEPTH: usize = 120;

/// The reason why a value can't be written as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unwritable {
    /// The type has no JSON form.
    Type(&'static str),
    /// The value contains a number that JSON can't represent.
    Number,
    /// The value is nested more than [`MAX_DEPTH`] levels deep.
    Depth,
    /// The `Serialize` implementation of the type fails.
    Failed(String),
    /// The value is secret.
    Secret,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unwritable::Type(name) => write!(f, "a `{name}` can't be turned into JSON"),
            Unwritable::Number => {
                f.write_str("it has a number in it that is NaN or infinite, which JSON does not know")
            }
            Unwritable::Depth => write!(f, "it is nested more than {MAX_DEPTH} levels deep"),
            Unwritable::Failed(why) => write!(f, "it can't be turned into JSON: {why}"),
            Unwritable::Secret => f.write_str("it is secret"),
        }
    }
}

/// Converts a Rust value to JSON. A number that JSON would convert into `null` is an error.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<Json, Unwritable> {
    let json = serde_json::to_value(value).map_err(|cause| Unwritable::Failed(cause.to_string()))?;
    // Only a `null` can be such a number.
    if has_null(&json) && value.serialize(Finite).is_err() {
        return Err(Unwritable::Number);
    }
    Ok(json)
}

/// Returns whether JSON is nested deeper than this.
pub(super) fn is_deeper(json: &Json, levels: usize) -> bool {
    let deeper = |inner| levels == 0 || is_deeper(inner, levels - 1);
    match json {
        Json::Array(items) => levels == 0 || items.iter().any(deeper),
        Json::Object(fields) => levels == 0 || fields.values().any(deeper),
        _ => false,
    }
}

fn has_null(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::Array(items) => items.iter().any(has_null),
        Json::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::{Value as Json, json};

    use super::{MAX_DEPTH, Unwritable, is_deeper, to_json};

    #[derive(Serialize)]
    enum Shape {
        Point,
        Circle(f64),
        Line(f64, f64),
        Named { length: f32 },
    }

    #[derive(Serialize)]
    struct Everything {
        shape: Shape,
        maybe: Option<f64>,
        map: BTreeMap<u8, f64>,
        pair: (f32, Option<()>),
    }

    fn everything(shape: Shape, number: f64) -> Everything {
        let map = [(1, number)].into();
        Everything {
            shape,
            maybe: None,
            map,
            pair: (1.5, None),
        }
    }

    #[test]
    fn a_number_that_json_does_not_know_is_found_wherever_it_is() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            #[expect(clippy::cast_possible_truncation, reason = "none of them has digits")]
            let length = number as f32;
            let shapes = [
                Shape::Circle(number),
                Shape::Line(1.0, number),
                Shape::Named { length },
            ];
            for shape in shapes {
                assert_eq!(to_json(&everything(shape, 1.0)), Err(Unwritable::Number));
            }
            assert_eq!(
                to_json(&everything(Shape::Point, number)),
                Err(Unwritable::Number)
            );
            assert_eq!(to_json(&Some(number)), Err(Unwritable::Number));
        }
    }

    #[test]
    fn what_is_nothing_stays_null() {
        assert_eq!(to_json(&None::<f64>), Ok(Json::Null));
        assert_eq!(to_json(&json!([null, 1.5])), Ok(json!([null, 1.5])));
        let json = to_json(&everything(Shape::Point, 1.0)).unwrap();
        assert_eq!(
            json,
            json!({"shape": "Point", "maybe": null, "map": {"1": 1.0}, "pair": [1.5, null]})
        );
    }

    #[test]
    fn what_is_deepest_can_be_read_with_what_is_written_around_it() {
        let nested = |levels: usize| (0..levels).fold(json!(0), |inner, _| json!([inner]));
        assert!(!is_deeper(&nested(MAX_DEPTH), MAX_DEPTH));
        assert!(is_deeper(&nested(MAX_DEPTH + 1), MAX_DEPTH));
        let around = json!({"own": {"key": {"value": {"json": nested(MAX_DEPTH)}}}});
        assert_eq!(serde_json::from_str::<Json>(&around.to_string()).unwrap(), around);
    }
}
