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
    /// The incident continues: see [`Notifications::remind_every`](crate::Notifications::remind_every).
    Reminder,
    /// The incident is over.
    Recovered,
}

impl Stage {
    /// Returns the name, as in its JSON: `opened`, `reminder`, `recovered`.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Opened => "opened",
            Stage::Reminder => "reminder",
            Stage::Recovered => "recovered",
        }
    }
}

/// News about an incident.
///
/// `Display` prints the message. The field names are also those of its JSON and are stable; fields may be
/// added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// The id of this notification. A channel can use it to detect a duplicate, which occurs if the app ended
    /// during a delivery.
    pub id: String,
    /// The id of the incident, which all its stages share.
    pub incident: String,
    /// The name of the app.
    pub app: String,
    /// The kind of trouble.
    pub trouble: Trouble,
    /// The stage of the incident.
    pub stage: Stage,
    /// The task; `None` if the incident concerns the app.
    pub task: Option<Arc<str>>,
    /// When this stage began.
    pub at: Timestamp,
    /// When the incident began.
    pub since: Timestamp,
    /// How often it has happened since, such as the number of consecutive failures.
    pub times: u64,
    /// The run that it concerns, if any.
    pub run_id: Option<RunId>,
    /// A sentence about what has happened.
    pub message: String,
    /// The error of a run, or what a late start waits for; at most 2,000 characters.
    pub detail: Option<String>,
}

impl fmt::Display for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
