//! The table of all routes.

use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, post, put};
use rocketry_core::check::Finding;
use rocketry_core::cluster::NodeInfo;
use rocketry_core::explain::Explanation;
use rocketry_core::{
    AuditEntry, BackfillProgress, Event, Failure, Override, Pause, PoolInfo, Record, TaskInfo,
};

use super::{
    AuditFilter, CheckFilter, CountFilter, ExplainFilter, HoursFilter, LogFilter, NextFilter, OutputFilter,
    RunFilter, SimulateFilter, TaskFilter,
};
use super::{
    actions, app, audit, backfill, catch_up, check, document, events, explain, log, next, nodes, options,
    output, params, pausing, runs, simulate, tasks,
};
use crate::shape::Shape;
use crate::simulation::{Hour, SimulatedRun, Simulation, Summary};
use crate::state::Api;
use crate::types::{
    AppInfo, BackfillAnswer, BackfillRequest, Count, Done, EndRequest, ExecutionRequest, MaxRunningRequest,
    NextStarts, ParamRequest, PauseRequest, PoolRequest, PriorityRequest, Requested, Run, RunRequest,
    StatementRequest, TimeoutRequest,
};

/// A route of the API: a method and an address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address, with variable segments in braces: `/api/tasks/{task}/pause`.
    pub path: &'static str,
    /// The name of the action, such as `pause`; `None` for a read-only route.
    pub action: Option<&'static str>,
    pub(super) handler: MethodRouter<Api>,
    #[cfg_attr(
        not(feature = "openapi"),
        expect(dead_code, reason = "only the document has it")
    )]
    pub(crate) shape: Shape,
}

fn look(path: &'static str, handler: MethodRouter<Api>, shape: Shape) -> Route {
    Route {
        method: Method::GET,
        path,
        action: None,
        handler,
        shape,
    }
}

fn steer(
    method: Method,
    path: &'static str,
    action: &'static str,
    handler: MethodRouter<Api>,
    shape: Shape,
) -> Route {
    Route {
        method,
        path,
        action: Some(action),
        handler,
        shape,
    }
}

/// All routes.
pub(super) fn table() -> Vec<Route> {
    let mut all = looking();
    all.extend(steering());
    all.extend(setting());
    all
}

fn done(summary: &'static str) -> Shape {
    Shape::new::<Done>(summary)
}

/// The read-only routes.
#[rustfmt::skip]
fn looking() -> Vec<Route> {
    vec![
        look("/api/openapi.json", get(document::document), Shape::object("This document.")),
        look("/api/app", get(app::info), Shape::new::<AppInfo>("Information about the app.")),
        look("/api/tasks", get(tasks::list), Shape::page::<TaskInfo>("A page of tasks.").asks::<TaskFilter>()),
        look("/api/tasks/{task}", get(tasks::one), Shape::new::<TaskInfo>("The current state of a task.")),
        look("/api/tasks/{task}/explain", get(explain::explain), Shape::new::<Explanation>("Why a task starts or does not start.").asks::<ExplainFilter>()),
        look("/api/tasks/{task}/params", get(params::of_task), Shape::object("The parameters of a task that have a plain value. Secrets are `***`.")),
        look("/api/tasks/{task}/backfill", get(backfill::progress), Shape::new::<Option<BackfillProgress>>("The progress of a task's backfill; `null` if none is in progress.")),
        look("/api/runs", get(runs::list), Shape::page::<Run>("A page of runs, newest first.").asks::<RunFilter>()),
        look("/api/runs/{run}", get(runs::one), Shape::new::<Run>("A run.")),
        look("/api/runs/{run}/output", get(output::output), Shape::text("The output of a run that is a program.").asks::<OutputFilter>()),
        look("/api/log", get(log::page), Shape::page::<Record>("A page of records of the run log.").asks::<LogFilter>()),
        look("/api/log/count", get(log::count), Shape::new::<Count>("The number of matching records, up to a limit.").asks::<CountFilter>()),
        look("/api/events", get(events::events), Shape::stream::<Event>("A stream of the events from now on.")),
        look("/api/next", get(next::starts), Shape::new::<NextStarts>("The next starts of a task or of a statement.").asks::<NextFilter>()),
        look("/api/check", get(check::check), Shape::list::<Finding>("Schedules that rarely mean what they say.").asks::<CheckFilter>()),
        look("/api/simulate", get(simulate::simulate), Shape::new::<Simulation>("A simulation of a period of time.").asks::<SimulateFilter>()),
        look("/api/simulate/summary", get(simulate::summary), Shape::new::<Summary>("The totals of a simulation.").asks::<SimulateFilter>()),
        look("/api/simulate/runs", get(simulate::runs), Shape::stream::<SimulatedRun>("A stream of the runs of a simulation, each when it ends.").asks::<SimulateFilter>()),
        look("/api/simulate/hours", get(simulate::hours), Shape::list::<Hour>("The number of runs that would start in each hour of a period of time.").asks::<HoursFilter>()),
        look("/api/params", get(params::of_session), Shape::object("The parameters of the session that have a plain value. Secrets are `***`.")),
        look("/api/pools", get(params::pools), Shape::list::<PoolInfo>("The pools and their use.")),
        look("/api/nodes", get(nodes::list), Shape::list::<NodeInfo>("The nodes of the app's cluster, first those that are not lost. Empty if the app is not a node.")),
        look("/api/overrides", get(options::all), Shape::list::<Override>("The options of tasks that differ from the code.")),
        look("/api/pauses", get(pausing::pauses), Shape::list::<Pause>("The current pauses.")),
        look("/api/failures", get(app::failures), Shape::list::<Failure>("Failures outside of runs.")),
        look("/api/audit", get(audit::page), Shape::page::<AuditEntry>("A page of the audit log, newest first.").asks::<AuditFilter>()),
    ]
}

