//! Starts that earlier leaders decided by clocks ahead of this node's clock.

use std::collections::HashMap;
use std::sync::Arc;

use super::Session;
use crate::cluster::claim;
use crate::error::Result;
use crate::log::{Action, Query, Record};
use crate::time::Timestamp;

/// The maximum number of starts to read.
const LOOK_BACK: usize = 10_000;

impl Session {
    /// Continues the schedule of each task after the latest instant for which it was started. The clocks of
    /// nodes differ and may be set, so the last start is not necessarily the one that was due last. A start
    /// that another leader has already decided would be refused.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read.
    pub(super) fn go_on_after_decided(&self) -> Result<()> {
        let starts = Query::new().action(Action::Run).last(LOOK_BACK);
        let mut latest = HashMap::<Arc<str>, Timestamp>::new();
        let is_occurrence = |start: &Record| claim(start, 0).is_some();
        for start in self
            .0
            .log
            .query(&starts)?
            .records
            .iter()
            .filter(|start| is_occurrence(start))
        {
            let due = latest.entry(start.task.clone()).or_insert(Timestamp::MIN);
            *due = (*due).max(start.due);
        }
        let mut state = self.state();
        for (task, due) in latest {
            if let Some(id) = state.find_exact(&task) {
                state.go_on_after(id, due);
            }
        }
        Ok(())
    }
}
