//! Transports calls from nodes that stand by to the leader.

use std::time::Duration;

use crate::error::Result;

/// Transports calls from nodes that stand by to the leader, and the answers back. Calls are totally ordered:
/// each has a number that is greater than those of all calls that were visible before.
///
/// Calls and answers are texts. A call is kept for a day, even after it was answered, because the next leader
/// may have to make it again if the previous one could not record what it did.
pub trait Relay: Send + 'static {
    /// Submits a call. Returns its number.
    ///
    /// # Errors
    ///
    /// Returns an error if the store does not answer in time. The call may have been submitted, or may still
    /// be.
    fn hand_in(&mut self, call: &str) -> Result<u64>;

    /// Takes the calls after a number in order, including those that were taken before. From now on they
    /// can't be withdrawn. Withdrawn calls are omitted.
    ///
    /// # Errors
    ///
    /// Returns an error if the store does not answer in time.
    fn take_up(&mut self, after: u64) -> Result<Vec<(u64, String)>>;

    /// Answers a call, replacing any earlier answer.
    ///
    /// # Errors
    ///
    /// Returns an error if the store does not answer in time.
    fn answer(&mut self, number: u64, answer: &str) -> Result<()>;

    /// Answers all unanswered calls up to a number.
    ///
    /// # Errors
    ///
    /// Returns an error if the store does not answer in time.
    fn answer_rest(&mut self, up_to: u64, answer: &str) -> Result<()>;

    /// Reads the available answers to some calls.
    ///
    /// # Errors
    ///
    /// Returns an error if the store does not answer in time.
    fn answers(&mut self, numbers: &[u64]) -> Result<Vec<(u64, String)>>;

    /// Withdraws a call, unless it was taken. Returns whether it was withdrawn.
    ///
    /// # Errors
    ///
    /// Returns an error if the store does not answer in time.
    fn withdraw(&mut self, number: u64) -> Result<bool>;

    /// Waits until a call is submitted or answered, or until the time limit. May return early, and may miss
    /// an event.
    fn wait(&mut self, limit: Duration);
}
