//! Serde support for settings in words.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use rocketry_syntax::ast::Delta;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

/// The word for no limit.
const NEVER: &str = "never";

fn read_length(text: &str) -> Result<Duration, String> {
    let length: Delta = text.parse().map_err(|mistake| format!("{mistake}"))?;
    if length.is_zero() {
        return Err(format!("`{text}` is zero"));
    }
    Ok(length.into())
}

fn write_length(length: Duration) -> String {
    Delta::from(length).to_string()
}

/// Reads and writes a type as text.
pub(super) mod spelled {
    use super::*;

    pub(in super::super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(in super::super) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Reads and writes a duration with microsecond precision: `"50 ms"`.
pub(super) mod length {
    use super::*;

    pub(in super::super) fn serialize<S: Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&write_length(*value))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        read_length(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// Reads and writes a duration, or `"never"` for none.
pub(super) mod limit {
    use super::*;

    #[allow(clippy::ref_option, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(
        value: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(&value.map_or_else(|| NEVER.to_owned(), write_length))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        let text = String::deserialize(from)?;
        if text.trim() == NEVER {
            return Ok(None);
        }
        read_length(&text).map(Some).map_err(D::Error::custom)
    }
}

/// Reads and writes a duration, or `null` for none.
pub(super) mod optional_length {
    use super::*;

    #[allow(clippy::ref_option, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(
        value: &Option<Duration>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(length) => to.collect_str(&write_length(*length)),
            None => to.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Duration>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        let length = text.map(|text| read_length(&text)).transpose();
        length.map_err(D::Error::custom)
    }
}
