//! Conditions over a period: what happened in it, and when it ends.

use rocketry_syntax::ast::{Action as Event, Basis, Count, Delta, Every, Interval, Since};

use super::facts::{Observation, Verdict};
use super::plan::{Who, actions};
use crate::log::{Action, History, Start};
use crate::time::{Period, Remembered, Span, Timestamp, months_later, next_in_months};

/// The smallest step of time.
pub(super) const INSTANT: Delta = Delta(1);

/// The maximum correction of a clock that does not make an interval due again. Clocks are often corrected by
/// milliseconds, and no task should run twice because of that.
const CORRECTION: Delta = Delta(1_000_000);

impl Observation<'_> {
    pub(super) fn every(&self, every: &Every) -> Verdict {
        let Some((last, next)) = self.interval(every) else {
            return Verdict::settled(true);
        };
        let ahead = match every.interval {
            Interval::Time(interval) => last.saturating_sub(interval.min(CORRECTION)),
            Interval::Months(_) => last.saturating_sub(CORRECTION),
        };
        if ahead >= self.now && last > self.now {
            // The clock was set back: later instants have not happened yet.
            return Verdict::until(true, ahead.saturating_add(INSTANT));
        }
        if self.now < next {
            Verdict::until(false, next)
        } else {
            Verdict::settled(true)
        }
    }

    /// Returns the base and the end of an interval, or `None` if there was no run yet.
    pub(crate) fn interval(&self, every: &Every) -> Option<(Timestamp, Timestamp)> {
        let history = self.history(None);
        let scheduled = history.counted().scheduled;
        let happened = match every.since {
            Since::Start => scheduled.map(|start| start.at),
            Since::Success => history.interval_base(Action::Success),
            Since::Fail => history.interval_base(Action::Fail),
            Since::Finish => ENDS
                .iter()
                .filter_map(|action| history.interval_base(*action))
                .max(),
        };
        let last = happened
            .max(history.skipped())
            .or_else(|| self.presumed_run(history))?;
        let on_grid = scheduled.filter(|_| every.since == Since::Start);
        let next = match (every.interval, on_grid) {
            (Interval::Time(interval), Some(start)) => next_on_grid(start, interval),
            (Interval::Time(interval), None) => last.saturating_add(interval),
            (Interval::Months(months), Some(start)) => next_in_months(start.due, start.at, months, self.zone),
            (Interval::Months(months), None) => months_later(last, months, self.zone),
        };
        Some((last, next))
    }

    pub(super) fn once(&self, who: Who, period: &Remembered, basis: Basis, retries: u32) -> Verdict {
        let own = self.history(None);
        let history = who.map_or(own, |who| self.facts.history(who));
        let presumed = self
            .presumed_run(own)
            .or_else(|| self.run_under_way(own, period))
            .max(own.skipped())
            .filter(|_| who.is_none_or(|who| who == self.owner));
        let used_up = |span: Span| {
            let is_used_up = if counts_by_period(period) {
                is_used_up
            } else {
                has_been_used_up
            };
            presumed.is_some_and(|at| at >= span.start) || is_used_up(history, span, basis, retries)
        };
        if let Some(delta) = period.sliding() {
            let used_up = used_up(self.past(delta));
            return if used_up {
                Verdict::until(false, self.passing(period, history, uses(basis), presumed))
            } else {
                Verdict::settled(true)
            };
        }
        let around = period.around(self.now, self.zone);
        let is_due = around.current.is_some_and(|current| {
            !used_up(self.so_far(current)) && !self.is_repeated(history, current, basis)
        });
        let own = if is_due { around.end() } else { around.next() };
        Verdict::until(
            is_due,
            own.min(self.passing(period, history, uses(basis), presumed)),
        )
    }

    /// Returns whether an occurrence was used up before the clock was set back and repeated it.
    fn is_repeated(&self, history: &History, occurrence: Span, basis: Basis) -> bool {
        if !history.has_ahead() {
            return false;
        }
        let under_way = self.runs_over && !history.open().is_empty();
        let start = under_way.then_some(&Action::Run);
        uses(basis)
            .iter()
            .filter(|action| **action != Action::Fail)
            .chain(start)
            .any(|action| history.comes_again(*action, occurrence))
    }

    pub(super) fn status(&self, who: Who, event: Event, within: Option<&Period>, count: &Count) -> Verdict {
        let (history, actions) = (self.history(who), actions(event));
        let Some(period) = within else {
            let total = actions.iter().map(|action| history.total(*action)).sum();
            return Verdict::settled(count.admits(total));
        };
        let number = |span: Span| actions.iter().map(|action| history.count(*action, span)).sum();
        let (number, own) = if let Some(delta) = period.sliding() {
            (number(self.past(delta)), Timestamp::MAX)
        } else if let Some(latest) = period.span_before(self.now, self.zone) {
            (number(self.so_far(latest)), self.next_start(period, latest.end))
        } else {
            (0, self.next_start(period, self.now))
        };
        // The latest occurrence changes when the next one starts, and no sooner unless it moves with the
        // present.
        let shift = if period.is_steady() {
            Timestamp::MAX
        } else {
            period.next_shift(self.now, self.zone).unwrap_or(Timestamp::MAX)
        };
        let passing = self.passing(period, history, actions, None);
        Verdict::until(count.admits(number), own.min(shift).min(passing))
    }

    /// Returns the span in which events count for a period: its latest occurrence until now.
    pub(crate) fn counted_span(&self, period: &Period) -> Option<Span> {
        if let Some(delta) = period.sliding() {
            return Some(self.past(delta));
        }
        let latest = period.span_before(self.now, self.zone)?;
        Some(self.so_far(latest))
    }

    /// Returns the time at which the owner counts as having run, although it has never run.
    fn presumed_run(&self, own: &History) -> Option<Timestamp> {
        self.facts.waits_since(self.owner).filter(|_| !own.has_run())
    }

    /// Returns the instant for which the owner's last run counts, if a run in progress counts.
    fn run_under_way(&self, own: &History, period: &Period) -> Option<Timestamp> {
        if !self.runs_over || own.open().is_empty() {
            return None;
        }
        if counts_by_period(period) {
            own.counted().start.map(|start| start.counts_for)
        } else {
            own.last(Action::Run)
        }
    }

    /// Returns the span from this long ago, exclusive, until now, inclusive.
    fn past(&self, delta: Delta) -> Span {
        Span::new(
            self.now.saturating_sub(delta).saturating_add(INSTANT),
            self.just_after(),
        )
    }

    /// Returns the past part of an occurrence.
    fn so_far(&self, occurrence: Span) -> Span {
        Span::new(occurrence.start, occurrence.end.min(self.just_after()))
    }

    fn just_after(&self) -> Timestamp {
        self.now.saturating_add(INSTANT)
    }

    /// Returns the start of the first occurrence that ends after an instant, or the instant itself if that is later.
    ///
    /// Occurrences relative to the current time have no start: see [`passing`](Self::passing).
    fn next_start(&self, period: &Period, at: Timestamp) -> Timestamp {
        if period.is_moving() {
            return Timestamp::MAX;
        }
        period
            .span_after(at, self.zone)
            .map_or(Timestamp::MAX, |next| next.start.max(at))
    }

    /// Returns the earliest instant at which an action leaves a window relative to the current time. A run that is
    /// only presumed counts as well.
    fn passing(
        &self,
        period: &Period,
        history: &History,
        actions: &[Action],
        presumed: Option<Timestamp>,
    ) -> Timestamp {
        if period.is_steady() {
            return Timestamp::MAX;
        }
        let windows = period.windows().into_iter();
        let leaving = windows.filter_map(|window| self.leaves(history, actions, presumed, window));
        leaving.min().unwrap_or(Timestamp::MAX)
    }

    /// Returns the time when the first action in a window of this length leaves it.
    fn leaves(
        &self,
        history: &History,
        actions: &[Action],
        presumed: Option<Timestamp>,
        delta: Delta,
    ) -> Option<Timestamp> {
        let window = self.past(delta);
        let first = |action: &Action| history.first(*action, window).or_else(|| history.last(*action));
        let oldest = actions
            .iter()
            .filter_map(first)
            .chain(presumed)
            .filter(|at| window.contains(*at))
            .min();
        oldest.map(|oldest| oldest.saturating_add(delta))
    }
}

