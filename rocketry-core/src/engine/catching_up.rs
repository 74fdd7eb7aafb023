//! Finds the starts that a task has missed, and makes them according to its `catch_up` policy.

use super::backfilling::to_json;
use super::catch_up::{CatchUpPlace, MOST};
use super::due_since::true_since;
use super::entry::TaskEntry;
use super::event::{Event, SkipReason};
use super::fact_key::FactKey;
use super::next_start::Supposed;
use super::run::RunNumber;
use super::standing::Look;
use super::state::State;
use crate::log::{Action, Record, StartedBy};
use crate::param::RunId;
use crate::task::{CatchUp, OnCrash, Overlap};
use crate::task_id::TaskId;
use crate::time::Timestamp;
use rocketry_syntax::ast::Delta;

/// The maximum number of changes of a start condition to step through.
const MOST_CHANGES: usize = 1_000_000;

/// A start that is less late than this is made even without `catch_up`.
const LATE: Delta = Delta(60_000_000);

impl State {
    /// Catches up on the starts that were missed while the app was not running, for tasks with the option.
    pub(super) fn catch_up_after_break(&mut self, now: Timestamp) {
        let last = self.tasks.iter().filter_map(last_seen_of).max();
        let known_until = last.max(self.ended);
        for id in self.ids() {
            self.catch_up_from(id, known_until, now);
        }
    }

    /// Begins to check the starts of a task that was added to the running app.
    pub(crate) fn look_after_from(&mut self, id: TaskId, now: Timestamp) {
        if self.is_started {
            self.catch_up_from(id, None, now);
        }
    }

    /// Catches up on the missed starts of a task. `known_until` is the last instant at which the app is known
    /// to have run.
    fn catch_up_from(&mut self, id: TaskId, known_until: Option<Timestamp>, now: Timestamp) {
        let Some(policy) = self.task(id).spec.catch_up() else {
            return self.forget_catch_up(id);
        };
        let is_known = self.task(id).runs.history.last(Action::Run).is_some();
        let from = match self.catch_ups.until(id) {
            Some(until) => Some(until.max(known_until.unwrap_or(until))),
            // A task that has never run may be new.
            None => known_until.filter(|_| is_known),
        };
        let mut missed = match from {
            Some(from) if self.may_miss(id, now) => self.missed_starts(id, (from.min(now), now)),
            _ => Vec::new(),
        };
        if policy == CatchUp::None && self.is_late(id, &missed, now) {
            self.task_mut(id).due_since = missed[0];
            missed.clear();
        }
        self.make_up_for(id, policy, missed, now);
    }

    /// Catches up on starts that a task has missed because the scheduler is late. Returns true if it did.
    pub(super) fn catch_up_when_late(&mut self, id: TaskId, now: Timestamp) -> bool {
        let entry = self.task(id);
        let (wake, is_counted_otherwise) =
            (entry.wake, entry.is_full() && entry.spec.overlap == Overlap::Skip);
        let Some(policy) = entry
            .spec
            .catch_up()
            .filter(|_| wake < now && !is_counted_otherwise)
        else {
            return false;
        };
        if !self.may_miss(id, now) {
            return false;
        }
        let missed = self.missed_starts(id, (wake, now));
        if missed.is_empty() {
            return false;
        }
        let is_on_time = match policy {
            CatchUp::None => self.is_late(id, &missed, now),
            CatchUp::Last { .. } | CatchUp::All { .. } => missed.len() == 1 && self.is_due(id, now),
        };
        if !is_on_time {
            self.make_up_for(id, policy, missed, now);
        }
        !is_on_time
    }

    /// Returns true if all missed starts of a task are made, including those that are missed in the meantime.
    pub(super) fn makes_up_for_all(&self, id: TaskId) -> bool {
        self.catch_ups.is_open(id) && matches!(self.task(id).spec.catch_up(), Some(CatchUp::All { .. }))
    }

    /// Also catches up on starts that came and went during a run. A start that is only `late` is made by the
    /// schedule.
    pub(super) fn catch_up_as_well(
        &mut self,
        id: TaskId,
        due: &[Timestamp],
        late: Option<Timestamp>,
        now: Timestamp,
    ) {
        if !due.is_empty() {
            self.catch_ups.add(id, now, due);
            self.note_catch_up(id);
        }
        if let Some(late) = late {
            self.task_mut(id).due_since = late;
        }
    }

