//! Enums whose variants are spelled as words in settings and options.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::error::{Error, Kind, Result, did_you_mean};

/// Assigns a word to each variant of an enum. `Display` and `Serialize` write the word, `FromStr` parses it.
/// A variant without a word does not compile.
///
/// `what` names the choice in the error for a misspelt word.
macro_rules! words {
    ($choice:ident, $what:literal, { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl std::fmt::Display for $choice {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(match self {
                    $($choice::$variant => $word,)+
                })
            }
        }

        impl std::str::FromStr for $choice {
            type Err = $crate::error::Error;

            fn from_str(text: &str) -> $crate::error::Result<Self> {
                $crate::choice::chosen(text, $what, &[$(($word, $choice::$variant)),+])
            }
        }

        impl<'de> serde::Deserialize<'de> for $choice {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
                $crate::choice::read(from)
            }
        }

        /// The word.
        impl serde::Serialize for $choice {
            fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $choice {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::choice::schema($what, &[$($word),+])
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $choice {}
    };
}
pub(crate) use words;

/// The schema of a string that must be one of some words.
#[cfg(feature = "openapi")]
pub(crate) fn schema(what: &str, words: &[&str]) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    let text = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
    let text = text
        .description(Some(what))
        .enum_values(Some(words.iter().copied()));
    text.into()
}

/// Deserializes a value from a string through its `FromStr`.
pub(crate) fn read<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = Cow::<str>::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

/// Returns the choice with the given word.
pub(crate) fn chosen<T: Copy>(word: &str, what: &str, choices: &[(&'static str, T)]) -> Result<T> {
    let found = choices.iter().find(|(known, _)| *known == word);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let words: Vec<_> = choices.iter().map(|(known, _)| *known).collect();
        let near = did_you_mean(word, words.iter().copied());
        let (last, others) = words.split_last().expect("a choice has words");
        let expected = format!("{} or {last}", others.join(", "));
        Error::new(
            Kind::Build,
            format!("`{word}` is not a valid {what}: expected {expected}{near}"),
        )
    })
}

/// Serializes a value as its text, or as `null` for `None`.
pub(crate) mod optional {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::ref_option, reason = "the signature is serde's")]
    pub(crate) fn serialize<T: Display, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(from)?;
        let value = text.map(|text| text.parse()).transpose();
        value.map_err(serde::de::Error::custom)
    }
}
