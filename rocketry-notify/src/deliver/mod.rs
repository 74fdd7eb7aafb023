//! Delivers what there is to tell: each recipient has a thread and a queue of its own.

mod lane;
mod outbox;

pub(crate) use self::lane::{Fate, Lane, Retries};
pub(crate) use self::outbox::Outbox;
