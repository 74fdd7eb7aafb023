//! Turns away what may not come in.

mod access;
mod headers;
mod host;

pub(crate) use access::{Gate, check_access};
pub(crate) use headers::protect;
pub(crate) use host::{Hosts, check_host};
