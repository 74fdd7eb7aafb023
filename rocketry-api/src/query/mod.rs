//! The query language of the run log: `task:fetch action:fail since:2h param.day:2026-01-01`.
//!
//! A query is a list of terms with blanks between them; a record has to fit all of them. A value with blanks is in double
//! quotes, in which a backslash stands before a quote or a backslash: [`quoted`] writes them.
//!
//! | term | a record fits if |
//! |---|---|
//! | `task:fetch`, `task:fetch,report` | it is of one of these tasks |
//! | `action:fail`, `action:fail,crash` | it has one of these actions: `run`, `success`, `fail`, `terminate`, `inaction`, `crash`, `skip` |
//! | `run:1767225600000000` | it is of this run |
//! | `since:2h`, `until:2026-01-31` | it was made since, or before, an instant: see [`instant`](crate::instant) |
//! | `created:2026-01-31`, `created:2026-01-01..2026-02-01` | it was made on this day, or in this range |
//! | `due:…`, `start:…`, `end:…` | its run was due, started or ended then |
//! | `runtime:>10s`, `lateness:1m..1h` | its run took this long, or started this late |
//! | `param.day:2026-01-01` | its run had this parameter |
//! | `message:timeout`, or the bare word `timeout` | its message contains this text |
//! | `output:error`, `result:42` | the output of its process, or its result, contains this text |
//! | `exit:1`, `signal:9` | its process ended like this |
//! | `version:1.2` | this version of the app made it |

mod read;
mod term;

use rocketry_core::{Query, Record};
use serde_json::Value as Json;
pub use term::quoted;

use crate::instant::Reading;
use crate::problem::Problem;

/// A query of the run log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// What the run log can look for.
    pub query: Query,
    /// Parameters of runs, as name and text. The records of starts have them.
    pub params: Vec<(String, String)>,
}

impl LogQuery {
    /// Reads a query.
    ///
    /// ```
    /// # use rocketry_api::{LogQuery, instant::{Reading, Side}};
    /// use rocketry::{Action, Zone};
    ///
    /// let reading = Reading {
    ///     now: "2026-03-01T12:00:00Z".parse().unwrap(),
    ///     zone: Zone::UTC,
    ///     side: Side::Past,
    /// };
    /// let query = LogQuery::parse("task:fetch action:fail since:2h", &reading)?;
    /// assert_eq!(query.query.tasks, ["fetch"]);
    /// assert_eq!(query.query.actions, [Action::Fail]);
    ///
    /// let mistake = LogQuery::parse("taks:fetch", &reading).unwrap_err();
    /// assert_eq!(mistake.nearest.as_deref(), Some("task"));
    /// # Ok::<(), rocketry_api::Problem>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a problem that quotes the term, says what was expected and has the nearest word.
    pub fn parse(text: &str, reading: &Reading) -> Result<Self, Problem> {
        let mut query = LogQuery::default();
        for term in term::terms(text)? {
            read::add(&mut query, &term, reading)?;
        }
        Ok(query)
    }

    /// Whether the parameters in the record of a start are those of the query.
    pub fn admits_params(&self, start: &Record) -> bool {
        if self.params.is_empty() {
            return true;
        }
        let json = start
            .params()
            .and_then(|text| serde_json::from_str::<Json>(text).ok());
        let has = |(key, wanted): &(String, String)| {
            let value = json.as_ref().and_then(|json| json.get(key));
            value.is_some_and(|value| is_written(value, wanted))
        };
        self.params.iter().all(has)
    }
}

/// Whether a value is written like this: a text without its quotes, anything else as JSON.
fn is_written(value: &Json, text: &str) -> bool {
    match value {
        Json::String(value) => value == text,
        other => serde_json::to_string(other).is_ok_and(|written| written == text),
    }
}
