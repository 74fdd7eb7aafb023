//! The run log as a CSV file.

#![cfg(feature = "csv")]

mod damage;
#[cfg(unix)]
#[path = "../support/deleted.rs"]
mod deleted;
#[path = "../support/folder.rs"]
mod folder;
#[path = "../support/odd_names.rs"]
mod odd_names;
#[path = "../support/records.rs"]
mod records;
mod recovery;
mod replaced;
#[path = "../support/successors.rs"]
mod successors;
mod suite;
mod support;
mod torn;
