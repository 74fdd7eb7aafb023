//! A planned start.

use std::fmt;

use chrono::SecondsFormat;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::time::{ClockChange, Span, Timestamp, Zone};

/// A start that a [preview](crate::preview) predicts.
///
/// Its text is the local time, with a note if a change of the clock has moved the start. Serialised, it has
/// the fields `at` and `due` in UTC, `local` with the offset of the zone, `zone`, `period` and `clock_change`
/// (the text of the note or `null`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedStart {
    /// When the run starts.
    pub at: Timestamp,
    /// When the run is due. [Jitter](crate::TaskBuilder::jitter) may delay its start.
    pub due: Timestamp,
    /// The time zone of the task.
    pub zone: Zone,
    /// The period for which the run counts: for `daily after 07:00`, from 07:00 until midnight. `None` if the condition
    /// has no such period, as with `every 10 minutes`.
    pub period: Option<Span>,
    /// How a change of the clock affects the start.
    pub clock_change: Option<ClockChange>,
}

impl fmt::Display for PlannedStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Local(self.at, self.zone))?;
        match self.clock_change {
            Some(change) => write!(f, " ({change})"),
            None => Ok(()),
        }
    }
}

impl Serialize for PlannedStart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let local = self.at.in_zone(&self.zone);
        let local = local.to_rfc3339_opts(SecondsFormat::AutoSi, false);
        let mut fields = serializer.serialize_struct("PlannedStart", 6)?;
        fields.serialize_field("at", &self.at)?;
        fields.serialize_field("due", &self.due)?;
        fields.serialize_field("local", &local)?;
        fields.serialize_field("zone", &self.zone)?;
        fields.serialize_field("period", &self.period)?;
        fields.serialize_field("clock_change", &self.clock_change)?;
        fields.end()
    }
}

/// An instant in a zone for display: `2026-01-01 07:00:00 +02:00`.
struct Local(Timestamp, Zone);

impl fmt::Display for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.0.in_zone(&self.1);
        write!(f, "{}", local.format("%Y-%m-%d %H:%M:%S%.f %:z"))
    }
}
