//! Notifications for Rocketry apps: what goes wrong is told once, by the channels that an app declares.
//!
//! Apps use it through the facade, with the feature `notify`.
//!
//! - [`Notifications`] has the rules and the channels of an app.
//! - A [`Rule`] says what counts as trouble: failures, late starts, overruns, no success for a time, a run log that can't be
//!   written.
//! - A [`Channel`] delivers: a function, a [`Webhook`], an `Email` (feature `email`), or your own.
//! - A [`CheckIn`] pings another service, which notices if the app itself is gone.

mod addresses;
mod channel;
mod check_in;
mod deliver;
#[cfg(feature = "email")]
mod email;
mod http;
mod notification;
mod notifications;
mod rule;
mod watch;
mod watcher;
mod webhook;
mod with_notifications;
mod words;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

pub use channel::{Channel, DeliveryError};
pub use check_in::CheckIn;
#[cfg(feature = "email")]
pub use email::Email;
pub use notification::{Notification, Stage};
pub use notifications::Notifications;
pub use rule::{Rule, Trouble};
pub use webhook::Webhook;
pub use with_notifications::WithNotifications;

/// The name of a note about a task. Names of notes are limited in length, names of tasks are not.
fn note_name(prefix: &str, task: &str) -> String {
    if prefix.len() + task.len() < 400 {
        format!("{prefix}/{task}")
    } else {
        format!("{prefix}/sha256:{}", digest(task))
    }
}

/// A short text that stands for another.
fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}