/// Whether runs count for the occurrence of a period in which they were due, regardless of when they ended. A
/// period that moves with the present has no fixed occurrences, so its runs count by when they started or
/// ended.
pub(super) fn counts_by_period(period: &Period) -> bool {
    !period.is_moving()
}

/// Whether runs that were due in an occurrence, or later, have used it up.
fn is_used_up(history: &History, span: Span, basis: Basis, retries: u32) -> bool {
    let counted = history.counted();
    let within = |due: Option<Timestamp>| due.is_some_and(|due| due >= span.start);
    match basis {
        Basis::Start => within(counted.start.map(|start| start.counts_for)),
        Basis::Finish if within(counted.settled) => true,
        Basis::Finish => within(counted.failed) && history.failures(span) > u64::from(retries),
    }
}

/// Whether the events in a window that moves with the present have used it up.
fn has_been_used_up(history: &History, span: Span, basis: Basis, retries: u32) -> bool {
    let happened = |action| history.last(action).is_some_and(|last| last >= span.start);
    uses(basis).iter().any(|action| match action {
        Action::Fail => happened(Action::Fail) && history.count(Action::Fail, span) > u64::from(retries),
        action => happened(*action),
    })
}

/// Returns the actions that use up an occurrence. Failures count only beyond the retries.
pub(crate) const fn uses(basis: Basis) -> &'static [Action] {
    match basis {
        Basis::Start => &[Action::Run],
        Basis::Finish => ENDS,
    }
}

/// Returns the ends of a run, except an interruption with its process.
const ENDS: &[Action] = &[Action::Success, Action::Inaction, Action::Terminate, Action::Fail];

/// Returns when a task with an interval is next due, counted from when its last run was due.
///
/// A late run does not shift the grid, and one run replaces all missed ones: the grid continues from its last point
/// before the start of the run.
fn next_on_grid(Start { due, at: started, .. }: Start, interval: Delta) -> Timestamp {
    let late = started.since(due).as_micros();
    let interval_micros = u128::from(interval.0);
    let missed = late.checked_div(interval_micros).unwrap_or(0) * interval_micros;
    let missed = Delta(u64::try_from(missed).unwrap_or(u64::MAX));
    due.min(started).saturating_add(missed).saturating_add(interval)
}
