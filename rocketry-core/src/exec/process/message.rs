//! What an app and the process of a run say to each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::drops::hold;
use crate::error::{Error, Result};
use crate::param::{RunId, Value, Wire};
use crate::task::Outcome;

/// A run to be made.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) task: String,
    pub(super) run_id: Name,
    /// When the run was due, in microseconds.
    pub(super) due: i64,
    /// The parameters of the run.
    pub(super) batch: BTreeMap<String, Wire>,
    /// The parameters of the task.
    pub(super) own: BTreeMap<String, Given>,
    /// The session parameters that the run may need.
    pub(super) session: BTreeMap<String, Given>,
    /// The results of tasks that the run may need.
    pub(super) results: BTreeMap<String, Wire>,
}

/// What a run is called.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Name {
    Number(u64),
    Name(String),
}

/// A parameter of the app's.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Given {
    /// This value.
    Value(Wire),
    /// What the process finds in its own copy of the app.
    AsDeclared,
    /// Something that can't leave the app, and why.
    Lost(String),
}

/// How a run went.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Response {
    Success(Wire),
    Fail(String),
    /// A parameter could not be had.
    NotSetUp(String),
    Inaction(String),
    /// The run was cut off, since the process was told to end.
    CutOff,
}

impl From<&RunId> for Name {
    fn from(id: &RunId) -> Self {
        match id {
            RunId::Number(number) => Name::Number(*number),
            RunId::Name(name) => Name::Name(name.to_string()),
        }
    }
}

impl From<Name> for RunId {
    fn from(name: Name) -> Self {
        match name {
            Name::Number(number) => RunId::Number(number),
            Name::Name(name) => RunId::Name(name.into()),
        }
    }
}

impl Request {
    /// The request as a line of JSON.
    ///
    /// # Errors
    ///
    /// A value that JSON has no words for.
    pub(super) fn to_line(&self) -> Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self).map_err(|cause| Error::parameter(cause.to_string()))?;
        line.push(b'\n');
        Ok(line)
    }
}

impl Response {
    /// The response to a run; a result that can't leave the process is a failure.
    pub(super) fn of(outcome: Option<Outcome>) -> Self {
        let _hold = hold();
        match outcome {
            None => Response::CutOff,
            Some(Outcome::Fail(message)) => Response::Fail(message.to_string()),
            Some(Outcome::Inaction(message)) => Response::Inaction(message.to_string()),
            Some(Outcome::Success(value)) => match Wire::of(&value) {
                Ok(wire) => Response::Success(wire),
                Err(why) => Response::Fail(format!("the result can't leave the process: {why}")),
            },
        }
    }

    /// The response as JSON.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("what is in a response has been turned into JSON before")
    }

    /// The response; `None` if there is none.
    ///
    /// # Errors
    ///
    /// One that is not whole, as that of a process that was killed meanwhile.
    pub(super) fn read(bytes: &[u8]) -> serde_json::Result<Option<Self>> {
        if bytes.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(bytes).map(Some)
    }

    /// The outcome of the run; `None` if it was cut off.
    pub(super) fn into_outcome(self) -> Option<Outcome> {
        Some(match self {
            Response::Success(wire) => Outcome::Success(Value::from(wire)),
            Response::Fail(message) | Response::NotSetUp(message) => Outcome::Fail(Arc::from(message)),
            Response::Inaction(message) => Outcome::Inaction(Arc::from(message)),
            Response::CutOff => return None,
        })
    }
}
