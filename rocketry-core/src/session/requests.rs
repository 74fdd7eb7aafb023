//! Requests runs, and waits for them.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::calls::Call;
use super::requested_runs::{PendingAnswer, Queued, Runs};
use super::{Session, Task, spans};
use crate::cond::TaskRefs;
use crate::engine::audit::AuditedAction;
use crate::engine::fact_key::RequestFact;
use crate::engine::naming;
use crate::engine::run_queue::RunRequest;
use crate::engine::state::State;
use crate::engine::unique::RequestIdentity;
use crate::engine::waiters::Refusal;
use crate::error::{Error, Kind, Problem, Result};
use crate::failure::Part;
use crate::log::Cause;
use crate::param::Params;
use crate::task::Status;
use crate::task_id::TaskId;

impl Session {
    /// Runs tasks once, as soon as possible, regardless of their conditions and of whether they are disabled.
    /// Runs of [paused](Task::pause) tasks wait.
    ///
    /// Tasks are named by their functions or by their names; a tuple can mix both. A task that is named twice
    /// runs once. All runs are requested at the same instant, and the priorities of the tasks determine their
    /// order. For an app that runs nothing else, see [`App::only`](crate::App::only).
    ///
    /// ```
    /// use rocketry::{Result, Session};
    ///
    /// async fn make_good(session: Session) -> Result<()> {
    ///     for record in session.run(["fetch", "report"])?.await? {
    ///         println!("{}: {}", record.task, record.action);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] is true if a name has no task. Nothing runs in that case, and the message
    /// contains the most similar names.
    /// See [`Runs`] for later errors.
    pub fn run<M>(&self, tasks: impl TaskRefs<M>) -> Result<Runs> {
        self.ask_for(&tasks.names(), false)
    }

    /// Runs tasks once, but only those that are due: their conditions are true, they are enabled, and they
    /// have room for another run. The scheduler decides this once, when it processes the request.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    pub fn run_due<M>(&self, tasks: impl TaskRefs<M>) -> Result<Runs> {
        self.ask_for(&tasks.names(), true)
    }

    pub(crate) fn ask_for(&self, names: &[String], if_due: bool) -> Result<Runs> {
        // A separate binding releases the lock.
        let ids = found(&self.state(), names);
        let ids = ids?;
        let cause = if ids.len() > 1 {
            Cause::Batch { by: self.who() }
        } else {
            Cause::Request { by: self.who() }
        };
        if self.needs_leader() {
            let tasks = ids.into_iter().map(|id| Task::new(self.clone(), id));
            let runs = tasks.map(|task| task.request(Params::new(), cause.clone(), if_due));
            return Ok(Runs::new(runs.collect()));
        }
        Ok(Runs::new(self.request_together(&ids, &cause, if_due)))
    }

    /// Requests a run of each task under one lock, so that their priorities determine the order.
    fn request_together(&self, ids: &[TaskId], cause: &Cause, if_due: bool) -> Vec<Queued> {
        // Without the lock, because the subscriber may be user code.
        let traces: Vec<_> = ids.iter().map(|_| spans::of_request(self)).collect();
        let mut change = self.change();
        let mut waiting = Vec::with_capacity(ids.len());
        for (&id, trace) in ids.iter().zip(traces) {
            let (waiter, answer) = oneshot::channel();
            let spec = &change.task(id).spec;
            waiting.push(Queued::new(spec.name.clone(), answer));
            let name = spec.name.clone();
            let request = RunRequest {
                params: Params::new(),
                if_due,
                cause: cause.clone(),
                identity: spec
                    .unique
                    .then(|| RequestIdentity::new(id, if_due, &Params::new())),
                waiter: Some(waiter),
                json: RequestFact::plain(&spec.name, if_due, cause),
                number: None,
                trace,
            };
            change.audit(|_| {
                AuditedAction::new("run")
                    .of(&name)
                    .to(if_due.then_some("if it is due"))
            });
            change.request(id, request);
        }
        waiting
    }
}

