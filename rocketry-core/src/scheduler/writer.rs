//! The thread that writes the run log, where that takes time: everything that has come meanwhile in one go.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, WaitTimeoutResult};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::salvage::{Loss, Salvage};
use crate::dispatch::log_meter::LogMeter;
use crate::drops::caught;
use crate::error::{Error, Result};
use crate::log::{Action, Fact, Record, Retention, RunLog};
use crate::session::Session;

/// How long a log is left alone: then nothing is written to it, which finds out whether it is still there.
const LONGEST_REST: Duration = if cfg!(test) {
    Duration::from_millis(20)
} else {
    Duration::from_secs(60)
};

/// After how many records nothing is added to a lot of a node: other nodes make the runs of one lot while the next one is written.
const LOT_OF_NODE: usize = 4096;

/// A number that rises with what is written: what was queued under it is kept once the writer has come so far.
pub(super) type Ticket = u64;

/// A handle to the thread that writes.
pub(super) struct Writer {
    shared: Arc<SharedQueue>,
    thread: Option<JoinHandle<()>>,
}

/// The queue that the scheduler and the thread share.
#[derive(Default)]
struct SharedQueue {
    queue: Mutex<Queue>,
    changed: Condvar,
    /// After how many records nothing is added to a lot; `None` if a lot has all that has come meanwhile.
    lot_size: Option<usize>,
}

#[derive(Default)]
struct Queue {
    /// What is to be written. Each is written in one go, the last one takes what comes.
    lots: VecDeque<Lot>,
    /// That of the last lot that was taken.
    ticket: Ticket,
    kept: Ticket,
    /// What went wrong the last time, until it has been asked for.
    error: Option<Error>,
    stage: Stage,
    is_failing: bool,
    /// Whether something has happened of which the scheduler does not know.
    news: bool,
    closing: bool,
    /// What is to be forgotten when there is nothing to write.
    forget: Option<Retention>,
    /// Why it could not be forgotten.
    complaint: Option<Error>,
    /// What can never be written, until it has been asked for.
    losses: Vec<Loss>,
    unwritten: Option<Unwritten>,
}

/// What is written in one go.
#[derive(Default)]
struct Lot {
    records: Vec<Record>,
    /// The last value of each, so that a log that is away for long costs no memory for what is outdated.
    facts: HashMap<Arc<str>, Fact>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// Waits for something to write.
    #[default]
    Idle,
    Writing,
    /// Could not write, and waits to be told to try again.
    Stuck,
    Over,
}

/// What the thread has to do.
enum Job {
    Write(Lot, Ticket),
    Forget(Retention),
}

/// What could not be written in the end.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub(super) starts: usize,
    pub(super) ends: usize,
    pub(super) facts: usize,
    pub(super) error: Error,
}

/// How far the writer is.
pub(super) struct Progress {
    pub(super) kept: Ticket,
    pub(super) error: Option<Error>,
    /// Whether the last try has failed.
    pub(super) is_failing: bool,
    /// Why old records could not be forgotten.
    pub(super) complaint: Option<Error>,
    /// What can never be written. Each is told once.
    pub(super) losses: Vec<Loss>,
}

impl Writer {
    /// Starts the thread. It rings the scheduler's bell whenever it has got on, or has got stuck.
    pub(super) fn start(session: Session) -> std::io::Result<Self> {
        let shared = Arc::new(SharedQueue {
            lot_size: session.is_node().then_some(LOT_OF_NODE),
            ..SharedQueue::default()
        });
        let served = shared.clone();
        let write = move || {
            // The numbers of an earlier life of the app are lower.
            let first = u64::try_from(session.now().as_micros()).unwrap_or(0);
            let rings = || session.0.inbox.ring();
            served.serve(first, &*session.0.log, &session.0.log_meter, &rings);
        };
        let thread = thread::Builder::new().name("rocketry-log".into()).spawn(write)?;
        Ok(Writer {
            shared,
            thread: Some(thread),
        })
    }