    /// Returns true if a task has been due for so short a time that its start is late rather than missed.
    fn is_late(&self, id: TaskId, missed: &[Timestamp], now: Timestamp) -> bool {
        let first = missed.first();
        first.is_some_and(|first| first.saturating_add(LATE) > now) && self.is_due(id, now)
    }

    fn is_due(&self, id: TaskId, now: Timestamp) -> bool {
        let start = self.task(id).spec.start.as_ref();
        Look::at(self, id).start_verdict(start, now).truth != Some(false)
    }

    /// Returns true if the task would start runs that are due.
    fn may_miss(&self, id: TaskId, now: Timestamp) -> bool {
        !self.task(id).disabled && !self.only_requested && now >= self.pause_ends(id, now)
    }

    /// Returns the instants in `from..now` at which a task was due, assuming that each run succeeds and takes
    /// no time. They are followed by `now` itself, if a start is due at that instant.
    pub(crate) fn missed_starts(&self, id: TaskId, (from, now): (Timestamp, Timestamp)) -> Vec<Timestamp> {
        let (from, first) = self.first_missed(id, from);
        let mut supposed = Supposed {
            state: self,
            task: id,
            history: self.task(id).runs.history.clone(),
        };
        // This start is made anyway.
        if let Some(start) = self.deferred.start(id) {
            supposed.history.skip(start.due, start.at, start.due);
        }
        let start = self.task(id).spec.start.as_ref();
        let (mut missed, mut ready, mut at) = (Vec::new(), true, from);
        for _ in 0..MOST_CHANGES {
            if at > now || at == now && missed.is_empty() {
                break;
            }
            let look = Look {
                facts: &supposed,
                failing_until: None,
                runs_over: true,
                ..Look::at(self, id)
            };
            let verdict = look.start_verdict(start, at);
            let holds = verdict.truth != Some(false);
            if holds && ready {
                let due = if at == from { first } else { at };
                supposed.make(due, at);
                missed.push(due);
                // A condition that stays true leads to a single start.
                ready = false;
            } else {
                ready |= !holds;
                at = verdict.until;
            }
        }
        missed
    }

    /// Returns the instant from which to search for missed starts, and the instant of a start that is already
    /// due then. An interrupted run is repeated.
    fn first_missed(&self, id: TaskId, from: Timestamp) -> (Timestamp, Timestamp) {
        let entry = self.task(id);
        let history = &entry.runs.history;
        let last = history.last(Action::Run).unwrap_or(from).min(from);
        if history.is_cut_off() {
            return (last, history.last_due().min(last));
        }
        (
            from,
            true_since(self, id, (last, from), true).since.unwrap_or(from),
        )
    }

    /// Catches up on starts according to a policy. The schedule continues as if all of them had been made.
    fn make_up_for(&mut self, id: TaskId, policy: CatchUp, mut missed: Vec<Timestamp>, now: Timestamp) {
        // A start that is due now is left to the schedule, unless it follows missed starts.
        let is_on_time = policy == CatchUp::None && missed.pop_if(|last| *last == now).is_some();
        let last = missed.last().copied();
        if !missed.is_empty() && self.skips.next.contains(&id) {
            self.skip(id, SkipReason::Asked, &[missed.remove(0)]);
            self.do_not_skip_next(id);
        }
        let made = match policy {
            CatchUp::None => Vec::new(),
            CatchUp::Last { within } => newest(&mut missed, 1, now.saturating_sub(within.into())),
            CatchUp::All { within } => newest(&mut missed, MOST, now.saturating_sub(within.into())),
        };
        self.skip(id, SkipReason::Misfire, &missed);
        self.catch_ups.add(id, now, &made);
        self.note_catch_up(id);
        if let Some(last) = last {
            let until = if is_on_time {
                now.saturating_sub(Delta(1))
            } else {
                now
            };
            self.use_up(id, last, until);
            let task = self.task(id).spec.name.clone();
            let (runs, left_out) = (made.len(), missed.len());
            self.events.push(|| Event::CatchesUp { task, runs, left_out });
        }
    }

