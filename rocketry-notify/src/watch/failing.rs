//! Detects runs that fail.

use std::sync::Arc;

use rocketry_core::{Action, Record, Status, Task};

use super::incidents::{Key, News};
use super::past::{has_failed, has_gone_well};
use super::{Moment, Watch};
use crate::rule::Trouble;
use crate::words::{count, shortened};

/// The maximum length of an error in a message, in characters.
const LONGEST_ERROR: usize = 300;

impl Watch {
    /// A run that was interrupted when the app ended was recorded before the watch began.
    pub(super) fn begin_failing(&mut self, task: &Task, moment: Moment) {
        let name: Arc<str> = task.name().into();
        let has_crashed = task.status() == Status::Ended(Action::Crash)
            && task
                .last(Action::Crash)
                .is_some_and(|at| at >= self.session.started());
        if has_crashed && self.limits(&name).failures == Some(1) {
            let message = format!("`{name}` was interrupted: the app ended while it ran");
            let news = News {
                message,
                times: 1,
                ..News::default()
            };
            self.incidents
                .open(Key::of(Trouble::Failing, &name), moment.now, news);
        }
    }

    pub(super) fn end_failing(&mut self, record: &Record) {
        let name = &record.task;
        let Some(limit) = self.limits(name).failures else {
            return;
        };
        let key = Key::of(Trouble::Failing, name);
        if has_failed(record) {
            let times = self.failures_in_a_row(&key);
            if times >= limit {
                self.incidents.open(key, record.created, failure(record, times));
            }
        } else if has_gone_well(record) {
            self.incidents.close(&key, record.created, |open| {
                let failures = count(open.times, "failure");
                format!("`{name}` works again, after {failures}")
            });
        }
    }

    /// The number of consecutive failures, including the latest.
    fn failures_in_a_row(&self, key: &Key) -> u64 {
        let watched = key.task.as_ref().and_then(|task| self.tasks.get(task));
        match watched.and_then(|watched| watched.past.as_ref()) {
            Some(past) => past.failures_in_a_row.max(1),
            None => self.incidents.get(key).map_or(1, |open| open.times + 1),
        }
    }

    pub(super) fn look_at_failing(&mut self, task: &Task, moment: Moment) {
        let key = Key::of(Trouble::Failing, &task.name().into());
        let goes_well = matches!(task.status(), Status::Ended(Action::Success | Action::Inaction));
        if goes_well {
            let name = task.name();
            self.incidents
                .close(&key, moment.now, |_| format!("`{name}` works again"));
        }
    }
}

fn failure(record: &Record, times: u64) -> News {
    let name = &record.task;
    let error = record.message.as_deref().unwrap_or_default();
    let first = shortened(error.lines().next().unwrap_or_default(), LONGEST_ERROR);
    let message = if times == 1 {
        format!("`{name}` has failed: {first}")
    } else {
        format!("`{name}` has failed {times} times in a row: {first}")
    };
    News {
        message,
        detail: Some(error.to_owned()).filter(|error| !error.is_empty()),
        run_id: Some(record.run_id.clone()),
        times,
        since: None,
    }
}
