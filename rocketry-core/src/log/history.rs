//! What conditions need to know of a task's past: an index over the log, updated by events.

use std::collections::VecDeque;

use super::ahead::{Ahead, Moment};
use super::one_or_many::OneOrMany;
use super::past::TaskPast;
use super::record::{Action, Record};
use super::tallies::Tallies;
use crate::param::RunId;
use crate::time::{Span, Timestamp};
use rocketry_syntax::ast::Delta;

/// The most instants kept for one action, however far back statements look.
pub(crate) const MAX_KEPT: usize = 65_536;

/// The past of a task, as far as statements ask about it.
///
/// The last instant and the total of each action are always known. Individual instants are kept only for
/// actions that a statement counts over a period, and only as far back as the statement looks.
#[derive(Clone, Debug, Default)]
pub struct History {
    tallies: Tallies,
    last: Option<Action>,
    last_due: Timestamp,
    fails_in_row: u32,
    open: OneOrMany<OpenRun>,
    kept: Option<Box<Kept>>,
}

/// A run that has started and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRun {
    /// The id of the run.
    pub run_id: RunId,
    /// When the run started.
    pub start: Timestamp,
}

/// How often an action has happened, and when it last happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often it has happened.
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

#[derive(Clone, Debug, Default)]
struct Kept {
    /// How old an instant of each action may be and still be queried. Zero keeps none.
    horizon: [Delta; 6],
    instants: [VecDeque<Timestamp>; 6],
    ahead: Ahead,
}

impl History {
    /// Records an action. Actions arrive in the order in which they happened, which is the order of their times
    /// unless the clock was put back.
    pub fn record(&mut self, record: &Record) {
        let at = record.created;
        self.tallies.note(record.action, at);
        self.last = Some(record.action);
        match record.action {
            Action::Run => {
                self.last_due = record.due;
                self.open.push(OpenRun {
                    run_id: record.run_id.clone(),
                    start: at,
                });
            }
            end => self.close(&record.run_id, end),
        }
        if let Some(kept) = &mut self.kept {
            kept.keep(record.action, at);
            kept.ahead.pass(record.action, at);
        }
    }

    /// Restores what a log knows from earlier lives of the app, in which all runs have ended. An instant ahead
    /// of the clock counts as just now, so that it delays nothing until then.
    pub(crate) fn restore(&mut self, past: &TaskPast, now: Timestamp) {
        self.tallies = Tallies::known(&past.tallies);
        self.last = past.last;
        self.last_due = past.last_due.min(now);
        self.fails_in_row = past.fails_in_row;
        self.follow_step(0, now);
        if let Some(kept) = &mut self.kept {
            kept.ahead.restore();
        }
    }

