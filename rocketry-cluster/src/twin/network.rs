//! A network that delays, loses and repeats messages.

use std::collections::BTreeMap;

use super::clock::Chance;
use super::server::{Answer, Call};

/// A message between a node and the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Message {
    Call {
        node: usize,
        number: u64,
        call: Call,
    },
    Answer {
        node: usize,
        number: u64,
        answer: Answer,
    },
}

impl Message {
    pub(super) fn node(&self) -> usize {
        match self {
            Message::Call { node, .. } | Message::Answer { node, .. } => *node,
        }
    }
}

/// The quality of a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quality {
    /// The number of lost and of duplicated messages per thousand.
    pub(super) lost: u64,
    pub(super) twice: u64,
    /// The longest delay, in microseconds. One message in fifty takes ten times as long.
    pub(super) delay: u64,
}

/// The messages in progress, by their arrival times.
#[derive(Debug, Default)]
pub(super) struct Network {
    under_way: BTreeMap<(u64, u64), Message>,
    sent: u64,
}

impl Network {
    pub(super) fn send(&mut self, now: u64, message: Message, quality: Quality, chance: &mut Chance) {
        if chance.happens(quality.lost) {
            return;
        }
        let copies = 1 + u64::from(chance.happens(quality.twice));
        for _ in 0..copies {
            let slow = if chance.happens(20) { 10 } else { 1 };
            let arrives = now + 1 + chance.below(quality.delay * slow);
            self.under_way.insert((arrives, self.sent), message.clone());
            self.sent += 1;
        }
    }

    /// Takes the messages that have arrived.
    pub(super) fn arrived(&mut self, now: u64) -> Vec<Message> {
        let later = self.under_way.split_off(&(now + 1, 0));
        std::mem::replace(&mut self.under_way, later)
            .into_values()
            .collect()
    }
}
