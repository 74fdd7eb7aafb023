//! Those who wait for a run, and what they are told.

use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::run::Batch;
use super::standstill;
use crate::cond::TaskId;
use crate::log::Record;

/// What somebody is told who waits for a run: the record of its end, or why there is none.
pub(crate) type Told = Result<Record, GivenUp>;

/// How somebody is told.
pub(crate) type Waiter = oneshot::Sender<Told>;

/// Why a run that was asked for is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenUp {
    /// It was only to be made if its task was due.
    NotDue,
    /// One like it is in the queue already, of a task that wants no two alike.
    Duplicate,
    Deleted,
    Ended,
    /// The app restarts, and nothing is kept for afterwards.
    Restarts,
    /// The app restarts, and makes the run afterwards.
    PutOff,
    /// The scheduler itself would have to wait.
    Standstill,
}

/// Waits to be told.
#[derive(Debug)]
pub(super) struct Telling(oneshot::Receiver<Told>);

impl Telling {
    pub(super) fn new(told: oneshot::Receiver<Told>) -> Self {
        Telling(told)
    }
}

impl Future for Telling {
    type Output = Told;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Told> {
        match Pin::new(&mut self.0).poll(waking) {
            Poll::Ready(Ok(told)) => Poll::Ready(told),
            // Nobody is left who could tell when the app is gone.
            Poll::Ready(Err(_)) => Poll::Ready(Err(GivenUp::Ended)),
            Poll::Pending if standstill::is_here() => Poll::Ready(Err(GivenUp::Standstill)),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Those who wait, and what those are to be told who need not wait any longer.
///
/// They are told without the lock of the state: dropping the parameters of a run may call functions of the user's.
#[derive(Default)]
pub(crate) struct Waiters {
    /// Who waits for the next record of a task.
    watchers: HashMap<TaskId, Vec<Watcher>>,
    news: Vec<(Waiter, Record)>,
    refused: Refused,
}

/// Who waits for a record of a task.
struct Watcher {
    /// Whether the start of a run does not count.
    for_end: bool,
    waiter: Waiter,
}

/// Runs that are not made, and those who wait for what does not come.
#[derive(Default)]
pub(crate) struct Refused {
    batches: Vec<(Batch, GivenUp)>,
    watchers: Vec<(Waiter, GivenUp)>,
}

impl Waiters {
    /// Waits for the next record of a task, or for its next end.
    pub(super) fn watch(&mut self, id: TaskId, for_end: bool) -> oneshot::Receiver<Told> {
        let (waiter, told) = oneshot::channel();
        let watchers = self.watchers.entry(id).or_default();
        watchers.retain(|watcher| !watcher.waiter.is_closed());
        watchers.push(Watcher { for_end, waiter });
        told
    }

    /// Notes what has happened to a task, and who asked for the run that it has happened to.
    pub(super) fn note(&mut self, id: TaskId, record: &Record, asked: Option<Waiter>) {
        if let Some(waiter) = asked {
            self.news.push((waiter, record.clone()));
        }
        if self.watchers.is_empty() {
            return;
        }
        let Some(watchers) = self.watchers.remove(&id) else {
            return;
        };
        let counts = |watcher: &Watcher| !watcher.for_end || record.action.is_end();
        let (told, others): (Vec<_>, Vec<_>) = watchers.into_iter().partition(counts);
        let told = told.into_iter().map(|watcher| (watcher.waiter, record.clone()));
        self.news.extend(told);
        if !others.is_empty() {
            self.watchers.insert(id, others);
        }
    }

    /// Notes that a run which was asked for is not made.
    pub(super) fn give_up(&mut self, batch: Batch, why: GivenUp) {
        self.refused.batches.push((batch, why));
    }

    /// Notes that a run is made too late to be waited for.
    pub(super) fn put_off(&mut self, waiter: Option<Waiter>) {
        let put_off = waiter.map(|waiter| (waiter, GivenUp::PutOff));
        self.refused.watchers.extend(put_off);
    }

    /// Notes that nothing happens to a task any more.
    pub(super) fn unwatch(&mut self, id: TaskId, why: GivenUp) {
        // As an app winds up this is asked for each of its tasks.
        if self.watchers.is_empty() {
            return;
        }
        let watchers = self.watchers.remove(&id).into_iter().flatten();
        let told = watchers.map(|watcher| (watcher.waiter, why));
        self.refused.watchers.extend(told);
    }

    /// Whether nobody has to be told anything.
    pub(crate) fn is_quiet(&self) -> bool {
        self.news.is_empty() && self.refused.is_empty()
    }

    /// Takes what is to be told once the records are written.
    pub(crate) fn take_news(&mut self, into: &mut Vec<(Waiter, Record)>) {
        into.append(&mut self.news);
    }

    /// Takes those who wait for what does not come.
    pub(crate) fn take_refused(&mut self, into: &mut Refused) {
        into.batches.append(&mut self.refused.batches);
        into.watchers.append(&mut self.refused.watchers);
    }
}

impl Refused {
    /// Whether there is nobody to be told.
    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty() && self.watchers.is_empty()
    }

    /// Tells them. Whoever has stopped waiting is passed over.
    pub(crate) fn tell(&mut self) {
        for (batch, why) in self.batches.drain(..) {
            batch.give_up(why);
        }
        for (waiter, why) in self.watchers.drain(..) {
            let _ = waiter.send(Err(why));
        }
    }
}
