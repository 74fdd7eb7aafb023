//! The responses of routes.

use std::io::{self, Write};

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use crate::problem::{Problem, ProblemKind};

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/json");

/// A value as JSON.
pub(crate) struct Json<T>(pub(crate) T);

/// The result of a route.
pub(crate) type Reply<T> = Result<Json<T>, Problem>;

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match written(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response(),
            Err(mistake) => Problem::new(ProblemKind::Failed, mistake.to_string()).into_response(),
        }
    }
}

/// The greatest integer that every JSON parser can represent: 2^53 - 1.
const SAFE: u64 = (1 << 53) - 1;

/// A value as JSON. Integers that some parsers can't represent become strings.
pub(crate) fn written(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut json = Vec::with_capacity(256);
    value.serialize(&mut Serializer::with_formatter(&mut json, SafeNumbers))?;
    Ok(json)
}

struct SafeNumbers;

impl Formatter for SafeNumbers {
    fn write_u64<W: Write + ?Sized>(&mut self, to: &mut W, number: u64) -> io::Result<()> {
        if number > SAFE {
            return write!(to, "\"{number}\"");
        }
        CompactFormatter.write_u64(to, number)
    }

    fn write_i64<W: Write + ?Sized>(&mut self, to: &mut W, number: i64) -> io::Result<()> {
        if number.unsigned_abs() > SAFE {
            return write!(to, "\"{number}\"");
        }
        CompactFormatter.write_i64(to, number)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::written;

    #[test]
    fn numbers_that_some_readers_would_round_are_texts() {
        let value = json!({"a": 9_007_199_254_740_991_u64, "b": 9_007_199_254_740_992_u64, "c": [-9_007_199_254_740_993_i64, 1.5]});
        let text = String::from_utf8(written(&value).unwrap()).unwrap();
        assert_eq!(
            text,
            r#"{"a":9007199254740991,"b":"9007199254740992","c":["-9007199254740993",1.5]}"#
        );
    }
}
