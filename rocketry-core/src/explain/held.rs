//! Explains what holds a run back.

use serde::{Deserialize, Serialize};

use super::clockface::Clockface;
use super::evidence::OpenRun;
use super::words::listed;
use crate::engine::hold::Hold;
use crate::time::Timestamp;

/// A reason why a run can't start, regardless of the statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct HeldBy {
    /// The hold.
    pub hold: Hold,
    /// What the run waits for, in words.
    pub text: String,
    /// When the hold ends by time alone, if it does.
    pub until: Option<Timestamp>,
    /// The runs in progress that block it: of the task, or in the pool. At most 20.
    pub runs: Vec<OpenRun>,
}

impl HeldBy {
    pub(super) fn new(hold: Hold, runs: Vec<OpenRun>, face: Clockface) -> Self {
        HeldBy {
            text: words(&hold, face),
            until: hold.until(),
            runs,
            hold,
        }
    }

    /// `the end of a run under way (1 of 1): run 7 since 06:58:03`.
    pub(super) fn line(&self, face: Clockface) -> String {
        format!("{}{}", self.text, listed(face, &self.runs))
    }
}

/// What a run waits for.
fn words(hold: &Hold, face: Clockface) -> String {
    match hold {
        Hold::Pool {
            pool,
            used,
            size,
            ahead,
        } => {
            let ahead = match ahead {
                0 => "it is next".to_owned(),
                1 => "1 run ahead of it".to_owned(),
                more => format!("{more} runs ahead of it"),
            };
            format!("room in pool `{pool}` ({used} of {size}; {ahead})")
        }
        Hold::Running { running, limit } => format!("the end of a run under way ({running} of {limit})"),
        Hold::Jitter { until } => format!("its jitter, until {}", face.both(*until)),
        Hold::Log { since, reason } => {
            let since = face.instant(*since);
            format!("the run log, not writable since {since}: {reason}")
        }
        Hold::Paused { of, since, until } => match until {
            None => format!(
                "{of} to be resumed, which has been paused since {}",
                face.instant(*since)
            ),
            Some(until) => format!("the end of the pause of {of}, until {}", face.both(*until)),
        },
        other => other.to_string(),
    }
}
