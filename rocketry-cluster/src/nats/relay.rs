//! The relay through which nodes that stand by forward requests and changes to the leader.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::Relay;
use rocketry_core::{Clock, Result};
use serde_json::json;

use super::address::Address;
use super::calls::{Calls, Command, KEPT};
use super::failure::Answer;
use super::link::Link;
use super::replica::Replica;
use super::stream::Stream;
use super::watch::Watch;

/// The time limit of each call.
const PATIENCE: Duration = Duration::from_secs(10);

/// The calls by which nodes that stand by forward requests and changes to the leader: a NATS stream, whose
/// order is that of the calls.
pub struct NatsRelay {
    calls: Arc<Replica<Calls>>,
    watch: Watch,
}

impl NatsRelay {
    /// Creates the relay of the cluster at an address. Connects with the first call.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        Ok(Self::of(replica(Link::new(Address::read(address)?))))
    }

    pub(super) fn of(calls: Arc<Replica<Calls>>) -> Self {
        let watch = Watch::new(calls.stream().link().clone(), "calls");
        NatsRelay { calls, watch }
    }

    fn run(&self, command: Command) -> Result<u64> {
        let number = self.explain("written", self.calls.run(command, PATIENCE))?;
        self.watch.wake();
        Ok(number)
    }

    fn read<T>(&self, read: impl FnOnce(&Calls) -> T) -> Result<T> {
        let known = self.calls.now(PATIENCE).map(|known| read(&known.machine));
        self.explain("read", known)
    }

    fn explain<T>(&self, done: &str, answer: Answer<T>) -> Result<T> {
        self.calls.stream().link().explain(done, answer)
    }
}

/// The replica of the calls.
pub(super) fn replica(link: Link) -> Arc<Replica<Calls>> {
    let name = &link.address().name;
    let subject = format!("{name}.calls");
    // In nanoseconds.
    let settings = json!({ "max_age": KEPT * 1000 });
    let stream = Stream::new(
        link.clone(),
        format!("{name}-calls"),
        vec![subject.clone()],
        settings,
    );
    Arc::new(Replica::new(stream, subject))
}

impl Relay for NatsRelay {
    fn hand_in(&mut self, call: &str) -> Result<u64> {
        self.run(Command::HandIn {
            made: Clock::system().now().as_micros(),
            call: call.to_owned(),
        })
    }

    fn take_up(&mut self, after: u64) -> Result<Vec<(u64, String)>> {
        if let Some(up_to) = self.read(|calls| calls.last_open(after))? {
            let taken = self.calls.run(Command::TakeUp { after, up_to }, PATIENCE);
            self.explain("written", taken)?;
        }
        // Calls that arrived meanwhile are taken next time.
        Ok(self.calls.known().machine.taken_after(after))
    }

    fn answer(&mut self, number: u64, answer: &str) -> Result<()> {
        let answer = answer.to_owned();
        self.run(Command::Answer { number, answer }).map(drop)
    }

    fn answer_rest(&mut self, up_to: u64, answer: &str) -> Result<()> {
        let answer = answer.to_owned();
        self.run(Command::AnswerRest { up_to, answer }).map(drop)
    }

    fn answers(&mut self, numbers: &[u64]) -> Result<Vec<(u64, String)>> {
        self.read(|calls| {
            numbers
                .iter()
                .filter_map(|number| calls.answer(*number))
                .collect()
        })
    }

    fn withdraw(&mut self, number: u64) -> Result<bool> {
        let withdrawn = self.calls.run(Command::Withdraw { number }, PATIENCE);
        self.explain("written", withdrawn)?;
        Ok(self.calls.known().machine.is_withdrawn(number))
    }

    fn wait(&mut self, limit: Duration) {
        self.watch.wait(limit);
    }
}
