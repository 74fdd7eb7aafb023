//! All addresses of the API, with what each does.

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

/// An address of the API, with a method.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address, with the segments that vary in braces: `/api/tasks/{task}/pause`.
    pub path: &'static str,
    /// What it does to the app, such as `pause`; `None` if it only looks at it.
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

/// All addresses.
pub(super) fn table() -> Vec<Route> {
    let mut all = looking();
    all.extend(steering());
    all.extend(setting());
    all
}

fn done(summary: &'static str) -> Shape {
    Shape::new::<Done>(summary)
}

/// Those that look at the app.
#[rustfmt::skip]
fn looking() -> Vec<Route> {
    vec![
        look("/api/openapi.json", get(document::document), Shape::object("This document.")),
        look("/api/app", get(app::info), Shape::new::<AppInfo>("The app.")),
        look("/api/tasks", get(tasks::list), Shape::page::<TaskInfo>("A page of tasks.").asks::<TaskFilter>()),
        look("/api/tasks/{task}", get(tasks::one), Shape::new::<TaskInfo>("A task as it stands.")),
        look("/api/tasks/{task}/explain", get(explain::explain), Shape::new::<Explanation>("Why a task starts or does not start.").asks::<ExplainFilter>()),
        look("/api/tasks/{task}/params", get(params::of_task), Shape::object("The parameters of a task that have a plain value. Secrets are `***`.")),
        look("/api/tasks/{task}/backfill", get(backfill::progress), Shape::new::<Option<BackfillProgress>>("How far the backfill of a task is; `null` if none is under way.")),
        look("/api/runs", get(runs::list), Shape::page::<Run>("A page of runs, newest first.").asks::<RunFilter>()),
        look("/api/runs/{run}", get(runs::one), Shape::new::<Run>("A run.")),
        look("/api/runs/{run}/output", get(output::output), Shape::text("What a run has printed that is a program.").asks::<OutputFilter>()),
        look("/api/log", get(log::page), Shape::page::<Record>("A page of records of the run log.").asks::<LogFilter>()),
        look("/api/log/count", get(log::count), Shape::new::<Count>("How many records there are.").asks::<CountFilter>()),
        look("/api/events", get(events::events), Shape::stream::<Event>("What happens from now on.")),
        look("/api/next", get(next::starts), Shape::new::<NextStarts>("The next starts of a task or of a statement.").asks::<NextFilter>()),
        look("/api/check", get(check::check), Shape::list::<Finding>("Schedules that are rarely meant as they are written.").asks::<CheckFilter>()),
        look("/api/simulate", get(simulate::simulate), Shape::new::<Simulation>("What would happen in a stretch of time.").asks::<SimulateFilter>()),
        look("/api/simulate/summary", get(simulate::summary), Shape::new::<Summary>("The totals of a stretch of time.").asks::<SimulateFilter>()),
        look("/api/simulate/runs", get(simulate::runs), Shape::stream::<SimulatedRun>("The runs that would be made in a stretch of time, when they end.").asks::<SimulateFilter>()),
        look("/api/simulate/hours", get(simulate::hours), Shape::list::<Hour>("How many runs would start in each hour of a stretch of time.").asks::<HoursFilter>()),
        look("/api/params", get(params::of_session), Shape::object("The parameters of the session that have a plain value. Secrets are `***`.")),
        look("/api/pools", get(params::pools), Shape::list::<PoolInfo>("The pools and their use.")),
        look("/api/nodes", get(nodes::list), Shape::list::<NodeInfo>("The nodes of the cluster of the app, those that are not lost first. Empty if it is no node.")),
        look("/api/overrides", get(options::all), Shape::list::<Override>("The options of tasks that differ from what the code says.")),
        look("/api/pauses", get(pausing::pauses), Shape::list::<Pause>("The pauses that last.")),
        look("/api/failures", get(app::failures), Shape::list::<Failure>("Failures outside runs.")),
        look("/api/audit", get(audit::page), Shape::page::<AuditEntry>("Who has done what, newest first.").asks::<AuditFilter>()),
    ]
}

/// Those that make something happen.
fn steering() -> Vec<Route> {
    let mut all = running();
    all.extend(holding());
    all
}

fn does(path: &'static str, action: &'static str, handler: MethodRouter<Api>, shape: Shape) -> Route {
    steer(Method::POST, path, action, handler, shape)
}

