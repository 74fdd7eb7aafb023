//! How results are printed.

use clap::ValueEnum;

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    #[default]
    Table,
    /// JSON: one value
    Json,
    /// JSON: one value on each line
    Jsonl,
    /// Comma-separated values, with the names of the fields in the first line
    Csv,
    /// Starts as iCalendar, for a calendar
    Ics,
    /// A picture
    Svg,
}
