//! The path between the scheduler and the runs: wake-ups, ends of runs, runs for the runtime, and the
//! watchdog.

pub(crate) mod deadlock_guard;
pub(crate) mod inbox;
pub(crate) mod lag_meter;
pub(crate) mod live_output;
pub(crate) mod log_meter;
pub(crate) mod race;
pub(crate) mod runner_pool;
pub(crate) mod scheduler_task;
pub(crate) mod user_calls;
pub(crate) mod watchdog;
