//! Calls that a node that stands by forwards to the leader: requests and changes.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Session;
use super::requested_runs::Queued;
use crate::engine::fact_key::RequestFact;
use crate::engine::pause::PauseScope;
use crate::engine::task_option::TaskOption;
use crate::engine::waiters::{Answer, Refusal};
use crate::log::Record;
use crate::param::{Params, RunId, Value, Wire};
use crate::time::Timestamp;

/// A request or a change, as it is sent to the leader.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Call {
    Run(RequestFact),
    Option(Arc<str>, TaskOption, Json),
    Reset(Arc<str>),
    TaskParam(Arc<str>, Arc<str>, Option<Wire>),
    Param(Arc<str>, Option<Wire>),
    Pause(PauseScope, Option<Timestamp>),
    Resume(PauseScope),
    SkipNext(PauseScope),
    DoNotSkipNext(Arc<str>),
    Terminate(Arc<str>),
    TerminateRun(RunId),
    Pool(Arc<str>, usize),
    Delete(Arc<str>),
    CancelBackfill(Arc<str>),
    CancelCatchUp(Arc<str>),
    /// The name and the instance of a node.
    Drain(Arc<str>, Arc<str>),
}

/// A call and its caller.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Forwarded {
    pub(super) call: Call,
    pub(super) by: Option<Arc<str>>,
    pub(super) via: Option<Arc<str>>,
    /// The node that sends it.
    pub(super) node: Arc<str>,
}

/// The answer of the leader.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    /// The change was made.
    Done,
    /// The run has ended.
    Ran(Box<Record>),
    /// The run was refused.
    Refused(Refusal),
    /// The change was refused.
    Failed(String),
    /// The calling node does not know whether the call was submitted.
    Unconfirmed(String),
}

impl Reply {
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("records and texts can be turned into JSON")
    }

    /// Converts the reply to the answer to a requested run.
    pub(super) fn into_answer(self) -> Answer {
        match self {
            Reply::Ran(record) => Ok(*record),
            Reply::Refused(why) => Err(why),
            Reply::Failed(_) | Reply::Done => Err(Refusal::NotCarried),
            Reply::Unconfirmed(_) => Err(Refusal::Unconfirmed),
        }
    }

    /// Returns the predicate of a sentence about a change that was not made, with the reason; `None` if it
    /// was made.
    pub(super) fn mistake(&self) -> Option<String> {
        match self {
            Reply::Done | Reply::Ran(_) => None,
            Reply::Refused(why) => Some(format!("was not made: {}", why.reason())),
            Reply::Failed(why) => Some(format!("was not made: {why}")),
            Reply::Unconfirmed(why) => Some(format!("may or may not have been submitted: {why}")),
        }
    }

    pub(super) fn read(json: &str) -> Self {
        serde_json::from_str(json)
            .unwrap_or_else(|cause| Reply::Failed(format!("the answer of the leader can't be read: {cause}")))
    }
}

/// The call as the object of a sentence: "`pause` of task `fetch`".
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Run(fact) => write!(f, "`run` of task `{}`", fact.task),
            Call::Option(task, option, _) => write!(f, "a change of `{option}` of task `{task}`"),
            Call::Reset(task) => write!(f, "`reset` of task `{task}`"),
            Call::TaskParam(task, key, _) => write!(f, "a change of the parameter `{key}` of task `{task}`"),
            Call::Param(key, _) => write!(f, "a change of the parameter `{key}` of the session"),
            Call::Pause(scope, _) => of_scope(f, "pause", scope),
            Call::Resume(scope) => of_scope(f, "resume", scope),
            Call::SkipNext(scope) => of_scope(f, "skip-next", scope),
            Call::DoNotSkipNext(task) => write!(f, "`do-not-skip-next` of task `{task}`"),
            Call::Terminate(task) => write!(f, "`terminate` of task `{task}`"),
            Call::TerminateRun(run) => write!(f, "`terminate` of run `{run}`"),
            Call::Pool(name, _) => write!(f, "`set-pool` of `{name}`"),
            Call::Delete(task) => write!(f, "`delete` of task `{task}`"),
            Call::CancelBackfill(task) => write!(f, "`cancel-backfill` of task `{task}`"),
            Call::CancelCatchUp(task) => write!(f, "`cancel-catch-up` of task `{task}`"),
            Call::Drain(name, _) => write!(f, "`drain` of node `{name}`"),
        }
    }
}

fn of_scope(f: &mut fmt::Formatter<'_>, action: &str, scope: &PauseScope) -> fmt::Result {
    match scope {
        PauseScope::App => write!(f, "`{action}` of the app"),
        PauseScope::Group(group) => write!(f, "`{action}` of group `{group}`"),
        PauseScope::Task(task) => write!(f, "`{action}` of task `{task}`"),
    }
}

impl Session {
    /// Makes a call of another node. Returns the run if it was a request. Each call is one change, and its
    /// number is recorded together with that change.
    ///
    /// # Errors
    ///
    /// Returns the error that the call would have returned on this node.
    pub(super) fn make(&self, call: Call) -> crate::Result<Option<Queued>> {
        match call {
            Call::Run(fact) => {
                let (task, params) = (self.task(&*fact.task)?, Params::from_wires(fact.params));
                return Ok(Some(task.request(params, fact.cause, fact.if_due)));
            }
            Call::Option(task, option, value) => {
                let task = self.task(&*task)?;
                task.set_option(task.read_option(option, value)?);
            }
            Call::Reset(task) => self.task(&*task)?.reset(),
            Call::TaskParam(task, key, Some(wire)) => self.task(&*task)?.set_wire(&key, Value::from(wire)),
            Call::TaskParam(task, key, None) => drop(self.task(&*task)?.remove_param(&key)),
            Call::Param(key, Some(wire)) => self.set_wire(&key, Value::from(wire)),
            Call::Param(key, None) => drop(self.remove_param(&key)),
            Call::Pause(scope, until) => self.pause_scope(scope, until),
            Call::Resume(scope) => self.resume_scope(&scope),
            Call::SkipNext(scope) => self.skip_next_of(&scope)?,
            Call::DoNotSkipNext(task) => self.task(&*task)?.do_not_skip_next(),
            Call::Terminate(task) => self.task(&*task)?.terminate(),
            Call::TerminateRun(run) => self.terminate_run(&run)?,
            Call::Pool(name, size) => self.set_pool(&name, size)?,
            Call::Delete(task) => self.task(&*task)?.delete(),
            Call::CancelBackfill(task) => {
                if let Some(backfill) = self.task(&*task)?.backfill_under_way() {
                    backfill.cancel();
                }
            }
            Call::CancelCatchUp(task) => drop(self.task(&*task)?.cancel_catch_up()),
            Call::Drain(name, instance) => self.drain_instance(&name, &instance),
        }
        Ok(None)
    }
}
