//! The formats of results.

use clap::ValueEnum;

/// The format of a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A readable table
    #[default]
    Table,
    /// JSON: one value
    Json,
    /// JSON: one value per line
    Jsonl,
    /// Comma-separated values, with the names of the fields in the first line
    Csv,
    /// Starts as iCalendar, for a calendar
    Ics,
    /// A picture
    Svg,
}
