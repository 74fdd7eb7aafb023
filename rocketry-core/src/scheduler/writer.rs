//! The thread that writes the run log if that takes time: it writes everything that has arrived in one batch.

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

/// The longest time without a write. After that, an empty write checks that the log still exists.
const LONGEST_REST: Duration = if cfg!(test) {
    Duration::from_millis(20)
} else {
    Duration::from_secs(60)
};

/// The number of records after which a batch of a node is complete: other nodes execute the runs of one batch
/// while the next batch is written.
const LOT_OF_NODE: usize = 4096;

/// A number that increases with each write. A record queued with a ticket is durable once the writer has
/// reached that ticket.
pub(super) type Ticket = u64;

/// A handle to the writer thread.
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
    /// The queued batches. Each is written as a whole; new records go to the last one.
    lots: VecDeque<Lot>,
    /// The ticket of the last batch that was taken.
    ticket: Ticket,
    kept: Ticket,
    /// The last error, until it is taken.
    error: Option<Error>,
    stage: Stage,
    is_failing: bool,
    /// True if something has happened that the scheduler does not know of.
    news: bool,
    closing: bool,
    /// The retention to apply when there is nothing to write.
    forget: Option<Retention>,
    /// Why old records could not be deleted.
    complaint: Option<Error>,
    /// What can never be written, until it is taken.
    losses: Vec<Loss>,
    unwritten: Option<Unwritten>,
}

/// The contents of one batch.
#[derive(Default)]
struct Lot {
    records: Vec<Record>,
    /// The last value of each fact, so that outdated values use no memory while the log is unavailable.
    facts: HashMap<Arc<str>, Fact>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// Waits for something to write.
    #[default]
    Idle,
    Writing,
    /// A write has failed, and the thread waits for a retry.
    Stuck,
    Over,
}

/// The next job of the thread.
enum Job {
    Write(Lot, Ticket),
    Forget(Retention),
}

/// What could not be written before the end.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub(super) starts: usize,
    pub(super) ends: usize,
    pub(super) facts: usize,
    pub(super) error: Error,
}

/// The progress of the writer.
pub(super) struct Progress {
    pub(super) kept: Ticket,
    pub(super) error: Option<Error>,
    /// True if the last attempt failed.
    pub(super) is_failing: bool,
    /// Why old records could not be deleted.
    pub(super) complaint: Option<Error>,
    /// What can never be written. Each loss is reported once.
    pub(super) losses: Vec<Loss>,
}

impl Writer {
    /// Starts the thread. It rings the scheduler's bell whenever it has made progress or a write has failed.
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

    /// Queues records and facts. They are durable once the writer has reached the returned ticket.
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

    /// Returns the progress of the writer. Each error is returned once.
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

    /// Returns the last ticket that is durable, with all tickets before it.
    pub(super) fn kept(&self) -> Ticket {
        self.shared.queue().kept
    }

    /// Returns true if the thread writes, is about to write, or has made progress since the last call of
    /// `progress`.
    pub(super) fn is_busy(&self) -> bool {
        let queue = self.shared.queue();
        match queue.stage {
            Stage::Idle => queue.news || !queue.lots.is_empty() || queue.forget.is_some(),
            Stage::Writing => true,
            Stage::Stuck => queue.news || queue.closing,
            Stage::Over => false,
        }
    }

    /// Deletes old records step by step whenever there is nothing to write.
    pub(super) fn forget(&self, retention: Retention) {
        self.shared.queue().forget = Some(retention);
        self.shared.changed.notify_one();
    }

    /// Retries a failed write.
    pub(super) fn retry(&self) {
        let mut queue = self.shared.queue();
        if queue.stage == Stage::Stuck {
            queue.stage = Stage::Writing;
            self.shared.changed.notify_one();
        }
    }

    /// Ends the thread once everything is written or can't be written.
    pub(super) fn close(&self) {
        self.shared.queue().closing = true;
        self.shared.changed.notify_one();
    }

    /// Returns what could not be written, after the end.
    pub(super) fn unwritten(&self) -> Option<Unwritten> {
        self.shared.queue().unwritten.take()
    }
}

/// Waits for the log to be written before the scheduler is dropped.
impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
        if let Some(thread) = self.thread.take() {
            // The writer has reported the error.
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

    /// Writes the queue, with numbers that increase from `number`.
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

    /// Writes everything that can be stored. Returns `false` if some of it could not be written before the
    /// end.
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
                    // The same part is retried with the same number.
                    continue;
                }
            }
            *number += 1;
        }
        true
    }

    /// Waits for a job; `None` at the end. Writes come first.
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

    /// Deletes some old records, and continues later if there may be more.
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

    /// Waits until it is time to retry. Returns `false` if there will be no retry.
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

/// Treats a panic of the log as a failed write, so that the thread continues.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| Err(Error::log(caught(payload))))
}

#[cfg(test)]
mod tests;