    /// Follows the clock, which was set by so many microseconds. Lengths go on as if it had not been set. What lies
    /// ahead of it counts as having happened just now, so that it holds nothing up until then.
    pub(crate) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        self.tallies.follow_step(micros, now);
        for run in &mut *self.open {
            run.start = run.start.shifted(micros).min(now);
        }
        for action in Action::ALL {
            if let Some(last) = self.last(action).filter(|last| *last > now) {
                self.tallies.set_last(action, now);
                self.kept.get_or_insert_default().ahead.note(action, last, now);
            }
        }
        for at in self.kept.iter_mut().flat_map(|kept| kept.instants.iter_mut()) {
            let ahead = at.partition_point(|at| *at <= now);
            at.range_mut(ahead..).for_each(|at| *at = now);
        }
    }

    /// The past as a log would report it once all runs have ended.
    pub(crate) fn past(&self) -> TaskPast {
        TaskPast {
            tallies: Action::ALL.map(|action| Tally {
                last: self.last_recorded(action),
                ..self.tallies.get(action)
            }),
            last: self.last,
            last_due: self.last_due,
            fails_in_row: self.fails_in_row,
            open: Vec::new(),
        }
    }

    fn close(&mut self, run_id: &RunId, end: Action) {
        self.open.take(|run| run.run_id == *run_id);
        if end == Action::Fail {
            self.fails_in_row += 1;
        } else {
            self.fails_in_row = 0;
        }
    }

    /// Keeps the instants of an action from now on for `horizon`. Returns whether that is longer than before.
    pub fn keep(&mut self, action: Action, horizon: Delta) -> bool {
        let kept = self.kept.get_or_insert_default();
        let slot = &mut kept.horizon[action as usize];
        let longer = horizon > *slot;
        *slot = (*slot).max(horizon);
        longer
    }

    /// Inserts instants of an action before those kept so far, oldest first.
    pub fn refill(&mut self, action: Action, instants: impl IntoIterator<Item = Timestamp>) {
        let Some(kept) = &mut self.kept else { return };
        let since = &mut kept.instants[action as usize];
        let first = since.front().copied().unwrap_or(Timestamp::MAX);
        let mut all: VecDeque<Timestamp> = instants.into_iter().take_while(|at| *at < first).collect();
        all.append(since);
        let surplus = all.len().saturating_sub(MAX_KEPT);
        all.drain(..surplus);
        *since = all;
    }

    /// When an action last happened. An instant that lay ahead when the clock was put back counts as that moment.
    pub fn last(&self, action: Action) -> Option<Timestamp> {
        self.tallies.get(action).last
    }

    /// When an action last happened, as it was recorded.
    pub(crate) fn last_recorded(&self, action: Action) -> Option<Timestamp> {
        let ahead = self.kept.as_ref().and_then(|kept| kept.ahead.last(action));
        ahead.or_else(|| self.last(action))
    }

    /// From when an interval is measured: when an action last happened, as it was recorded. What lies ahead and was
    /// recorded in an earlier life of the app counts as just now.
    pub(crate) fn interval_base(&self, action: Action) -> Option<Timestamp> {
        let ahead = self.kept.as_ref().and_then(|kept| kept.ahead.last_here(action));
        ahead.or_else(|| self.last(action))
    }

    /// When an action last happened, to be compared with other actions.
    pub(crate) fn last_moment(&self, action: Action) -> Option<Moment> {
        let last = self.last(action)?;
        let ahead = self.kept.as_ref();
        Some(ahead.map_or(Moment::at(last), |kept| kept.ahead.moment(action, last)))
    }

    /// Whether an action has happened in a span that the clock shows for the second time, because it was put back.
    pub(crate) fn comes_again(&self, action: Action, span: Span) -> bool {
        self.kept
            .as_ref()
            .is_some_and(|kept| kept.ahead.comes_again(action, span))
    }

    /// When the last failure happened, in the time that has passed since.
    pub(crate) fn failed(&self) -> Option<Timestamp> {
        self.tallies.failed()
    }

    /// The last action.
    pub fn last_action(&self) -> Option<Action> {
        self.last
    }

    /// When the last run was due.
    pub fn last_due(&self) -> Timestamp {
        self.last_due
    }

    /// How many runs have failed in a row, up to the last.
    pub fn fails_in_row(&self) -> u32 {
        self.fails_in_row
    }

    /// Runs that have started and not ended, oldest first.
    pub fn open(&self) -> &[OpenRun] {
        &self.open
    }

    /// How often an action has happened.
    pub fn total(&self, action: Action) -> u64 {
        self.tallies.get(action).count
    }

    /// How often an action has happened in a span.
    ///
    /// The last instant answers most calls; the others search the instants that are kept.
    pub fn count(&self, action: Action, span: Span) -> u64 {
        let Some(last) = self.last(action).filter(|last| *last >= span.start) else {
            return 0;
        };
        let kept = self
            .kept
            .as_ref()
            .map_or(0, |kept| kept.range(action, span).len());
        u64::from(span.contains(last)).max(kept as u64)
    }

    /// The first kept instant of an action in a span.
    pub fn first(&self, action: Action, span: Span) -> Option<Timestamp> {
        let kept = self.kept.as_ref()?;
        let range = kept.range(action, span);
        kept.instants[action as usize]
            .get(range.start)
            .copied()
            .filter(|at| span.contains(*at))
    }
}

impl Kept {
    fn keep(&mut self, action: Action, at: Timestamp) {
        let horizon = self.horizon[action as usize];
        if horizon == Delta::default() {
            return;
        }
        let instants = &mut self.instants[action as usize];
        // The last index, unless the clock was put back.
        let place = instants.partition_point(|known| *known <= at);
        instants.insert(place, at);
        let oldest = at.saturating_sub(horizon);
        while instants.len() > MAX_KEPT || instants.front().is_some_and(|first| *first < oldest) {
            instants.pop_front();
        }
    }

    /// The indexes of the instants in a span.
    fn range(&self, action: Action, span: Span) -> std::ops::Range<usize> {
        let instants = &self.instants[action as usize];
        let start = instants.partition_point(|at| *at < span.start);
        let end = instants.partition_point(|at| *at < span.end);
        start..end.max(start)
    }
}
