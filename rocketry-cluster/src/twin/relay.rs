//! Calls of nodes in memory.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rocketry_core::cluster::Relay;
use rocketry_core::{Error, Result};

/// The calls of nodes in memory. Clones refer to the same calls.
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
pub struct TwinRelay {
    shared: Arc<Shared>,
    /// What goes wrong for this handle, and its clones.
    faults: Arc<Mutex<RelayFaults>>,
}

/// What goes wrong for a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelayFaults {
    /// The calls can't be reached.
    pub is_cut_off: bool,
    /// Nothing tells the node that there is something new: it has to look by itself.
    pub is_deaf: bool,
    /// What the node writes is written, but the confirmation is lost.
    pub loses_confirmations: bool,
}

#[derive(Debug, Default)]
struct Shared {
    calls: Mutex<Vec<Entry>>,
    changed: Condvar,
}

#[derive(Debug)]
struct Entry {
    call: String,
    is_taken: bool,
    is_withdrawn: bool,
    answer: Option<String>,
}

impl TwinRelay {
    /// A handle of another node to the same calls.
    #[must_use]
    pub fn of_another_node(&self) -> Self {
        TwinRelay {
            shared: self.shared.clone(),
            faults: Arc::default(),
        }
    }

    /// Says what goes wrong for the node of this handle from now on.
    pub fn set_faults(&self, faults: RelayFaults) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The number of calls that were ever handed in.
    pub fn len(&self) -> usize {
        self.calls().len()
    }

    /// Whether there was never a call.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn faults(&self) -> RelayFaults {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn calls(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.shared.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reach(&self) -> Result<MutexGuard<'_, Vec<Entry>>> {
        if self.faults().is_cut_off {
            return Err(Error::log("the node is cut off"));
        }
        Ok(self.calls())
    }

    /// What a node learns of something that it has written.
    fn confirmed<T>(&self, written: T) -> Result<T> {
        self.shared.changed.notify_all();
        if self.faults().loses_confirmations {
            return Err(Error::log("no answer in time"));
        }
        Ok(written)
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
        let mut calls = self.reach()?;
        calls.push(Entry {
            call: call.to_owned(),
            is_taken: false,
            is_withdrawn: false,
            answer: None,
        });
        let number = calls.len() as u64;
        drop(calls);
        self.confirmed(number)
    }

    fn take_up(&mut self, after: u64) -> Result<Vec<(u64, String)>> {
        let mut calls = self.reach()?;
        let there = numbered(&mut calls).filter(|(number, call)| *number > after && !call.is_withdrawn);
        let taken = there.map(|(number, call)| {
            call.is_taken = true;
            (number, call.call.clone())
        });
        Ok(taken.collect())
    }

    fn answer(&mut self, number: u64, answer: &str) -> Result<()> {
        let mut calls = self.reach()?;
        let mut found = numbered(&mut calls).filter(|(of, _)| *of == number);
        if let Some((_, call)) = found.next() {
            call.answer = Some(answer.to_owned());
        }
        drop(found);
        drop(calls);
        self.confirmed(())
    }

    fn answer_rest(&mut self, up_to: u64, answer: &str) -> Result<()> {
        let mut calls = self.reach()?;
        for (_, call) in numbered(&mut calls).filter(|(number, _)| *number <= up_to) {
            if call.answer.is_none() && !call.is_withdrawn {
                call.answer = Some(answer.to_owned());
            }
        }
        drop(calls);
        self.confirmed(())
    }

    fn answers(&mut self, numbers: &[u64]) -> Result<Vec<(u64, String)>> {
        let mut calls = self.reach()?;
        let asked = numbered(&mut calls).filter(|(number, _)| numbers.contains(number));
        let answered = asked.filter_map(|(number, call)| Some((number, call.answer.clone()?)));
        Ok(answered.collect())
    }

    fn withdraw(&mut self, number: u64) -> Result<bool> {
        let mut calls = self.reach()?;
        let mut found = numbered(&mut calls).filter(|(of, call)| *of == number && !call.is_taken);
        let withdrawn = found.next().map(|(_, call)| call.is_withdrawn = true);
        Ok(withdrawn.is_some())
    }

    fn wait(&mut self, limit: Duration) {
        if self.faults().is_deaf || self.faults().is_cut_off {
            return std::thread::sleep(limit);
        }
        let calls = self.calls();
        drop(self.shared.changed.wait_timeout(calls, limit));
    }
}
