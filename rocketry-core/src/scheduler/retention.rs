//! The times at which old records are deleted.

use std::time::Duration;

use rocketry_syntax::ast::Delta;

use crate::config::Config;
use crate::log::Retention;
use crate::time::Timestamp;

/// How often old records are deleted.
const INTERVAL: Duration = Duration::from_secs(60);

/// About how many records are deleted in one step, so that writes can happen in between.
const BITE: usize = 1000;

/// The retention of the run log, and the time of the next deletion.
pub(super) struct RetentionSchedule {
    keep_for: Option<Duration>,
    keep_records: Option<u64>,
    pub(super) next: Timestamp,
}

impl RetentionSchedule {
    /// Creates the schedule. Returns `None` if everything is kept.
    pub(super) fn new(config: &Config) -> Option<Self> {
        let (keep_for, keep_records) = (config.log_keep_for, config.log_keep_records);
        (keep_for.is_some() || keep_records.is_some()).then_some(RetentionSchedule {
            keep_for,
            keep_records,
            next: Timestamp::MIN,
        })
    }

    /// Returns the retention to apply, if it is time to.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Retention> {
        if self.next > now {
            return None;
        }
        self.next = now.saturating_add(Delta::from(INTERVAL));
        Some(Retention {
            now,
            before: self
                .keep_for
                .map(|length| now.saturating_sub(Delta::from(length))),
            keep: self.keep_records,
            bite: BITE,
        })
    }
}
