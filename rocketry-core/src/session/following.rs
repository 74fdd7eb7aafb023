//! A node that stands by knows what the leader has recorded.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Session;
use crate::cond::Need;
use crate::error::Result;
use crate::failure::Part;
use crate::log::Past;

/// How many times longer than the last reading took a node waits at least before the next one.
const REST: u32 = 10;

/// What a node that stands by knows of the run log.
#[derive(Default)]
pub(crate) struct Followed(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// The past that was taken up last, and what statements look back to; `None` after a lead.
    past: Option<(Past, Vec<Need>)>,
    /// The number of writes that was read before it.
    writes: Option<u64>,
    /// Whether there is something new.
    is_behind: bool,
    /// When the log may be read again, by the clock of the seat.
    not_before: Duration,
}

impl Followed {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was known of the run log: the state of the app has no past any more.
    pub(super) fn forget(&self) {
        let mut known = self.known();
        known.past = None;
        known.writes = None;
    }
}

impl Session {
    /// Looks whether the leader has written, and wakes the scheduler if so.
    ///
    /// # Errors
    ///
    /// Fails if the log can't be read.
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

    /// Whether the node stands by and the leader has written something that it does not know.
    pub(crate) fn is_behind(&self) -> bool {
        let Some(node) = self.0.node.as_ref().filter(|node| node.outbox().is_some()) else {
            return false;
        };
        // On manual time, the test says when to look.
        let is_manual = self.clock().as_manual().is_some();
        self.stands_by() && (is_manual || node.followed.known().is_behind)
    }

    /// Takes up what the leader has recorded. Only the scheduler calls this, which takes the lead as well.
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
            // What holds no longer can't be taken back one by one.
            _ => {
                let needs = self.stand_by(node);
                self.take_up_past(past.clone(), &needs);
                needs
            }
        };
        // What the past makes this node note is the leader's to note.
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

/// What of a past is new.
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
