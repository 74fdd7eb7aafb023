//! Deliveries: each recipient has its own thread and queue.

mod lane;
mod outbox;

pub(crate) use self::lane::{Fate, Lane, Retries};
pub(crate) use self::outbox::Outbox;
