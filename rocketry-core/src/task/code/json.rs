//! Conversions between JSON and the values of the script engine.
//!
//! The conversions are written by hand, because a value without an exact counterpart has to be an error.

use rhai::{Array, Blob, Dynamic, Map};
use serde_json::{Number, Value as Json};

use crate::param::read::Read;
use crate::param::{Mismatch, Value};

/// The kinds of values that a variable can have.
const EXPECTED: &str = "JSON, whole numbers being `i64`";

/// A parameter as a variable.
pub(super) struct Variable;

impl Read<Dynamic> for Variable {
    fn read(value: &Value) -> Result<Dynamic, Mismatch> {
        value.to_json().and_then(from_json).ok_or_else(|| Mismatch {
            expected: EXPECTED,
            ..value.mismatch::<Json>()
        })
    }

    fn is(_: &Value) -> bool {
        false
    }
}

/// Returns `None` for a number that the engine can't represent.
fn from_json(json: Json) -> Option<Dynamic> {
    Some(match json {
        Json::Null => Dynamic::UNIT,
        Json::Bool(truth) => truth.into(),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None if number.is_f64() => number.as_f64()?.into(),
            None => return None,
        },
        Json::String(text) => text.into(),
        Json::Array(items) => items
            .into_iter()
            .map(from_json)
            .collect::<Option<Array>>()?
            .into(),
        Json::Object(fields) => {
            let fields = fields.into_iter();
            let map: Option<Map> = fields
                .map(|(key, json)| Some((key.into(), from_json(json)?)))
                .collect();
            map?.into()
        }
    })
}

/// Converts the result of a run.
///
/// # Errors
///
/// Returns an error that names a type that JSON can't represent.
pub(super) fn result(value: Dynamic) -> Result<Value, String> {
    if value.is_unit() {
        return Ok(Value::new(()));
    }
    to_json(value).map(Value::json)
}

fn to_json(value: Dynamic) -> Result<Json, String> {
    // Variables captured by a closure are shared values.
    let value = value.flatten();
    if value.is_unit() {
        return Ok(Json::Null);
    }
    let name = value.type_name();
    let value = match value.try_cast_result::<Array>() {
        Ok(items) => return items.into_iter().map(to_json).collect(),
        Err(value) => value,
    };
    let value = match value.try_cast_result::<Map>() {
        Ok(fields) => {
            let fields = fields.into_iter();
            return fields
                .map(|(key, value)| Ok((key.to_string(), to_json(value)?)))
                .collect();
        }
        Err(value) => value,
    };
    plain(value).ok_or_else(|| format!("the result has a `{name}` in it, which can't be turned into JSON"))
}

fn plain(value: Dynamic) -> Option<Json> {
    let bytes = |blob: Blob| blob.into_iter().map(Json::from).collect();
    let whole = value.as_int().map(Json::from);
    let whole = whole.or_else(|_| value.as_bool().map(Json::from));
    let whole = whole.or_else(|_| value.as_char().map(|char| char.to_string().into()));
    whole
        .ok()
        .or_else(|| Number::from_f64(value.as_float().ok()?).map(Json::Number))
        .or_else(|| value.clone().into_string().ok().map(Json::String))
        .or_else(|| value.try_cast::<Blob>().map(bytes))
}
