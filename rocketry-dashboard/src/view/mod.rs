//! The components of pages.

mod calendar;
mod durations;
mod explanation;
mod graph;
mod instant;
mod layout;
mod length;
mod named;
mod passage;
mod place;
mod record;
mod status;
mod strip;
mod throughput;
mod timeline;
mod words;

pub(crate) use calendar::{by_day, by_hour};
pub(crate) use durations::{durations, median};
pub(crate) use explanation::{explanation, tree};
pub(crate) use graph::{Node, graph};
pub(crate) use instant::{at, relative};
pub(crate) use layout::{Shown, Tab, layout};
pub(crate) use length::{length, micros};
pub(crate) use named::Named;
pub(crate) use passage::passage;
pub(crate) use place::{Place, query_text, segment};
pub(crate) use record::records;
pub(crate) use status::{Look, badge};
pub(crate) use strip::strip;
pub(crate) use throughput::throughput;
pub(crate) use timeline::{Mark, Row, timeline};
pub(crate) use words::words;
