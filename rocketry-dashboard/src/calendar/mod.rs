//! The starts of a period of days: past ones from the run log, and future ones from previews.

mod days;
mod starts;

pub(crate) use days::{Day, Range, Span};
pub(crate) use starts::{Found, Start, find};
