//! The part of a task's past that conditions need: an index over the log, updated by events.

use super::counted::{Counted, Start, StartedBy, latest};
use super::future_instants::{Ahead, Moment};
use super::kept_series::{KeptSeries, Series};
use super::one_or_many::OneOrMany;
use super::past::TaskPast;
use super::record::{Action, Record};
use super::tallies::{Tallies, Tally};
use crate::param::RunId;
use crate::time::{Span, Timestamp};
use rocketry_syntax::ast::Delta;

/// The past of a task, as far as statements need it.
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
    /// The instant for which the latest ended run counts; [`Timestamp::MIN`] if none has ended.
    settled: Timestamp,
    /// The count of the schedule, if it does not follow from the other fields.
    counted: Option<Box<Counted>>,
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
    /// What started the run.
    pub started_by: StartedBy,
}

#[derive(Clone, Debug, Default)]
struct Kept {
    series: KeptSeries,
    ahead: Ahead,
}

impl History {
    /// An empty past.
    pub(crate) const NEW: Self = History {
        tallies: Tallies::NONE,
        last: None,
        last_due: Timestamp::from_micros(0),
        fails_in_row: 0,
        open: OneOrMany::None,
        kept: None,
        settled: Timestamp::from_micros(0),
        counted: None,
    };

    /// Records an action. Actions arrive in the order in which they happened, which is the order of their times
    /// unless the clock was set back. A start is treated as a scheduled one. A skipped start has no effect.
    #[inline]
    pub fn record(&mut self, record: &Record) {
        match record.action {
            Action::Run => self.start(record, StartedBy::Schedule, record.created),
            Action::Skip => {}
            _ => self.end(record),
        }
    }

    /// Records a start. The run counts for the period of `counts_for`.
    #[inline]
    pub fn start(&mut self, record: &Record, by: StartedBy, counts_for: Timestamp) {
        let is_plain = self.counted.is_none() && by == StartedBy::Schedule && counts_for == record.created;
        let counted = (!is_plain).then(|| {
            let mut counted = self.counted();
            if by == StartedBy::Backfill {
                counted.only_backfills |= self.last(Action::Run).is_none();
            } else {
                counted.start(record, by, counts_for);
            }
            counted
        });
        self.note(record, counts_for);
        self.last_due = record.due;
        self.adopt(record, by, counts_for);
        if let Some(counted) = counted {
            self.count_as(counted);
        }
    }

    /// Adopts a run in progress whose start is already counted.
    #[inline]
    pub(crate) fn adopt(&mut self, start: &Record, started_by: StartedBy, counts_for: Timestamp) {
        let (run_id, start) = (start.run_id.clone(), start.created);
        self.open.push(OpenRun {
            run_id,
            start,
            counts_for,
            started_by,
        });
    }

    /// Counts a start that was skipped on request: the schedule continues as if a run had been made.
    pub fn skip(&mut self, due: Timestamp, at: Timestamp, counts_for: Timestamp) {
        let mut counted = self.counted();
        counted.skip(Start { due, at, counts_for });
        self.count_as(counted);
    }

    /// The instant for which a skipped start counts, since the last scheduled start.
    pub(crate) fn skipped(&self) -> Option<Timestamp> {
        self.counted.as_ref()?.skipped
    }

    /// Returns true if the schedule knows of a run.
    pub(crate) fn has_run(&self) -> bool {
        let counted = self.counted.as_ref();
        let only_backfills = counted.is_some_and(|counted| counted.only_backfills);
        self.last(Action::Run).is_some() && !only_backfills
    }

    /// Returns true if the last scheduled run was interrupted by the end of the app and is repeated.
    #[inline]
    pub(crate) fn is_cut_off(&self) -> bool {
        self.counted.as_ref().is_some_and(|counted| counted.cut_off)
    }

