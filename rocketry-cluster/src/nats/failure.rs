//! The errors of requests to a server.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

/// The error of a request to a server.
#[derive(Debug)]
pub(super) enum Failure {
    /// Another message was written after the expected last message.
    Stale,
    /// There is no such stream.
    NoStream,
    /// There is no such message.
    NoMessage,
    /// It can never succeed.
    TooLarge(usize),
    /// There was no response within the time limit.
    Late(Duration),
    /// There is no response: the connection broke, or the servers are still processing the same message.
    Lost,
    /// Any other error, in words.
    Other(String),
}

pub(super) type Answer<T> = std::result::Result<T, Failure>;

/// An error returned by the server.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    err_code: u32,
    description: String,
}

impl From<Told> for Failure {
    fn from(told: Told) -> Self {
        match told.err_code {
            10_071 | 10_164 => Failure::Stale,
            10_158 => Failure::Lost,
            10_059 => Failure::NoStream,
            10_037 => Failure::NoMessage,
            10_074 | 10_005 => Failure::Other(format!(
                "{}: the option `replicas` says how many servers keep what is written",
                told.description
            )),
            10_058 => Failure::Other(
                "another program has a stream of that name: take another name for the app".to_owned(),
            ),
            10_065 => Failure::Other(format!("{}: take another name for the app", told.description)),
            _ => Failure::Other(told.description),
        }
    }
}

impl Failure {
    pub(super) fn other(cause: impl fmt::Display) -> Self {
        Failure::Other(cause.to_string())
    }

    /// Converts an error of the client.
    pub(super) fn of_request(cause: async_nats::RequestError) -> Self {
        match cause.kind() {
            async_nats::RequestErrorKind::NoResponders => Failure::Other(
                "no server answers for JetStream: is it enabled (`nats-server -js`), and do most servers run?".to_owned(),
            ),
            _ => Failure::other(cause),
        }
    }

    /// Returns true if a retry may succeed immediately.
    pub(super) fn is_of_way(&self) -> bool {
        matches!(self, Failure::Late(_) | Failure::Lost)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Stale => f.write_str("other nodes keep writing"),
            Failure::NoStream => f.write_str("its stream was deleted"),
            Failure::NoMessage => f.write_str("a message was deleted"),
            Failure::Late(limit) => write!(f, "no answer within {limit:?}"),
            Failure::Lost => f.write_str("the connection broke before there was an answer"),
            Failure::TooLarge(length) => write!(f, "{length} bytes are more than fits into one batch"),
            Failure::Other(reason) => f.write_str(reason),
        }
    }
}
