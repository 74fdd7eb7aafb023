//! What PostgreSQL's errors mean to whoever runs the app.

use std::error::Error as _;

use postgres::error::{DbError, Severity, SqlState};
use rocketry_core::Error;

use crate::error::Store;

impl Store {
    /// The log can't be *written*, because of this.
    pub(super) fn postgres(&self, done: &str, cause: postgres::Error) -> Error {
        self.fail(done, &reason(&cause), cause)
    }
}

/// Whether the connection has gone with the failure, or can't be relied on any more.
pub(super) fn is_lost(cause: &postgres::Error) -> bool {
    let is_last_word =
        |told: &DbError| matches!(told.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
    cause.as_db_error().is_none_or(is_last_word)
}

fn reason(cause: &postgres::Error) -> String {
    let Some(told) = cause.as_db_error() else {
        let source = cause.source().map(ToString::to_string).unwrap_or_default();
        // The client has no other name for it.
        let advice = match &*source {
            "server does not support TLS" => {
                "; switch it on there (`ssl = on`), or do without (`sslmode=disable`)"
            }
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
