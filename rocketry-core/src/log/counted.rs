//! The count of a task's schedule: which periods its runs have used up.
//!
//! A late run makes up for everything that was missed before it started, so it counts for the period of its
//! start. A run that was deferred on purpose counts for the period in which it was due.

use serde::{Deserialize, Serialize};

use super::past::TaskPast;
use super::record::{Action, Record};
use crate::time::Timestamp;

/// What started a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartedBy {
    /// The start condition.
    #[default]
    Schedule,
    /// The start condition, which was true only because it retries failures.
    Retry,
    /// A request.
    Request,
    /// A backfill, or the catch-up of a missed start. The schedule does not count the run.
    Backfill,
}

/// The start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    /// When the run was due.
    pub(crate) due: Timestamp,
    /// When it started.
    pub(crate) at: Timestamp,
    /// The instant for whose period the run counts.
    pub(crate) counts_for: Timestamp,
}

/// The count of a task's schedule. A run that crashed counts only if its task says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Counted {
    /// The last start.
    pub(crate) start: Option<Start>,
    /// The last scheduled start; if there is none, the first start.
    pub(crate) scheduled: Option<Start>,
    /// The instant for which the latest ended run counts that did not fail.
    pub(crate) settled: Option<Timestamp>,
    /// The instant for which the latest failure after that counts.
    pub(crate) failed: Option<Timestamp>,
    /// The number of consecutive failed runs since the last scheduled start.
    pub(crate) fails: u32,
    /// When the last of them failed.
    pub(crate) failed_at: Option<Timestamp>,
    /// The instant for which a start counts that was skipped on request, since the last scheduled start.
    pub(crate) skipped: Option<Timestamp>,
    /// Whether all runs so far belong to backfills, so that the first scheduled run is still to come.
    pub(crate) only_backfills: bool,
    /// Whether the last scheduled run was interrupted when the app ended and does not count, so that it is
    /// repeated.
    pub(crate) cut_off: bool,
}

/// The part of the count that the run log stores.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CountedFact {
    /// The count if interrupted runs do not count.
    #[serde(flatten)]
    pub(crate) counted: Counted,
    /// The count if interrupted runs do count, where that may differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) with_cut_off: Option<Counted>,
}

impl CountedFact {
    /// The stored form of the current count. If the last action was a crash, it is correct whether crashes
    /// count or not.
    pub(crate) fn now(counted: Counted, last: Option<Action>) -> Self {
        CountedFact {
            counted,
            with_cut_off: (last == Some(Action::Crash)).then_some(counted),
        }
    }

    /// Applies interrupted runs, given as their starts and as the schedule's classification of them.
    pub(crate) fn cut_off<'a>(mut self, starts: impl IntoIterator<Item = (&'a Record, StartedBy)>) -> Self {
        let mut with = self.with_cut_off.unwrap_or(self.counted);
        let mut backfills = true;
        for (start, by) in starts {
            if by == StartedBy::Backfill {
                continue;
            }
            backfills = false;
            self.counted.cut_off |= matches!(by, StartedBy::Schedule | StartedBy::Retry);
            with.start(start, by, start.created);
            with.settle(start.created, start.created);
        }
        self.counted.only_backfills &= backfills;
        self.with_cut_off = Some(with);
        self
    }

    pub(crate) fn to_json(self) -> String {
        serde_json::to_string(&self).expect("instants and numbers can be turned into JSON")
    }
}

impl Counted {
    /// The count of a task whose runs were all scheduled and have not failed.
    pub(super) fn plain(start: Option<Start>, settled: Option<Timestamp>) -> Self {
        Counted {
            start,
            scheduled: start,
            settled,
            ..Counted::default()
        }
    }

