//! The timers of the watch, in elapsed time.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::RunId;

use super::incidents::Key;

/// The purpose of a timer. There is at most one timer for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Alarm {
    /// A task that was due is late.
    Late(Arc<str>),
    /// A run takes much longer than usual.
    Overrun(Arc<str>, RunId),
    /// A task has not succeeded for a long time.
    NoSuccess(Arc<str>),
    /// An incident continues.
    Remind(Key),
}

#[derive(Debug, Default)]
pub(crate) struct Timers {
    next: u64,
    by_time: BTreeMap<(Duration, u64), Alarm>,
    by_alarm: HashMap<Alarm, (Duration, u64)>,
}

impl Timers {
    /// Sets a timer, replacing one with the same purpose.
    pub(crate) fn set(&mut self, alarm: Alarm, at: Duration) {
        self.remove(&alarm);
        let key = (at, self.next);
        self.next += 1;
        self.by_time.insert(key, alarm.clone());
        self.by_alarm.insert(alarm, key);
    }

    pub(crate) fn remove(&mut self, alarm: &Alarm) {
        if let Some(key) = self.by_alarm.remove(alarm) {
            self.by_time.remove(&key);
        }
    }

    /// Returns true if a timer is set.
    pub(crate) fn has(&self, alarm: &Alarm) -> bool {
        self.by_alarm.contains_key(alarm)
    }

    /// When the next timer fires.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.by_time.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next timer that has fired.
    pub(crate) fn fired(&mut self, elapsed: Duration) -> Option<Alarm> {
        let first = self.by_time.first_entry()?;
        if first.key().0 > elapsed {
            return None;
        }
        let alarm = first.remove();
        self.by_alarm.remove(&alarm);
        Some(alarm)
    }

    pub(crate) fn clear(&mut self) {
        self.by_time.clear();
        self.by_alarm.clear();
    }
}
