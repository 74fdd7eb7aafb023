//! The run log as a CSV file.

#![cfg(feature = "csv")]

mod damage;
#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/records.rs"]
mod records;
mod recovery;
mod replaced;
#[path = "../support/successors.rs"]
mod successors;
mod suite;
mod support;
mod torn;