    /// The count that follows from the records of a task alone, if all its runs have ended. Where the real
    /// count differs, the run log stores the difference as a fact.
    pub(crate) fn of(past: &TaskPast) -> Self {
        let start = past.tallies[Action::Run as usize].last;
        let start = start.map(|at| Start {
            due: past.last_due,
            at,
            counts_for: at,
        });
        match past.last {
            Some(Action::Fail) => Counted {
                failed: start.map(|start| start.at),
                fails: past.fails_in_row,
                failed_at: past.tallies[Action::Fail as usize].last,
                ..Counted::plain(start, None)
            },
            Some(_) => Counted::plain(start, start.map(|start| start.at)),
            None => Counted::plain(start, None),
        }
    }

    /// The count of a task up to the end of a run, if nothing else is known.
    pub(crate) fn up_to(end: &Record, fails: u32) -> Self {
        let start = Start {
            due: end.due,
            at: end.start,
            counts_for: end.start,
        };
        let mut counted = Counted::plain(Some(start), None);
        counted.end(end, end.start);
        counted.fails = counted.fails.max(fails);
        counted
    }

    /// Counts a start.
    pub(super) fn start(&mut self, record: &Record, by: StartedBy, counts_for: Timestamp) {
        (self.only_backfills, self.cut_off) = (false, false);
        let start = Start {
            due: record.due,
            at: record.created,
            counts_for,
        };
        self.start = Some(start);
        if by == StartedBy::Schedule || self.scheduled.is_none() {
            self.scheduled = Some(start);
            (self.fails, self.failed_at) = (0, None);
            self.skipped = None;
        }
    }

    /// Counts a start that was skipped on request, as if a run had taken no time.
    pub(super) fn skip(&mut self, skipped: Start) {
        (self.start, self.scheduled) = (Some(skipped), Some(skipped));
        (self.fails, self.failed_at) = (0, None);
        self.skipped = Some(skipped.counts_for);
        self.cut_off = false;
    }

    /// Counts an end. A crash does not count, because the run is repeated.
    pub(super) fn end(&mut self, record: &Record, counts_for: Timestamp) {
        if record.action == Action::Crash {
            return;
        }
        if record.is_failure() {
            self.failed = Some(latest(self.failed, counts_for, record.created));
            self.fails = self.fails.saturating_add(1);
            self.failed_at = Some(record.created);
            return;
        }
        self.settle(counts_for, record.created);
    }

    /// Counts the end of a run that did not fail.
    fn settle(&mut self, counts_for: Timestamp, end: Timestamp) {
        let settled = latest(self.settled, counts_for, end);
        self.settled = Some(settled);
        self.failed = self.failed.filter(|failed| *failed > settled);
        (self.fails, self.failed_at) = (0, None);
    }

    /// The count after a change of the clock by `micros`. Pauses keep their length. Instants ahead of the
    /// clock count as the present for a period; an interval, which is due then, sees that they lie ahead.
    pub(super) fn after_step(self, micros: i64, now: Timestamp) -> Self {
        Counted {
            scheduled: self.scheduled,
            failed_at: self.failed_at.map(|at| at.shifted(micros).min(now)),
            ..self.no_later_than(now)
        }
    }

    /// The count with each instant ahead of the clock as the present, so that it delays nothing until then.
    pub(crate) fn no_later_than(self, now: Timestamp) -> Self {
        let start = |start: Option<Start>| {
            start.map(|start| Start {
                due: start.due.min(now),
                at: start.at.min(now),
                counts_for: start.counts_for.min(now),
            })
        };
        let instant = |at: Option<Timestamp>| at.map(|at| at.min(now));
        Counted {
            start: start(self.start),
            scheduled: start(self.scheduled),
            settled: instant(self.settled),
            failed: instant(self.failed),
            fails: self.fails,
            failed_at: instant(self.failed_at),
            skipped: instant(self.skipped),
            only_backfills: self.only_backfills,
            cut_off: self.cut_off,
        }
    }
}

/// The later of two instants for which runs count. An instant after the end was recorded while the clock was
/// wrong.
pub(super) fn latest(known: Option<Timestamp>, other: Timestamp, end: Timestamp) -> Timestamp {
    known
        .filter(|known| *known <= end)
        .map_or(other, |known| known.max(other))
}
