//! Exports of starts and runs: iCalendar files, and SVG pictures.
//!
//! An [`Entry`] is a planned start, a run of a simulation, or a record of the run log. For JSON, no function
//! is needed: all of these implement `Serialize`.
//!
//! ```
//! use rocketry::export::{self, Entry};
//!
//! let starts = rocketry::preview("daily at 07:00", "Europe/Helsinki", "2026-01-01T00:00:00Z")?;
//! let entries: Vec<Entry> = starts.take(31).map(|start| Entry::planned("report", start)).collect();
//! let calendar = export::ics(&entries);
//! assert!(calendar.contains("SUMMARY:report"));
//! # Ok::<(), rocketry::Error>(())
//! ```

mod entry;
mod heat_map;
mod ics;
mod svg;
mod timeline;

pub use entry::Entry;
pub use heat_map::heat_map;
pub use ics::{IcsFile, ics};
pub use timeline::timeline;