    /// Queues records and facts; they are kept once the writer has come to the ticket.
    pub(super) fn push(&self, records: &mut Vec<Record>, facts: Vec<Fact>) -> Ticket {
        let mut queue = self.shared.queue();
        let lot = queue.open_lot(self.shared.lot_size);
        lot.records.append(records);
        for fact in facts {
            lot.facts.insert(fact.key.clone(), fact);
        }
        let ticket = queue.ticket + queue.lots.len() as Ticket;
        if queue.stage == Stage::Idle {
            self.shared.changed.notify_one();
        }
        ticket
    }

    /// How far the writer is. An error is told once.
    pub(super) fn progress(&self) -> Progress {
        let mut queue = self.shared.queue();
        queue.news = false;
        Progress {
            kept: queue.kept,
            error: queue.error.take(),
            is_failing: queue.is_failing,
            complaint: queue.complaint.take(),
            losses: mem::take(&mut queue.losses),
        }
    }

    /// What was queued under this ticket and before is kept.
    pub(super) fn kept(&self) -> Ticket {
        self.shared.queue().kept
    }

    /// Whether it writes, or is about to, or has got on since it was asked how far it is.
    pub(super) fn is_busy(&self) -> bool {
        let queue = self.shared.queue();
        match queue.stage {
            Stage::Idle => queue.news || !queue.lots.is_empty() || queue.forget.is_some(),
            Stage::Writing => true,
            Stage::Stuck => queue.news || queue.closing,
            Stage::Over => false,
        }
    }

    /// Has old records forgotten, bite by bite, whenever there is nothing to write.
    pub(super) fn forget(&self, retention: Retention) {
        self.shared.queue().forget = Some(retention);
        self.shared.changed.notify_one();
    }

    /// Tries once more what could not be written.
    pub(super) fn retry(&self) {
        let mut queue = self.shared.queue();
        if queue.stage == Stage::Stuck {
            queue.stage = Stage::Writing;
            self.shared.changed.notify_one();
        }
    }

    /// Has the thread end once everything is written, or can't be.
    pub(super) fn close(&self) {
        self.shared.queue().closing = true;
        self.shared.changed.notify_one();
    }

    /// What could not be written, after the end.
    pub(super) fn unwritten(&self) -> Option<Unwritten> {
        self.shared.queue().unwritten.take()
    }
}

/// Whoever lets go of a scheduler lets its log be written first.
impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
        if let Some(thread) = self.thread.take() {
            // It has told what went wrong.
            let _ = thread.join();
        }
    }
}

impl Queue {
    /// The lot to which something may be added.
    fn open_lot(&mut self, size: Option<usize>) -> &mut Lot {
        let is_full = |lot: &Lot| size.is_some_and(|size| lot.records.len() >= size);
        if self.lots.back().is_none_or(is_full) {
            self.lots.push_back(Lot::default());
        }
        let last = self.lots.len() - 1;
        &mut self.lots[last]
    }
}

impl SharedQueue {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is queued, with numbers that rise from a first one.
    fn serve(&self, mut number: u64, log: &dyn RunLog, meter: &LogMeter, ring: &dyn Fn()) {
        while let Some(job) = self.take() {
            let (lot, ticket) = match job {
                Job::Write(lot, ticket) => (lot, ticket),
                Job::Forget(retention) => {
                    self.take_bite(log, retention);
                    ring();
                    continue;
                }
            };
            let mut lot = Salvage::new(lot.records, lot.facts.into_values().collect());
            let records = lot.record_count();
            if !self.write((log, meter), &mut lot, &mut number, ring) {
                self.give_up(&lot);
                ring();
                return;
            }
            meter.settle(records);
            self.keep(ticket);
            ring();
        }
        ring();
    }

