//! The description of a run for another process, possibly on another machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::param::{RunId, Wire};

/// A run to execute.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) task: String,
    pub(crate) run_id: Name,
    /// When the run was due, in microseconds.
    pub(crate) due: i64,
    /// The parameters of the run.
    pub(crate) batch: BTreeMap<String, Wire>,
    /// The parameters of the task.
    pub(crate) own: BTreeMap<String, Given>,
    /// The session parameters that the run may need.
    pub(crate) session: BTreeMap<String, Given>,
    /// The results of tasks that the run may need.
    pub(crate) results: BTreeMap<String, Wire>,
}

/// The name of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Name {
    Number(u64),
    Name(String),
}

/// A parameter of the app.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Given {
    /// This value.
    Value(Wire),
    /// The value that the process finds in its own copy of the app.
    AsDeclared,
    /// A value that can't be sent, and the reason.
    Lost(String),
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
    /// Returns an error for a value that JSON can't represent.
    pub(crate) fn to_line(&self) -> Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self).map_err(|cause| Error::parameter(cause.to_string()))?;
        line.push(b'\n');
        Ok(line)
    }
}
