//! A replica of a state machine: every command that was written to a stream, applied in the order of the
//! stream.
//!
//! All nodes apply the same commands, so all of them have the same state. The effect of a command is known
//! once all commands before it are applied. The state is regularly saved beside the commands, which are then
//! deleted.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::api::Stored;
use super::append::{Expected, Written};
use super::deadline::Deadline;
use super::failure::{Answer, Failure};
use super::stream::Stream;

/// The number of outcomes that are kept for their callers. A caller that has given up does not take its
/// outcome.
const OUTCOMES: usize = 1000;

/// The number of commands after which the state is saved.
const EACH: usize = 5000;

/// The state that commands change.
pub(super) trait Machine: Default + Send + 'static {
    /// What is written.
    type Command: Serialize + DeserializeOwned;
    /// The result of a command for its writer.
    type Outcome: Send;

    /// Applies the command with a number.
    fn apply(&mut self, number: u64, command: Self::Command) -> Self::Outcome;

    /// The state after this command or an earlier one, from which the later commands lead to the current
    /// state. `None` if it is not worth saving.
    fn save(&self, number: u64) -> Option<Saved>;

    /// Restores a saved state.
    fn restore(saved: Saved) -> Answer<Self>;
}

/// A saved state.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Saved {
    /// The last command that it contains.
    pub(super) number: u64,
    pub(super) state: serde_json::Value,
}

/// A command, with the replica that has written it.
#[derive(Serialize, Deserialize)]
struct Envelope<C> {
    by: u64,
    #[serde(rename = "do")]
    command: C,
}

/// A node's replica of the state machine in a stream.
pub(super) struct Replica<M: Machine> {
    stream: Stream,
    /// The subject of commands. States are saved in the subject `past` below it.
    subject: String,
    own: u64,
    known: Mutex<Known<M>>,
}

/// The state of a machine, as known to the node.
pub(super) struct Known<M: Machine> {
    pub(super) machine: M,
    /// The number of the last message.
    pub(super) number: u64,
    is_begun: bool,
    /// The number of commands that were applied since any node last saved the state.
    unsaved: usize,
    /// The parts of an incomplete command.
    parts: Vec<u8>,
    /// The outcomes of this replica's own commands.
    outcomes: BTreeMap<u64, M::Outcome>,
}

impl<M: Machine> Replica<M> {
    pub(super) fn new(stream: Stream, subject: String) -> Self {
        Replica {
            stream,
            subject,
            own: RandomState::new().hash_one(std::process::id()),
            known: Mutex::new(Known::of(M::default(), 0, false)),
        }
    }

    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    fn past(&self) -> String {
        format!("{}.past", self.subject)
    }

