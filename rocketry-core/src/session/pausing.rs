//! Pauses tasks, groups and the whole app, and skips starts.

use std::sync::Arc;

use super::calls::Call;
use super::change::Change;
use super::{Session, Task};
use crate::engine::audit::AuditedAction;
use crate::engine::pause::{Pause, PauseScope};
use crate::engine::state::State;
use crate::error::{Error, Kind, Result};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl Task {
    /// Pauses the task: none of its runs start until it is [resumed](Self::resume).
    ///
    /// Runs in progress continue. Other starts depend on their kind:
    ///
    /// - A scheduled start does not happen. If the start condition is still true when the pause ends, the
    ///   task is due then, as after [`enable`](Self::enable). Occurrences that have passed are not made up
    ///   for.
    /// - A requested run waits in the queue until the pause ends, and [`waits_for`](Self::waits_for) says so.
    ///   A request that only applies if the task is due is refused.
    /// - A start that is deferred by jitter or `overlap` happens when the pause ends.
    /// - Start-up and shut-down tasks run.
    ///
    /// Pauses are meant for operators, for example during the maintenance of a database or a deployment. A
    /// pause survives a restart with a durable run log, can end by itself, and can cover a group or the whole
    /// app. In contrast, [`disable`](Self::disable) switches off the schedule of one task: requested runs are
    /// made, and deferred starts are dropped. A task can be both paused and disabled.
    ///
    /// Pauses of the task, of its group and of the app are independent: a run starts when all of them are
    /// over. In an app that only runs what is requested ([`App::only`](crate::App::only)), pauses have no
    /// effect.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// let report = app.session().task("report")?;
    /// report.pause_until("2026-01-03T12:00:00Z".parse()?);
    /// app.run_until("2026-01-04T00:00:00Z");
    /// assert_eq!(app.starts("report"), ["2026-01-03T12:00:00Z".parse()?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pause(&self) {
        self.put_pause(None);
    }

    /// Pauses the task until an instant: see [`pause`](Self::pause).
    ///
    /// If the task is already paused, the pause now ends at this instant. An instant in the past ends the
    /// pause.
    pub fn pause_until(&self, until: Timestamp) {
        self.put_pause(Some(until));
    }

    /// Ends the pause of the task. Pauses of its group and of the app go on. Has no effect if there is none.
    pub fn resume(&self) {
        self.session().resume_scope(&self.scope());
    }

    /// Returns whether the task is paused now: by itself, with its group, or with the app.
    pub fn is_paused(&self) -> bool {
        !self.pauses().is_empty()
    }

    /// Returns the pauses that apply to the task now: those of the app, of its group and of the task itself,
    /// in this order.
    pub fn pauses(&self) -> Vec<Pause> {
        let now = self.session().now();
        let state = self.session().state();
        state.pauses_of(self.id(), now).cloned().collect()
    }

    /// Skips the next scheduled start of the task.
    ///
    /// When the start is due, it does not happen. The schedule continues as if the task had run: a daily task
    /// waits for the next day, and an interval keeps its grid. The start is counted in
    /// [`skipped`](Self::skipped) with the reason [`SkipReason::Asked`](crate::SkipReason::Asked), and
    /// [`next_due`](Self::next_due) passes over it. Requested runs and retries are not skipped. Calling this
    /// again before that start has no effect. With a durable run log, it survives a restart.
    ///
    /// If the statement does not distinguish individual starts, as with `true` or `~has succeeded today`, the
    /// next start follows immediately.
    ///
    /// ```
    /// use rocketry::{Rocketry, SkipReason, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// let report = app.session().task("report")?;
    /// report.skip_next();
    /// assert_eq!(report.next_due(), Some("2026-01-02T07:00:00Z".parse()?));
    /// app.run_until("2026-01-02T08:00:00Z");
    /// assert_eq!(app.starts("report"), ["2026-01-02T07:00:00Z".parse()?]);
    /// assert_eq!(report.skipped(SkipReason::Asked), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn skip_next(&self) {
        if self.session().forwards(|| Ok(Call::SkipNext(self.scope()))) {
            return;
        }
        let mut change = self.session().change();
        if !change.task(self.id()).deleted {
            change.audit(|_| AuditedAction::new("skip-next").of(&self.shared_name()));
            change.skip_next(self.id());
        }
    }

    /// Cancels a [skip](Self::skip_next) of the next start.
    pub fn do_not_skip_next(&self) {
        if self
            .session()
            .forwards(|| Ok(Call::DoNotSkipNext(self.shared_name())))
        {
            return;
        }
        let mut change = self.session().change();
        change.audit(|_| AuditedAction::new("do-not-skip-next").of(&self.shared_name()));
        change.do_not_skip_next(self.id());
    }

    /// Returns whether the next scheduled start of the task [will be skipped](Self::skip_next).
    pub fn skips_next(&self) -> bool {
        self.session().state().skips.next.contains(&self.id())
    }

    fn put_pause(&self, until: Option<Timestamp>) {
        if !self.is_deleted() {
            self.session().pause_scope(self.scope(), until);
        }
    }

    fn scope(&self) -> PauseScope {
        PauseScope::Task(self.shared_name())
    }
}

