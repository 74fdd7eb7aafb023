//! Explains the errors of SQLite.

use rocketry_core::Error;
use rusqlite::ErrorCode;

use crate::error::Store;

impl Store {
    /// The log can't be *done* because of `cause`.
    pub(super) fn sqlite(&self, done: &str, cause: rusqlite::Error) -> Error {
        let reason = reason(&cause);
        match cause.sqlite_error_code() {
            Some(ErrorCode::TooBig) => Error::unwritable(self.failure(done, &reason, cause)),
            _ => self.fail(done, &reason, cause),
        }
    }

    /// The log can't be opened because of `cause`.
    pub(super) fn sqlite_open(&self, cause: &rusqlite::Error) -> Error {
        self.refuse(&format!("can't be opened: {}", reason(cause)))
    }
}

fn reason(cause: &rusqlite::Error) -> String {
    let advice = match cause.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) => "; its folder has to be there, and both have to be writable",
        Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            "; the file and its folder have to be writable"
        }
        Some(ErrorCode::NotADatabase) => "; it is something else, or encrypted",
        Some(ErrorCode::DatabaseCorrupt) => {
            "; the file is damaged, and `sqlite3 FILE .recover` gets out what can be read"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "; another program is writing to the file"
        }
        Some(ErrorCode::DiskFull) => "; there is no room for it",
        _ => "",
    };
    format!("{cause}{advice}")
}