    /// The known state, without looking for newer commands.
    pub(super) fn known(&self) -> MutexGuard<'_, Known<M>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state with everything that was written until now.
    pub(super) fn now(&self, limit: Duration) -> Answer<MutexGuard<'_, Known<M>>> {
        let deadline = Deadline::after(limit);
        let last = self.stream.last_sequence(limit)?;
        self.since(last, deadline)
    }

    /// Writes a command. Returns its outcome.
    pub(super) fn run(&self, command: M::Command, limit: Duration) -> Answer<M::Outcome> {
        let deadline = Deadline::after(limit);
        let written = self.write(&command, None, limit)?;
        self.outcome(command, written, deadline)
    }

    /// Writes a command if the last message has this number; otherwise fails with [`Failure::Stale`].
    pub(super) fn run_after(&self, number: u64, command: M::Command, limit: Duration) -> Answer<M::Outcome> {
        let deadline = Deadline::after(limit);
        match self.write(&command, Some(Expected::OfStream(number)), limit) {
            Err(Failure::Stale) => {
                self.forget_what_is_lost(deadline)?;
                Err(Failure::Stale)
            }
            written => self.outcome(command, written?, deadline),
        }
    }

    fn write(&self, command: &M::Command, expected: Option<Expected>, limit: Duration) -> Answer<Written> {
        let envelope = Envelope {
            by: self.own,
            command,
        };
        let text = serde_json::to_vec(&envelope).map_err(Failure::other)?;
        self.stream.append(&self.subject, text, expected, limit)
    }

    fn outcome(&self, command: M::Command, written: Written, deadline: Deadline) -> Answer<M::Outcome> {
        let mut known = self.known();
        if known.is_begun && known.number + 1 == written.first {
            known.number = written.last;
            known.unsaved += 1;
            return Ok(known.machine.apply(written.last, command));
        }
        drop(known);
        let mut known = self.since(Some(written.last), deadline)?;
        if let Some(outcome) = known.outcomes.remove(&written.last) {
            return Ok(outcome);
        }
        drop(known);
        self.forget_what_is_lost(deadline)?;
        let mut known = self.since(Some(written.last), deadline)?;
        known.outcomes.remove(&written.last).ok_or(Failure::NoMessage)
    }

    /// Starts again if the servers have lost messages that the node knows, as after a power loss.
    fn forget_what_is_lost(&self, deadline: Deadline) -> Answer<()> {
        let last = self.stream.info(deadline.left())?.state.last_seq;
        let mut known = self.known();
        if last < known.number {
            tracing::warn!(target: "rocketry::app", subject = self.subject, "NATS has lost messages that it had acknowledged");
            *known = Known::of(M::default(), 0, false);
        }
        Ok(())
    }

    /// The state with at least everything up to a message; without one, everything that any server has.
    fn since(&self, last: Option<u64>, deadline: Deadline) -> Answer<MutexGuard<'_, Known<M>>> {
        const PAUSE: Duration = Duration::from_millis(2);
        let mut known = self.known();
        if !known.is_begun {
            *known = self.begin(deadline)?;
        }
        loop {
            if last.is_some_and(|last| known.number >= last) {
                return Ok(known);
            }
            let more = self.stream.read(known.number + 1, deadline.left())?;
            if more.is_empty() {
                if last.is_none() {
                    return Ok(known);
                }
                if deadline.left().is_zero() {
                    return Err(Failure::other("the servers lag behind each other"));
                }
                // The responding server is behind the server that has stored the message.
                std::thread::sleep(PAUSE);
                continue;
            }
            let is_gap = more
                .first()
                .is_some_and(|first| first.sequence > known.number + 1);
            if is_gap && let Some(newer) = self.saved(deadline)?.filter(|saved| saved.number > known.number) {
                let number = newer.number;
                *known = Known::of(M::restore(newer)?, number, true);
                continue;
            }
            for message in more {
                known.take(message, &self.subject, self.own)?;
            }
        }
    }

    /// The state that was saved last, or that of an empty stream.
    fn begin(&self, deadline: Deadline) -> Answer<Known<M>> {
        let Some(saved) = self.saved(deadline)? else {
            return Ok(Known::of(M::default(), 0, true));
        };
        let number = saved.number;
        Ok(Known::of(M::restore(saved)?, number, true))
    }

    fn saved(&self, deadline: Deadline) -> Answer<Option<Saved>> {
        let last = self.stream.last(&self.past(), deadline.left())?;
        let read = |last: Stored| serde_json::from_slice(&last.payload).map_err(Failure::other);
        last.map(read).transpose()
    }

    /// Saves the state, if it is worth saving, and deletes the commands that it contains. Has no effect if
    /// another node saves at the same time.
    pub(super) fn save(&self, limit: Duration) -> Answer<()> {
        let deadline = Deadline::after(limit);
        let known = self.known();
        let is_due = known.unsaved >= EACH;
        let saved = is_due.then(|| known.machine.save(known.number));
        drop(known);
        let Some(saved) = saved.flatten() else {
            return Ok(());
        };
        let before = self.stream.last(&self.past(), deadline.left())?;
        let expected = before.map_or(0, |before| before.sequence);
        let text = serde_json::to_vec(&saved).map_err(Failure::other)?;
        let expected = Some(Expected::OfSubject(expected));
        let written = match self.stream.append(&self.past(), text, expected, deadline.left()) {
            Err(Failure::Stale) => return Ok(()),
            written => written?,
        };
        self.stream
            .purge(&self.past(), Some(written.first), deadline.left())?;
        self.stream
            .purge(&self.subject, Some(saved.number + 1), deadline.left())
    }
}

impl<M: Machine> Known<M> {
    fn of(machine: M, number: u64, is_begun: bool) -> Self {
        Known {
            machine,
            number,
            is_begun,
            unsaved: 0,
            parts: Vec::new(),
            outcomes: BTreeMap::new(),
        }
    }

    fn take(&mut self, message: Stored, subject: &str, own: u64) -> Answer<()> {
        self.number = message.sequence;
        if message.subject != subject {
            // A saved state.
            self.unsaved = 0;
            return Ok(());
        }
        if message.part.is_none_or(|part| part == 1) {
            self.parts.clear();
        }
        self.parts.extend(message.payload);
        if !message.is_whole {
            return Ok(());
        }
        let Envelope { by, command } = serde_json::from_slice(&self.parts).map_err(|cause| {
            Failure::Other(format!("message {} can't be understood: {cause}", self.number))
        })?;
        self.parts.clear();
        self.unsaved += 1;
        let outcome = self.machine.apply(self.number, command);
        if by == own {
            self.outcomes.insert(self.number, outcome);
            if self.outcomes.len() > OUTCOMES {
                self.outcomes.pop_first();
            }
        }
        Ok(())
    }
}