    #[inline]
    fn end(&mut self, record: &Record) {
        let run = self.open.take(|run| run.run_id == record.run_id);
        let by = run.as_ref().map_or(StartedBy::Schedule, |run| run.started_by);
        let counts_for = run.map_or(record.start, |run| run.counts_for);
        if by == StartedBy::Backfill {
            let counted = self.counted();
            self.note(record, counts_for);
            self.count_as(counted);
        } else if self.counted.is_none() && !record.is_failure() {
            // The count follows from the other fields before and after.
            if record.action != Action::Crash {
                self.settled = latest(self.settled_for(), counts_for, record.created);
            }
            self.note(record, counts_for);
        } else {
            let mut counted = self.counted();
            counted.end(record, counts_for);
            self.note(record, counts_for);
            self.count_as(counted);
        }
        self.fails_in_row = match record.action {
            Action::Fail => self.fails_in_row + 1,
            _ => 0,
        };
    }

    #[inline]
    fn note(&mut self, record: &Record, counts_for: Timestamp) {
        self.tallies.note(record.action, record.created);
        self.last = Some(record.action);
        if let Some(kept) = &mut self.kept {
            kept.series.note(record, counts_for);
            kept.ahead.pass(record.action, record.created);
        }
    }

    /// Restores what a log contains from earlier lives of the app, in which all runs have ended. An instant
    /// ahead of the clock counts as the present, so that it delays nothing.
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

    /// Follows a change of the clock by `micros`. Durations are not affected. Instants ahead count as the present.
    pub(crate) fn follow_step(&mut self, micros: i64, now: Timestamp) {
        let counted = self.counted().after_step(micros, now);
        for run in &mut *self.open {
            run.start = run.start.shifted(micros).min(now);
            run.counts_for = run.counts_for.min(now);
        }
        for action in Action::OF_RUNS {
            if let Some(last) = self.last(action).filter(|last| *last > now) {
                self.tallies.set_last(action, now);
                self.kept.get_or_insert_default().ahead.note(action, last, now);
            }
        }
        if let Some(kept) = &mut self.kept {
            kept.series.follow_step(micros, now);
        }
        self.count_as(counted);
    }

    /// Restores the count of the schedule.
    pub(crate) fn restore_counted(&mut self, counted: Counted, now: Timestamp) {
        self.count_as(counted.no_later_than(now));
        self.begin_last_start();
    }

    /// Takes the last start from the count, if it is kept and no start is known yet.
    fn begin_last_start(&mut self) {
        let start = self.counted().start;
        if let (Some(kept), Some(start)) = (&mut self.kept, start) {
            kept.series.begin_with(Series::LastStart, start.at);
        }
    }

    /// The count of the schedule.
    pub(crate) fn counted(&self) -> Counted {
        match &self.counted {
            Some(counted) => **counted,
            None => self.counted_plainly(),
        }
    }

