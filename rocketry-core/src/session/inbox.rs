//! What has happened since the scheduler last looked.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use super::state::Ended;

/// Runs that have ended, and the bell that wakes the scheduler.
#[derive(Default)]
pub(crate) struct Inbox {
    ended: Mutex<Vec<Ended>>,
    bell: Notify,
}

impl Inbox {
    /// Hands in a run that has ended.
    pub(crate) fn push(&self, ended: Ended) {
        self.ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(ended);
        self.ring();
    }

    /// Takes the runs that have ended, in the order in which they did; `into` comes back empty or filled.
    pub(crate) fn drain(&self, into: &mut Vec<Ended>) {
        std::mem::swap(
            &mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner),
            into,
        );
    }

    /// Wakes the scheduler.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Waits until something happens; returns at once if something has since the last wait.
    pub(crate) async fn wait(&self) {
        self.bell.notified().await;
    }
}
