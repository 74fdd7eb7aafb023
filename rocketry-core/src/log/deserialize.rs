//! Deserialization of records with serde: the inverse of their serialization.

use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value as Json;

use super::cause::{Cause, RunRef};
use super::record::{Action, Exit, Extra, ProcessEnd, Record};
use crate::param::RunId;
use crate::time::Timestamp;

/// Parsed from the name of the action.
impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        crate::choice::read(from)
    }
}

/// Parsed from a number or a string.
impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Json::deserialize(from)? {
            Json::String(name) => Ok(RunId::Name(name.into())),
            Json::Number(number) if number.is_u64() => Ok(RunId::Number(number.as_u64().unwrap_or_default())),
            other => Err(D::Error::custom(format!(
                "expected the id of a run, found `{other}`"
            ))),
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum ExitFields {
    Code(i32),
    Signal(i32),
}

impl<'de> Deserialize<'de> for Exit {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match ExitFields::deserialize(from)? {
            ExitFields::Code(code) => Exit::Code(code),
            ExitFields::Signal(signal) => Exit::Signal(signal),
        })
    }
}

#[derive(serde::Deserialize)]
struct ProcessFields {
    exit: Exit,
    output: Arc<str>,
}

impl<'de> Deserialize<'de> for ProcessEnd {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let ProcessFields { exit, output } = ProcessFields::deserialize(from)?;
        Ok(ProcessEnd { exit, output })
    }
}

/// The fields of a record under the names that it is serialized with.
#[derive(serde::Deserialize)]
struct RecordFields {
    task: Arc<str>,
    run_id: RunId,
    action: Action,
    created: Timestamp,
    due: Timestamp,
    start: Timestamp,
    message: Option<Arc<str>>,
    process: Option<ProcessEnd>,
    #[serde(default, deserialize_with = "present")]
    params: Option<Json>,
    #[serde(default, deserialize_with = "present")]
    result: Option<Json>,
    version: Option<Arc<str>>,
    cause: Option<Cause>,
    #[serde(default)]
    upstream: Box<[RunRef]>,
}

/// A field that is present, even if it is `null`.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(from).map(Some)
}

/// Parsed from the output of [`Serialize`](serde::Serialize).
impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let fields = RecordFields::deserialize(from)?;
        let text = |json: Option<Json>| json.map(|json| json.to_string().into());
        let extra = Extra {
            process: fields.process,
            params: text(fields.params),
            result: text(fields.result),
            version: fields.version,
            cause: fields.cause.filter(|cause| *cause != Cause::Statement),
            upstream: fields.upstream,
        };
        Ok(Record {
            task: fields.task,
            run_id: fields.run_id,
            action: fields.action,
            created: fields.created,
            due: fields.due,
            start: fields.start,
            message: fields.message,
            extra: (extra != Extra::default()).then(|| Arc::new(extra)),
        })
    }
}
