//! What the schedule of a task counts of its past: runs by the period in which they were due.
//!
//! A run that is late makes up for all that was missed before it started, so it counts for the period of its start. One that
//! was deferred on purpose counts for the period in which it was due.

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
    /// The start condition, which was only true because it retries failures.
    Retry,
    /// A request.
    Request,
    /// A backfill, or a start that is made up for: the schedule does not count the run.
    Backfill,
}

/// The start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Start {
    /// When the run was due.
    pub(crate) due: Timestamp,
    /// When it started.
    pub(crate) at: Timestamp,
    /// The run counts for the period of this instant.
    pub(crate) counts_for: Timestamp,
}

/// What the schedule of a task counts of its past. A run that crashed counts only if its task says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Counted {
    /// The last start.
    pub(crate) start: Option<Start>,
    /// The last start by the schedule; if there is none, the first start.
    pub(crate) scheduled: Option<Start>,
    /// What the latest run counts for that has ended and was no failure.
    pub(crate) settled: Option<Timestamp>,
    /// What the latest failure after that counts for.
    pub(crate) failed: Option<Timestamp>,
    /// How many runs have failed in a row since the last start by the schedule.
    pub(crate) fails: u32,
    /// When the last of them failed.
    pub(crate) failed_at: Option<Timestamp>,
    /// What a start counts for that was skipped on request, since the last start by the schedule.
    pub(crate) skipped: Option<Timestamp>,
    /// Whether all runs so far were made by backfills, so that the first run by the schedule is still to come.
    pub(crate) only_backfills: bool,
    /// Whether the last run by the schedule was cut off when the app ended and does not count: it is made again.
    pub(crate) cut_off: bool,
}

/// What the run log keeps of what is counted.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct CountedFact {
    /// What is counted if runs that were cut off when the app ended do not count.
    #[serde(flatten)]
    pub(crate) counted: Counted,
    /// What is counted if they do, where that may differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) with_cut_off: Option<Counted>,
}

impl CountedFact {
    /// What is kept of what is counted now. If the last action was a crash, it is right whether crashes count or not.
    pub(crate) fn now(counted: Counted, last: Option<Action>) -> Self {
        CountedFact {
            counted,
            with_cut_off: (last == Some(Action::Crash)).then_some(counted),
        }
    }

    /// Takes up that runs have been cut off, given as their starts and as what the schedule takes them for.
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
    /// What is counted of a task whose runs were all started by its schedule and have not failed.
    pub(super) fn plain(start: Option<Start>, settled: Option<Timestamp>) -> Self {
        Counted {
            start,
            scheduled: start,
            settled,
            ..Counted::default()
        }
    }

    /// What the records of a task alone tell, if all its runs have ended. Where this is not what is counted, the run
    /// log keeps the difference as a fact.
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

    /// What is counted of a task up to the end of a run, if nothing else is known of it.
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

    /// Counts a start that was skipped on request, as if a run had been made in no time.
    pub(super) fn skip(&mut self, skipped: Start) {
        (self.start, self.scheduled) = (Some(skipped), Some(skipped));
        (self.fails, self.failed_at) = (0, None);
        self.skipped = Some(skipped.counts_for);
        self.cut_off = false;
    }

    /// Counts an end. A crash is none: the run is made again.
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

    /// Counts the end of a run that was no failure.
    fn settle(&mut self, counts_for: Timestamp, end: Timestamp) {
        let settled = latest(self.settled, counts_for, end);
        self.settled = Some(settled);
        self.failed = self.failed.filter(|failed| *failed > settled);
        (self.fails, self.failed_at) = (0, None);
    }

    /// Returns the same after a change of the clock by `micros`. The length of a pause goes on as if it had not been
    /// set. What lies ahead counts as just now for a period; an interval, which is due then, sees that it lies ahead.
    pub(super) fn after_step(self, micros: i64, now: Timestamp) -> Self {
        Counted {
            scheduled: self.scheduled,
            failed_at: self.failed_at.map(|at| at.shifted(micros).min(now)),
            ..self.no_later_than(now)
        }
    }

    /// The same, with each instant ahead of the clock as just now, so that it delays nothing until then.
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

/// The later of two instants for which runs count. One that is ahead of the end was made while the clock was wrong.
pub(super) fn latest(known: Option<Timestamp>, other: Timestamp, end: Timestamp) -> Timestamp {
    known
        .filter(|known| *known <= end)
        .map_or(other, |known| known.max(other))
}
