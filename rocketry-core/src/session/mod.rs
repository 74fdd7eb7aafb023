//! The session: the shared handle to a running app.

mod accepted_params;
mod adding;
mod app_info;
mod audit;
mod backfill;
mod block_on;
mod calendars;
mod calls;
mod change;
mod changes;
mod closing;
mod console;
mod decided_starts;
mod evaluate;
mod events;
mod explain;
mod extractors;
mod failures;
mod following;
mod forwarding;
mod given_params;
mod hook_calls;
mod host;
mod kept_calls;
mod leading;
mod lineage;
mod loggers;
pub(crate) mod messages;
mod nodes;
mod notes;
mod overrides;
mod pausing;
mod pool_size;
mod preview;
mod recording;
mod recovery;
mod relaying;
pub(crate) mod remote;
mod requested_runs;
mod requests;
mod restart;
mod settings;
mod signature;
mod snapshot;
pub(crate) mod spans;
mod task;
mod task_arg;
mod task_runs;
mod trace;
mod user_calls;
mod views;

pub use adding::OnExists;
pub use backfill::{Backfill, BackfillPlan};
pub use block_on::block_on;
pub(crate) use events::EventChannel;
pub use events::Events;
pub use extractors::{Due, Now};
pub(crate) use leading::Node;
pub use loggers::{SchedulerLogger, SessionLog, TaskLogger};
pub use pausing::TaskGroup;
pub use requested_runs::{Queued, Runs};
pub use signature::SignatureParam;
pub use task::Task;
pub use task_arg::{Task, TaskArg};
pub(crate) use user_calls::PATIENCE;
pub use views::{ActionInfo, PoolInfo, RunInfo, TaskInfo};

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use crate::clock::Clock;
use crate::cond::TaskRef;
use crate::config::Config;
use crate::dispatch::inbox::Inbox;
use crate::dispatch::lag_meter::LagMeter;
use crate::dispatch::live_output::LiveOutputs;
use crate::dispatch::log_meter::LogMeter;
use crate::dispatch::watchdog::Watchdog;
use crate::drops::{Lent, Locked};
use crate::engine::audit::Behalf;
use crate::engine::compile::TaskCompiler;
use crate::engine::fact_key::FactKey;
use crate::engine::naming;
use crate::engine::state::{Phase, State};
use crate::error::{Error, Kind, Location, Problem, Result};
use crate::failure::{Failures, Part};
use crate::hooks::Hooks;
use crate::log::{Page, Query, Record, Records, RunLog};
use crate::param::{Context, Entry, Host, Params, RunContext, Value};
use crate::time::{Timestamp, Zone};
use console::Console;
use tokio::sync::Notify;

/// A handle to a running app. It works inside tasks, on other threads and in code outside the app.
///
/// Functions can take it as a parameter. Clones are cheap and refer to the same app. Changes through it take
/// effect immediately.
///
/// ```
/// use rocketry::{Result, Session};
///
/// async fn rest(session: Session) -> Result<()> {
///     session.task("heartbeat")?.disable();
///     session.set_param("mode", "resting");
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Session(
    pub(crate) Arc<Shared>,
    /// The caller on whose behalf this handle makes changes.
    pub(crate) Option<Arc<Behalf>>,
);

/// The state that all handles to an app share.
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) config: Config,
    pub(crate) log: Box<dyn RunLog>,
    /// The address of the log, with passwords hidden.
    pub(crate) log_address: Option<Arc<str>>,
    /// The version of the app, as in its records.
    pub(crate) version: Option<Arc<str>>,
    pub(crate) hooks: Hooks,
    pub(crate) compiler: TaskCompiler,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) events: EventChannel,
    pub(crate) failures: Mutex<Failures>,
    pub(crate) watchdog: Watchdog,
    pub(crate) log_meter: LogMeter,
    pub(crate) lag_meter: LagMeter,
    pub(crate) outputs: LiveOutputs,
    /// Notified when the app must end immediately.
    pub(crate) forced: Notify,
    /// Prints important events while the app runs, if no `tracing` subscriber is set.
    pub(crate) console: OnceLock<Console>,
    pub(crate) state: Mutex<State>,
    /// The cluster of which the app is a node.
    pub(crate) node: Option<Node>,
}

