//! The end of a run, as its node reports it to the leader.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::response::Response;
use crate::engine::run::Run;
use crate::log::{Exit, ProcessEnd};
use crate::param::{Value, Wire};
use crate::session::Session;
use crate::session::remote::WorkTable;
use crate::task::Outcome;
use crate::time::Timestamp;

/// The end of a run.
pub(super) struct End {
    /// `None` if it was cut off.
    pub(super) outcome: Option<Outcome>,
    /// When it ended, by the clock of the node.
    pub(super) at: Timestamp,
    pub(super) process: Option<ProcessEnd>,
}

/// The serialised form.
#[derive(Debug, Serialize, Deserialize)]
struct Text {
    response: Response,
    /// In microseconds.
    at: i64,
    /// The end of the process of the run.
    process: Option<Process>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Process {
    code: Option<i32>,
    signal: Option<i32>,
    output: Arc<str>,
}

impl From<&ProcessEnd> for Process {
    fn from(end: &ProcessEnd) -> Self {
        let (code, signal) = match end.exit {
            Exit::Code(code) => (Some(code), None),
            Exit::Signal(signal) => (None, Some(signal)),
        };
        Process {
            code,
            signal,
            output: end.output.clone(),
        }
    }
}

impl Process {
    fn into_end(self) -> ProcessEnd {
        let exit = match (self.code, self.signal) {
            (None, Some(signal)) => Exit::Signal(signal),
            (code, _) => Exit::Code(code.unwrap_or_default()),
        };
        ProcessEnd {
            exit,
            output: self.output,
        }
    }
}

impl End {
    pub(super) fn read(text: &str) -> serde_json::Result<Self> {
        let Text {
            response,
            at,
            process,
        } = serde_json::from_str(text)?;
        Ok(End {
            outcome: response.into_outcome(),
            at: Timestamp::from_micros(at),
            process: process.map(Process::into_end),
        })
    }
}

/// Reports the end of a run that this node executed for the leader.
pub(super) fn report_to_leader(
    session: &Session,
    work: &WorkTable,
    run: &Run,
    outcome: Option<Outcome>,
    process: Option<&ProcessEnd>,
) {
    let end = Text {
        response: response(session, run, outcome),
        at: session.now().as_micros(),
        process: process.map(Process::from),
    };
    let end = serde_json::to_string(&end).expect("texts and numbers can be turned into JSON");
    work.end(run.number, end);
}

/// A result that the leader can't receive is dropped, which is reported. The run has still succeeded.
fn response(session: &Session, run: &Run, outcome: Option<Outcome>) -> Response {
    let Some(Outcome::Success(value)) = &outcome else {
        return Response::of(outcome);
    };
    match Wire::noted(value) {
        Ok(wire) => Response::Success(wire),
        Err(why) => {
            let message = format!(
                "the leader does not have the result of run {}: {why}",
                run.info.run_id
            );
            session.fail_in_cluster(Some(&run.info.task), message);
            Response::of(Some(Outcome::Success(Value::nothing())))
        }
    }
}
