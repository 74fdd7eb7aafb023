//! Conditions over a stretch of time: what has happened in it, and when that passes.

use rocketry_syntax::ast::{Action as Event, Basis, Count, Delta, Every, Interval, Since};

use super::facts::{Observation, Verdict};
use super::plan::{Who, actions};
use crate::log::{Action, History};
use crate::time::{Period, Remembered, Span, Timestamp, months_later, next_in_months};

/// The smallest step of time.
pub(super) const INSTANT: Delta = Delta(1);

/// By how much a clock may be put back, at the most, without an interval being due once more: clocks are corrected by
/// milliseconds all the time, and nothing is to run twice because of it.
const CORRECTION: Delta = Delta(1_000_000);

impl Observation<'_> {
    pub(super) fn every(&self, every: &Every) -> Verdict {
        let history = self.history(None);
        let happened = bases(every.since)
            .iter()
            .filter_map(|action| history.interval_base(*action))
            .max();
        let Some(last) = happened.or_else(|| self.presumed_run()) else {
            return Verdict::settled(true);
        };
        let ahead = match every.interval {
            Interval::Time(interval) => last.saturating_sub(interval.min(CORRECTION)),
            Interval::Months(_) => last.saturating_sub(CORRECTION),
        };
        if ahead >= self.now && last > self.now {
            // The clock was put back: what lies ahead has not happened yet.
            return Verdict::until(true, ahead.saturating_add(INSTANT));
        }
        let on_grid = every.since == Since::Start && happened.is_some();
        let next = match every.interval {
            Interval::Time(interval) if on_grid => next_on_grid(history.last_due(), last, interval),
            Interval::Time(interval) => last.saturating_add(interval),
            Interval::Months(months) if on_grid => {
                next_in_months(history.last_due(), last, months, self.zone)
            }
            Interval::Months(months) => months_later(last, months, self.zone),
        };
        if self.now < next {
            Verdict::until(false, next)
        } else {
            Verdict::settled(true)
        }
    }

    pub(super) fn once(&self, who: Who, period: &Remembered, basis: Basis, retries: u32) -> Verdict {
        let history = self.history(who);
        let presumed = self
            .presumed_run()
            .or_else(|| self.run_under_way())
            .filter(|_| who.is_none_or(|who| who == self.owner));
        let used_up = |span: Span| {
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
        let is_due = around
            .current
            .is_some_and(|current| !used_up(self.so_far(current)) && !self.is_repeated(who, current, basis));
        let own = if is_due { around.end() } else { around.next() };
        Verdict::until(
            is_due,
            own.min(self.passing(period, history, uses(basis), presumed)),
        )
    }

    /// Whether an occurrence was used up before the clock was put back and shows it for the second time.
    fn is_repeated(&self, who: Who, occurrence: Span, basis: Basis) -> bool {
        let history = self.history(who);
        let under_way = self.facts.are_runs_over() && !history.open().is_empty();
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
        let shift = period.next_shift(self.now, self.zone).unwrap_or(Timestamp::MAX);
        let passing = self.passing(period, history, actions, None);
        Verdict::until(count.admits(number), own.min(shift).min(passing))
    }

    /// When the owner counts as having run, though it never has.
    fn presumed_run(&self) -> Option<Timestamp> {
        let has_run = self.history(None).last(Action::Run).is_some();
        self.facts.waits_since(self.owner).filter(|_| !has_run)
    }

    /// When the owner's last run has begun, if one that is under way counts.
    fn run_under_way(&self) -> Option<Timestamp> {
        let history = self.history(None);
        let counts = self.facts.are_runs_over() && !history.open().is_empty();
        history.last(Action::Run).filter(|_| counts)
    }

    /// From this long ago, not counting that instant itself, until and including now.
    fn past(&self, delta: Delta) -> Span {
        Span::new(
            self.now.saturating_sub(delta).saturating_add(INSTANT),
            self.just_after(),
        )
    }

    /// The part of an occurrence that has been.
    fn so_far(&self, occurrence: Span) -> Span {
        Span::new(occurrence.start, occurrence.end.min(self.just_after()))
    }

    fn just_after(&self) -> Timestamp {
        self.now.saturating_add(INSTANT)
    }

    /// The start of the first occurrence that ends after an instant; that instant itself at the earliest.
    ///
    /// Occurrences that go along with now do not start: see [`passing`](Self::passing).
    fn next_start(&self, period: &Period, at: Timestamp) -> Timestamp {
        if period.is_moving() {
            return Timestamp::MAX;
        }
        period
            .span_after(at, self.zone)
            .map_or(Timestamp::MAX, |next| next.start.max(at))
    }

    /// The earliest instant at which something passes out of a window that goes along with now, a run that is only
    /// presumed included.
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

    /// When the first of the actions in the window that reaches so far back leaves it.
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

fn is_used_up(history: &History, span: Span, basis: Basis, retries: u32) -> bool {
    let happened = |action| history.last(action).is_some_and(|last| last >= span.start);
    uses(basis).iter().any(|action| match action {
        Action::Fail => happened(Action::Fail) && history.count(Action::Fail, span) > u64::from(retries),
        action => happened(*action),
    })
}

/// The actions that use up an occurrence; failures only beyond the retries.
const fn uses(basis: Basis) -> &'static [Action] {
    match basis {
        Basis::Start => &[Action::Run],
        Basis::Finish => ENDS,
    }
}

/// The ends of a run that was not cut off with its process.
const ENDS: &[Action] = &[Action::Success, Action::Inaction, Action::Terminate, Action::Fail];

/// The actions that an interval is measured from.
const fn bases(since: Since) -> &'static [Action] {
    match since {
        Since::Start => &[Action::Run],
        Since::Success => &[Action::Success],
        Since::Fail => &[Action::Fail],
        Since::Finish => ENDS,
    }
}

/// When a task is next due that runs every so often, counted from when its last run was due.
///
/// A run that came late does not move the grid, and what was missed meanwhile is made up for once: the grid
/// goes on from its last point before the run started.
fn next_on_grid(due: Timestamp, started: Timestamp, interval: Delta) -> Timestamp {
    let late = started.since(due).as_micros();
    let interval_micros = u128::from(interval.0);
    let missed = late.checked_div(interval_micros).unwrap_or(0) * interval_micros;
    let missed = Delta(u64::try_from(missed).unwrap_or(u64::MAX));
    due.min(started).saturating_add(missed).saturating_add(interval)
}
