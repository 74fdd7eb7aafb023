//! An event to be printed.

use rocketry_core::Timestamp;
use tracing::Level;

use super::fields::Fields;

pub(super) struct LogEvent<'a> {
    pub(super) at: Timestamp,
    pub(super) level: Level,
    pub(super) target: &'a str,
    /// The fields of the event, and of the run in which it occurred.
    pub(super) fields: Fields,
}
