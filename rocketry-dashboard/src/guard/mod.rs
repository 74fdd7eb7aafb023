//! Guards that refuse requests before they reach a route.

mod access;
mod headers;
mod host;

pub(crate) use access::{Gate, check_access};
pub(crate) use headers::protect;
pub(crate) use host::{Hosts, check_host};
