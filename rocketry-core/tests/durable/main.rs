//! What a log that takes its time, may fail and outlives its app means for the app.

mod audit;
mod backfill;
mod catch_up;
mod causes;
mod closing;
mod counting;
mod crash_loop;
mod details;
mod downtime;
mod failing_loop;
mod first_run;
mod losses;
mod notes;
mod options;
mod overrides;
mod pausing;
mod racing;
mod recovery;
mod results;
mod retention;
#[path = "../support/serving.rs"]
mod serving;
mod skips;
mod support;
mod trouble;
mod writing;
