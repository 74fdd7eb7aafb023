//! How often each action of a task has happened, and when it last happened.

use super::record::Action;
use crate::time::Timestamp;

/// How often an action has happened, and when it last happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of times that it has happened.
    pub count: u64,
    /// When it last happened.
    pub last: Option<Timestamp>,
}

impl Tally {
    pub(super) fn note(&mut self, at: Timestamp) {
        self.count += 1;
        self.last = Some(at);
    }
}

impl Count {
    const NONE: Self = Count {
        number: 0,
        last: Timestamp::from_micros(0),
    };
}

/// The tally of each action. Most tasks only ever start and succeed.
#[derive(Clone, Debug, Default)]
pub(super) struct Tallies {
    run: Count,
    success: Count,
    others: Option<Box<[Count; Action::ALL.len()]>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    number: u64,
    /// Meaningless while `number` is 0.
    last: Timestamp,
}

impl Tallies {
    /// No action has happened.
    pub(super) const NONE: Self = Tallies {
        run: Count::NONE,
        success: Count::NONE,
        others: None,
    };

    /// Restores tallies from an earlier life of the app, in the order of [`Action::OF_RUNS`].
    pub(super) fn known(tallies: &[Tally; Action::OF_RUNS.len()]) -> Self {
        let mut known = Tallies::default();
        for (action, tally) in Action::OF_RUNS.into_iter().zip(tallies) {
            if let Some(last) = tally.last {
                known.count(action, tally.count, last);
            }
        }
        known
    }

    /// Counts an action.
    #[inline]
    pub(super) fn note(&mut self, action: Action, at: Timestamp) {
        self.count(action, 1, at);
    }

    fn count(&mut self, action: Action, more: u64, last: Timestamp) {
        let count = self.slot(action);
        count.number += more;
        count.last = last;
    }

    #[inline]
    fn slot(&mut self, action: Action) -> &mut Count {
        match action {
            Action::Run => &mut self.run,
            Action::Success => &mut self.success,
            other => &mut self.others.get_or_insert_default()[other as usize],
        }
    }

    /// Changes the instant at which an action counts as having last happened.
    pub(super) fn set_last(&mut self, action: Action, at: Timestamp) {
        self.slot(action).last = at;
    }

    /// The tally of an action.
    #[inline]
    pub(super) fn get(&self, action: Action) -> Tally {
        let count = match action {
            Action::Run => Some(&self.run),
            Action::Success => Some(&self.success),
            other => self.others.as_ref().map(|others| &others[other as usize]),
        };
        count.map_or_else(Tally::default, |count| Tally {
            count: count.number,
            last: (count.number > 0).then_some(count.last),
        })
    }
}
