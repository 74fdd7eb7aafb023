//! Explains and classifies the errors of PostgreSQL.

use std::error::Error as _;

use postgres::error::{Severity, SqlState};
use rocketry_core::Error;

use crate::error::Store;

impl Store {
    /// The log can't be *done* because of `cause`.
    pub(super) fn postgres(&self, done: &str, cause: postgres::Error) -> Error {
        let reason = reason(&cause);
        match Nature::of(&cause) {
            Nature::OfTheData => Error::unwritable(self.failure(done, &reason, cause)),
            Nature::Passing | Nature::OfTheConnection => self.fail(done, &reason, cause),
        }
    }
}

/// The remedy for an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// Waiting.
    Passing,
    /// A new connection, perhaps to another server.
    OfTheConnection,
    /// Nothing: the database can't store the data.
    OfTheData,
}

impl Nature {
    fn of(cause: &postgres::Error) -> Self {
        let Some(told) = cause.as_db_error() else {
            return Nature::OfTheConnection;
        };
        if matches!(told.parsed_severity(), Some(Severity::Fatal | Severity::Panic)) {
            return Nature::OfTheConnection;
        }
        Nature::of_code(told.code().code())
    }

    /// Classifies by the first two characters of the code, its class, with a few exceptions.
    fn of_code(code: &str) -> Self {
        match (code, code.get(..2).unwrap_or_default()) {
            // Cancelled, or missing privileges: a new connection would not help.
            ("57014" | "42501", _) => Nature::Passing,
            // Data exceptions, and limits such as the size of an index row.
            (_, "22" | "54") => Nature::OfTheData,
            // Broken connections; read-only or unexpected transactions; statements and tables that have changed
            // or gone; records that another writer has written; servers that shut down, recover or have lost
            // files.
            (_, "08" | "0A" | "23" | "25" | "26" | "34" | "3F" | "42" | "57" | "58" | "XX") => {
                Nature::OfTheConnection
            }
            _ => Nature::Passing,
        }
    }
}

/// Returns whether the connection is lost or can't be trusted any more.
pub(super) fn is_lost(cause: &postgres::Error) -> bool {
    Nature::of(cause) == Nature::OfTheConnection
}

fn reason(cause: &postgres::Error) -> String {
    let Some(told) = cause.as_db_error() else {
        let source = cause.source().map(ToString::to_string).unwrap_or_default();
        // The client library has no other way to tell.
        let advice = match &*source {
            "server does not support TLS" => {
                "; switch it on there (`ssl = on`), or do without (`sslmode=disable`)"
            }
            "database does not allow writes" => "; it takes a server that can be written",
            _ => "",
        };
        let colon = if source.is_empty() { "" } else { ": " };
        return format!("{cause}{colon}{source}{advice}");
    };
    let advice = match told.code() {
        &SqlState::DISK_FULL | &SqlState::OUT_OF_MEMORY => "; the server has no room for it",
        &SqlState::TOO_MANY_CONNECTIONS => "; it needs two connections",
        &SqlState::INSUFFICIENT_PRIVILEGE => {
            "; the user has to be allowed to make tables, and to read and write them"
        }
        &SqlState::READ_ONLY_SQL_TRANSACTION => "; it takes a server that can be written",
        _ => "",
    };
    format!("{}{advice}", told.message())
}

#[cfg(test)]
mod tests {
    use super::Nature;

    #[test]
    fn codes_say_what_would_help() {
        let all = [
            ("25006", Nature::OfTheConnection),
            ("57P03", Nature::OfTheConnection),
            ("26000", Nature::OfTheConnection),
            ("57014", Nature::Passing),
            ("53100", Nature::Passing),
            ("55P03", Nature::Passing),
            ("42501", Nature::Passing),
            ("54000", Nature::OfTheData),
            ("22021", Nature::OfTheData),
            ("", Nature::Passing),
        ];
        for (code, nature) in all {
            assert_eq!(Nature::of_code(code), nature, "{code}");
        }
    }
}
