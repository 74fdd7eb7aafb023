//! A compact count of each action of a task.

use super::history::Tally;
use super::record::Action;
use crate::time::Timestamp;

/// The tally of each action. Most tasks only ever start and succeed.
#[derive(Clone, Debug, Default)]
pub(super) struct Tallies {
    run: Count,
    success: Count,
    rare: Option<Box<Rare>>,
}

#[derive(Clone, Debug, Default)]
struct Rare {
    counts: [Count; Action::ALL.len()],
    /// When the last failure happened, as the clock would have shown it if it had always been set as it is now.
    failed: Timestamp,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    number: u64,
    /// Meaningless while `number` is 0.
    last: Timestamp,
}

impl Tallies {
    /// Restores tallies from an earlier life of the app, in the order of [`Action::ALL`].
    pub(super) fn known(tallies: &[Tally; Action::ALL.len()]) -> Self {
        let mut known = Tallies::default();
        for (action, tally) in Action::ALL.into_iter().zip(tallies) {
            if let Some(last) = tally.last {
                known.count(action, tally.count, last);
            }
        }
        known
    }

    /// Counts an action.
    pub(super) fn note(&mut self, action: Action, at: Timestamp) {
        self.count(action, 1, at);
    }

    fn count(&mut self, action: Action, more: u64, last: Timestamp) {
        let count = self.slot(action);
        count.number += more;
        count.last = last;
        if action == Action::Fail {
            self.rare.get_or_insert_default().failed = last;
        }
    }

    fn slot(&mut self, action: Action) -> &mut Count {
        match action {
            Action::Run => &mut self.run,
            Action::Success => &mut self.success,
            other => &mut self.rare.get_or_insert_default().counts[other as usize],
        }
    }

    /// Lets an action that has happened count as having happened last at another instant.
    pub(super) fn set_last(&mut self, action: Action, at: Timestamp) {
        self.slot(action).last = at;
    }

    /// When the last failure happened, in the time that has passed since.
    pub(super) fn failed(&self) -> Option<Timestamp> {
        let rare = self.rare.as_ref()?;
        (rare.counts[Action::Fail as usize].number > 0).then_some(rare.failed)
    }

    /// Follows the clock, which was set by so many microseconds.
    pub(super) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        if let Some(rare) = &mut self.rare {
            rare.failed = rare.failed.shifted(micros).min(now);
        }
    }

    /// The tally of an action.
    pub(super) fn get(&self, action: Action) -> Tally {
        let count = match action {
            Action::Run => Some(&self.run),
            Action::Success => Some(&self.success),
            other => self.rare.as_ref().map(|rare| &rare.counts[other as usize]),
        };
        count.map_or_else(Tally::default, |count| Tally {
            count: count.number,
            last: (count.number > 0).then_some(count.last),
        })
    }
}
