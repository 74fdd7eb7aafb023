//! Instants that lie ahead of a clock that was set back.

use super::record::Action;
use crate::time::{Span, Timestamp};
use rocketry_syntax::ast::Delta;

/// How far ahead an instant may lie and still count for its own period once the clock has caught up with it.
/// Instants further ahead were recorded under a wrong date.
const SAME_TIME: Delta = Delta(86_400_000_000);

/// When each action last happened, as recorded before the clock was set back.
#[derive(Clone, Debug, Default)]
pub(super) struct Ahead([Option<Recorded>; Action::ALL.len()]);

/// An instant that lay ahead of the clock and counts as the present.
#[derive(Clone, Copy, Debug)]
struct Recorded {
    at: Timestamp,
    /// Whether the action has not happened again since.
    is_last: bool,
    /// Whether the clock will soon show this instant again.
    comes_again: bool,
    /// Whether it was recorded in an earlier life of the app.
    is_restored: bool,
}

/// When something happened, in an order that setting the clock does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Timestamp, Order);

/// Instants that counted as the present when the clock was set back are older than those recorded at that
/// time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Ahead(Timestamp),
    Here,
}

impl Moment {
    pub(super) const fn at(at: Timestamp) -> Self {
        Moment(at, Order::Here)
    }
}

impl Ahead {
    /// Records that the last instant of an action lies ahead of the clock.
    pub(super) fn note(&mut self, action: Action, last: Timestamp, now: Timestamp) {
        let before = self.0[action as usize].filter(|before| before.is_last);
        let at = before.map_or(last, |before| before.at);
        self.0[action as usize] = Some(Recorded {
            at,
            is_last: true,
            comes_again: at <= now.saturating_add(SAME_TIME),
            is_restored: before.is_some_and(|before| before.is_restored),
        });
    }

    /// Records that all instants are from an earlier life of the app.
    pub(super) fn restore(&mut self) {
        for recorded in self.0.iter_mut().flatten() {
            recorded.is_restored = true;
        }
    }

    /// Records that an action has happened again.
    pub(super) fn pass(&mut self, action: Action, at: Timestamp) {
        let slot = &mut self.0[action as usize];
        if let Some(recorded) = slot {
            recorded.is_last = false;
            slot.take_if(|recorded| recorded.at <= at);
        }
    }

    /// When an action last happened as recorded, if that counts as another instant.
    pub(super) fn last(&self, action: Action) -> Option<Timestamp> {
        self.last_of(action).map(|recorded| recorded.at)
    }

    /// The same, if it was recorded in this life of the app.
    pub(super) fn last_here(&self, action: Action) -> Option<Timestamp> {
        let recorded = self.last_of(action)?;
        (!recorded.is_restored).then_some(recorded.at)
    }

    fn last_of(&self, action: Action) -> Option<Recorded> {
        self.0[action as usize].filter(|recorded| recorded.is_last)
    }

    /// When an action last happened, given that it counts as having happened at `at`.
    pub(super) fn moment(&self, action: Action, at: Timestamp) -> Moment {
        Moment(at, self.last(action).map_or(Order::Here, Order::Ahead))
    }

    /// Returns true if an action has happened in a span that the clock shows for the second time.
    pub(super) fn comes_again(&self, action: Action, span: Span) -> bool {
        self.0[action as usize].is_some_and(|recorded| recorded.comes_again && span.contains(recorded.at))
    }
}
