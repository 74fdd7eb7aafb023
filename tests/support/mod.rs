//! How each kind of conformance case is judged.

pub mod cron;
pub mod periods;
pub mod verdict;
