//! Detects starts that are late or were missed.

use std::sync::Arc;

use rocketry_core::{Hold, Record, SkipReason, Task, Timestamp};

use super::incidents::{Key, News};
use super::timers::Alarm;
use super::{Moment, Watch};
use crate::rule::Trouble;
use crate::words::{instant, length};

impl Watch {
    /// Records when a task should start, and sets a timer for that.
    pub(super) fn expect(&mut self, task: &Task, moment: Moment) {
        let name: Arc<str> = task.name().into();
        let Some(grace) = self.limits(&name).late else {
            return;
        };
        let due = task.next_due();
        let Some(watched) = self.tasks.get_mut(&name) else {
            return;
        };
        // A task that is due stays due since the same instant.
        let since = watched
            .expected
            .filter(|since| due.is_some_and(|due| *since <= due));
        let since = since.filter(|since| *since <= moment.now && due <= Some(moment.now));
        watched.expected = since.or(due);
        let alarm = Alarm::Late(name);
        match watched.expected {
            Some(expected) => self.timers.set(alarm, moment.after(expected, grace)),
            None => self.timers.remove(&alarm),
        }
        self.look_at_late(task, moment);
    }

    /// A run is held back: it is due, whether or not this could be predicted.
    pub(super) fn held(&mut self, task: &Arc<str>, moment: Moment) {
        if let Some(grace) = self.limits(task).late
            && !self.timers.has(&Alarm::Late(task.clone()))
        {
            self.timers
                .set(Alarm::Late(task.clone()), moment.after(moment.now, grace));
        }
    }

    pub(super) fn check_late(&mut self, name: &Arc<str>, moment: Moment) {
        let Ok(task) = self.session.task(&**name) else {
            return;
        };
        let explained = task.explain();
        let is_late = explained.due == Some(true) && explained.queued == 0 && counts_as_late(&task);
        if is_late {
            let since = self.since(name, moment);
            self.open_late(
                &task,
                since,
                format!("`{name}` is late"),
                Some(explained.sentence),
                moment,
            );
        } else {
            // It may have been too early to check, if the clock was set.
            if let Some(watched) = self.tasks.get_mut(name) {
                watched.expected = None;
            }
            self.expect_later(&task, moment);
        }
    }

    /// Expects the next start that is not due yet.
    fn expect_later(&mut self, task: &Task, moment: Moment) {
        if task.next_due().is_some_and(|due| due > moment.now) {
            self.expect(task, moment);
        }
    }

    pub(super) fn skipped(&mut self, name: &Arc<str>, reason: SkipReason, moment: Moment) {
        let is_missed = matches!(reason, SkipReason::Misfire | SkipReason::Pool | SkipReason::Log);
        if is_missed
            && self.limits(name).late.is_some()
            && let Ok(task) = self.session.task(&**name)
        {
            let what = match reason {
                SkipReason::Pool => "its pools were full",
                SkipReason::Log => "the run log could not be written",
                _ => "the app was late or did not run",
            };
            let message = format!("`{name}` has missed a start: {what}");
            let since = self.since(name, moment);
            self.open_late(&task, since, message, None, moment);
        }
        if let Some(watched) = self.tasks.get_mut(name) {
            watched.expected = None;
        }
        self.changed(name, moment);
    }

    fn since(&self, name: &Arc<str>, moment: Moment) -> Timestamp {
        let expected = self.tasks.get(name).and_then(|watched| watched.expected);
        expected.map_or(moment.now, |at| at.min(moment.now))
    }

    fn open_late(
        &mut self,
        task: &Task,
        since: Timestamp,
        message: String,
        detail: Option<String>,
        moment: Moment,
    ) {
        let late = moment.now.since(since);
        let message = if detail.is_some() {
            let due = instant(since, task.info().zone);
            format!(
                "{message}: it was due at {due} and has not started after {}",
                length(late)
            )
        } else {
            message
        };
        let news = News {
            message,
            detail,
            times: 1,
            since: Some(since),
            ..News::default()
        };
        self.incidents
            .open(Key::of(Trouble::Late, &task.name().into()), moment.now, news);
    }

    /// Ends the incident when the task starts.
    pub(super) fn close_late(&mut self, start: &Record) {
        let name = &start.task;
        if let Some(watched) = self.tasks.get_mut(name) {
            watched.expected = None;
        }
        self.incidents
            .close(&Key::of(Trouble::Late, name), start.start, |open| {
                format!(
                    "`{name}` has started, {} late",
                    length(start.start.since(open.since))
                )
            });
    }

    /// Ends the incident of a task that has started, or that is prevented from starting on purpose.
    pub(super) fn look_at_late(&mut self, task: &Task, moment: Moment) {
        let name: Arc<str> = task.name().into();
        let key = Key::of(Trouble::Late, &name);
        let Some(open) = self.incidents.get(&key) else {
            return;
        };
        let has_started = task
            .last(rocketry_core::Action::Run)
            .is_some_and(|start| start > open.since);
        if has_started {
            self.incidents
                .close(&key, moment.now, |_| format!("`{name}` has started"));
        } else if is_stopped(task) {
            self.incidents.close(&key, moment.now, |_| {
                format!("`{name}` is no longer late: it is paused or disabled")
            });
        }
    }
}

/// Returns true if a task that is due but does not start is late, rather than held back on purpose.
fn counts_as_late(task: &Task) -> bool {
    let holds = task.holds();
    holds.is_empty()
        || holds
            .iter()
            .any(|hold| matches!(hold, Hold::Pool { .. } | Hold::Log { .. }))
            && !is_stopped(task)
}

/// Returns true if an operator prevents starts of the task.
pub(super) fn is_stopped(task: &Task) -> bool {
    task.is_disabled() || task.is_paused()
}
