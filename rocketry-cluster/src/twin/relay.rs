//! An in-memory relay.

use std::time::Duration;

use rocketry_core::Result;
use rocketry_core::cluster::Relay;

use super::handle::{Handle, RelayFaults};

/// An in-memory relay. Clones refer to the same calls.
///
/// ```
/// use rocketry::cluster::Relay;
/// use rocketry_cluster::twin::TwinRelay;
///
/// let mut follower = TwinRelay::default();
/// let mut leader = follower.of_another_node();
/// let number = follower.hand_in("pause")?;
/// assert_eq!(leader.take_up(0)?, [(number, "pause".to_owned())]);
/// leader.answer(number, "done")?;
/// assert_eq!(follower.answers(&[number])?, [(number, "done".to_owned())]);
/// # Ok::<(), rocketry_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TwinRelay(Handle<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    call: String,
    is_taken: bool,
    is_withdrawn: bool,
    answer: Option<String>,
}

impl TwinRelay {
    /// Creates a handle of another node to the same calls.
    #[must_use]
    pub fn of_another_node(&self) -> Self {
        TwinRelay(self.0.of_another_node())
    }

    /// Sets the faults of this handle's node.
    pub fn set_faults(&self, faults: RelayFaults) {
        self.0.set_faults(faults);
    }

    /// Returns the number of calls that were ever submitted.
    pub fn len(&self) -> usize {
        self.0.get().len()
    }

    /// Returns whether no call was ever submitted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The number of the call at a place.
fn number(place: usize) -> u64 {
    place as u64 + 1
}

/// The calls with their numbers.
fn numbered(calls: &mut [Entry]) -> impl Iterator<Item = (u64, &mut Entry)> {
    let calls = calls.iter_mut().enumerate();
    calls.map(|(place, call)| (number(place), call))
}

impl Relay for TwinRelay {
    fn hand_in(&mut self, call: &str) -> Result<u64> {
        let mut calls = self.0.reach()?;
        calls.push(Entry {
            call: call.to_owned(),
            is_taken: false,
            is_withdrawn: false,
            answer: None,
        });
        let number = calls.len() as u64;
        drop(calls);
        self.0.confirmed(number)
    }

    fn take_up(&mut self, after: u64) -> Result<Vec<(u64, String)>> {
        let mut calls = self.0.reach()?;
        let there = numbered(&mut calls).filter(|(number, call)| *number > after && !call.is_withdrawn);
        let taken = there.map(|(number, call)| {
            call.is_taken = true;
            (number, call.call.clone())
        });
        Ok(taken.collect())
    }

    fn answer(&mut self, number: u64, answer: &str) -> Result<()> {
        let mut calls = self.0.reach()?;
        let mut found = numbered(&mut calls).filter(|(of, _)| *of == number);
        if let Some((_, call)) = found.next() {
            call.answer = Some(answer.to_owned());
        }
        drop(found);
        drop(calls);
        self.0.confirmed(())
    }

    fn answer_rest(&mut self, up_to: u64, answer: &str) -> Result<()> {
        let mut calls = self.0.reach()?;
        for (_, call) in numbered(&mut calls).filter(|(number, _)| *number <= up_to) {
            if call.answer.is_none() && !call.is_withdrawn {
                call.answer = Some(answer.to_owned());
            }
        }
        drop(calls);
        self.0.confirmed(())
    }

    fn answers(&mut self, numbers: &[u64]) -> Result<Vec<(u64, String)>> {
        let mut calls = self.0.reach()?;
        let asked = numbered(&mut calls).filter(|(number, _)| numbers.contains(number));
        let answered = asked.filter_map(|(number, call)| Some((number, call.answer.clone()?)));
        Ok(answered.collect())
    }

    fn withdraw(&mut self, number: u64) -> Result<bool> {
        let mut calls = self.0.reach()?;
        let mut found = numbered(&mut calls).filter(|(of, call)| *of == number && !call.is_taken);
        let withdrawn = found.next().map(|(_, call)| call.is_withdrawn = true);
        Ok(withdrawn.is_some())
    }

    fn wait(&mut self, limit: Duration) {
        self.0.wait(limit);
    }
}
