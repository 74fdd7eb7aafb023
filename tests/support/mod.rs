//! How each kind of conformance case is judged.

pub(crate) mod api;
pub(crate) mod canonical;
pub(crate) mod cron;
pub(crate) mod decisions;
pub(crate) mod parse;
pub(crate) mod periods;
pub(crate) mod scenario;
pub(crate) mod schedules;
pub(crate) mod statement;
pub(crate) mod timeline;
pub(crate) mod verdict;
#[path = "../../rocketry-core/tests/support/world.rs"]
pub(crate) mod world;
