//! The cause of a run, and references to other runs.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, did_you_mean};
use crate::param::RunId;

/// Why a run started: see [`Record::cause`](crate::Record::cause).
///
/// Its [`Display`](fmt::Display) text is stored in the log: `statement`, `retry 2`, `request by alice`.
/// Serialised, it is an object whose `kind` is the name of the variant in snake case.
///
/// ```
/// use rocketry::Cause;
///
/// let cause: Cause = "retry 2".parse()?;
/// assert_eq!(cause, Cause::Retry { number: 2 });
/// assert_eq!(cause.to_string(), "retry 2");
/// # Ok::<(), rocketry::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// The start condition was true.
    #[default]
    Statement,
    /// The start condition was true only because it retries failures.
    Retry {
        /// The number of the retry, from 1.
        number: u32,
    },
    /// The run was requested.
    Request {
        /// The caller that requested it, if known: see [`Task::run_by`](crate::Task::run_by).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Arc<str>>,
    },
    /// The run was requested together with runs of other tasks: see [`Session::run`](crate::Session::run).
    Batch {
        /// The caller that requested it, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Arc<str>>,
    },
    /// The run makes up for a past instant at which the task was due.
    Backfill {
        /// The caller that requested it, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Arc<str>>,
    },
    /// The run makes up for a missed start: see [`TaskBuilder::catch_up`](crate::TaskBuilder::catch_up).
    CatchUp,
    /// The start condition was true, and the previous run was interrupted when its app ended, so it is
    /// repeated.
    Restart,
    /// The task runs when the app starts up.
    StartUp,
    /// The task runs when the app shuts down.
    ShutDown,
}

/// The kinds of causes without a number.
const KINDS: [&str; 9] = [
    "statement",
    "retry",
    "request",
    "batch",
    "backfill",
    "restart",
    "start_up",
    "shut_down",
    "catch_up",
];

impl Cause {
    /// Returns the caller that requested the run, if known.
    pub fn by(&self) -> Option<&str> {
        match self {
            Cause::Request { by } | Cause::Batch { by } | Cause::Backfill { by } => by.as_deref(),
            _ => None,
        }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Cause::Statement => KINDS[0],
            Cause::Retry { .. } => KINDS[1],
            Cause::Request { .. } => KINDS[2],
            Cause::Batch { .. } => KINDS[3],
            Cause::Backfill { .. } => KINDS[4],
            Cause::Restart => KINDS[5],
            Cause::StartUp => KINDS[6],
            Cause::ShutDown => KINDS[7],
            Cause::CatchUp => KINDS[8],
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match (self, self.by()) {
            (Cause::Retry { number }, _) => write!(f, " {number}"),
            (_, Some(by)) => write!(f, " by {by}"),
            _ => Ok(()),
        }
    }
}

/// Parses the text of a cause.
impl FromStr for Cause {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
        let by = rest.strip_prefix("by ").map(Arc::from);
        let is_complete = rest.is_empty() || by.is_some();
        match kind {
            "statement" if rest.is_empty() => Ok(Cause::Statement),
            "retry" => match rest.parse() {
                Ok(number) => Ok(Cause::Retry { number }),
                Err(_) => Err(no_cause(text)),
            },
            "request" if is_complete => Ok(Cause::Request { by }),
            "batch" if is_complete => Ok(Cause::Batch { by }),
            "backfill" if is_complete => Ok(Cause::Backfill { by }),
            "restart" if rest.is_empty() => Ok(Cause::Restart),
            "start_up" if rest.is_empty() => Ok(Cause::StartUp),
            "shut_down" if rest.is_empty() => Ok(Cause::ShutDown),
            "catch_up" if rest.is_empty() => Ok(Cause::CatchUp),
            _ => Err(no_cause(text)),
        }
    }
}

fn no_cause(text: &str) -> Error {
    let near = did_you_mean(text, KINDS);
    Error::new(Kind::Log, format!("`{text}` is not a cause of a start{near}"))
}

/// A run of a task.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunRef {
    /// The name of the task.
    pub task: Arc<str>,
    /// The id of the run.
    pub run_id: RunId,
}

impl fmt::Display for RunRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {} of `{}`", self.run_id, self.task)
    }
}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn a_cause_is_read_as_it_was_written() {
        let by = || Some("alice in the office".into());
        for cause in [
            Cause::Statement,
            Cause::Retry { number: 3 },
            Cause::Request { by: None },
            Cause::Request { by: by() },
            Cause::Batch { by: Some("".into()) },
            Cause::Backfill { by: by() },
            Cause::CatchUp,
            Cause::Restart,
            Cause::StartUp,
            Cause::ShutDown,
        ] {
            assert_eq!(cause.to_string().parse::<Cause>().unwrap(), cause);
            let json = serde_json::to_string(&cause).unwrap();
            assert_eq!(serde_json::from_str::<Cause>(&json).unwrap(), cause);
        }
    }

    #[test]
    fn another_text_is_no_cause() {
        for text in [
            "",
            "statements",
            "retry",
            "retry x",
            "request from alice",
            "restart 2",
        ] {
            assert!(text.parse::<Cause>().is_err(), "{text}");
        }
        let message = "reqest".parse::<Cause>().unwrap_err().to_string();
        assert!(message.contains("`request`"), "{message}");
    }
}
