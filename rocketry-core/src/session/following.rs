//! Keeps a node that stands by up to date with what the leader has recorded.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Session;
use crate::cond::Need;
use crate::error::Result;
use crate::failure::Part;
use crate::log::Past;

/// A node waits at least this many times the duration of the last read before it reads again.
const REST: u32 = 10;

/// What a node that stands by knows of the run log.
#[derive(Default)]
pub(crate) struct Followed(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// The past that was applied last, and the history that statements need; `None` after the node has led.
    past: Option<(Past, Vec<Need>)>,
    /// The write counter before that read.
    writes: Option<u64>,
    /// Whether there is something new.
    is_behind: bool,
    /// The earliest time of the next read, by the clock of the seat.
    not_before: Duration,
}

impl Followed {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was known of the run log, because the state of the app was reset.
    pub(super) fn forget(&self) {
        let mut known = self.known();
        known.past = None;
        known.writes = None;
    }
}

impl Session {
    /// Checks whether the leader has written, and wakes the scheduler if so.
    ///
    /// # Errors
    ///
    /// Returns an error if the log can't be read.
    pub(super) fn look_after_writes(&self) -> Result<()> {
        let Some(node) = self.0.node.as_ref().filter(|_| self.stands_by()) else {
            return Ok(());
        };
        if node.seat.elapsed() < node.followed.known().not_before {
            return Ok(());
        }
        let writes = node.shared.writes()?;
        let mut followed = node.followed.known();
        if writes.is_some() && writes != followed.writes {
            followed.is_behind = true;
            drop(followed);
            self.0.inbox.ring();
        }
        Ok(())
    }

    /// Returns true if the node stands by and the leader has written something new.
    pub(crate) fn is_behind(&self) -> bool {
        let Some(node) = self.0.node.as_ref().filter(|node| node.outbox().is_some()) else {
            return false;
        };
        // On manual time, the test decides when to check.
        let is_manual = self.clock().as_manual().is_some();
        self.stands_by() && (is_manual || node.followed.known().is_behind)
    }

    /// Applies what the leader has recorded. Only the scheduler calls this, because it also takes the lead.
    pub(crate) fn follow_log(&self) {
        let Some(node) = &self.0.node else { return };
        let begin = node.seat.elapsed();
        node.followed.known().is_behind = false;
        if let Err(error) = self.take_up_writes() {
            self.fail(Part::Cluster, None, error);
        }
        let end = node.seat.elapsed();
        node.followed.known().not_before = end.saturating_add(end.saturating_sub(begin) * REST);
    }

    fn take_up_writes(&self) -> Result<()> {
        let Some(node) = &self.0.node else { return Ok(()) };
        let writes = node.shared.writes()?;
        if writes.is_none() || writes == node.followed.known().writes {
            return Ok(());
        }
        let past = self.0.log.look()?;
        let before = node.followed.known().past.take();
        let needs = match before {
            Some((before, needs)) if keeps_facts(&before, &past) => {
                let news = news(before, &past);
                self.take_up_past(news, &needs);
                needs
            }
            // Facts that no longer hold can't be reverted one by one.
            _ => {
                let needs = self.stand_by(node);
                self.take_up_past(past.clone(), &needs);
                needs
            }
        };
        // Any facts that result from this past are for the leader to record.
        drop(self.state().facts.take());
        let mut followed = node.followed.known();
        followed.past = Some((past, needs));
        followed.writes = writes;
        Ok(())
    }
}

fn keeps_facts(before: &Past, past: &Past) -> bool {
    before.facts.keys().all(|key| past.facts.contains_key(key))
}

/// The new part of a past.
fn news(before: Past, past: &Past) -> Past {
    let tasks = past
        .tasks
        .iter()
        .filter(|(name, task)| before.tasks.get(*name) != Some(*task));
    let facts = past
        .facts
        .iter()
        .filter(|(key, value)| before.facts.get(*key) != Some(*value));
    Past {
        tasks: tasks
            .map(|(name, task)| (name.clone(), task.clone()))
            .collect::<HashMap<_, _>>(),
        facts: facts.map(|(key, value)| (key.clone(), value.clone())).collect(),
        ..before
    }
}
