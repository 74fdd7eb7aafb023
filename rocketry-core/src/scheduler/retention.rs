//! When old records are forgotten.

use std::time::Duration;

use rocketry_syntax::ast::Delta;

use crate::config::Config;
use crate::log::Retention;
use crate::time::Timestamp;

/// How often old records are forgotten.
const INTERVAL: Duration = Duration::from_secs(60);

/// About how many records are forgotten in one step: writes come in between.
const BITE: usize = 1000;

/// What the run log keeps, and when it next forgets the rest.
pub(super) struct RetentionSchedule {
    keep_for: Option<Duration>,
    keep_records: Option<u64>,
    pub(super) next: Timestamp,
}

impl RetentionSchedule {
    /// `None` if everything is kept.
    pub(super) fn new(config: &Config) -> Option<Self> {
        let (keep_for, keep_records) = (config.log_keep_for, config.log_keep_records);
        (keep_for.is_some() || keep_records.is_some()).then_some(RetentionSchedule {
            keep_for,
            keep_records,
            next: Timestamp::MIN,
        })
    }

    /// What is to be forgotten, if it is time to.
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
