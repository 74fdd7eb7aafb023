//! Parts of pages.

mod bars;
mod explanation;
mod graph;
mod instant;
mod layout;
mod length;
mod named;
mod place;
mod record;
mod status;
mod strip;
mod timeline;

pub(crate) use bars::bars;
pub(crate) use explanation::explanation;
pub(crate) use graph::{Node, graph};
pub(crate) use instant::{at, relative};
pub(crate) use layout::{Tab, layout};
pub(crate) use length::{length, micros};
pub(crate) use named::Named;
pub(crate) use place::{Place, query_text, segment};
pub(crate) use record::records;
pub(crate) use status::{Look, badge};
pub(crate) use strip::strip;
pub(crate) use timeline::{Mark, Row, timeline};
