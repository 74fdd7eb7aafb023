//! Carries calls from nodes that stand by to the node that leads.

use std::time::Duration;

use crate::error::Result;

/// Carries calls from nodes that stand by to the node that leads, and answers back. Calls have one order: each has a number
/// that is greater than those of all calls that could be seen before.
///
/// Calls and answers are texts. A call is kept until it is a day old, also once it has an answer: the next leader may have to
/// make it again, if the leader before could not record what it did.
pub trait Relay: Send + 'static {
    /// Hands in a call; returns its number.
    ///
    /// # Errors
    ///
    /// Fails without an answer of the store in time. The call may have been handed in, or may be later.
    fn hand_in(&mut self, call: &str) -> Result<u64>;

    /// Takes up the calls after a number, in their order, also those that were taken up before. From now on they can't be
    /// withdrawn; those that were withdrawn are left out.
    ///
    /// # Errors
    ///
    /// Fails without an answer of the store in time.
    fn take_up(&mut self, after: u64) -> Result<Vec<(u64, String)>>;

    /// Answers a call, in place of an earlier answer.
    ///
    /// # Errors
    ///
    /// Fails without an answer of the store in time.
    fn answer(&mut self, number: u64, answer: &str) -> Result<()>;

    /// Answers all calls up to a number that have no answer yet.
    ///
    /// # Errors
    ///
    /// Fails without an answer of the store in time.
    fn answer_rest(&mut self, up_to: u64, answer: &str) -> Result<()>;

    /// Reads the answers that some calls have, as far as they have one.
    ///
    /// # Errors
    ///
    /// Fails without an answer of the store in time.
    fn answers(&mut self, numbers: &[u64]) -> Result<Vec<(u64, String)>>;

    /// Withdraws a call, unless it was taken up; returns whether it is withdrawn.
    ///
    /// # Errors
    ///
    /// Fails without an answer of the store in time.
    fn withdraw(&mut self, number: u64) -> Result<bool>;

    /// Waits until a call was handed in or answered, or the time is up. May return earlier, and may miss something.
    fn wait(&mut self, limit: Duration);
}
