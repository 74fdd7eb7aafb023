//! What conditions need to know of a task's past: an index over the log, updated by events.

use std::collections::VecDeque;

use super::ahead::{Ahead, Moment};
use super::counted::{Counted, Start, StartedBy};
use super::one_or_many::OneOrMany;
use super::past::TaskPast;
use super::record::{Action, Record};
use super::tallies::{Tallies, Tally};
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
    /// What the latest run counts for that has ended; [`Timestamp::MIN`] if none has.
    settled: Timestamp,
    /// What the schedule counts, if that is not what follows from the other fields.
    counted: Option<Box<Counted>>,
}

/// Instants that are kept so that conditions can count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// When an action happened.
    Happened(Action),
    /// What failed runs count for: the instants whose periods they use up.
    Failures,
}

impl From<Action> for Series {
    fn from(action: Action) -> Self {
        Series::Happened(action)
    }
}

impl Series {
    const COUNT: usize = Action::ALL.len() + 1;

    const fn index(self) -> usize {
        match self {
            Series::Happened(action) => action as usize,
            Series::Failures => Action::ALL.len(),
        }
    }

    /// The instant of a record of an earlier life of the app in the series, if the record is in it.
    pub(crate) fn instant(self, record: &Record) -> Option<Timestamp> {
        match self {
            Series::Happened(action) => (record.action == action).then_some(record.created),
            Series::Failures => record.is_failure().then_some(record.start),
        }
    }

    /// The actions whose records may be in the series.
    pub(crate) const fn actions(self) -> &'static [Action] {
        const EACH: [&[Action]; Action::ALL.len()] = [
            &[Action::Run],
            &[Action::Success],
            &[Action::Fail],
            &[Action::Terminate],
            &[Action::Inaction],
            &[Action::Crash],
        ];
        match self {
            Series::Happened(action) => EACH[action as usize],
            Series::Failures => &[Action::Fail, Action::Terminate],
        }
    }
}

/// A run that has started and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRun {
    /// The id of the run.
    pub run_id: RunId,
    /// When the run started.
    pub start: Timestamp,
    /// The instant for whose period the run counts.
    pub counts_for: Timestamp,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    /// How old an instant of each series may be and still be queried. Zero keeps none.
    horizon: [Delta; Series::COUNT],
    instants: [VecDeque<Timestamp>; Series::COUNT],
    ahead: Ahead,
}

impl History {
    /// Records an action. Actions arrive in the order in which they happened, which is the order of their times
    /// unless the clock was put back. A start is taken for one by the schedule.
    pub fn record(&mut self, record: &Record) {
        match record.action {
            Action::Run => self.start(record, StartedBy::Schedule, record.created),
            _ => self.end(record),
        }
    }

    /// Records a start. The run counts for the period of an instant.
    pub fn start(&mut self, record: &Record, by: StartedBy, counts_for: Timestamp) {
        let mut counted = self.counted();
        counted.start(record, by, counts_for);
        self.note(record, counts_for);
        self.last_due = record.due;
        self.open.push(OpenRun {
            run_id: record.run_id.clone(),
            start: record.created,
            counts_for,
        });
        self.count_as(counted);
    }

    fn end(&mut self, record: &Record) {
        let mut counted = self.counted();
        let run = self.open.take(|run| run.run_id == record.run_id);
        let counts_for = run.map_or(record.start, |run| run.counts_for);
        counted.end(record, counts_for);
        self.note(record, counts_for);
        self.fails_in_row = match record.action {
            Action::Fail => self.fails_in_row + 1,
            _ => 0,
        };
        self.count_as(counted);
    }

