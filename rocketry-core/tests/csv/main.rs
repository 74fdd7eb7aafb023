//! The run log as a CSV file.

#![cfg(feature = "csv")]

mod damage;
mod recovery;
mod suite;
mod support;