    /// The count of the schedule, if it does not follow from the records alone.
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
        Counted::plain(start, self.settled_for())
    }

    fn settled_for(&self) -> Option<Timestamp> {
        Some(self.settled).filter(|due| *due > Timestamp::MIN)
    }

    #[inline]
    fn count_as(&mut self, counted: Counted) {
        self.settled = counted.settled.unwrap_or(Timestamp::MIN);
        self.counted = (counted != self.counted_plainly()).then(|| Box::new(counted));
    }

    /// When the task last started, for comparison with actions of other tasks.
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
            tallies: Action::OF_RUNS.map(|action| Tally {
                last: self.last_recorded(action),
                ..self.tallies.get(action)
            }),
            last: self.last,
            last_due: self.last_due,
            fails_in_row: self.fails_in_row,
            open: Vec::new(),
        }
    }

    /// Keeps the instants of a series from now on for `horizon`, and the last one before them. Returns whether
    /// the log may contain instants that are not in memory.
    pub fn keep(&mut self, series: impl Into<Series>, horizon: Delta) -> bool {
        let series = series.into();
        let longer = self.kept.get_or_insert_default().series.keep(series, horizon);
        self.begin_last_start();
        longer && !series.actions().is_empty()
    }

    /// Inserts instants of a series before those that are already kept, oldest first.
    pub fn refill(&mut self, series: impl Into<Series>, instants: impl IntoIterator<Item = Timestamp>) {
        if let Some(kept) = &mut self.kept {
            kept.series.refill(series.into(), instants);
        }
    }

    /// Returns when an action last happened. An instant ahead of a clock set back counts as that moment.
    pub fn last(&self, action: Action) -> Option<Timestamp> {
        self.tallies.get(action).last
    }

    /// When an action last happened, as recorded.
    pub(crate) fn last_recorded(&self, action: Action) -> Option<Timestamp> {
        let ahead = self.kept.as_ref().and_then(|kept| kept.ahead.last(action));
        ahead.or_else(|| self.last(action))
    }

    /// The base of an interval: when an action last happened, as recorded. An instant that lies ahead and was
    /// recorded in an earlier life of the app counts as the present.
    pub(crate) fn interval_base(&self, action: Action) -> Option<Timestamp> {
        let ahead = self.kept.as_ref().and_then(|kept| kept.ahead.last_here(action));
        ahead.or_else(|| self.last(action))
    }

    /// When an action last happened, for comparison with other actions.
    pub(crate) fn last_moment(&self, action: Action) -> Option<Moment> {
        let last = self.last(action)?;
        let ahead = self.kept.as_ref();
        Some(ahead.map_or(Moment::at(last), |kept| kept.ahead.moment(action, last)))
    }

    /// Returns true if anything may have happened ahead of the clock, because it was set back.
    #[inline]
    pub(crate) fn has_ahead(&self) -> bool {
        self.kept.is_some()
    }

    /// Returns true if an action has happened in a span that repeats because the clock was set back.
    pub(crate) fn comes_again(&self, action: Action, span: Span) -> bool {
        let kept = self.kept.as_ref();
        kept.is_some_and(|kept| kept.ahead.comes_again(action, span))
    }

    /// Returns the last action.
    pub fn last_action(&self) -> Option<Action> {
        self.last
    }

    /// Returns when the last run was due.
    pub fn last_due(&self) -> Timestamp {
        self.last_due
    }

    /// Returns how many runs have failed in a row, up to the last run.
    pub fn fails_in_row(&self) -> u32 {
        self.fails_in_row
    }

    /// Returns how many runs have failed in a row, and when the last of them failed. Returns `None` if the
    /// last ended run did not fail, or if a later run was started by the schedule. A run that was ended by
    /// its timeout counts as one failure.
    pub fn failing(&self) -> Option<(u32, Timestamp)> {
        let Counted { fails, failed_at, .. } = **self.counted.as_ref()?;
        failed_at.map(|at| (fails.max(self.fails_in_row), at))
    }

    /// Returns the runs that have started and not ended, oldest first.
    pub fn open(&self) -> &[OpenRun] {
        &self.open
    }

    /// Returns how often an action has happened.
    pub fn total(&self, action: Action) -> u64 {
        self.tallies.get(action).count
    }

    /// Returns how often an action has happened in a span.
    ///
    /// The last instant answers most calls; other calls search the instants that are kept.
    pub fn count(&self, action: Action, span: Span) -> u64 {
        let Some(last) = self.last(action).filter(|last| *last >= span.start) else {
            return 0;
        };
        u64::from(span.contains(last)).max(self.kept_in(Series::Happened(action), span))
    }

    /// The number of failed runs that count for a span.
    pub(crate) fn failures(&self, span: Span) -> u64 {
        let last = self.counted().failed.is_some_and(|failed| span.contains(failed));
        u64::from(last).max(self.kept_in(Series::Failures, span))
    }

    fn kept_in(&self, series: Series, span: Span) -> u64 {
        let kept = self.kept.as_ref();
        kept.map_or(0, |kept| kept.series.count(series, span))
    }

    /// Returns the first kept instant of a series in a span.
    pub fn first(&self, series: impl Into<Series>, span: Span) -> Option<Timestamp> {
        self.kept.as_ref()?.series.first(series.into(), span)
    }

    /// When an action last happened, for a delay that is measured from it: see [`Series::Delayed`].
    pub(crate) fn last_delayed(&self, action: Action) -> Option<Timestamp> {
        let kept = self.kept.as_ref();
        let delayed = kept.and_then(|kept| kept.series.last(Series::Delayed(action)));
        delayed.or_else(|| self.last(action))
    }

    /// When the last counted start was, for comparison with the end of a delay.
    pub(crate) fn last_start_delayed(&self) -> Option<Timestamp> {
        let kept = self.kept.as_ref();
        let start = kept.and_then(|kept| kept.series.last(Series::LastStart));
        start.or_else(|| self.counted().start.map(|start| start.at))
    }
}