/// Those that begin and end runs, backfills and the app.
#[rustfmt::skip]
fn running() -> Vec<Route> {
    vec![
        does("/api/tasks/{task}/runs", "run", post(actions::run), Shape::new::<Requested>("Requests a run of a task.").may_take::<RunRequest>(r#"{"params": {"day": "2026-01-31"}, "wait": false}"#)),
        does("/api/tasks/{task}/terminate", "terminate", post(actions::terminate), done("Terminates the runs of a task.")),
        does("/api/runs/{run}/terminate", "terminate", post(actions::terminate_run), done("Terminates a run.")),
        does("/api/tasks/{task}/backfill", "backfill", post(backfill::begin), Shape::new::<BackfillAnswer>("Plans or starts a backfill of a task.").takes::<BackfillRequest>(r#"{"from": "2026-01-01", "to": "2026-02-01", "missed": true, "dry_run": true}"#)),
        does("/api/tasks/{task}/backfill/cancel", "cancel-backfill", post(backfill::cancel), done("Lets the backfill of a task make no more runs.")),
        does("/api/tasks/{task}/catch-up/cancel", "cancel-catch-up", post(catch_up::cancel), done("Makes none of the missed starts of a task that are still to be made up for.")),
        does("/api/tasks/{task}/reset", "reset", post(options::reset), done("Returns the options of a task to what the code says.")),
        does("/api/shut-down", "shut-down", post(app::shut_down), done("Shuts the app down.").may_take::<EndRequest>(r#"{"now": false}"#)),
        does("/api/drain", "drain", post(nodes::drain), done("Takes the node that is asked out of its cluster: it takes nothing new, and ends once its runs have ended.")),
        does("/api/nodes/{node}/drain", "drain", post(nodes::drain_node), done("Takes a node out of the cluster, by its name or its instance.")),
        does("/api/restart", "restart", post(app::restart), done("Restarts the app.").may_take::<EndRequest>(r#"{"now": false}"#)),
    ]
}

/// Those that hold starts back, and let them be made.
#[rustfmt::skip]
fn holding() -> Vec<Route> {
    vec![
        does("/api/tasks/{task}/enable", "enable", post(actions::enable), done("Lets the condition of a task start it again.")),
        does("/api/tasks/{task}/disable", "disable", post(actions::disable), done("Keeps the condition of a task from starting it.")),
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

/// Those that set a value, or remove it.
#[rustfmt::skip]
fn setting() -> Vec<Route> {
    let sets = |path, action, handler, shape| steer(Method::PUT, path, action, handler, shape);
    let removes = |path, action, handler, shape| steer(Method::DELETE, path, action, handler, shape);
    vec![
        sets("/api/tasks/{task}/start", "set-start", put(options::start), done("Changes when a task may start.").takes::<StatementRequest>(r#"{"statement": "daily after 07:00"}"#)),
        sets("/api/tasks/{task}/end", "set-end", put(options::end), done("Changes when runs of a task have to end.").takes::<StatementRequest>(r#"{"statement": "daily after 08:00"}"#)),
        sets("/api/tasks/{task}/priority", "set-priority", put(options::priority), done("Changes the priority of a task.").takes::<PriorityRequest>(r#"{"priority": 5}"#)),
        sets("/api/tasks/{task}/timeout", "set-timeout", put(options::timeout), done("Changes how long runs of a task may take.").takes::<TimeoutRequest>(r#"{"timeout": "10 minutes"}"#)),
        sets("/api/tasks/{task}/max-running", "set-max-running", put(options::max_running), done("Changes how many runs of a task may be under way at a time.").takes::<MaxRunningRequest>(r#"{"count": 2}"#)),
        sets("/api/tasks/{task}/execution", "set-execution", put(options::execution), done("Changes where runs of a task execute.").takes::<ExecutionRequest>(r#"{"execution": "thread"}"#)),
        removes("/api/tasks/{task}", "delete", delete(options::delete), done("Removes a task until the app starts anew.")),
        sets("/api/tasks/{task}/params/{param}", "set-param", put(params::set_of_task), done("Sets a parameter of a task.").takes::<ParamRequest>(r#"{"value": "2026-01-31"}"#)),
        removes("/api/tasks/{task}/params/{param}", "remove-param", delete(params::remove_of_task), done("Removes a parameter of a task.")),
        removes("/api/tasks/{task}/skip-next", "do-not-skip-next", delete(pausing::do_not_skip_next), done("Makes the next start of a task after all, which was to be skipped.")),
        sets("/api/params/{param}", "set-param", put(params::set), done("Sets a parameter of the session.").takes::<ParamRequest>(r#"{"value": "2026-01-31"}"#)),
        removes("/api/params/{param}", "remove-param", delete(params::remove), done("Removes a parameter of the session.")),
        sets("/api/pools/{pool}", "set-pool", put(params::resize), done("Changes how many runs a pool has room for.").takes::<PoolRequest>(r#"{"size": 8}"#)),
    ]
}
