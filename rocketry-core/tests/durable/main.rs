//! What a log that takes its time, may fail and outlives its app means for the app.

mod closing;
mod crash_loop;
mod details;
mod losses;
mod recovery;
mod results;
mod retention;
mod support;
mod trouble;
mod writing;
