//! Carries runs from the node that leads to the nodes that make them.

use std::time::Duration;

use crate::error::Result;

/// A run that the leader hands over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// Identifies the run among all runs of the cluster.
    pub key: String,
    /// The lane that a node must have to take it; `None` for any node.
    pub lane: Option<String>,
    /// The run, as the node that takes it reads it.
    pub text: String,
}

/// A job that a worker has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The key of the job.
    pub key: String,
    /// How often it has been offered: 1 at first. Its end names this number.
    pub attempt: u32,
    /// The text of the job.
    pub text: String,
}

/// The end of a job, as its worker reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEnd {
    /// The key of the job.
    pub key: String,
    /// Which attempt has ended.
    pub attempt: u32,
    /// The end, as the leader reads it.
    pub text: String,
}

/// A job that a worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The key of the job.
    pub key: String,
    /// Which attempt the worker holds.
    pub attempt: u32,
    /// Whether the leader wants the run to end.
    pub is_stopped: bool,
}

/// A job that is there: offered, taken or ended.
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
    /// A number that changes each time the worker extends its hold.
    pub beat: u64,
}

/// Carries runs from the node that leads to the nodes that make them, and their ends back. Texts are opaque to it.
///
/// A job is offered, taken by one worker, and ended by it. Each change of a job names the attempt that it is meant for, so a worker
/// that was given up can't end an attempt that another one makes. The methods with a term are the leader's. They change nothing if a
/// greater term [leads](Self::lead).
///
/// [`rocketry_cluster::suite::hold_work`](https://docs.rs/rocketry-cluster) tests an implementation.
pub trait Work: Send + 'static {
    /// Leads from now on in a term, and reads all jobs that are there. Nothing that a lower term hands over is added after
    /// that.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time, or if a greater term leads ([`Error::superseded`](crate::Error::superseded)).
    fn lead(&mut self, term: u64) -> Result<Vec<OpenJob>>;

    /// Offers jobs in their order, all or none. The number of the batch is random: a batch that is repeated after a failure is
    /// added once.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time, or if a greater term leads ([`Error::superseded`](crate::Error::superseded)).
    fn hand_over(&mut self, term: u64, batch: u64, jobs: &[Job]) -> Result<()>;

    /// Has the worker of a job stop. A job that no worker has taken is removed; returns whether it was.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn stop(&mut self, term: u64, key: &str) -> Result<bool>;

    /// Reads the ends that workers have reported and that are not [forgotten](Self::forget): keys and texts.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn ended(&mut self) -> Result<Vec<(String, String)>>;

    /// The workers that hold jobs.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn holders(&mut self) -> Result<Vec<Holder>>;

    /// The jobs that a worker holds and has not ended.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn held_by(&mut self, worker: &str) -> Result<Vec<Held>>;

    /// Offers a job that a worker holds once more, as the next attempt. Returns `false` if it has ended or if this is
    /// not the current attempt.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn offer_again(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool>;

    /// Removes a job that a worker holds. Returns `false` if it has ended or if this is not the current attempt.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn give_up(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool>;

    /// Removes jobs, because their ends are recorded.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn forget(&mut self, term: u64, keys: &[String]) -> Result<()>;

    /// Takes at most `most` jobs that are offered to any node or in one of these lanes, in the order in which they were handed over, but
    /// for some.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. The worker may hold jobs then that it does not know:
    /// [`extend`](Self::extend) tells.
    fn take(&mut self, worker: &str, lanes: &[String], but: &[String], most: usize) -> Result<Vec<Taken>>;

    /// Extends the hold of a worker; returns the jobs that it holds and has not ended.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn extend(&mut self, worker: &str) -> Result<Vec<Held>>;

    /// Offers a job that a worker has taken and not begun to others. Nothing happens if the worker does not hold it.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time.
    fn release(&mut self, worker: &str, key: &str, attempt: u32) -> Result<()>;

    /// Reports the end of a job. Returns `false`, and keeps nothing, if the worker does not hold this attempt any more. The first
    /// end that is reported counts.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. The end may have been kept, or may be later.
    fn end(&mut self, worker: &str, key: &str, attempt: u32, end: &str) -> Result<bool>;

    /// Reports the ends of several jobs, each as [`end`](Self::end) does; returns for each whether it is kept. A default reports one after the other.
    ///
    /// # Errors
    ///
    /// Fails without an answer in time. Any of the ends may have been kept, or may be later.
    fn end_all(&mut self, worker: &str, ends: &[JobEnd]) -> Result<Vec<bool>> {
        let end = |end: &JobEnd| self.end(worker, &end.key, end.attempt, &end.text);
        ends.iter().map(end).collect()
    }

    /// Waits until a job was offered, ended or stopped, or the time is up. May return earlier, and may miss something.
    fn wait(&mut self, limit: Duration);
}
