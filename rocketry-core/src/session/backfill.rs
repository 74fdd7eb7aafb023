//! Backfills, which make up for past instants at which a task was due, and the cancellation of a catch-up.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use rocketry_syntax::ast::Delta;

use super::calls::Call;
use super::{Session, Task};
use crate::engine::audit::AuditedAction;
use crate::engine::backfill::{BackfillOrder, BackfillProgress};
use crate::engine::event::Event;
use crate::error::{Error, Kind, Result};
use crate::log::{Action, History, Query, Record, StartedBy};
use crate::preview::{Preview, PreviewEnd};
use crate::time::Timestamp;

/// The maximum number of runs of a backfill.
const MOST: usize = 100_000;

/// The plan of a backfill: see [`Task::backfill`].
///
/// Its [`Display`](std::fmt::Display) text summarises the plan in a sentence.
#[derive(Clone, Debug)]
#[must_use = "a backfill makes runs once it is started"]
pub struct BackfillPlan {
    task: Task,
    range: Range<Timestamp>,
    instants: Vec<Timestamp>,
    at_a_time: usize,
    by: Option<Arc<str>>,
}

/// A started backfill: see [`Task::backfill`].
#[derive(Clone, Debug)]
pub struct Backfill {
    task: Task,
    number: u64,
}

impl Task {
    /// Plans a backfill: one run for each instant in a past range at which the task was due.
    ///
    /// The instants are those at which the scheduler would have started the task if the app had run all the
    /// time with the task's current statement and zone: a preview of the task from the start of the range.
    /// Intervals count from the last run before the range, if the run log has one. Periods that began before
    /// the range are excluded, as is everything after its end or in the future. Nothing runs before
    /// [`start`](BackfillPlan::start), so a plan is a dry run.
    ///
    /// Each run has [`Due`](crate::Due) set to its instant, and the cause
    /// [`Cause::Backfill`](crate::Cause::Backfill). The runs are made in order, one at a time unless
    /// [`at_a_time`](BackfillPlan::at_a_time) sets another number. Scheduled and requested runs take
    /// precedence. The schedule ignores the runs of a backfill: they use up neither the current period nor a
    /// retry. Conditions on past events (`has succeeded today`, `after task 'report'`) count them like any
    /// other run. With a durable run log, a backfill survives a restart, as queued runs do.
    ///
    /// ```
    /// use rocketry::{Due, Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", |due: Due| async move { println!("{}", due.0) });
    /// let mut app = TestApp::start(app, "2026-01-10T00:00:00Z")?;
    /// let report = app.session().task("report")?;
    /// let plan = report.backfill("2026-01-01T00:00:00Z".parse()?.."2026-01-04T00:00:00Z".parse()?)?;
    /// assert_eq!(
    ///     plan.to_string(),
    ///     "3 runs of task `report`, from 2026-01-01T07:00:00.000000Z to 2026-01-03T07:00:00.000000Z, 1 at a time",
    /// );
    /// let backfill = plan.start()?;
    /// app.settle();
    /// assert_eq!(backfill.progress().unwrap().succeeded, 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] is true if the task has no start condition, if its past starts depend on another
    /// task, a parameter made by a function or a custom condition, or if there are more than 100,000 of them.
    /// Also returns an error if the log can't be read.
    pub fn backfill(&self, range: Range<Timestamp>) -> Result<BackfillPlan> {
        let end = range.end.min(self.session().now());
        let range = range.start..end.max(range.start);
        let mut preview = self.preview_from(range.start)?;
        if self.was_due_before(range.start)? {
            preview.next();
        }
        let mut instants = Vec::new();
        for start in preview.by_ref() {
            if start.due >= range.end {
                break;
            }
            instants.push(start.due);
            if instants.len() > MOST {
                return Err(self.cant_backfill(&format!(
                    "it was due more than {MOST} times: choose a shorter range"
                )));
            }
        }
        match preview.end() {
            None | Some(PreviewEnd::Never { .. }) => {}
            Some(end) => return Err(self.cant_backfill(&format!("when it was due can't be told: {end}"))),
        }
        Ok(BackfillPlan {
            task: self.clone(),
            range,
            instants,
            at_a_time: 1,
            by: None,
        })
    }

