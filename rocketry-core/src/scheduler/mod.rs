//! The scheduler: one loop that sleeps until something may have changed.
//!
//! It executes the decisions of the engine: it writes records, starts runs, answers callers, and calls user
//! code. It shares the state with the session, under one lock that is never held across an await or a call of
//! user code. A cycle has these steps: take in ends and timers → decide the tasks that are ready → record →
//! start.
//!
//! # Order
//!
//! The outcome is the same as if every task were decided continuously. Ends are taken in before decisions are
//! made. Decisions are made by priority, the greatest first, and then in the order of declaration. A run
//! counts as started immediately, so that later tasks see it in the same cycle and earlier tasks in the next.
//! Runs that have to end are told to end, the oldest first, before the same state decides whether another run
//! starts.
//!
//! A run is due from the instant at which its task could have started: its condition true, the task enabled
//! and, unless it allows concurrent runs, not running. As time passes, this instant can be before the
//! scheduler decides, see `engine::standing::due_since`; events are seen when they happen.

mod alarm;
#[cfg(target_os = "linux")]
mod calendar_watch;
mod clock_steps;
mod cycle;
mod effects;
mod journal;
mod log_following;
mod main_loop;
mod questions;
mod retention;
mod salvage;
mod standby;
mod wall_timer;
mod writer;

pub(crate) use main_loop::Scheduler;