/// The routes that steer the app.
fn steering() -> Vec<Route> {
    let mut all = running();
    all.extend(holding());
    all
}

fn does(path: &'static str, action: &'static str, handler: MethodRouter<Api>, shape: Shape) -> Route {
    steer(Method::POST, path, action, handler, shape)
}

/// The routes that start and end runs, backfills and the app.
#[rustfmt::skip]
fn running() -> Vec<Route> {
    vec![
        does("/api/tasks/{task}/runs", "run", post(actions::run), Shape::new::<Requested>("Requests a run of a task.").may_take::<RunRequest>(r#"{"params": {"day": "2026-01-31"}, "wait": false}"#)),
        does("/api/tasks/{task}/terminate", "terminate", post(actions::terminate), done("Terminates the runs of a task.")),
        does("/api/runs/{run}/terminate", "terminate", post(actions::terminate_run), done("Terminates a run.")),
        does("/api/tasks/{task}/backfill", "backfill", post(backfill::begin), Shape::new::<BackfillAnswer>("Plans or starts a backfill of a task.").takes::<BackfillRequest>(r#"{"from": "2026-01-01", "to": "2026-02-01", "missed": true, "dry_run": true}"#)),
        does("/api/tasks/{task}/backfill/cancel", "cancel-backfill", post(backfill::cancel), done("Cancels the remaining runs of a task's backfill.")),
        does("/api/tasks/{task}/catch-up/cancel", "cancel-catch-up", post(catch_up::cancel), done("Cancels the catch-up of a task: its remaining missed starts are dropped.")),
        does("/api/tasks/{task}/reset", "reset", post(options::reset), done("Resets the options of a task to the values in the code.")),
        does("/api/shut-down", "shut-down", post(app::shut_down), done("Shuts the app down.").may_take::<EndRequest>(r#"{"now": false}"#)),
        does("/api/drain", "drain", post(nodes::drain), done("Drains the node that receives the request: it takes no new runs, and ends once its runs have ended.")),
        does("/api/nodes/{node}/drain", "drain", post(nodes::drain_node), done("Drains a node of the cluster, given its name or its instance.")),
        does("/api/restart", "restart", post(app::restart), done("Restarts the app.").may_take::<EndRequest>(r#"{"now": false}"#)),
    ]
}

/// The routes that hold back and release starts.
#[rustfmt::skip]
fn holding() -> Vec<Route> {
    vec![
        does("/api/tasks/{task}/enable", "enable", post(actions::enable), done("Enables a task: its start condition starts it again.")),
        does("/api/tasks/{task}/disable", "disable", post(actions::disable), done("Disables a task: its start condition no longer starts it.")),
        does("/api/tasks/{task}/pause", "pause", post(pausing::pause_task), done("Pauses a task.").may_take::<PauseRequest>(r#"{"until": "2h"}"#)),
        does("/api/tasks/{task}/resume", "resume", post(pausing::resume_task), done("Ends the pause of a task.")),
        does("/api/tasks/{task}/skip-next", "skip-next", post(pausing::skip_next_of_task), done("Skips the next start of a task.")),
        does("/api/groups/{group}/pause", "pause", post(pausing::pause_group), done("Pauses the tasks of a group.").may_take::<PauseRequest>(r#"{"until": "2h"}"#)),
        does("/api/groups/{group}/resume", "resume", post(pausing::resume_group), done("Ends the pause of a group.")),
        does("/api/groups/{group}/skip-next", "skip-next", post(pausing::skip_next_of_group), done("Skips the next start of each task of a group.")),
        does("/api/pause", "pause", post(pausing::pause), done("Pauses all tasks.").may_take::<PauseRequest>(r#"{"until": "2h"}"#)),
        does("/api/resume", "resume", post(pausing::resume), done("Ends the pause of the app.")),
        does("/api/skip-next", "skip-next", post(pausing::skip_next), done("Skips the next start of every task.")),
    ]
}

/// The routes that set or remove a value.
#[rustfmt::skip]
fn setting() -> Vec<Route> {
    let sets = |path, action, handler, shape| steer(Method::PUT, path, action, handler, shape);
    let removes = |path, action, handler, shape| steer(Method::DELETE, path, action, handler, shape);
    vec![
        sets("/api/tasks/{task}/start", "set-start", put(options::start), done("Changes the start condition of a task.").takes::<StatementRequest>(r#"{"statement": "daily after 07:00"}"#)),
        sets("/api/tasks/{task}/end", "set-end", put(options::end), done("Changes the end condition of a task.").takes::<StatementRequest>(r#"{"statement": "daily after 08:00"}"#)),
        sets("/api/tasks/{task}/priority", "set-priority", put(options::priority), done("Changes the priority of a task.").takes::<PriorityRequest>(r#"{"priority": 5}"#)),
        sets("/api/tasks/{task}/timeout", "set-timeout", put(options::timeout), done("Changes the timeout of a task.").takes::<TimeoutRequest>(r#"{"timeout": "10 minutes"}"#)),
        sets("/api/tasks/{task}/max-running", "set-max-running", put(options::max_running), done("Changes the maximum number of concurrent runs of a task.").takes::<MaxRunningRequest>(r#"{"count": 2}"#)),
        sets("/api/tasks/{task}/execution", "set-execution", put(options::execution), done("Changes where a task runs.").takes::<ExecutionRequest>(r#"{"execution": "thread"}"#)),
        removes("/api/tasks/{task}", "delete", delete(options::delete), done("Deletes a task until the app restarts.")),
        sets("/api/tasks/{task}/params/{param}", "set-param", put(params::set_of_task), done("Sets a parameter of a task.").takes::<ParamRequest>(r#"{"value": "2026-01-31"}"#)),
        removes("/api/tasks/{task}/params/{param}", "remove-param", delete(params::remove_of_task), done("Removes a parameter of a task.")),
        removes("/api/tasks/{task}/skip-next", "do-not-skip-next", delete(pausing::do_not_skip_next), done("Cancels a skip of the next start of a task.")),
        sets("/api/params/{param}", "set-param", put(params::set), done("Sets a parameter of the session.").takes::<ParamRequest>(r#"{"value": "2026-01-31"}"#)),
        removes("/api/params/{param}", "remove-param", delete(params::remove), done("Removes a parameter of the session.")),
        sets("/api/pools/{pool}", "set-pool", put(params::resize), done("Changes the size of a pool.").takes::<PoolRequest>(r#"{"size": 8}"#)),
    ]
}
