//! Detects tasks that have not succeeded for a long time.

use std::sync::Arc;

use rocketry_core::{Action, Record, Task, Timestamp};

use super::incidents::{Key, News};
use super::late::is_stopped;
use super::timers::Alarm;
use super::{Moment, Watch};
use crate::rule::Trouble;
use crate::words::{instant, length};

impl Watch {
    /// Starts to wait for a success of a task, counted from its last success or from when the app first had
    /// the task.
    pub(super) fn begin_no_success(&mut self, task: &Task, moment: Moment) {
        let name: Arc<str> = task.name().into();
        if let Some(within) = self.limits(&name).no_success {
            let last = task.last(Action::Success);
            let since = last.unwrap_or_else(|| self.first_seen(&name, moment.now));
            self.timers
                .set(Alarm::NoSuccess(name), moment.after(since, within));
        }
    }

    /// Restarts the limit of a task that expired while an operator prevented its starts.
    pub(super) fn resume_no_success(&mut self, name: &Arc<str>, moment: Moment) {
        let alarm = Alarm::NoSuccess(name.clone());
        let is_told = self.incidents.get(&Key::of(Trouble::NoSuccess, name)).is_some();
        if let Some(within) = self.limits(name).no_success
            && !is_told
            && !self.timers.has(&alarm)
        {
            self.timers.set(alarm, moment.elapsed + within);
        }
    }

    fn first_seen(&self, name: &Arc<str>, first: Timestamp) -> Timestamp {
        let note = self.seen_note(name);
        if let Ok(Some(seen)) = self.session.note(&note) {
            return seen;
        }
        if let Err(mistake) = self.session.set_note(&note, &first) {
            self.session.report(format!("notifications: {mistake}"));
        }
        first
    }

    pub(super) fn check_no_success(&mut self, name: &Arc<str>, moment: Moment) {
        let Some(within) = self.limits(name).no_success else {
            return;
        };
        let Ok(task) = self.session.task(&**name) else {
            return;
        };
        if is_stopped(&task) || task.is_finished() {
            return;
        }
        let last = task.last(Action::Success);
        let since = last.unwrap_or_else(|| self.first_seen(name, moment.now));
        let message = match last {
            Some(last) => {
                let (zone, since) = (task.info().zone, moment.now.since(last));
                format!(
                    "`{name}` has not succeeded for {}, since {}",
                    length(since),
                    instant(last, zone)
                )
            }
            None => format!("`{name}` has not succeeded within {}", length(within)),
        };
        let news = News {
            message,
            times: 1,
            since: Some(since),
            ..News::default()
        };
        self.incidents
            .open(Key::of(Trouble::NoSuccess, name), moment.now, news);
    }

    /// Ends the incident after a success.
    pub(super) fn end_no_success(&mut self, end: &Record, moment: Moment) {
        let name = &end.task;
        if end.action != Action::Success || self.limits(name).no_success.is_none() {
            return;
        }
        self.session.remove_note(&self.seen_note(name));
        self.incidents
            .close(&Key::of(Trouble::NoSuccess, name), end.created, |_| {
                format!("`{name}` has succeeded")
            });
        if let Ok(task) = self.session.task(&**name) {
            self.begin_no_success(&task, moment);
        }
    }

    pub(super) fn look_at_no_success(&mut self, task: &Task, moment: Moment) {
        let name: Arc<str> = task.name().into();
        let key = Key::of(Trouble::NoSuccess, &name);
        let since = self.incidents.get(&key).map(|open| open.since);
        if task.last(Action::Success) > since {
            self.session.remove_note(&self.seen_note(&name));
            self.incidents
                .close(&key, moment.now, |_| format!("`{name}` has succeeded"));
        }
    }

    /// The note that stores when the app first had a task.
    pub(super) fn seen_note(&self, task: &str) -> String {
        crate::note_name(&format!("{}/seen", self.notes), task)
    }
}
