//! Previews the starts of a task.

use super::task::Task;
use crate::cond::foreseen::tasks_of;
use crate::engine::spec::Spec;
use crate::engine::state::State;
use crate::error::Result;
use crate::log::History;
use crate::preview::{Isolated, Preview};
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl Task {
    /// Previews the starts of the task from now on, assuming that nothing is changed meanwhile.
    ///
    /// The preview takes the past of the task, its jitter, its first run and its holds into account. Each
    /// run, including a run in progress, counts as a success that takes no time, so nothing waits for room in
    /// a pool. Session parameters keep their values. The preview calls no function of the app.
    ///
    /// If a start depends on another task or on a custom condition, the preview ends there, and
    /// [`Preview::end`] says why.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let app = TestApp::start(app, "2026-01-01T09:00:00Z")?; // its run of that day is over
    /// let mut starts = app.session().task("report")?.preview()?;
    /// assert_eq!(starts.next().unwrap().to_string(), "2026-01-02 07:00:00 +00:00");
    ///
    /// app.session().task("report")?.disable();
    /// let mut starts = app.session().task("report")?.preview()?;
    /// assert_eq!(starts.next(), None);
    /// assert_eq!(starts.end().unwrap().to_string(), "no start comes: it waits for the task to be enabled");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_build`](crate::Error::is_build) is true if the start condition can't be compiled on its
    /// own.
    pub fn preview(&self) -> Result<Preview> {
        self.preview_by(self.session().now(), |state, edit, now| {
            state.copy_alone(self.id(), edit, now)
        })
    }

    /// Previews the starts of the task from another instant on, with another history. Holds and jitter are
    /// ignored.
    pub(super) fn preview_at(&self, from: Timestamp, history: History) -> Result<Preview> {
        self.preview_by(from, |state, edit, now| {
            state.copy_at(self.id(), edit, history, now)
        })
    }

    fn preview_by(
        &self,
        now: Timestamp,
        copy: impl FnOnce(&State, &mut dyn FnMut(&mut Spec), Timestamp) -> State,
    ) -> Result<Preview> {
        let (session, id) = (self.session(), self.id());
        let condition = self.start_condition();
        let calendars = session.0.compiler.calendars().clone();
        let own_names = session.state().own_names(id);
        let lone = Isolated::in_app(own_names, session.lent_params(), calendars);
        // Without the lock, because the days of a calendar may come from a function.
        let statement = condition
            .as_ref()
            .map(|start| lone.statement(start))
            .transpose()?;
        let mut edit = |spec: &mut Spec| {
            spec.start.clone_from(&statement);
            if spec.rare.end.is_some() {
                spec.rare.end = None;
            }
        };
        let copy = copy(&session.state(), &mut edit, now);
        Ok(Preview::new(copy, now, condition, lone).unless_contradictory())
    }
}

impl State {
    /// The names by which the statement of a task mentions the task itself.
    fn own_names(&self, id: TaskId) -> Vec<String> {
        let start = self.task(id).spec.start.as_ref();
        let mut names = Vec::new();
        if let Some(start) = start {
            start.condition.expr().for_each_leaf(&mut |part| {
                let mentioned = tasks_of(part).into_iter();
                let own = mentioned.filter(|name| self.find(name) == Ok(id));
                names.extend(own.map(str::to_owned));
            });
        }
        names
    }
}
