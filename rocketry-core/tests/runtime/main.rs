//! The runtime as its users see it: apps on manual time wherever time matters, on the system's where it does not.

#![allow(clippy::needless_pass_by_value, reason = "a task owns its parameters")]

#[macro_use]
mod support;

mod address;
mod annotated;
mod asking;
mod backfill;
mod build_errors;
mod changed_settings;
mod closures;
mod defaults;
mod ending;
mod errors;
mod failing_loop;
mod failures;
mod finished;
mod first_run;
mod fitting;
mod groups;
mod hooks;
mod jitter;
mod letting_go;
mod log;
mod maybe;
mod once;
mod overlap;
mod params;
mod pausing;
mod periods;
mod pools;
mod restarting;
mod running;
mod secrets;
mod serialize;
mod serving;
mod session;
mod sources;
mod steered;
mod steering;
mod unique;
mod values;
mod waiting;
