//! The scheduler: one loop that sleeps until something may have changed.
//!
//! It carries out what the engine decides: it writes records, begins runs, answers callers, and calls code of the user's.
//! It shares the state with the session, under one lock that is never held across an await or a function of the user's. A
//! cycle goes: take in ends and timers → decide about the tasks that are ready → record → start.
//!
//! # Order
//!
//! The outcome is the same as if every task were decided about all the time. Ends are taken in before decisions are made.
//! Decisions are made by priority, the greatest first, and then in the order of declaration. A run counts as started at
//! once, so that later tasks see it in the same cycle and earlier ones in the next. Runs that have to end are told to, the
//! oldest first; the same state decides whether another starts.
//!
//! A run is due since its task could have started: its condition true, the task enabled and, unless it may run several
//! times at once, not running. By passing of time that can be before the scheduler comes to decide, see
//! `engine::standing::due_since`; events are seen when they happen.

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
