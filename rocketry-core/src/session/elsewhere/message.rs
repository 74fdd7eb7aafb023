//! A run as it is described to another process, which may be on another machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::param::{RunId, Wire};

/// A run to be made.
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

/// What a run is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Name {
    Number(u64),
    Name(String),
}

/// A parameter of the app's.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Given {
    /// This value.
    Value(Wire),
    /// What the process finds in its own copy of the app.
    AsDeclared,
    /// Something that can't leave the app, and why.
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
    /// A value that JSON has no words for.
    pub(crate) fn to_line(&self) -> Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self).map_err(|cause| Error::parameter(cause.to_string()))?;
        line.push(b'\n');
        Ok(line)
    }
}
