//! Periods, calendars and cron, and clocks that jump or are put right.

#[path = "../support/folder.rs"]
mod folder;
mod support;

mod calendar;
mod calendars;
mod clock_corrected;
mod clock_jumps;
mod contradictions;
mod cron;
mod cron_oracle;
mod instants;
mod jumps;
mod laws;
mod sets;
mod years;
