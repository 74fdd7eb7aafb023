//! Counts consecutive crashes of the app per task that was running: such a task pauses before it starts
//! again.

use std::collections::HashMap;

use rocketry_syntax::ast::Delta;
use serde::{Deserialize, Serialize};

use crate::task_id::TaskId;
use crate::time::{Timestamp, doubled};

/// The pause after the second crash in a row. Each further one doubles it.
const FIRST_PAUSE: Delta = Delta(1_000_000);

/// The longest pause after failures or crashes in a row.
pub(crate) const LONGEST_PAUSE: Delta = Delta(5 * 60 * 1_000_000);

/// The number of consecutive crashes of the app while a task ran. A run that ends otherwise begins a new row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CrashRow {
    pub(crate) crashes: u32,
    /// When the app was started again, in microseconds.
    at: i64,
}

impl CrashRow {
    /// The row after a crash that is found now.
    pub(crate) fn after(before: Option<CrashRow>, now: Timestamp) -> Self {
        CrashRow {
            crashes: before.map_or(0, |row| row.crashes).saturating_add(1),
            at: now.as_micros(),
        }
    }

    /// How long the task pauses. A single crash may have any reason: there is no pause.
    pub(crate) fn pause(self) -> Delta {
        match self.crashes.checked_sub(2) {
            None => Delta::default(),
            Some(times) => doubled(FIRST_PAUSE, times, LONGEST_PAUSE),
        }
    }

    /// When the pause is over.
    pub(crate) fn until(self) -> Timestamp {
        Timestamp::from_micros(self.at).saturating_add(self.pause())
    }

    pub(crate) fn to_json(self) -> String {
        serde_json::to_string(&self).expect("numbers can be turned into JSON")
    }
}

/// The rows of the app. Few tasks have one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crashes(HashMap<TaskId, CrashRow>);

impl Crashes {
    /// The row of the only task of an app.
    pub(super) fn of_one(id: TaskId, row: Option<CrashRow>) -> Self {
        Crashes(row.map(|row| (id, row)).into_iter().collect())
    }

    pub(crate) fn of(&self, id: TaskId) -> Option<CrashRow> {
        self.0.get(&id).copied()
    }

    /// When the pause of a task is over; an instant of the past if it has none.
    #[inline]
    pub(crate) fn until(&self, id: TaskId) -> Timestamp {
        self.of(id).map_or(Timestamp::MIN, CrashRow::until)
    }

    /// Restores the row of a task. A pause lies no further ahead than it is long.
    pub(crate) fn restore(&mut self, id: TaskId, row: CrashRow, now: Timestamp) {
        let at = row.at.min(now.as_micros());
        self.0.insert(id, CrashRow { at, ..row });
    }

    /// Keeps the lengths of the pauses when the wall clock changes by `micros`.
    pub(crate) fn follow_step(&mut self, micros: i64) {
        for row in self.0.values_mut() {
            row.at = row.at.saturating_add(micros);
        }
    }

    /// Records that a run of a task has ended while the app continues; returns whether that ends a row.
    pub(crate) fn end(&mut self, id: TaskId) -> bool {
        !self.0.is_empty() && self.0.remove(&id).is_some()
    }

    /// When the last pause of several tasks is over.
    pub(crate) fn last(&self, which: impl Fn(TaskId) -> bool) -> Option<Timestamp> {
        let ids = self.0.keys().copied().filter(|id| which(*id));
        ids.map(|id| self.until(id)).max()
    }
}

#[cfg(test)]
mod tests {
    use super::CrashRow;
    use crate::time::Timestamp;

    #[test]
    fn pauses_double_up_to_five_minutes() {
        let now = Timestamp::from_micros(0);
        let mut row = None;
        let mut pauses = Vec::new();
        for _ in 0..100 {
            row = Some(CrashRow::after(row, now));
            pauses.extend(row.map(|row| row.pause().0 / 1_000_000));
        }
        assert_eq!(pauses[..12], [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(pauses[99], 300);
    }
}
