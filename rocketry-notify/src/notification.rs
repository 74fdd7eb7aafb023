//! Notifications: what a channel delivers.

use std::fmt;
use std::sync::Arc;

use rocketry_core::{RunId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::rule::Trouble;

/// The stage of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The incident has begun.
    Opened,
    /// The incident goes on: see [`Notifications::remind_every`](crate::Notifications::remind_every).
    Reminder,
    /// The incident is over.
    Recovered,
}

impl Stage {
    /// The name, as in its JSON: `opened`, `reminder`, `recovered`.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Opened => "opened",
            Stage::Reminder => "reminder",
            Stage::Recovered => "recovered",
        }
    }
}

/// The news of an incident.
///
/// `Display` gives the message. The names of the fields are those of its JSON and stay stable; fields may be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// Names this notification. A channel that gets it twice, because the app ended in the middle of a delivery, can tell.
    pub id: String,
    /// Names the incident: all its stages have the same.
    pub incident: String,
    /// The name of the app.
    pub app: String,
    /// What is wrong.
    pub trouble: Trouble,
    /// The stage of the incident.
    pub stage: Stage,
    /// The task; `None` if the incident concerns the app.
    pub task: Option<Arc<str>>,
    /// When this happened.
    pub at: Timestamp,
    /// When the incident began.
    pub since: Timestamp,
    /// How often it has happened since: failures in a row, for instance.
    pub times: u64,
    /// The run that it is about, if it is about one.
    pub run_id: Option<RunId>,
    /// What has happened, in a sentence.
    pub message: String,
    /// The error of a run, or what a late start waits for; at most 2,000 characters.
    pub detail: Option<String>,
}

impl fmt::Display for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
