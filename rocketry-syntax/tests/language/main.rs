//! The language of statements: what each text means, prints as, and is told.

#[path = "../../../tests/support/pasted.rs"]
mod proposals;
mod support;
mod words;

mod contradictions;
mod cron;
mod cron_days;
mod cron_messages;
mod custom;
mod laws;
mod messages;
mod pasted;
mod statements;
mod values;
