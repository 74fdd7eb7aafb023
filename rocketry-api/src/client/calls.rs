//! The calls, one for each route.

use axum::http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rocketry_core::check::Finding;
use rocketry_core::cluster::NodeInfo;
use rocketry_core::explain::Explanation;
use rocketry_core::{
    AuditEntry, BackfillProgress, Execution, Failure, Override, Pause, PauseScope, PoolInfo, Record, TaskInfo,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::Client;
use super::error::ClientError;
use super::events::EventStream;
use super::output::OutputStream;
use super::simulated::RunStream;
use crate::page::Page;
use crate::routes::{
    AuditFilter, CheckFilter, CountFilter, ExplainFilter, HoursFilter, LogFilter, NextFilter, RunFilter,
    SimulateFilter, TaskFilter,
};
use crate::simulation::{Hour, Simulation, Summary};
use crate::types::{
    AppInfo, BackfillAnswer, BackfillRequest, Count, Done, EndRequest, ExecutionRequest, MaxRunningRequest,
    NextStarts, ParamRequest, PauseRequest, PoolRequest, PriorityRequest, Requested, Run, RunRequest,
    StatementRequest, TimeoutRequest,
};

type Called<T> = Result<T, ClientError>;

/// Each call fails with [`ClientError::Unreachable`] if no app listens, and with [`ClientError::Problem`] if
/// the app refuses the request.
impl Client {
    /// Returns information about the app.
    pub async fn app(&self) -> Called<AppInfo> {
        self.get("/api/app").await
    }

    /// Returns all matching tasks, in the order in which they were declared.
    pub async fn tasks(&self, filter: &TaskFilter) -> Called<Vec<TaskInfo>> {
        let mut filter = filter.clone();
        let mut tasks = Vec::new();
        loop {
            let page: Page<TaskInfo> = self.get(&asking("/api/tasks", &filter)).await?;
            tasks.extend(page.items);
            match page.next {
                Some(cursor) => filter.cursor = Some(cursor),
                None => return Ok(tasks),
            }
        }
    }

    /// Returns one task.
    pub async fn task(&self, name: &str) -> Called<TaskInfo> {
        self.get(&of_task(name, "")).await
    }

    /// Returns why a task starts or does not start at an instant.
    pub async fn explain(&self, name: &str, filter: &ExplainFilter) -> Called<Explanation> {
        self.get(&asking(&of_task(name, "/explain"), filter)).await
    }

    /// Returns a page of runs, newest first.
    pub async fn runs(&self, filter: &RunFilter) -> Called<Page<Run>> {
        self.get(&asking("/api/runs", filter)).await
    }

    /// Returns one run.
    pub async fn run(&self, run_id: &str) -> Called<Run> {
        self.get(&format!("/api/runs/{}", segment(run_id))).await
    }

    /// Returns the output of a run until it ends, starting with the recent output that is still kept. For a
    /// run that has ended, returns the output in the run log.
    pub async fn follow_output(&self, run_id: &str) -> Called<OutputStream> {
        let address = format!("/api/runs/{}/output?follow=true", segment(run_id));
        let response = self.transport.send(Method::GET, &address, None::<&()>).await?;
        Ok(OutputStream::new(response.into_body()))
    }

    /// Returns a page of records.
    pub async fn log(&self, filter: &LogFilter) -> Called<Page<Record>> {
        self.get(&asking("/api/log", filter)).await
    }

    /// Returns how many records match, up to a limit.
    pub async fn log_count(&self, filter: &CountFilter) -> Called<Count> {
        self.get(&asking("/api/log/count", filter)).await
    }

    /// Returns the failures outside of runs.
    pub async fn failures(&self) -> Called<Vec<Failure>> {
        self.get("/api/failures").await
    }

    /// Returns the next starts of a task or of a statement.
    pub async fn next(&self, filter: &NextFilter) -> Called<NextStarts> {
        self.get(&asking("/api/next", filter)).await
    }

    /// Returns schedules that rarely mean what they say.
    pub async fn check(&self, filter: &CheckFilter) -> Called<Vec<Finding>> {
        self.get(&asking("/api/check", filter)).await
    }

    /// Simulates a period of time.
    pub async fn simulate(&self, filter: &SimulateFilter) -> Called<Simulation> {
        self.get(&asking("/api/simulate", filter)).await
    }

    /// Simulates a period of time, and returns the totals.
    pub async fn simulate_summary(&self, filter: &SimulateFilter) -> Called<Summary> {
        self.get(&asking("/api/simulate/summary", filter)).await
    }

    /// Simulates a period of time, and returns each run when it ends. Runs in progress at the end of the
    /// period come last.
    pub async fn simulate_runs(&self, filter: &SimulateFilter) -> Called<RunStream> {
        let address = asking("/api/simulate/runs", filter);
        let response = self.transport.send(Method::GET, &address, None::<&()>).await?;
        Ok(RunStream::new(response.into_body()))
    }

    /// Returns the number of runs that would start in each hour of a period of time.
    pub async fn hours(&self, filter: &HoursFilter) -> Called<Vec<Hour>> {
        self.get(&asking("/api/simulate/hours", filter)).await
    }

    /// Returns the current pauses.
    pub async fn pauses(&self) -> Called<Vec<Pause>> {
        self.get("/api/pauses").await
    }

    /// Returns the stream of events. Once this returns, no event is missed.
    pub async fn events(&self) -> Called<EventStream> {
        let response = self
            .transport
            .send(Method::GET, "/api/events", None::<&()>)
            .await?;
        let mut events = EventStream::new(response.into_body());
        events.begin().await?;
        Ok(events)
    }

    /// Requests a run of a task.
    pub async fn run_task(&self, name: &str, request: &RunRequest) -> Called<Requested> {
        self.transport
            .call(Method::POST, &of_task(name, "/runs"), Some(request))
            .await
    }

    /// Terminates the runs of a task.
    pub async fn terminate_task(&self, name: &str) -> Called<Done> {
        self.post(&of_task(name, "/terminate")).await
    }

    /// Terminates a run.
    pub async fn terminate_run(&self, run_id: &str) -> Called<Done> {
        self.post(&format!("/api/runs/{}/terminate", segment(run_id)))
            .await
    }

    /// Enables a task: its start condition starts it again.
    pub async fn enable(&self, name: &str) -> Called<Done> {
        self.post(&of_task(name, "/enable")).await
    }

    /// Disables a task: its start condition no longer starts it.
    pub async fn disable(&self, name: &str) -> Called<Done> {
        self.post(&of_task(name, "/disable")).await
    }

    /// Plans or starts a backfill of a task.
    pub async fn backfill(&self, name: &str, request: &BackfillRequest) -> Called<BackfillAnswer> {
        let address = of_task(name, "/backfill");
        self.transport.call(Method::POST, &address, Some(request)).await
    }

    /// Returns the progress of the task's backfill, if one is in progress.
    pub async fn backfill_progress(&self, name: &str) -> Called<Option<BackfillProgress>> {
        self.get(&of_task(name, "/backfill")).await
    }

    /// Cancels the remaining runs of the task's backfill.
    pub async fn cancel_backfill(&self, name: &str) -> Called<Done> {
        self.post(&of_task(name, "/backfill/cancel")).await
    }

    /// Cancels the catch-up of a task: its remaining missed starts are dropped.
    pub async fn cancel_catch_up(&self, name: &str) -> Called<Done> {
        self.post(&of_task(name, "/catch-up/cancel")).await
    }

    /// Pauses all tasks, those of a group, or one.
    pub async fn pause(&self, scope: &PauseScope, request: &PauseRequest) -> Called<Done> {
        let address = of_scope(scope, "pause");
        self.transport.call(Method::POST, &address, Some(request)).await
    }

    /// Ends a pause.
    pub async fn resume(&self, scope: &PauseScope) -> Called<Done> {
        self.post(&of_scope(scope, "resume")).await
    }

    /// Skips the next start of all tasks, of those of a group, or of one.
    pub async fn skip_next(&self, scope: &PauseScope) -> Called<Done> {
        self.post(&of_scope(scope, "skip-next")).await
    }

    /// Returns a page of the audit log, newest first.
    pub async fn audit(&self, filter: &AuditFilter) -> Called<Page<AuditEntry>> {
        self.get(&asking("/api/audit", filter)).await
    }

    /// Changes the start condition of a task.
    pub async fn set_start(&self, name: &str, statement: &str) -> Called<Done> {
        self.put(&of_task(name, "/start"), &stated(statement)).await
    }

    /// Changes the end condition of a task.
    pub async fn set_end(&self, name: &str, statement: &str) -> Called<Done> {
        self.put(&of_task(name, "/end"), &stated(statement)).await
    }

    /// Changes the priority of a task.
    pub async fn set_priority(&self, name: &str, priority: i64) -> Called<Done> {
        self.put(&of_task(name, "/priority"), &PriorityRequest { priority })
            .await
    }

    /// Changes the timeout of a task: a duration such as `10 minutes`, or `never`.
    pub async fn set_timeout(&self, name: &str, timeout: &str) -> Called<Done> {
        let timeout = timeout.to_owned();
        self.put(&of_task(name, "/timeout"), &TimeoutRequest { timeout })
            .await
    }

    /// Changes the maximum number of concurrent runs of a task.
    pub async fn set_max_running(&self, name: &str, count: u64) -> Called<Done> {
        self.put(&of_task(name, "/max-running"), &MaxRunningRequest { count })
            .await
    }

    /// Changes where a task runs.
    pub async fn set_execution(&self, name: &str, execution: Execution) -> Called<Done> {
        self.put(&of_task(name, "/execution"), &ExecutionRequest { execution })
            .await
    }

    /// Deletes a task until the app restarts.
    pub async fn delete_task(&self, name: &str) -> Called<Done> {
        self.delete(&of_task(name, "")).await
    }

    /// Resets the options of a task to the values in the code.
    pub async fn reset(&self, name: &str) -> Called<Done> {
        self.post(&of_task(name, "/reset")).await
    }

    /// Returns the options of tasks that differ from the code.
    pub async fn overrides(&self) -> Called<Vec<Override>> {
        self.get("/api/overrides").await
    }

    /// Cancels a skip of the next start of a task.
    pub async fn do_not_skip_next(&self, name: &str) -> Called<Done> {
        self.delete(&of_task(name, "/skip-next")).await
    }

    /// Returns the parameters of a task, or of the session, that have a plain value.
    pub async fn params(&self, task: Option<&str>) -> Called<Map<String, Json>> {
        self.get(&of_params(task)).await
    }

    /// Sets a parameter of a task, or of the session.
    pub async fn set_param(&self, task: Option<&str>, param: &str, value: Json) -> Called<Done> {
        let address = format!("{}/{}", of_params(task), segment(param));
        self.put(&address, &ParamRequest { value }).await
    }

    /// Removes a parameter of a task, or of the session.
    pub async fn remove_param(&self, task: Option<&str>, param: &str) -> Called<Done> {
        self.delete(&format!("{}/{}", of_params(task), segment(param)))
            .await
    }

    /// Returns the pools.
    pub async fn pools(&self) -> Called<Vec<PoolInfo>> {
        self.get("/api/pools").await
    }

    /// Changes the size of a pool.
    pub async fn set_pool(&self, pool: &str, size: u64) -> Called<Done> {
        self.put(&format!("/api/pools/{}", segment(pool)), &PoolRequest { size })
            .await
    }

    /// Returns the nodes of the app's cluster.
    pub async fn nodes(&self) -> Called<Vec<NodeInfo>> {
        self.get("/api/nodes").await
    }

    /// Drains a node of the cluster; without a name, the node that receives the call.
    pub async fn drain(&self, node: Option<&str>) -> Called<Done> {
        let address = node.map_or_else(
            || "/api/drain".to_owned(),
            |node| format!("/api/nodes/{}/drain", segment(node)),
        );
        self.transport.call(Method::POST, &address, None::<&()>).await
    }

    /// Shuts the app down.
    pub async fn shut_down(&self, request: EndRequest) -> Called<Done> {
        self.transport
            .call(Method::POST, "/api/shut-down", Some(&request))
            .await
    }

    /// Restarts the app.
    pub async fn restart(&self, request: EndRequest) -> Called<Done> {
        self.transport
            .call(Method::POST, "/api/restart", Some(&request))
            .await
    }

    async fn put<T: DeserializeOwned>(&self, address: &str, body: &(impl Serialize + Sync)) -> Called<T> {
        self.transport.call(Method::PUT, address, Some(body)).await
    }

    async fn delete<T: DeserializeOwned>(&self, address: &str) -> Called<T> {
        self.transport.call(Method::DELETE, address, None::<&()>).await
    }

    async fn get<T: DeserializeOwned>(&self, address: &str) -> Called<T> {
        self.transport.call(Method::GET, address, None::<&()>).await
    }

    async fn post<T: DeserializeOwned>(&self, address: &str) -> Called<T> {
        self.transport.call(Method::POST, address, None::<&()>).await
    }
}

fn stated(statement: &str) -> StatementRequest {
    StatementRequest {
        statement: statement.to_owned(),
    }
}

/// The address of the parameters of a task, or of the session.
fn of_params(task: Option<&str>) -> String {
    task.map_or_else(|| "/api/params".to_owned(), |task| of_task(task, "/params"))
}

fn segment(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn of_task(name: &str, rest: &str) -> String {
    format!("/api/tasks/{}{rest}", segment(name))
}

/// The address of an action on all tasks, on those of a group, or on one.
fn of_scope(scope: &PauseScope, action: &str) -> String {
    match scope {
        PauseScope::Task(name) => of_task(name, &format!("/{action}")),
        PauseScope::Group(name) => format!("/api/groups/{}/{action}", segment(name)),
        _ => format!("/api/{action}"),
    }
}

/// An address with the fields of a filter as query parameters.
fn asking(address: &str, filter: &impl Serialize) -> String {
    let Ok(Json::Object(fields)) = serde_json::to_value(filter) else {
        return address.to_owned();
    };
    let pairs = fields.iter().map(|(key, value)| match value {
        Json::String(text) => format!("{key}={}", segment(text)),
        other => format!("{key}={other}"),
    });
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() {
        return address.to_owned();
    }
    format!("{address}?{}", pairs.join("&"))
}