impl Task {
    /// Runs the task once, as soon as it has room for another run, regardless of its condition and of whether
    /// it is disabled. While the task is [paused](Self::pause), the run waits.
    ///
    /// The parameters apply to this run only. Several calls make several runs, oldest first, unless the task
    /// is [unique](crate::TaskBuilder::unique). Await the returned value to wait for the end of the run, or
    /// drop it.
    #[allow(
        clippy::must_use_candidate,
        reason = "most who ask for a run do not wait for it"
    )]
    pub fn run(&self, params: Params) -> Queued {
        let by = self.session().who();
        self.request(params, Cause::Request { by }, false)
    }

    /// Runs the task once, as [`run`](Self::run) does, and records who requested it: see [`Record::cause`](crate::Record::cause).
    ///
    /// ```
    /// use rocketry::{Result, Session, params};
    ///
    /// fn on_click(session: &Session, user: &str) -> Result<()> {
    ///     drop(session.task("report")?.run_by(user, params! { day = "2026-01-01" }));
    ///     Ok(())
    /// }
    /// ```
    #[allow(
        clippy::must_use_candidate,
        reason = "most who ask for a run do not wait for it"
    )]
    pub fn run_by(&self, by: impl Into<Arc<str>>, params: Params) -> Queued {
        let by = Some(by.into());
        self.request(params, Cause::Request { by }, false)
    }

    /// Requests a run.
    pub(super) fn request(&self, mut params: Params, cause: Cause, if_due: bool) -> Queued {
        params.conceal(&self.session().config().secrets);
        let (waiter, answer) = oneshot::channel();
        if self.is_misnamed(&params) {
            // A call of another node is decided by that.
            drop(self.session().change());
            // The caller is there to receive it.
            let _ = waiter.send(Err(Refusal::Misnamed));
            return Queued::new(self.shared_name(), answer);
        }
        if let Some(queued) = self.forward_request(&params, &cause, if_due) {
            return queued;
        }
        // Without the lock, because comparing and serialising parameters may call user code.
        let unique = self.read(|entry| entry.spec.unique);
        let identity = unique.then(|| RequestIdentity::new(self.id(), if_due, &params));
        let json = self
            .session()
            .request_json(&self.shared_name(), &params, &cause, if_due);
        let request = RunRequest {
            params,
            if_due,
            cause,
            identity,
            waiter: Some(waiter),
            json,
            number: None,
            trace: spans::of_request(self.session()),
        };
        self.enter_request(request);
        Queued::new(self.shared_name(), answer)
    }

    /// Queues a request or refuses it, in one change.
    fn enter_request(&self, request: RunRequest) {
        let behalf = self.session().1.as_ref();
        let asked = behalf
            .filter(|behalf| behalf.is_told())
            .and_then(|_| request.params.recorded_with(&Params::new()));
        let asked = asked.or_else(|| request.if_due.then(|| "if it is due".into()));
        let mut change = self.session().change();
        if change.leaves_call() {
            return change.refuse_request(self.id(), request, Refusal::LeaderGone);
        }
        change.audit(|_| {
            AuditedAction::new("run")
                .of(&self.shared_name())
                .to(asked.as_deref())
        });
        change.request(self.id(), request);
    }

    /// Forwards a request to the leader, if this node stands by.
    fn forward_request(&self, params: &Params, cause: &Cause, if_due: bool) -> Option<Queued> {
        let name = self.shared_name();
        let call = || match RequestFact::of(&name, params, cause, if_due) {
            Ok(fact) => Ok(Call::Run(fact)),
            Err(why) => Err(uncarried(&name, &why)),
        };
        let answer = self.session().forward_run(call)?;
        Some(Queued::new(name.clone(), answer))
    }

    /// Returns true if the name of a parameter is invalid, and reports it.
    fn is_misnamed(&self, params: &Params) -> bool {
        let of = format!("a run of task `{}` that was requested", self.name());
        let problem = naming::of_params(of, params, None).into_iter().next();
        if let Some(Problem { message, location }) = problem.clone() {
            let error = Error::at(Kind::Parameter, message, location);
            self.session()
                .fail(Part::Parameter, Some(&self.shared_name()), error);
        }
        problem.is_some()
    }

    /// Runs the task once without additional parameters, like [`run`](Self::run) with an empty set.
    #[allow(
        clippy::must_use_candidate,
        reason = "most who ask for a run do not wait for it"
    )]
    pub fn force_run(&self) -> Queued {
        self.run(Params::new())
    }

    /// Waits for the next end of a run of the task. A run in progress counts.
    ///
    /// The wait begins with the call, not with the first `await`. See [`Queued`] for errors and cancel
    /// safety.
    ///
    /// ```
    /// use rocketry::{Result, Session};
    ///
    /// async fn follow(session: Session) -> Result<()> {
    ///     let ended = session.task("fetch")?.next_end().await?;
    ///     println!("{} took {:?}", ended.task, ended.runtime());
    ///     Ok(())
    /// }
    /// ```
    #[must_use = "it does nothing but wait"]
    pub fn next_end(&self) -> Queued {
        let answer = self.session().state().watch(self.id(), true);
        Queued::new(self.shared_name(), answer)
    }

    /// Waits until the status of the task satisfies a predicate, and returns the status.
    ///
    /// The status is checked immediately, and each time the start or the end of a run is recorded. A
    /// shorter-lived status may be missed; use [`next_end`](Self::next_end) or the log for those.
    ///
    /// ```
    /// use rocketry::{Result, Session, Status};
    ///
    /// async fn when_idle(session: Session) -> Result<()> {
    ///     session.task("fetch")?.wait_until(|status| status != Status::Running).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] is true if the status can no longer change because the task was deleted or the app
    /// has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    pub async fn wait_until(&self, wanted: impl Fn(Status) -> bool) -> Result<Status> {
        loop {
            let status = self.status();
            if wanted(status) {
                return Ok(status);
            }
            let change = {
                let mut state = self.session().state();
                if Status::of(&state.task(self.id()).runs.history) != status {
                    continue;
                }
                state.watch(self.id(), false)
            };
            if let Err(why) = PendingAnswer::new(change).await {
                return Err(Error::new(
                    Kind::State,
                    format!(
                        "task `{}` will not be seen to stand as wanted: {}; its status is `{status}`",
                        self.name(),
                        why.reason()
                    ),
                ));
            }
        }
    }

    /// Waits until the task has this status, as [`wait_until`](Self::wait_until) does.
    ///
    /// # Errors
    ///
    /// See [`wait_until`](Self::wait_until).
    pub async fn wait_for(&self, status: Status) -> Result<()> {
        self.wait_until(|now| now == status).await.map(drop)
    }
}

/// The reason why a request can't be sent to the leader.
fn uncarried(task: &str, why: &str) -> Error {
    let message = format!("a run of task `{task}` can't be requested on this node, which stands by: {why}");
    Error::new(Kind::State, message)
}

/// Returns the tasks of some names, each once.
fn found(state: &State, names: &[String]) -> Result<Vec<TaskId>> {
    let mut ids: Vec<TaskId> = Vec::new();
    let mut problems = Vec::new();
    for name in names {
        match state.find(name) {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) => ids.push(id),
            Err(message) => problems.push(Problem {
                message,
                location: None,
            }),
        }
    }
    if problems.is_empty() {
        Ok(ids)
    } else {
        Err(Error::build(Kind::NotFound, problems))
    }
}
