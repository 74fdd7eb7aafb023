//! The last ends of a task's runs, which identify the runs that triggered other tasks.

use std::collections::VecDeque;

use crate::log::{Action, Record};
use crate::param::RunId;
use crate::time::Timestamp;

/// The number of ends to keep.
const MOST: usize = 16;

/// The last ends of a task's runs, oldest first. The last end of each kind stays, however many others follow.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecentEnds(VecDeque<RecentEnd>);

#[derive(Clone, Debug)]
struct RecentEnd {
    action: Action,
    at: Timestamp,
    run_id: RunId,
}

impl RecentEnds {
    pub(crate) fn note(&mut self, record: &Record) {
        if self.0.len() == MOST {
            let is_last = |place: usize| {
                let mut later = self.0.range(place + 1..);
                later.all(|end| end.action != self.0[place].action)
            };
            let oldest = (0..MOST).find(|place| !is_last(*place));
            self.0.remove(oldest.unwrap_or(0));
        }
        self.0.push_back(RecentEnd {
            action: record.action,
            at: record.created,
            run_id: record.run_id.clone(),
        });
    }

    /// Follows a change of the clock by `micros`.
    pub(crate) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        for end in &mut self.0 {
            end.at = end.at.shifted(micros).min(now);
        }
    }

    /// The last run that ended in one of these ways, at an instant or before.
    pub(crate) fn last(&self, actions: &[Action], at: Timestamp) -> Option<&RunId> {
        let mut ends = self.0.iter().rev();
        let last = ends.find(|end| end.at <= at && actions.contains(&end.action))?;
        Some(&last.run_id)
    }
}