impl Session {
    /// A handle to an app.
    pub(crate) fn of(app: Arc<Shared>) -> Self {
        Session(app, None)
    }

    /// Finds a task by its function or by its name. The last segment of the name suffices if it is
    /// unambiguous.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] is true if there is no such task; the message contains the most similar name.
    pub fn task<M>(&self, task: impl TaskRef<M>) -> Result<Task> {
        let name = task.name();
        // A separate binding releases the lock before the handle is created.
        let found = self.state().known(&name);
        match found {
            Some(Ok(id)) => Ok(Task::new(self.clone(), id)),
            Some(Err(message)) => Err(Error::new(Kind::NotFound, message)),
            None => Err(self.unknown_task(&name)),
        }
    }

    /// Returns all tasks, in the order in which they were declared.
    pub fn tasks(&self) -> Vec<Task> {
        let state = self.state();
        let ids: Vec<_> = state.ids().filter(|id| !state.task(*id).deleted).collect();
        drop(state);
        ids.into_iter().map(|id| Task::new(self.clone(), id)).collect()
    }

    /// Returns the current time, by the clock of the app.
    #[inline]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Returns the clock of the app.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Returns the settings with which the app was built. [`settings`](Self::settings) returns the current
    /// settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// Returns the matching records of the run log. The last segment of a task's name suffices.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn log(&self, query: &Query) -> Result<Vec<Record>> {
        self.records(query.clone()).collect()
    }

    /// Returns an iterator over the matching records of the run log that reads them lazily. The last segment
    /// of a task's name suffices.
    ///
    /// ```
    /// use rocketry::{Action, Query, Result, Session};
    ///
    /// fn hours_at_work(session: Session) -> Result<u64> {
    ///     let ends = session.records(Query::new().task("fetch").action(Action::Success));
    ///     let seconds = ends.map(|record| Ok(record?.runtime().unwrap_or_default().as_secs()));
    ///     Ok(seconds.sum::<Result<u64>>()? / 3600)
    /// }
    /// ```
    pub fn records(&self, query: Query) -> Records<'_, dyn RunLog> {
        Records::new(&*self.0.log, self.with_full_names(query))
    }

    /// Returns a page of the matching records of the run log, and the position of the next page. The last
    /// segment of a task's name suffices.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn log_page(&self, query: Query) -> Result<Page> {
        self.0.log.query(&self.with_full_names(query))
    }

    /// Returns the number of matching records of the run log. The last segment of a task's name suffices.
    ///
    /// ```
    /// use rocketry::{Action, Query, Rocketry, Timestamp};
    ///
    /// let session = Rocketry::builder().build()?.session();
    /// let day = Timestamp::from_micros(1_767_225_600_000_000)..Timestamp::from_micros(1_767_312_000_000_000);
    /// let failures_of_a_day = session.log_count(Query::new().action(Action::Fail).created(day))?;
    /// assert_eq!(failures_of_a_day, 0);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read. The in-memory log can always be read.
    pub fn log_count(&self, query: Query) -> Result<u64> {
        self.0.log.count(&self.with_full_names(query))
    }

    fn with_full_names(&self, mut query: Query) -> Query {
        for name in &mut query.tasks {
            if let Ok(task) = self.task(name.as_str()) {
                task.name().clone_into(name);
            }
        }
        query
    }

    /// Returns the current session parameters.
    pub fn params(&self) -> Params {
        self.state().params.clone()
    }

    /// The same parameters, borrowed for a moment.
    pub(crate) fn lent_params(&self) -> Lent<Params> {
        Lent::new(self.params())
    }

    /// Returns the value of a session parameter. If a function provides the parameter, it is called now.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] is true if there is no such parameter. Otherwise, returns the error of the
    /// parameter's function.
    pub fn param(&self, key: &str) -> Result<Value> {
        let context = self.context(None);
        context.value_of(&crate::param::Arg(key))
    }

    /// Sets a session parameter. Statements that mention parameters are evaluated again immediately.
    ///
    /// A name that is blank or contains the character U+0000 is reported as a [failure](Self::failures), and
    /// nothing is set.
    #[track_caller]
    pub fn set_param<T: Any + Send + Sync>(&self, key: &str, value: T) {
        self.put_param(key, Value::new(value), Location::caller());
    }

    pub(super) fn put_param(&self, key: &str, value: Value, place: Location) {
        if !self.may_be_called("the session", None, key, place) {
            return;
        }
        let entry = self.new_param(key, value, place);
        if self.forwards_param(key, Some(&entry)) {
            return;
        }
        let json = self.param_json("the session", key, &entry);
        let audited = self.param_audited("set-param", key, self.params().get(key), Some(&entry));
        let mut change = self.change();
        let before = change.params.get(key).cloned();
        change.audit(|_| audited.unwrap_or_default());
        change.params.set(key, entry);
        change
            .facts
            .put_param(&FactKey::Param(key.into()), json, before.as_ref());
        change.mark_on_params();
    }

    /// Returns true if a parameter may have this name. Otherwise reports it.
    fn may_be_called(&self, of: &str, task: Option<&Arc<str>>, key: &str, place: Location) -> bool {
        let problem = naming::of_param(of, key, Some(place));
        if let Some(Problem { message, location }) = &problem {
            let error = Error::at(Kind::Parameter, format!("{message}; it is not set"), *location);
            self.fail(Part::Parameter, task, error);
        }
        problem.is_none()
    }

    /// A parameter that was set while the app runs.
    fn new_param(&self, key: &str, value: Value, place: Location) -> Entry {
        let mut entry = Entry::value_of(value).set_at(place);
        if self.is_secret(key) {
            entry.conceal();
        }
        entry
    }

    /// Removes a session parameter. Returns whether it existed.
    pub fn remove_param(&self, key: &str) -> bool {
        if self.params().get(key).is_some() && self.forwards_param(key, None) {
            return true;
        }
        let audited = self.param_audited("remove-param", key, self.params().get(key), None);
        let mut change = self.change();
        let before = change.params.get(key).cloned();
        if before.is_none() {
            return false;
        }
        change.audit(|_| audited.unwrap_or_default());
        change.params.remove(key);
        change
            .facts
            .remove_param(&FactKey::Param(key.into()), before.as_ref());
        change.mark_on_params();
        true
    }

    /// Shuts the app down once the runs in progress have ended. Nothing starts any more, and permanent tasks
    /// are terminated.
    ///
    /// Calling it again has no effect. [`shut_down_now`](Self::shut_down_now) cancels the runs in progress.
    pub fn shut_down(&self) {
        self.close(Phase::Closing);
    }

    /// Shuts the app down immediately: runs in progress are terminated without waiting for them, and
    /// shut-down tasks do not run. The shut-down hooks are still called. Runs that have not ended by then
    /// are recorded as terminated.
    ///
    /// ```
    /// use rocketry::{Action, Query, Rocketry, Session};
    ///
    /// let app = Rocketry::builder()
    ///     .func("endless", "every 1 minute", || std::future::pending::<()>())
    ///     .func("impatient", "task 'endless' is running", |session: Session| async move { session.shut_down_now() });
    /// # let app = app.build()?;
    /// # let session = app.session();
    /// app.run()?;
    /// # assert_eq!(session.log(&Query::new().task("endless").last(1))?[0].action, Action::Terminate);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn shut_down_now(&self) {
        self.close(Phase::Forced);
    }

    #[inline]
    pub(crate) fn state(&self) -> Locked<'_, State> {
        Locked::new(&self.0.state)
    }

    pub(crate) fn context<'a>(&'a self, run: Option<&'a RunContext>) -> Context<'a> {
        self.context_in(self.0.config.zone, run)
    }

    pub(crate) fn context_in<'a>(&'a self, zone: Zone, run: Option<&'a RunContext>) -> Context<'a> {
        Context::new(self, self.now(), zone, run)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Session")
            .field("tasks", &state.tasks.len())
            .field("phase", &state.phase)
            .finish_non_exhaustive()
    }
}