    /// Writes all that can ever be kept; `false` if some of it could not be written in the end.
    fn write(
        &self,
        (log, meter): (&dyn RunLog, &LogMeter),
        lot: &mut Salvage,
        number: &mut u64,
        ring: &dyn Fn(),
    ) -> bool {
        *number += 1;
        while let Some(part) = lot.part(*number) {
            let began = Instant::now();
            let written = guarded(|| log.write(&part));
            meter.note(began.elapsed(), written.is_ok());
            match written {
                Ok(()) => lot.is_written(),
                Err(error) if error.is_unwritable() => {
                    let loss = lot.narrow(error);
                    self.queue().losses.extend(loss);
                }
                Err(error) => {
                    if !self.wait_out(error, ring) {
                        return false;
                    }
                    // The same part is tried again under the same number.
                    continue;
                }
            }
            *number += 1;
        }
        true
    }

    /// Waits for something to do; `None` at the end. Writing comes first.
    fn take(&self) -> Option<Job> {
        let mut queue = self.queue();
        loop {
            if let Some(lot) = queue.lots.pop_front() {
                queue.stage = Stage::Writing;
                queue.ticket += 1;
                return Some(Job::Write(lot, queue.ticket));
            }
            if queue.closing {
                queue.stage = Stage::Over;
                return None;
            }
            if let Some(retention) = queue.forget.take() {
                queue.stage = Stage::Writing;
                return Some(Job::Forget(retention));
            }
            let (rested, rest) = self.rest(queue);
            queue = rested;
            if rest.timed_out() {
                queue.stage = Stage::Writing;
                return Some(Job::Write(Lot::default(), queue.ticket));
            }
        }
    }

    /// Forgets some old records, and comes back to it if there may be more.
    fn take_bite(&self, log: &dyn RunLog, retention: Retention) {
        let forgotten = guarded(|| log.forget(&retention));
        let mut queue = self.queue();
        queue.stage = Stage::Idle;
        queue.news = true;
        match forgotten {
            Ok(0) => {}
            Ok(_) => queue.forget = queue.forget.or(Some(retention)),
            Err(error) => queue.complaint = Some(error),
        }
    }

    fn keep(&self, ticket: Ticket) {
        let mut queue = self.queue();
        queue.kept = ticket;
        queue.stage = Stage::Idle;
        queue.is_failing = false;
        queue.news = true;
    }

    /// Waits until it is time to try again; `false` if there will be no other time.
    fn wait_out(&self, error: Error, ring: &dyn Fn()) -> bool {
        let mut queue = self.queue();
        queue.error = Some(error);
        queue.is_failing = true;
        queue.news = true;
        if queue.closing {
            return false;
        }
        queue.stage = Stage::Stuck;
        ring();
        while queue.stage == Stage::Stuck && !queue.closing {
            queue = self.wait(queue);
        }
        queue.stage = Stage::Writing;
        true
    }

    fn give_up(&self, lot: &Salvage) {
        let (records, facts) = lot.unwritten();
        let mut queue = self.queue();
        let rest = mem::take(&mut queue.lots);
        let others = rest.iter().flat_map(|lot| &lot.records);
        let all: Vec<_> = records.into_iter().chain(others).collect();
        let starts = all.iter().filter(|record| record.action == Action::Run);
        let ends = all.iter().filter(|record| record.action.is_end());
        if let Some(error) = queue.error.take() {
            queue.unwritten = Some(Unwritten {
                starts: starts.count(),
                ends: ends.count(),
                facts: facts + rest.iter().map(|lot| lot.facts.len()).sum::<usize>(),
                error,
            });
        }
        queue.stage = Stage::Over;
    }

    fn rest<'a>(&self, queue: MutexGuard<'a, Queue>) -> (MutexGuard<'a, Queue>, WaitTimeoutResult) {
        self.changed
            .wait_timeout(queue, LONGEST_REST)
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
        self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner)
    }
}

/// A log that panics has failed; its thread goes on.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| Err(Error::log(caught(payload))))
}

#[cfg(test)]
mod tests;
