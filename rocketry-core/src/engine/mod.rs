//! The engine: what an app is, what is due, and what is decided about it.
//!
//! It is pure: everything here is data under one lock and functions over that data. It knows no session, reads no clock
//! and calls no function of the user's. The scheduler carries out what it decides.
//!
//! A file uses only files above it in the list in `tests/structure/modules.rs`.

pub(crate) mod absent;
pub(crate) mod admission;
pub(crate) mod asked;
pub(crate) mod audit;
pub(crate) mod backfill;
pub(crate) mod backfilling;
mod causes;
pub(crate) mod changed_option;
mod checks;
pub(crate) mod clock_step;
pub(crate) mod compile;
mod compiled_statements;
pub(crate) mod crashes;
mod deadlines;
pub(crate) mod decide;
pub(crate) mod deferral;
pub(crate) mod deferred;
pub(crate) mod definitions;
pub(crate) mod dispatcher;
mod due;
pub(crate) mod effects;
pub(crate) mod entry;
pub(crate) mod event;
pub(crate) mod fact_key;
pub(crate) mod facts;
mod failing;
mod first_seen;
pub(crate) mod hold;
mod holds;
pub(crate) mod holds_at;
pub(crate) mod last_result;
pub(crate) mod lead;
pub(crate) mod lifecycle;
pub(crate) mod log_gate;
mod look_back;
mod name_index;
pub(crate) mod name_scope;
pub(crate) mod names;
pub(crate) mod naming;
pub(crate) mod next_start;
mod opening;
pub(crate) mod option_value;
pub(crate) mod overrides;
mod overriding;
pub(crate) mod pause;
mod pausing;
pub(crate) mod pools;
pub(crate) mod ready_queue;
pub(crate) mod recent_ends;
pub(crate) mod refusals;
pub(crate) mod requests;
mod resolver;
pub(crate) mod run;
pub(crate) mod run_queue;
pub(crate) mod runs;
pub(crate) mod seen_by;
pub(crate) mod settings;
pub(crate) mod simulator;
pub(crate) mod skip_counts;
mod skipping;
pub(crate) mod spec;
pub(crate) mod standby;
pub(crate) mod standing;
pub(crate) mod state;
pub(crate) mod state_copy;
pub(crate) mod subscriptions;
pub(crate) mod task_option;
pub(crate) mod task_runs;
pub(crate) mod timers;
pub(crate) mod unique;
pub(crate) mod waiters;
