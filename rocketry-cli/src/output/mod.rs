//! The output of commands.

mod csv;
mod format;
mod length;
mod lines;
mod listing;
mod paint;
mod printer;
mod progress;
mod table;
mod terminal;
mod when;

pub(crate) use format::Format;
pub(crate) use length::length;
pub(crate) use lines::Lines;
pub(crate) use listing::Listing;
pub(crate) use paint::{Colour, Paint};
pub(crate) use printer::Output;
pub(crate) use progress::Progress;
pub(crate) use table::{Cell, Table};
pub(crate) use terminal::{Terminal, paint};
pub(crate) use when::When;
