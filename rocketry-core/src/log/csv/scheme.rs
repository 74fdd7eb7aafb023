//! Opens a log by its address, for writing or read-only.

use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

use super::file::describe;
use super::{CsvLog, Hold, State, scan};
use crate::error::{Error, Result};
use crate::log::{LogScheme, MemoryLog, RunLog};

inventory::submit! { LogScheme { scheme: "csv", open, open_to_read } }

fn open(address: &str) -> Result<Box<dyn RunLog>> {
    let path = address.trim_start_matches("csv:");
    Ok(Box::new(CsvLog::open(path)?))
}

/// Opens the log read-only. A file that does not exist yet is an empty log, and is not created.
fn open_to_read(address: &str) -> Result<Box<dyn RunLog>> {
    let path = Path::new(address.trim_start_matches("csv:"));
    let opened = State::open_to_read(path).map_err(|why| Error::log(describe(path, why)))?;
    Ok(match opened {
        None => Box::new(MemoryLog::new(0)),
        Some(state) => Box::new(CsvLog {
            path: path.to_owned(),
            state: Mutex::new(state),
        }),
    })
}

impl State {
    /// Opens the file read-only and reads it. Returns `None` if it does not exist, or if no write to it was
    /// ever completed.
    fn open_to_read(path: &Path) -> Result<Option<Self>, String> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(cause.to_string()),
        };
        let reader = file.try_clone().map_err(|cause| cause.to_string())?;
        let mut state = State::new(Hold::GivenUp, reader);
        let end = scan::look(&file, |placed| state.take_in(placed))?;
        Ok(end.map(|end| State { end, ..state }))
    }
}
