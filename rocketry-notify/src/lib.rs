//! Notifications for Rocketry apps: reports each problem once, through the channels that an app declares.
//!
//! Apps use it through the facade, with the feature `notify`.
//!
//! - [`Notifications`] contains the rules and the channels of an app.
//! - A [`Rule`] defines what counts as a problem: failures, late starts, overruns, a task without a recent
//!   success, a run log that can't be written.
//! - A [`Channel`] delivers notifications: a function, a [`Webhook`], an `Email` (feature `email`), or your
//!   own type.
//! - A [`CheckIn`] pings another service, which raises an alarm if the app itself is down.

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

/// The name of a note about a task. Names of notes are limited in length, while names of tasks are not.
fn note_name(prefix: &str, task: &str) -> String {
    if prefix.len() + task.len() < 400 {
        format!("{prefix}/{task}")
    } else {
        format!("{prefix}/sha256:{}", digest(task))
    }
}

/// A short hash of a text.
fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}
