//! The starts of a stretch of days: those that were made, from the run log, and those to come, from previews.

mod days;
mod starts;

pub(crate) use days::{Day, Range, Span};
pub(crate) use starts::{Found, Start, find};