impl Session {
    /// Pauses the app: no runs of any task start until it is [resumed](Self::resume). See [`Task::pause`].
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("fetch", "every 10 minutes", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// app.session().pause();
    /// app.run_until("2026-01-01T01:00:00Z");
    /// assert_eq!(app.starts("fetch").len(), 1);
    /// let waits = app.session().task("fetch")?.holds()[0].to_string();
    /// assert_eq!(waits, "the app to be resumed, which has been paused since 2026-01-01T00:00:00.000000Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pause(&self) {
        self.pause_scope(PauseScope::App, None);
    }

    /// Pauses the app until an instant: see [`Task::pause_until`].
    pub fn pause_until(&self, until: Timestamp) {
        self.pause_scope(PauseScope::App, Some(until));
    }

    /// Ends the pause of the app. Pauses of tasks and groups go on.
    pub fn resume(&self) {
        self.resume_scope(&PauseScope::App);
    }

    /// Skips the next scheduled start of every task: see [`Task::skip_next`].
    pub fn skip_next(&self) {
        if self.forwards(|| Ok(Call::SkipNext(PauseScope::App))) {
            return;
        }
        let mut change = self.change();
        let ids = change.ids().filter(|id| {
            let entry = change.task(*id);
            !entry.deleted && !entry.spec.rare.of_app && entry.spec.start.is_some()
        });
        let ids: Vec<TaskId> = ids.collect();
        change.audit(|_| AuditedAction::new("skip-next"));
        for id in ids {
            change.skip_next(id);
        }
    }

    /// Returns the current pauses of the app, of groups and of tasks.
    pub fn pauses(&self) -> Vec<Pause> {
        let now = self.now();
        let state = self.state();
        let pauses = state.pauses.iter().filter(|pause| pause.lasts(now));
        pauses.cloned().collect()
    }

    /// Returns a group of the app by its name.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] is true if there is no such group; the message contains the most similar name.
    pub fn group(&self, name: &str) -> Result<TaskGroup> {
        match self.0.compiler.find_group(name) {
            Ok(name) => Ok(TaskGroup {
                session: self.clone(),
                name,
            }),
            Err(message) => Err(Error::new(Kind::NotFound, message)),
        }
    }
}

impl Session {
    pub(super) fn pause_scope(&self, scope: PauseScope, until: Option<Timestamp>) {
        if !self.forwards(|| Ok(Call::Pause(scope.clone(), until))) {
            let now = self.now();
            self.change().pause_scope(scope, until, now);
        }
    }

    /// Skips the next starts of the tasks that a pause with this scope would cover.
    pub(super) fn skip_next_of(&self, scope: &PauseScope) -> Result<()> {
        match scope {
            PauseScope::App => self.skip_next(),
            PauseScope::Group(group) => self.group(group)?.skip_next(),
            PauseScope::Task(task) => self.task(&**task)?.skip_next(),
        }
        Ok(())
    }