    /// Returns the backfill of the task that is in progress.
    pub fn backfill_under_way(&self) -> Option<Backfill> {
        let state = self.session().state();
        let number = state.backfills.of(self.id())?.number;
        drop(state);
        let task = self.clone();
        Some(Backfill { task, number })
    }

    /// Cancels the catch-up: starts no more of the missed runs. Returns the number of cancelled starts.
    ///
    /// With [`catch_up`](crate::TaskBuilder::catch_up) = `all`, a long downtime may leave thousands of missed
    /// starts. A run in progress continues. The schedule continues as if all of them had been made; later
    /// starts are not affected. The cancelled starts are counted in [`skipped`](Self::skipped) with the
    /// reason [`SkipReason::Asked`](crate::SkipReason::Asked).
    /// [`TaskInfo::catching_up`](crate::TaskInfo::catching_up) and explanations show how many are left. With
    /// a durable run log, the cancellation survives a restart. A node that stands by forwards the call to the
    /// leader, and returns the number that it knows of.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily after 07:00", || async {});
    /// let app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// // Nothing was missed.
    /// assert_eq!(app.session().task("report")?.cancel_catch_up(), 0);
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn cancel_catch_up(&self) -> usize {
        if self
            .session()
            .forwards(|| Ok(Call::CancelCatchUp(self.shared_name())))
        {
            return self.session().state().catch_ups.left(self.id());
        }
        let mut change = self.session().change();
        let left = change.catch_ups.left(self.id());
        if left > 0 {
            let starts = if left == 1 { "start" } else { "starts" };
            change.audit(|_| {
                let audited = AuditedAction::new("cancel-catch-up").of(&self.shared_name());
                audited.to(Some(&format!("{left} {starts} fewer")))
            });
        }
        change.cancel_catch_up(self.id())
    }

    /// The starts from an instant on, based on the history of the task's schedule at that instant.
    fn preview_from(&self, at: Timestamp) -> Result<Preview> {
        self.preview_at(at, self.history_before(at)?)
    }

    /// Returns true if the first start from an instant on belongs to a period that began earlier, in which
    /// the task would already have started. Seen from just before the instant, the first start of such a
    /// period moves with the viewpoint, while the second does not; both starts of an interval move.
    fn was_due_before(&self, at: Timestamp) -> Result<bool> {
        let before = at.saturating_sub(Delta(1));
        let two = |from| -> Result<Vec<Timestamp>> {
            Ok(self.preview_from(from)?.take(2).map(|start| start.due).collect())
        };
        let (here, earlier) = (two(at)?, two(before)?);
        let first_moves = here.first() == Some(&at) && earlier.first() == Some(&before);
        Ok(first_moves && here.len() == 2 && here.get(1) == earlier.get(1))
    }

    /// The history of the task's schedule before an instant.
    fn history_before(&self, at: Timestamp) -> Result<History> {
        let mut history = History::default();
        let last = Query::new().action(Action::Run).created(..at).last(1);
        if let Some(start) = self.log(last)?.pop() {
            history.start(&start, StartedBy::Schedule, start.created);
            history.record(&Record {
                action: Action::Success,
                ..start
            });
        }
        Ok(history)
    }

    fn cant_backfill(&self, why: &str) -> Error {
        Error::new(
            Kind::State,
            format!("task `{}` can't be backfilled: {why}", self.name()),
        )
    }
}

impl Session {
    /// The message for a node that stands by: why it can't start a backfill, and which node can.
    fn where_to_start(&self) -> String {
        let leader = self.state().lead.leader.clone();
        match leader {
            Some(leader) => {
                format!("this node does not lead its cluster: start it on `{leader}`, which does")
            }
            None => "this node does not lead its cluster: start it on the one that does".to_owned(),
        }
    }
}

impl BackfillPlan {
    /// Returns the instants for which runs are made, in order.
    pub fn instants(&self) -> &[Timestamp] {
        &self.instants
    }

