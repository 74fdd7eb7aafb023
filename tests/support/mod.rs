//! How each kind of conformance case is judged.

pub mod api;
pub mod canonical;
pub mod cron;
pub mod periods;
pub mod scenario;
pub mod statement;
pub mod timeline;
pub mod verdict;
pub mod world;
