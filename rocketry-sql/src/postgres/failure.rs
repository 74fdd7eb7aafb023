//! What PostgreSQL's errors mean to whoever runs the app.

use std::error::Error as _;

use postgres::error::{Severity, SqlState};
use rocketry_core::Error;

use crate::error::Store;

impl Store {
    /// The log can't be *written*, because of this.
    pub(super) fn postgres(&self, done: &str, cause: postgres::Error) -> Error {
        let reason = reason(&cause);
        match Nature::of(&cause) {
            Nature::OfTheData => Error::unwritable(self.failure(done, &reason, cause)),
            Nature::Passing | Nature::OfTheConnection => self.fail(done, &reason, cause),
        }
    }
}

/// What would help against a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// Time.
    Passing,
    /// Another connection, perhaps to another server.
    OfTheConnection,
    /// Nothing: the database can't keep what it was given.
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

    /// By the first two characters of a code, its class, and a few codes that are not like the others of their class.
    fn of_code(code: &str) -> Self {
        match (code, code.get(..2).unwrap_or_default()) {
            // Cancelled; no privilege. Another connection would not be told otherwise.
            ("57014" | "42501", _) => Nature::Passing,
            // Data exceptions; limits of the program, such as that of a row of an index.
            (_, "22" | "54") => Nature::OfTheData,
            // A connection that has failed, is read-only or in a transaction that it should not be in; statements and tables
            // that are not there any more or have changed; records that another writer has written; a server that shuts down,
            // recovers or has lost files.
            (_, "08" | "0A" | "23" | "25" | "26" | "34" | "3F" | "42" | "57" | "58" | "XX") => {
                Nature::OfTheConnection
            }
            _ => Nature::Passing,
        }
    }
}

/// Whether the connection has gone with the failure, or can't be relied on any more.
pub(super) fn is_lost(cause: &postgres::Error) -> bool {
    Nature::of(cause) == Nature::OfTheConnection
}

fn reason(cause: &postgres::Error) -> String {
    let Some(told) = cause.as_db_error() else {
        let source = cause.source().map(ToString::to_string).unwrap_or_default();
        // The client has no other name for it.
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
