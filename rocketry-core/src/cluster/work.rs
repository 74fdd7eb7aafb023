//! Transports runs from the leader to the nodes that execute them.

use std::time::Duration;

use crate::error::Result;

/// A run that the leader hands over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// Identifies the run among all runs of the cluster.
    pub key: String,
    /// The lane that a node must have to take it; `None` for any node.
    pub lane: Option<String>,
    /// The description of the run for the node that takes it.
    pub text: String,
}

/// A job that a worker has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The key of the job.
    pub key: String,
    /// The number of the attempt, starting at 1. The end of the job refers to this number.
    pub attempt: u32,
    /// The text of the job.
    pub text: String,
}

/// The end of a job, as reported by its worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEnd {
    /// The key of the job.
    pub key: String,
    /// The attempt that has ended.
    pub attempt: u32,
    /// The description of the end for the leader.
    pub text: String,
}

/// A job that a worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The key of the job.
    pub key: String,
    /// The attempt that the worker holds.
    pub attempt: u32,
    /// Whether the leader has told the run to end.
    pub is_stopped: bool,
}

/// A job in the table: offered, taken or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenJob {
    /// The key of the job.
    pub key: String,
    /// The current attempt.
    pub attempt: u32,
    /// The worker that holds it or has ended it.
    pub worker: Option<String>,
    /// The text of the job.
    pub text: String,
}

/// A worker that holds jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The name of the worker.
    pub worker: String,
    /// A counter that changes each time the worker extends its hold.
    pub beat: u64,
}

/// What may have happened to jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobNews {
    /// Jobs were offered.
    pub offered: bool,
    /// Jobs have ended.
    pub ended: bool,
    /// Jobs are to stop.
    pub stopped: bool,
}

impl JobNews {
    /// Anything may have happened.
    pub const ALL: JobNews = JobNews {
        offered: true,
        ended: true,
        stopped: true,
    };

    /// Combines this with other news.
    #[must_use]
    pub fn and(self, other: JobNews) -> JobNews {
        JobNews {
            offered: self.offered || other.offered,
            ended: self.ended || other.ended,
            stopped: self.stopped || other.stopped,
        }
    }
}

/// Transports runs from the leader to the nodes that execute them, and their ends back. It does not interpret
/// the texts.
///
/// A job is offered, taken by one worker, and ended by it. Each change of a job names its attempt, so a
/// worker that was given up can't end an attempt of another worker. The methods with a term are for the
/// leader. They have no effect if a node [leads](Self::lead) with a greater term.
///
/// [`rocketry_cluster::suite::hold_work`](https://docs.rs/rocketry-cluster) tests an implementation.
pub trait Work: Send + 'static {
    /// Starts to lead in a term, and reads all existing jobs. After that, nothing is accepted from a lower
    /// term.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time, or if a greater term leads
    /// ([`Error::superseded`](crate::Error::superseded)).
    fn lead(&mut self, term: u64) -> Result<Vec<OpenJob>>;

    /// Offers jobs in order, all or none of them. The number of the batch is random: a batch that is repeated
    /// after a failure is added only once.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time, or if a greater term leads
    /// ([`Error::superseded`](crate::Error::superseded)).
    fn hand_over(&mut self, term: u64, batch: u64, jobs: &[Job]) -> Result<()>;

    /// Tells the worker of a job to stop. A job that no worker has taken is removed; returns whether it was.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn stop(&mut self, term: u64, key: &str) -> Result<bool>;

    /// Reads the reported ends that are not [forgotten](Self::forget): keys and texts.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn ended(&mut self) -> Result<Vec<(String, String)>>;

    /// Returns those of the [ends](Self::ended) that may be new since the last call, and possibly others. May
    /// miss some, so the caller reads all of them from time to time. The default returns all.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn new_ends(&mut self) -> Result<Vec<(String, String)>> {
        self.ended()
    }

    /// Returns the workers that hold jobs.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn holders(&mut self) -> Result<Vec<Holder>>;

    /// Returns the jobs that a worker holds and has not ended.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn held_by(&mut self, worker: &str) -> Result<Vec<Held>>;

    /// Offers a held job again, as the next attempt. Returns `false` if it has ended or if this is not the
    /// current attempt.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn offer_again(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool>;

    /// Removes a held job. Returns `false` if it has ended or if this is not the current attempt.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn give_up(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool>;

    /// Removes jobs whose ends are recorded.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn forget(&mut self, term: u64, keys: &[String]) -> Result<()>;

    /// Takes at most `most` jobs that are offered to any node or in one of these lanes, in the order in which
    /// they were handed over, except for the jobs in `but`.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time. The worker may then hold jobs that it does not know;
    /// [`extend`](Self::extend) returns them.
    fn take(&mut self, worker: &str, lanes: &[String], but: &[String], most: usize) -> Result<Vec<Taken>>;

    /// Extends the hold of a worker. Returns the jobs that it holds and has not ended.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn extend(&mut self, worker: &str) -> Result<Vec<Held>>;

    /// Offers a job to others that a worker has taken but not started. Has no effect if the worker does not
    /// hold it.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time.
    fn release(&mut self, worker: &str, key: &str, attempt: u32) -> Result<()>;

    /// Reports the ends of several jobs, each like [`end`](Self::end). Returns for each whether it was
    /// stored.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time. Any of the ends may have been stored, or may still be.
    fn end_all(&mut self, worker: &str, ends: &[JobEnd]) -> Result<Vec<bool>>;

    /// Reports the end of a job. Returns `false`, and stores nothing, if the worker no longer holds this
    /// attempt. Only the first reported end counts.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no answer in time. The end may have been stored, or may still be.
    fn end(&mut self, worker: &str, key: &str, attempt: u32, end: &str) -> Result<bool> {
        let end = JobEnd {
            key: key.to_owned(),
            attempt,
            text: end.to_owned(),
        };
        Ok(self.end_all(worker, &[end])? == [true])
    }

    /// Waits until a job is offered, ended or stopped, or until the time limit. Returns which of these may have
    /// happened. May return early, and may miss an event, so the caller looks at everything from time to time.
    fn wait(&mut self, limit: Duration) -> JobNews;
}