    /// Makes the schedule of a task continue as if all starts up to an instant had been made.
    fn use_up(&mut self, id: TaskId, last: Timestamp, until: Timestamp) {
        let entry = &mut self.tasks[id];
        entry.due_since = Timestamp::MAX;
        entry.runs.history.skip(last, until, until);
        self.facts.note_counted(&entry.spec.name, &entry.runs.history);
        self.mark_with_dependents(id);
    }

    /// Returns true if the next start of a task that was missed may be made.
    #[inline]
    pub(crate) fn is_catch_up_ready(&self, id: TaskId) -> bool {
        !self.only_requested && self.catch_ups.next(id).is_some()
    }

    /// Records a run for a missed start, in the same write as the record of its start.
    pub(super) fn begin_caught_up(&mut self, id: TaskId, run: RunNumber) {
        if let Some(place) = self.catch_ups.begin(id, run) {
            self.note_catch_up_place(id, &place);
        }
    }

    /// Records the end of a run, if it was made for a past instant.
    #[inline]
    pub(super) fn end_made_up(&mut self, id: TaskId, run: RunNumber, action: Action) {
        self.end_backfilled(id, run, action);
        self.end_caught_up(id, run);
    }

    /// Records the end of a run, if it is for a missed start.
    #[inline]
    fn end_caught_up(&mut self, id: TaskId, run: RunNumber) {
        if let Some(place) = self.catch_ups.end(id, run) {
            self.note_catch_up_place(id, &place);
        }
    }

    /// Restores the progress of a catch-up.
    pub(crate) fn restore_catch_up_place(&mut self, id: TaskId, place: CatchUpPlace) {
        let again = self.task(id).spec.rare.on_crash == OnCrash::Again;
        self.catch_ups.go_on_from(id, place, again);
    }

    /// Ends a catch-up, because the task was deleted or its option has changed.
    pub(super) fn forget_catch_up(&mut self, id: TaskId) {
        let Some(left) = self.catch_ups.remove(id) else {
            return;
        };
        self.skip(id, SkipReason::Misfire, &left);
        let task = self.task(id).spec.name.clone();
        self.facts.remove(&FactKey::CatchUp(task.clone()));
        self.facts.remove(&FactKey::CatchUpPlace(task));
    }

    /// Drops the missed starts that are still to be made. Returns how many there were.
    pub(crate) fn cancel_catch_up(&mut self, id: TaskId) -> usize {
        let left = self.catch_ups.clear(id);
        if !left.is_empty() {
            self.skip(id, SkipReason::Asked, &left);
            self.note_catch_up(id);
            self.mark(id);
        }
        left.len()
    }

    fn note_catch_up(&mut self, id: TaskId) {
        let Some(starts) = self.catch_ups.of(id) else {
            return;
        };
        let (order, place) = (to_json(&starts.order()), starts.place());
        let task = self.task(id).spec.name.clone();
        self.facts.set(&FactKey::CatchUp(task), order);
        self.note_catch_up_place(id, &place);
    }

    fn note_catch_up_place(&mut self, id: TaskId, place: &CatchUpPlace) {
        let task = self.task(id).spec.name.clone();
        self.facts.set(&FactKey::CatchUpPlace(task), to_json(place));
    }
}

impl Supposed<'_> {
    /// Makes a run that succeeds and takes no time.
    fn make(&mut self, due: Timestamp, at: Timestamp) {
        let record = |action| Record {
            task: self.state.task(self.task).spec.name.clone(),
            run_id: RunId::Number(u64::MAX),
            action,
            created: at,
            due,
            start: at,
            message: None,
            extra: None,
        };
        let (start, end) = (record(Action::Run), record(Action::Success));
        self.history.start(&start, StartedBy::Schedule, at);
        self.history.record(&end);
    }
}

/// When something last happened to a task while the app ran: a crash was recorded by the next start of the app.
fn last_seen_of(entry: &TaskEntry) -> Option<Timestamp> {
    let runs = entry.runs.get()?;
    let of_runs = Action::OF_RUNS.iter().filter(|action| **action != Action::Crash);
    of_runs.filter_map(|action| runs.history.last(*action)).max()
}

/// Takes the newest starts from the end, at most this many and none before an instant.
fn newest(missed: &mut Vec<Timestamp>, most: usize, earliest: Timestamp) -> Vec<Timestamp> {
    let first = missed.partition_point(|due| *due < earliest);
    missed.split_off(first.max(missed.len().saturating_sub(most)))
}
