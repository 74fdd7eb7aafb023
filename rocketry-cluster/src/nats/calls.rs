//! The state of calls between nodes, as changed by commands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::failure::Answer;
use super::replica::{Machine, Saved};

/// How long a call is kept, in microseconds: a day. Its messages are deleted by then.
pub(super) const KEPT: i64 = 86_400_000_000;

/// The calls, by the numbers of their messages.
#[derive(Debug, Default)]
pub(super) struct Calls(BTreeMap<u64, Call>);

#[derive(Debug)]
struct Call {
    /// In microseconds since 1970.
    made: i64,
    text: String,
    is_taken: bool,
    is_withdrawn: bool,
    answer: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Command {
    HandIn {
        made: i64,
        call: String,
    },
    /// Takes the calls after a number and up to another.
    TakeUp {
        after: u64,
        up_to: u64,
    },
    Answer {
        number: u64,
        answer: String,
    },
    AnswerRest {
        up_to: u64,
        answer: String,
    },
    Withdraw {
        number: u64,
    },
}

impl Machine for Calls {
    type Command = Command;
    /// The number of the command.
    type Outcome = u64;

    fn apply(&mut self, number: u64, command: Command) -> u64 {
        match command {
            Command::HandIn { made, call } => self.add(number, made, call),
            Command::TakeUp { after, up_to } if after < up_to => {
                for (_, call) in self.0.range_mut(after + 1..=up_to) {
                    call.is_taken |= !call.is_withdrawn;
                }
            }
            Command::TakeUp { .. } => {}
            Command::Answer { number, answer } => {
                if let Some(call) = self.0.get_mut(&number) {
                    call.answer = Some(answer);
                }
            }
            Command::AnswerRest { up_to, answer } => {
                for (_, call) in self.0.range_mut(..=up_to) {
                    if call.answer.is_none() && !call.is_withdrawn {
                        call.answer = Some(answer.clone());
                    }
                }
            }
            Command::Withdraw { number } => {
                if let Some(call) = self.0.get_mut(&number) {
                    call.is_withdrawn |= !call.is_taken;
                }
            }
        }
        number
    }

    /// Calls are kept for a day by the stream itself.
    fn save(&self, _: u64) -> Option<Saved> {
        None
    }

    fn restore(_: Saved) -> Answer<Self> {
        Ok(Self::default())
    }
}

impl Calls {
    fn add(&mut self, number: u64, made: i64, call: String) {
        let old = made.saturating_sub(KEPT);
        while self
            .0
            .first_key_value()
            .is_some_and(|(_, first)| first.made < old)
        {
            self.0.pop_first();
        }
        let call = Call {
            made,
            text: call,
            is_taken: false,
            is_withdrawn: false,
            answer: None,
        };
        self.0.insert(number, call);
    }

    /// The calls after a number that were taken, so that they can no longer be withdrawn.
    pub(super) fn taken_after(&self, number: u64) -> Vec<(u64, String)> {
        let calls = self.0.range(number.saturating_add(1)..);
        let taken = calls.filter(|(_, call)| call.is_taken);
        taken.map(|(number, call)| (*number, call.text.clone())).collect()
    }

    /// The last call after a number that was neither taken nor withdrawn.
    pub(super) fn last_open(&self, after: u64) -> Option<u64> {
        let mut calls = self.0.range(after.saturating_add(1)..).rev();
        calls
            .find(|(_, call)| !call.is_taken && !call.is_withdrawn)
            .map(|(number, _)| *number)
    }

    pub(super) fn answer(&self, number: u64) -> Option<(u64, String)> {
        Some((number, self.0.get(&number)?.answer.clone()?))
    }

    pub(super) fn is_withdrawn(&self, number: u64) -> bool {
        self.0.get(&number).is_some_and(|call| call.is_withdrawn)
    }
}