    fn note(&mut self, record: &Record, counts_for: Timestamp) {
        self.tallies.note(record.action, record.created);
        self.last = Some(record.action);
        if let Some(kept) = &mut self.kept {
            kept.keep(record, counts_for);
            kept.ahead.pass(record.action, record.created);
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
        self.restore_counted(Counted::of(past), now);
    }

    /// Follows a change of the clock by `micros`. Lengths go on as if it had not been set. What lies
    /// ahead of it counts as having happened just now, so that it holds nothing up until then.
    pub(crate) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        let counted = self.counted().after_step(micros, now);
        for run in &mut *self.open {
            run.start = run.start.shifted(micros).min(now);
            run.counts_for = run.counts_for.min(now);
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
        self.count_as(counted);
    }

    /// Restores what the schedule counts.
    pub(crate) fn restore_counted(&mut self, counted: Counted, now: Timestamp) {
        self.count_as(counted.no_later_than(now));
    }

    /// What the schedule counts.
    pub(crate) fn counted(&self) -> Counted {
        match &self.counted {
            Some(counted) => **counted,
            None => self.counted_plainly(),
        }
    }

    /// What the schedule counts, if the records alone do not tell it.
    pub(crate) fn counted_beyond_records(&self) -> Option<Counted> {
        let counted = self.counted();
        (counted != Counted::of(&self.past())).then_some(counted)
    }

    fn counted_plainly(&self) -> Counted {
        let start = self.last(Action::Run).map(|at| Start {
            due: self.last_due,
            at,
            counts_for: at,
        });
        Counted::plain(start, Some(self.settled).filter(|due| *due > Timestamp::MIN))
    }

    fn count_as(&mut self, counted: Counted) {
        self.settled = counted.settled.unwrap_or(Timestamp::MIN);
        self.counted = (counted != self.counted_plainly()).then(|| Box::new(counted));
    }

    /// When the task last started, to be compared with what has happened to others.
    pub(crate) fn last_start(&self) -> Option<Moment> {
        let start = self.counted().start?;
        if self.last(Action::Run) == Some(start.at) {
            self.last_moment(Action::Run)
        } else {
            // The last start does not count.
            Some(Moment::at(start.at))
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

    /// Keeps the instants of a series from now on for `horizon`, and the last one before them. Returns whether that is longer than before.
    pub fn keep(&mut self, series: impl Into<Series>, horizon: Delta) -> bool {
        let series = series.into();
        let kept = self.kept.get_or_insert_default();
        let slot = &mut kept.horizon[series.index()];
        let longer = horizon > *slot;
        *slot = (*slot).max(horizon);
        longer
    }

    /// Inserts instants of a series before those kept so far, oldest first.
    pub fn refill(&mut self, series: impl Into<Series>, instants: impl IntoIterator<Item = Timestamp>) {
        let series = series.into();
        let Some(kept) = &mut self.kept else { return };
        let since = &mut kept.instants[series.index()];
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
        u64::from(span.contains(last)).max(self.kept_in(Series::Happened(action), span))
    }

    /// How many runs have failed that count for a span.
    pub(crate) fn failures(&self, span: Span) -> u64 {
        let last = self.counted().failed.is_some_and(|failed| span.contains(failed));
        u64::from(last).max(self.kept_in(Series::Failures, span))
    }

    fn kept_in(&self, series: Series, span: Span) -> u64 {
        let kept = self.kept.as_ref();
        kept.map_or(0, |kept| kept.range(series, span).len() as u64)
    }

    /// The first kept instant of an action in a span.
    pub fn first(&self, action: Action, span: Span) -> Option<Timestamp> {
        let kept = self.kept.as_ref()?;
        let series = Series::Happened(action);
        let range = kept.range(series, span);
        kept.instants[series.index()]
            .get(range.start)
            .copied()
            .filter(|at| span.contains(*at))
    }
}

impl Kept {
    fn keep(&mut self, record: &Record, counts_for: Timestamp) {
        self.insert(Series::Happened(record.action), record.created);
        if record.is_failure() {
            self.insert(Series::Failures, counts_for);
        }
    }

    fn insert(&mut self, series: Series, at: Timestamp) {
        let horizon = self.horizon[series.index()];
        if horizon == Delta::default() {
            return;
        }
        let instants = &mut self.instants[series.index()];
        // The last index, unless the clock was put back.
        let place = instants.partition_point(|known| *known <= at);
        instants.insert(place, at);
        // One older instant stays: an end whose delay has passed makes a held start due, however old it is.
        let oldest = at.saturating_sub(horizon);
        while instants.len() > MAX_KEPT || instants.get(1).is_some_and(|second| *second < oldest) {
            instants.pop_front();
        }
    }

    /// The indexes of the instants in a span.
    fn range(&self, series: Series, span: Span) -> std::ops::Range<usize> {
        let instants = &self.instants[series.index()];
        let start = instants.partition_point(|at| *at < span.start);
        let end = instants.partition_point(|at| *at < span.end);
        start..end.max(start)
    }
}
