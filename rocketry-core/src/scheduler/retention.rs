//! Old records are forgotten as time passes, while everything goes on.

use std::time::Duration;

use rocketry_syntax::ast::Delta;

use super::Scheduler;
use crate::error::Result;
use crate::log::Retention;
use crate::session::{Config, Part};
use crate::time::Timestamp;

/// How often it is seen to.
const INTERVAL: Duration = Duration::from_secs(60);

/// About how many records are forgotten in one go: writes come in between.
const BITE: usize = 1000;

/// What of the run log is kept, and when it is next seen to.
pub(super) struct Keeper {
    keep_for: Option<Duration>,
    keep_records: Option<u64>,
    next: Timestamp,
}

impl Keeper {
    /// `None` if everything is kept.
    pub(super) fn new(config: &Config) -> Option<Self> {
        let (keep_for, keep_records) = (config.log_keep_for, config.log_keep_records);
        (keep_for.is_some() || keep_records.is_some()).then_some(Keeper {
            keep_for,
            keep_records,
            next: Timestamp::MIN,
        })
    }

    /// What is to be forgotten now, if it is time to see to it.
    fn due(&mut self, now: Timestamp) -> Option<Retention> {
        let next = now.saturating_add(Delta::from(INTERVAL));
        // Nobody waits for an instant that has moved away because the clock was put back.
        if self.next > now && self.next <= next {
            return None;
        }
        self.next = next;
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

impl Scheduler {
    /// Has what is too old, or too much, forgotten, if it is time to see to it.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let Some(retention) = self.keeper.as_mut().and_then(|keeper| keeper.due(now)) else {
            return;
        };
        if let Some(journal) = &self.journal {
            journal.forget(retention);
        } else {
            // In memory that takes no time worth waiting for.
            let forgotten = std::iter::repeat_with(|| self.session.0.log.forget(&retention));
            let done = forgotten.take_while(|forgotten| !matches!(forgotten, Ok(0)));
            if let Err(error) = done.collect::<Result<Vec<u64>>>() {
                self.session.fail(Part::Log, None, error);
            }
        }
    }

    /// When it is next seen to what is forgotten.
    pub(super) fn next_forget(&self) -> Option<Timestamp> {
        self.keeper
            .as_ref()
            .map(|keeper| keeper.next)
            .filter(|next| *next > Timestamp::MIN)
    }
}