    /// Omits the instants for which the run log already has a run: one that was due at the instant, or later
    /// but before the next instant.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read.
    pub fn missed(mut self) -> Result<Self> {
        let made = Query::new().action(Action::Run).due(self.range.clone());
        let mut made: Vec<Timestamp> = self.task.log(made)?.iter().map(|start| start.due).collect();
        made.sort_unstable();
        let ends = self.instants[1.min(self.instants.len())..].iter().copied();
        let ends: Vec<Timestamp> = ends.chain([self.range.end]).collect();
        let mut ends = ends.into_iter();
        self.instants.retain(|start| {
            let end = ends.next().expect("each instant has an end");
            let first = made.partition_point(|due| due < start);
            made.get(first).is_none_or(|due| *due >= end)
        });
        Ok(self)
    }

    /// Sets the maximum number of concurrent runs; 0 counts as 1. The limits of the task and its pools also
    /// apply.
    pub fn at_a_time(mut self, count: usize) -> Self {
        self.at_a_time = count.max(1);
        self
    }

    /// Sets the name of the caller that requests the runs: see [`Record::cause`].
    pub fn by(mut self, by: impl Into<Arc<str>>) -> Self {
        self.by = Some(by.into());
        self
    }

    /// Starts the backfill.
    ///
    /// # Errors
    ///
    /// [`Error::is_state`] is true if another backfill of the task is under way, or if the task was deleted.
    pub fn start(self) -> Result<Backfill> {
        let task = self.task;
        if task.session().stands_by() {
            return Err(task.cant_backfill(&task.session().where_to_start()));
        }
        let mut change = task.session().change();
        if change.task(task.id()).deleted {
            return Err(task.cant_backfill("it was deleted"));
        }
        if let Some(open) = change.backfills.of(task.id()) {
            let progress = open.progress();
            let why = format!(
                "another backfill is under way, with {} of {} runs begun: wait for its end, or cancel it",
                progress.begun, progress.total
            );
            return Err(task.cant_backfill(&why));
        }
        let runs = self.instants.len();
        change.audit(|_| {
            AuditedAction::new("backfill")
                .of(&task.shared_name())
                .to(Some(&format!(
                    "{runs} runs from {} to {}",
                    self.range.start, self.range.end
                )))
        });
        let order = BackfillOrder {
            by: self.by.or_else(|| task.session().who()),
            at_a_time: self.at_a_time,
            instants: self.instants.into(),
        };
        let number = change.start_backfill(task.id(), order);
        drop(change);
        Ok(Backfill { task, number })
    }
}

impl fmt::Display for BackfillPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.task.name();
        let (Some(first), Some(last)) = (self.instants.first(), self.instants.last()) else {
            let Range { start, end } = self.range;
            return write!(f, "no run of task `{name}` from {start} to {end}");
        };
        let runs = if self.instants.len() == 1 { "run" } else { "runs" };
        let (count, at_a_time) = (self.instants.len(), self.at_a_time);
        write!(
            f,
            "{count} {runs} of task `{name}`, from {first} to {last}, {at_a_time} at a time"
        )
    }
}

impl Backfill {
    /// Returns the task.
    pub fn task(&self) -> &Task {
        &self.task
    }

    /// Returns the progress, or `None` if the task has started another backfill since or was deleted.
    pub fn progress(&self) -> Option<BackfillProgress> {
        let state = self.task.session().state();
        state.backfills.progress(self.task.id(), self.number)
    }

    /// Cancels the remaining runs. Runs in progress continue. Has no effect if the backfill is over. A node
    /// that stands by forwards the call to the leader.
    pub fn cancel(&self) {
        let session = self.task.session();
        if session.forwards(|| Ok(Call::CancelBackfill(self.task.shared_name()))) {
            return;
        }
        let mut change = self.task.session().change();
        change.audit(|_| AuditedAction::new("cancel-backfill").of(&self.task.shared_name()));
        change.cancel_backfill(self.task.id(), self.number);
    }

    /// Waits until the backfill is over, and returns its progress. It is also over when the app ends.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future has no effect on the backfill.
    pub async fn wait(&self) -> Option<BackfillProgress> {
        let mut events = self.task.session().subscribe();
        loop {
            let progress = self.progress();
            if progress.is_none_or(|progress| progress.is_over()) {
                return progress;
            }
            loop {
                match events.next().await {
                    None => return self.progress(),
                    Some(Event::BackfillEnded { .. } | Event::TaskDeleted { .. } | Event::Lagged { .. }) => {
                        break;
                    }
                    Some(_) => {}
                }
            }
        }
    }
}