    pub(super) fn resume_scope(&self, scope: &PauseScope) {
        if self.forwards(|| Ok(Call::Resume(scope.clone()))) {
            return;
        }
        let mut change = self.change();
        change.audit(|state| of_scope("resume", scope).from(pause_text(state, scope).as_deref()));
        change.resume(scope);
    }
}

impl Change<'_> {
    fn pause_scope(&mut self, scope: PauseScope, until: Option<Timestamp>, now: Timestamp) {
        self.audit(|state| {
            let audited = of_scope("pause", &scope).from(pause_text(state, &scope).as_deref());
            audited.to(Some(&until_text(until)))
        });
        self.pause(scope, until, now);
    }
}

fn of_scope(action: &'static str, scope: &PauseScope) -> AuditedAction {
    match scope {
        PauseScope::App => AuditedAction::new(action),
        PauseScope::Group(group) => AuditedAction::new(action).what(group),
        PauseScope::Task(task) => AuditedAction::new(action).of(task),
    }
}

/// The time until which something is paused.
fn pause_text(state: &State, scope: &PauseScope) -> Option<String> {
    let pause = state.pauses.iter().find(|pause| pause.scope == *scope)?;
    Some(until_text(pause.until))
}

fn until_text(until: Option<Timestamp>) -> String {
    until.map_or_else(
        || "until it is resumed".to_owned(),
        |until| format!("until {until}"),
    )
}

/// A handle to a [group](crate::Group) of a running app: see [`Session::group`].
///
/// ```
/// use rocketry::{Group, Rocketry, Task, testing::TestApp};
///
/// let copy = Task::func("copy", || async {}).start("every 10 minutes").group("db");
/// let app = Rocketry::builder().group(Group::new("db")).task(copy);
/// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
/// let db = app.session().group("db")?;
/// db.pause_until("2026-01-01T06:00:00Z".parse()?);
/// app.run_until("2026-01-01T06:05:00Z");
/// let starts = app.starts("copy");
/// assert_eq!(starts, ["2026-01-01T00:00:00Z".parse()?, "2026-01-01T06:00:00Z".parse()?]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TaskGroup {
    session: Session,
    name: Arc<str>,
}

impl TaskGroup {
    /// Returns the name of the group.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the tasks of the group, in the order in which they were declared.
    pub fn tasks(&self) -> Vec<Task> {
        let ids = self.session.state().tasks_of(&self.name);
        let task = |id| Task::new(self.session.clone(), id);
        ids.into_iter().map(task).collect()
    }

    /// Pauses the tasks of the group, including tasks that join it later: see [`Task::pause`].
    pub fn pause(&self) {
        self.put_pause(None);
    }

    /// Pauses the tasks of the group until an instant: see [`Task::pause_until`].
    pub fn pause_until(&self, until: Timestamp) {
        self.put_pause(Some(until));
    }

    /// Ends the pause of the group. Pauses of its tasks and of the app go on.
    pub fn resume(&self) {
        self.session.resume_scope(&self.scope());
    }

    /// Returns whether the group is paused now.
    pub fn is_paused(&self) -> bool {
        let scope = self.scope();
        self.session.pauses().iter().any(|pause| pause.scope == scope)
    }

    /// Skips the next scheduled start of each task of the group: see [`Task::skip_next`].
    pub fn skip_next(&self) {
        if self.session.forwards(|| Ok(Call::SkipNext(self.scope()))) {
            return;
        }
        let mut change = self.session.change();
        change.audit(|_| AuditedAction::new("skip-next").what(&self.name));
        for id in change.tasks_of(&self.name) {
            change.skip_next(id);
        }
    }

    fn put_pause(&self, until: Option<Timestamp>) {
        self.session.pause_scope(self.scope(), until);
    }

    fn scope(&self) -> PauseScope {
        PauseScope::Group(self.name.clone())
    }
}

impl std::fmt::Debug for TaskGroup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TaskGroup")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
