//! The table of handed-over runs.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::cluster::{Held, Holder, Job, JobEnd, JobNews, OpenJob, Taken, Work};
use rocketry_core::{Error, Result};
use serde_json::json;

use super::address::Address;
use super::failure::{Answer, Failure};
use super::link::Link;
use super::replica::Replica;
use super::stream::Stream;
use super::table::{Attempt, Command, Outcome, Table};
use super::watch::{Heard, Watch};

/// The time limit of each call.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has happened to jobs, as nodes tell each other.
const OFFERED: &str = "offered";
const ENDED: &str = "ended";
const STOPPED: &str = "stopped";

/// The runs that the leader hands over to nodes. Handing over, taking and ending runs are commands in a NATS
/// stream, and each node derives the current state from it. A job goes to the node whose request comes first
/// in the stream.
pub struct NatsWork {
    table: Arc<Replica<Table>>,
    watch: Watch,
    /// The last command whose ends were read.
    read: u64,
}

impl NatsWork {
    /// Creates the table of the cluster at an address. Connects with the first call.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is invalid.
    pub fn new(address: &str) -> Result<Self> {
        Ok(Self::of(replica(Link::new(Address::read(address)?))))
    }

    pub(super) fn of(table: Arc<Replica<Table>>) -> Self {
        let watch = Watch::new(table.stream().link().clone(), "work");
        NatsWork {
            table,
            watch,
            read: 0,
        }
    }

    fn explain<T>(&self, done: &str, answer: Answer<T>) -> Result<T> {
        self.table.stream().link().explain(done, answer)
    }

    fn run(&self, command: Command) -> Result<Outcome> {
        self.explain("written", self.table.run(command, PATIENCE))
    }

    /// Changes a job. Returns whether it had an effect.
    fn change(&self, command: Command) -> Result<bool> {
        let outcome = self.run(command)?;
        Ok(matches!(outcome, Outcome::Changed(true)))
    }

    fn lose(&self, term: u64, attempt: Attempt, is_offered_again: bool) -> Result<bool> {
        self.change(Command::Lose {
            term,
            attempt,
            is_offered_again,
        })
    }

    /// Makes a change that others wait for, and tells them its kind.
    fn tell<T>(&self, word: &'static str, told: Result<T>) -> Result<T> {
        if told.is_ok() {
            self.watch.tell(word);
        }
        told
    }

    fn read<T>(&self, read: impl FnOnce(&Table) -> T) -> Result<T> {
        let known = self.table.now(PATIENCE).map(|known| read(&known.machine));
        self.explain("read", known)
    }

    /// Makes a change as the leader of a term.
    fn as_leader(&self, term: u64, command: Command) -> Result<()> {
        match self.run(command)? {
            Outcome::Term(highest) if highest > term => Err(Error::superseded(term, highest)),
            _ => Ok(()),
        }
    }
}

fn attempt_of(key: &str, number: u32) -> Attempt {
    let key = key.to_owned();
    Attempt { key, number }
}

/// The replica of the table.
pub(super) fn replica(link: Link) -> Arc<Replica<Table>> {
    let name = &link.address().name;
    let subject = format!("{name}.work");
    let subjects = vec![subject.clone(), format!("{subject}.past")];
    let stream = Stream::new(link.clone(), format!("{name}-work"), subjects, json!({}));
    Arc::new(Replica::new(stream, subject))
}

impl Work for NatsWork {
    fn lead(&mut self, term: u64) -> Result<Vec<OpenJob>> {
        self.as_leader(term, Command::Lead { term })?;
        Ok(self.table.known().machine.open())
    }

    fn hand_over(&mut self, term: u64, batch: u64, jobs: &[Job]) -> Result<()> {
        let jobs = jobs.iter().map(Into::into).collect();
        let added = self.as_leader(term, Command::HandOver { term, batch, jobs });
        self.tell(OFFERED, added)
    }

    fn stop(&mut self, term: u64, key: &str) -> Result<bool> {
        let key = key.to_owned();
        let stopped = self.change(Command::Stop { term, key });
        self.tell(STOPPED, stopped)
    }

    fn ended(&mut self) -> Result<Vec<(String, String)>> {
        self.read(Table::ended)
    }

    fn new_ends(&mut self) -> Result<Vec<(String, String)>> {
        let read = self.read;
        let known = self.table.now(PATIENCE);
        let known = known.map(|known| (known.number, known.machine.ended_after(read)));
        let (number, ends) = self.explain("read", known)?;
        self.read = number;
        Ok(ends)
    }

    fn holders(&mut self) -> Result<Vec<Holder>> {
        self.read(Table::holders)
    }

    fn held_by(&mut self, worker: &str) -> Result<Vec<Held>> {
        self.read(|table| table.held_by(worker))
    }

    fn offer_again(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool> {
        let offered = self.lose(term, attempt_of(key, attempt), true);
        self.tell(OFFERED, offered)
    }

    fn give_up(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool> {
        self.lose(term, attempt_of(key, attempt), false)
    }

    fn forget(&mut self, term: u64, keys: &[String]) -> Result<()> {
        let keys = keys.to_vec();
        self.change(Command::Forget { term, keys })?;
        // If it can't be saved now, it is saved later.
        let saved = self.table.save(PATIENCE);
        self.explain("written", saved)
    }

    fn take(&mut self, worker: &str, lanes: &[String], but: &[String], most: usize) -> Result<Vec<Taken>> {
        if most == 0 || !self.read(|table| table.offers(lanes, but))? {
            return Ok(Vec::new());
        }
        let (worker, lanes, but) = (worker.to_owned(), lanes.to_vec(), but.to_vec());
        match self.run(Command::Take {
            worker,
            lanes,
            but,
            most,
        })? {
            Outcome::Taken(taken) => Ok(taken),
            _ => self.explain("written", Err(Failure::NoMessage)),
        }
    }

    fn extend(&mut self, worker: &str) -> Result<Vec<Held>> {
        let name = worker.to_owned();
        self.run(Command::Extend { worker: name })?;
        Ok(self.table.known().machine.held_by(worker))
    }

    fn release(&mut self, worker: &str, key: &str, attempt: u32) -> Result<()> {
        let released = self.change(Command::Release {
            worker: worker.to_owned(),
            attempt: attempt_of(key, attempt),
        });
        self.tell(OFFERED, released).map(drop)
    }

    fn end_all(&mut self, worker: &str, ends: &[JobEnd]) -> Result<Vec<bool>> {
        let worker = worker.to_owned();
        let ends = ends.iter().map(Into::into).collect();
        let kept = match self.run(Command::EndAll { worker, ends }) {
            Ok(Outcome::Kept(kept)) => Ok(kept),
            Ok(_) => self.explain("written", Err(Failure::NoMessage)),
            Err(error) => Err(error),
        };
        self.tell(ENDED, kept)
    }

    fn wait(&mut self, limit: Duration) -> JobNews {
        let Heard::Words(words) = self.watch.listen(limit) else {
            return JobNews::ALL;
        };
        let is_told = |told: &str| words.iter().any(|word| word == told.as_bytes());
        JobNews {
            offered: is_told(OFFERED),
            ended: is_told(ENDED),
            stopped: is_told(STOPPED),
        }
    }
}
