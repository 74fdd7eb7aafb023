//! Futures of requested runs.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::sync::oneshot;

use crate::dispatch::deadlock_guard::blocks_scheduler;
use crate::engine::waiters::{Answer, Refusal};
use crate::error::{Error, Kind, Problem, Result};
use crate::log::Record;

/// A run that was requested with [`Task::run`](crate::Task::run). Await it to wait for the end of the run, or
/// drop it.
///
/// Resolves to the record of the run's end.
///
/// # Errors
///
/// [`Error::is_state`] is true if the run is not made, because its task was deleted or the app has ended.
/// [`Error::is_duplicate`] is true if an equal run is queued and the task is
/// [unique](crate::TaskBuilder::unique).
/// [`Error::is_put_off`] is true if the app restarts first: the run is made afterwards, but a wait does not
/// outlive a restart. [`Error::is_state`] is also true if the wait would deadlock the scheduler, in a run
/// with `execution = "main"` or in a hook; the run is made all the same. In a cluster, it is also true if the
/// node that took up the request is no longer the leader, or if the request could not be confirmed as
/// submitted; the run log shows the outcome of the request.
/// [`Error::is_parameter`] is true if the name of a parameter is blank or contains the character U+0000: the
/// run is not made, and the [failures](crate::Session::failures) contain the name.
///
/// # Cancel safety
///
/// Dropping it has no effect on the run.
#[derive(Debug)]
pub struct Queued {
    task: Arc<str>,
    told: PendingAnswer,
}

impl Queued {
    pub(super) fn new(task: Arc<str>, told: oneshot::Receiver<Answer>) -> Self {
        let told = PendingAnswer::new(told);
        Queued { task, told }
    }

    /// Waits for the answer as the scheduler gives it.
    pub(super) fn answer(self) -> impl Future<Output = Answer> {
        self.told
    }
}

impl Future for Queued {
    type Output = Result<Record>;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Result<Record>> {
        let told = ready!(Pin::new(&mut self.told).poll(waking));
        Poll::Ready(told.map_err(|why| Error::new(kind(why), message(why, &self.task))))
    }
}

/// Runs that were requested with [`Session::run`](crate::Session::run) or
/// [`Session::run_due`](crate::Session::run_due). Await them to wait for their ends, or drop them.
///
/// Resolves to the records of their ends, in the order in which the tasks were named. A task that was not due has
/// no record.
///
/// # Errors
///
/// [`Error::is_state`] is true if a run is not made, because its task was deleted or the app has ended.
/// [`Error::is_duplicate`] is true if every missing run was a duplicate of a
/// [unique](crate::TaskBuilder::unique) task, and [`Error::is_put_off`] if every missing run was postponed by
/// a restart. The error is returned after the other runs have ended and names all missing runs; the records
/// of the other runs are in the run log.
///
/// # Cancel safety
///
/// Dropping it has no effect on the runs.
#[derive(Debug)]
pub struct Runs {
    waiting: Vec<Queued>,
    told: Vec<Answer>,
}

impl Runs {
    pub(super) fn new(waiting: Vec<Queued>) -> Self {
        let told = Vec::with_capacity(waiting.len());
        Runs { waiting, told }
    }

    fn outcome(&mut self) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        let mut problems = Vec::new();
        let mut kinds = None;
        for (queued, told) in self.waiting.iter().zip(self.told.drain(..)) {
            match told {
                Ok(record) => records.push(record),
                Err(Refusal::NotDue) => {}
                Err(why) => {
                    let before = kinds.replace(kind(why));
                    if before.is_some() && before != kinds {
                        kinds = Some(Kind::State);
                    }
                    problems.push(Problem {
                        message: message(why, &queued.task),
                        location: None,
                    });
                }
            }
        }
        if problems.is_empty() {
            Ok(records)
        } else {
            Err(Error::build(kinds.unwrap_or(Kind::State), problems))
        }
    }
}

impl Future for Runs {
    type Output = Result<Vec<Record>>;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Result<Vec<Record>>> {
        // Awaiting them one after the other takes no longer, because all of them have to end.
        while self.told.len() < self.waiting.len() {
            let next = self.told.len();
            let told = ready!(Pin::new(&mut self.waiting[next].told).poll(waking));
            self.told.push(told);
        }
        Poll::Ready(self.outcome())
    }
}

/// The answer to a caller, once it is available.
#[derive(Debug)]
pub(super) struct PendingAnswer(oneshot::Receiver<Answer>);

impl PendingAnswer {
    pub(super) fn new(answer: oneshot::Receiver<Answer>) -> Self {
        PendingAnswer(answer)
    }
}

impl Future for PendingAnswer {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Answer> {
        match Pin::new(&mut self.0).poll(waking) {
            Poll::Ready(Ok(answer)) => Poll::Ready(answer),
            // The app has been dropped.
            Poll::Ready(Err(_)) => Poll::Ready(Err(Refusal::Ended)),
            Poll::Pending if blocks_scheduler() => Poll::Ready(Err(Refusal::Deadlock)),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn kind(why: Refusal) -> Kind {
    match why {
        Refusal::Duplicate => Kind::Duplicate,
        Refusal::PutOff => Kind::PutOff,
        Refusal::Misnamed => Kind::Parameter,
        Refusal::NotDue
        | Refusal::Deleted
        | Refusal::Ended
        | Refusal::Restarts
        | Refusal::Deadlock
        | Refusal::NotLeader
        | Refusal::NoLeader
        | Refusal::LeaderGone
        | Refusal::Unconfirmed
        | Refusal::NotCarried => Kind::State,
    }
}

fn message(why: Refusal, task: &str) -> String {
    let what = match why {
        Refusal::PutOff => "was put off",
        Refusal::Deadlock | Refusal::LeaderGone | Refusal::Unconfirmed => "can't be waited for",
        _ => "was not made",
    };
    format!("the run of task `{task}` {what}: {}", why.reason())
}
