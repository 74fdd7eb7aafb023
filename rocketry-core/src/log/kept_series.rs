//! The instants of a task's past that are kept because statements count them or measure delays from them.

use std::collections::VecDeque;

use super::record::{Action, Record};
use crate::time::{Span, Timestamp};
use rocketry_syntax::ast::Delta;

/// The maximum number of instants in one series, however far back statements look.
pub(crate) const MAX_KEPT: usize = 65_536;

/// A series of instants that is kept for conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// When an action happened, as the wall clock showed it.
    Happened(Action),
    /// The instants for which failed runs count: their periods are used up.
    Failures,
    /// When an action happened from which a delay is measured. A change of the wall clock moves these
    /// instants, so that the delay keeps its length.
    Delayed(Action),
    /// When the task last started, for comparison with the end of such a delay. It moves in the same way.
    LastStart,
}

impl From<Action> for Series {
    fn from(action: Action) -> Self {
        Series::Happened(action)
    }
}

impl Series {
    /// The instant of a record of an earlier life of the app in the series, if the record is in it.
    pub(crate) fn instant(self, record: &Record) -> Option<Timestamp> {
        self.instant_of(record, record.start)
    }

    /// The instant of a record in the series, if the record belongs to it. Its run counts for the period of
    /// `counts_for`.
    fn instant_of(self, record: &Record, counts_for: Timestamp) -> Option<Timestamp> {
        match self {
            Series::Happened(action) | Series::Delayed(action) => {
                (record.action == action).then_some(record.created)
            }
            Series::Failures => record.is_failure().then_some(counts_for),
            Series::LastStart => (record.action == Action::Run).then_some(record.created),
        }
    }

    /// The actions of the records that are queried to fill the series. The last start is always known.
    pub(crate) const fn actions(self) -> &'static [Action] {
        const EACH: [&[Action]; Action::ALL.len()] = [
            &[Action::Run],
            &[Action::Success],
            &[Action::Fail],
            &[Action::Terminate],
            &[Action::Inaction],
            &[Action::Crash],
            &[Action::Skip],
        ];
        match self {
            Series::Happened(action) | Series::Delayed(action) => EACH[action as usize],
            Series::Failures => &[Action::Fail, Action::Terminate],
            Series::LastStart => &[],
        }
    }

    /// Returns true if one instant before the horizon is needed as well: an end whose delay has passed makes
    /// a deferred start due, regardless of its age.
    pub(crate) const fn needs_an_older_one(self) -> bool {
        matches!(self, Series::Delayed(_))
    }

    /// Returns true if a change of the wall clock moves the instants.
    const fn measures_lengths(self) -> bool {
        matches!(self, Series::Delayed(_) | Series::LastStart)
    }
}

/// The series that are kept for a task. Most tasks have none, others one or two.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptSeries(Vec<Kept>);

#[derive(Clone, Debug)]
struct Kept {
    series: Series,
    /// The maximum age of an instant that can still be queried.
    horizon: Delta,
    instants: VecDeque<Timestamp>,
}

impl KeptSeries {
    /// Keeps a series from now on. Returns whether earlier instants may be missing.
    pub(super) fn keep(&mut self, series: Series, horizon: Delta) -> bool {
        if horizon == Delta::default() {
            return false;
        }
        if let Some(kept) = self.0.iter_mut().find(|kept| kept.series == series) {
            let longer = horizon > kept.horizon;
            kept.horizon = kept.horizon.max(horizon);
            return longer;
        }
        self.0.push(Kept {
            series,
            horizon,
            instants: VecDeque::new(),
        });
        true
    }

    /// Adds an instant to an empty series.
    pub(super) fn begin_with(&mut self, series: Series, at: Timestamp) {
        let mut kept = self.0.iter_mut().filter(|kept| kept.series == series);
        if let Some(kept) = kept.next().filter(|kept| kept.instants.is_empty()) {
            kept.instants.push_back(at);
        }
    }

    /// Adds a record to the series that it belongs to. Its run counts for the period of `counts_for`.
    pub(super) fn note(&mut self, record: &Record, counts_for: Timestamp) {
        for kept in &mut self.0 {
            if let Some(at) = kept.series.instant_of(record, counts_for) {
                kept.insert(at);
            }
        }
    }

    /// Inserts instants of a series before those kept so far, oldest first.
    pub(super) fn refill(&mut self, series: Series, instants: impl IntoIterator<Item = Timestamp>) {
        let Some(kept) = self.0.iter_mut().find(|kept| kept.series == series) else {
            return;
        };
        let since = &mut kept.instants;
        let first = since.front().copied().unwrap_or(Timestamp::MAX);
        let mut all: VecDeque<Timestamp> = instants.into_iter().take_while(|at| *at < first).collect();
        all.append(since);
        let surplus = all.len().saturating_sub(MAX_KEPT);
        all.drain(..surplus);
        *since = all;
    }

    /// Follows a change of the wall clock by `micros`. Instants ahead of it count as the present.
    pub(super) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        for kept in &mut self.0 {
            let moves = kept.series.measures_lengths();
            for at in &mut kept.instants {
                *at = if moves { at.shifted(micros) } else { *at }.min(now);
            }
        }
    }

    /// The number of instants of a series in a span.
    pub(super) fn count(&self, series: Series, span: Span) -> u64 {
        let Some(instants) = self.of(series) else { return 0 };
        let start = instants.partition_point(|at| *at < span.start);
        let end = instants.partition_point(|at| *at < span.end);
        end.saturating_sub(start) as u64
    }

    /// The first instant of a series in a span.
    pub(super) fn first(&self, series: Series, span: Span) -> Option<Timestamp> {
        let instants = self.of(series)?;
        let start = instants.partition_point(|at| *at < span.start);
        instants.get(start).copied().filter(|at| span.contains(*at))
    }

    /// The last instant of a series.
    pub(super) fn last(&self, series: Series) -> Option<Timestamp> {
        self.of(series)?.back().copied()
    }

    fn of(&self, series: Series) -> Option<&VecDeque<Timestamp>> {
        let kept = self.0.iter().find(|kept| kept.series == series);
        kept.map(|kept| &kept.instants)
    }
}

impl Kept {
    fn insert(&mut self, at: Timestamp) {
        let instants = &mut self.instants;
        // The last index, unless the clock was set back.
        let place = instants.partition_point(|known| *known <= at);
        instants.insert(place, at);
        // One older instant stays: see `needs_an_older_one`.
        let oldest = at.saturating_sub(self.horizon);
        while instants.len() > MAX_KEPT || instants.get(1).is_some_and(|second| *second < oldest) {
            instants.pop_front();
        }
    }
}
