//! Runs that were asked for.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::sync::oneshot;

use super::waiters::{GivenUp, Telling, Told};
use crate::error::{Error, Kind, Problem, Result};
use crate::log::Record;

/// A run that was asked for with [`Task::run`](crate::Task::run). Await it to learn how it ended; drop it if that
/// does not matter.
///
/// Yields the record of the run's end.
///
/// # Errors
///
/// [`Error::is_state`] holds if the run is not made, because its task was deleted or the app has ended, and
/// [`Error::is_duplicate`] if one like it was queued already and its task is
/// [unique](crate::TaskBuilder::unique). [`Error::is_put_off`] holds if the app restarts first: the run is made
/// afterwards, but can't be waited for across that. [`Error::is_state`] holds besides where the scheduler itself
/// would have to wait: in a run with `execution = "main"`, and in a hook. The run is made all the same.
///
/// # Cancel safety
///
/// Dropping it does not concern the run.
#[derive(Debug)]
pub struct Queued {
    task: Arc<str>,
    told: Telling,
}

impl Queued {
    pub(super) fn new(task: Arc<str>, told: oneshot::Receiver<Told>) -> Self {
        let told = Telling::new(told);
        Queued { task, told }
    }
}

impl Future for Queued {
    type Output = Result<Record>;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Result<Record>> {
        let told = ready!(Pin::new(&mut self.told).poll(waking));
        Poll::Ready(told.map_err(|why| Error::new(why.kind(), why.about(&self.task))))
    }
}

/// Runs that were asked for with [`Session::run`](crate::Session::run) or
/// [`Session::run_due`](crate::Session::run_due). Await it to learn how they ended; drop it if that does not matter.
///
/// Yields the records of their ends, in the order in which the tasks were named. A task that was not due has none.
///
/// # Errors
///
/// [`Error::is_state`] holds if a run is not made, because its task was deleted or the app has ended;
/// [`Error::is_duplicate`] if that is only so because [unique](crate::TaskBuilder::unique) tasks had one queued, and
/// [`Error::is_put_off`] if it is only so because the app restarts first. It tells of all such runs, once the others
/// have ended; what is known of these is in the run log.
///
/// # Cancel safety
///
/// Dropping it does not concern the runs.
#[derive(Debug)]
pub struct Runs {
    waiting: Vec<Queued>,
    told: Vec<Told>,
}

impl Runs {
    pub(super) fn new(waiting: Vec<Queued>) -> Self {
        let told = Vec::with_capacity(waiting.len());
        Runs { waiting, told }
    }

    fn outcome(&mut self) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        let mut problems = Vec::new();
        let mut kind = None;
        for (queued, told) in self.waiting.iter().zip(self.told.drain(..)) {
            match told {
                Ok(record) => records.push(record),
                Err(GivenUp::NotDue) => {}
                Err(why) => {
                    let before = kind.replace(why.kind());
                    if before.is_some() && before != kind {
                        kind = Some(Kind::State);
                    }
                    problems.push(Problem {
                        message: why.about(&queued.task),
                        location: None,
                    });
                }
            }
        }
        if problems.is_empty() {
            Ok(records)
        } else {
            Err(Error::build(kind.unwrap_or(Kind::State), problems))
        }
    }
}

impl Future for Runs {
    type Output = Result<Vec<Record>>;

    fn poll(mut self: Pin<&mut Self>, waking: &mut Context<'_>) -> Poll<Result<Vec<Record>>> {
        // One after the other, which is no slower: all of them are waited for.
        while self.told.len() < self.waiting.len() {
            let next = self.told.len();
            let told = ready!(Pin::new(&mut self.waiting[next].told).poll(waking));
            self.told.push(told);
        }
        Poll::Ready(self.outcome())
    }
}

impl GivenUp {
    fn kind(self) -> Kind {
        match self {
            GivenUp::Duplicate => Kind::Duplicate,
            GivenUp::PutOff => Kind::PutOff,
            GivenUp::NotDue | GivenUp::Deleted | GivenUp::Ended | GivenUp::Restarts | GivenUp::Standstill => {
                Kind::State
            }
        }
    }

    fn about(self, task: &str) -> String {
        let what = match self {
            GivenUp::PutOff => "was put off",
            GivenUp::Standstill => "can't be waited for",
            _ => "was not made",
        };
        format!("the run of task `{task}` {what}: {}", self.reason())
    }

    pub(super) fn reason(self) -> &'static str {
        match self {
            GivenUp::NotDue => "it was not due",
            GivenUp::Duplicate => "one with equal parameters is queued already",
            GivenUp::Deleted => "the task was deleted",
            GivenUp::Ended => "the app has ended",
            GivenUp::Restarts => "the app restarts",
            GivenUp::PutOff => "the app restarts first",
            GivenUp::Standstill => "the scheduler stands still for whoever waits",
        }
    }
}
