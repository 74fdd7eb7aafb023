//! A handed-over run, on the node that executes it.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_syntax::ast::Delta;
use serde::{Deserialize, Serialize};

use super::super::Session;
use super::message::{Given, Request};
use crate::clock::Clock;
use crate::engine::run::{Run, RunNumber};
use crate::engine::spec::Limits;
use crate::error::Result;
use crate::log::{Cause, Extra, RunRef};
use crate::param::{Entry, Host, Params, RunContext, RunFlag, Value, Wire};
use crate::time::Timestamp;

/// The description of a run that the leader sends to other nodes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Assignment {
    pub(crate) request: Request,
    /// The leader's number for the run.
    pub(crate) number: RunNumber,
    /// When the run started, in microseconds.
    pub(crate) start: i64,
    /// The timeout of the run in microseconds, for a leader that does not have the task.
    #[serde(default = "unlimited")]
    pub(crate) timeout: u64,
    /// How often the run is started again if its node is lost, for such a leader, too.
    #[serde(default)]
    pub(crate) more_attempts: u32,
    /// Why it started.
    pub(crate) cause: Cause,
    /// The runs that triggered it.
    pub(crate) upstream: Vec<RunRef>,
}

/// For a run that was handed over by an earlier version of this crate.
fn unlimited() -> u64 {
    u64::MAX
}

impl Assignment {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            timeout: Delta(self.timeout),
            more_attempts: self.more_attempts,
        }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("what is in a request has been turned into JSON before")
    }
}

/// A run that this node executes for the leader.
pub(crate) struct AssignedRun {
    pub(crate) run: Arc<Run>,
    /// Why it started, and the runs that triggered it.
    pub(super) origin: Option<Arc<Extra>>,
    pub(crate) host: AssignedHost,
    pub(crate) request: Request,
}

/// The host for the parameters of such a run: the app, with the values that the leader has sent.
pub(crate) struct AssignedHost {
    session: Session,
    params: Params,
    results: BTreeMap<String, Value>,
}

impl Host for AssignedHost {
    fn params(&self) -> Params {
        self.params.clone()
    }

    fn clock(&self) -> &Clock {
        self.session.clock()
    }

    fn returned(&self, task: &str) -> Result<Option<Value>> {
        let task = self.session.task(task)?;
        Ok(self.results.get(task.name()).cloned().or_else(|| task.result()))
    }

    fn is_secret(&self, parameter: &str) -> bool {
        self.session.is_secret(parameter)
    }

    fn as_any(&self) -> &dyn Any {
        &self.session
    }
}

impl Session {
    /// Builds the run from the leader's description; `None` if this node does not have its task.
    pub(super) fn assigned(&self, assignment: Assignment, number: RunNumber) -> Option<AssignedRun> {
        let origin = Extra::of_start(assignment.cause, assignment.upstream);
        let (request, start) = (assignment.request, Timestamp::from_micros(assignment.start));
        let state = self.state();
        let found = state.find(&request.task).ok();
        let id = found.filter(|id| !state.task(*id).deleted)?;
        let spec = state.task(id).spec.clone();
        drop(state);
        let secrets = &self.config().secrets;
        let mut batch = Params::from_wires(request.batch.clone());
        batch.conceal(secrets);
        let host = self.assigned_host(&request);
        let info = RunContext {
            task: spec.name.clone(),
            task_id: id,
            run_id: request.run_id.clone().into(),
            due: Timestamp::from_micros(request.due),
            flag: RunFlag::default(),
            batch,
            own: with(spec.params.clone(), &request.own, secrets),
        };
        let run = Arc::new(Run {
            spec,
            number,
            info,
            start,
            trace: None,
        });
        Some(AssignedRun {
            run,
            origin,
            host,
            request,
        })
    }

    fn assigned_host(&self, request: &Request) -> AssignedHost {
        let results = request.results.iter();
        let results = results.map(|(task, wire)| (task.clone(), Value::from(wire.clone())));
        AssignedHost {
            session: self.clone(),
            params: with(self.params(), &request.session, &self.config().secrets),
            results: results.collect(),
        }
    }
}

/// Parameters with the values from the leader. All others keep the values of this node.
fn with(mut params: Params, given: &BTreeMap<String, Given>, secrets: &[String]) -> Params {
    for (key, given) in given {
        if let Given::Value(wire) = given {
            params.set(key, value(wire));
        }
    }
    params.conceal(secrets);
    params
}

fn value(wire: &Wire) -> Entry {
    Entry::value_of(Value::from(wire.clone()))
}
