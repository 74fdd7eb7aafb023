//! The response of a run's process to its app, and of a node to the leader.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::drops::hold;
use crate::param::{Value, Wire};
use crate::task::Outcome;

/// The outcome of a run.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::exec) enum Response {
    Success(Wire),
    Fail(String),
    /// A parameter was not available.
    NotSetUp(String),
    Inaction(String),
    /// The run was cut off, because the process was told to end.
    CutOff,
}

impl Response {
    /// Creates the response to a run. A result that can't leave the process is a failure.
    pub(in crate::exec) fn of(outcome: Option<Outcome>) -> Self {
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
    pub(in crate::exec) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("what is in a response has been turned into JSON before")
    }

    /// Parses the response; `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns an error for an incomplete response, such as that of a process that was killed.
    pub(in crate::exec) fn read(bytes: &[u8]) -> serde_json::Result<Option<Self>> {
        if bytes.is_empty() {
            return Ok(None);
        }
        serde_json::from_slice(bytes).map(Some)
    }

    /// The outcome of the run; `None` if it was cut off.
    pub(in crate::exec) fn into_outcome(self) -> Option<Outcome> {
        Some(match self {
            Response::Success(wire) => Outcome::Success(Value::from(wire)),
            Response::Fail(message) | Response::NotSetUp(message) => Outcome::Fail(Arc::from(message)),
            Response::Inaction(message) => Outcome::Inaction(Arc::from(message)),
            Response::CutOff => return None,
        })
    }
}
