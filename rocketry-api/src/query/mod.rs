//! The query language of the run log: `task:fetch action:fail since:2h param.day:2026-01-01`.
//!
//! A query is a list of terms separated by blanks; a record has to match all of them. A value that contains
//! blanks is written in double quotes, in which a backslash escapes a quote or a backslash; [`quoted`] writes
//! such values.
//!
//! | term | matches a record if |
//! |---|---|
//! | `task:fetch`, `task:fetch,report` | it belongs to one of these tasks |
//! | `action:fail`, `action:fail,crash` | it has one of these actions: `run`, `success`, `fail`, `terminate`, `inaction`, `crash`, `skip` |
//! | `run:1767225600000000` | it belongs to this run |
//! | `since:2h`, `until:2026-01-31` | it was created since, or before, an instant: see [`instant`](crate::instant) |
//! | `created:2026-01-31`, `created:2026-01-01..2026-02-01` | it was created on this day, or in this range |
//! | `due:…`, `start:…`, `end:…` | its run was due, started or ended then |
//! | `runtime:>10s`, `lateness:1m..1h` | its run took this long, or started this late |
//! | `param.day:2026-01-01` | its run had this parameter |
//! | `message:timeout`, or the bare word `timeout` | its message contains this text |
//! | `output:error`, `result:42` | the output of its process, or its result, contains this text |
//! | `exit:1`, `signal:9` | its process exited with this code, or was ended by this signal |
//! | `version:1.2` | it was created by this version of the app |

mod log_query;
mod read;
mod term;

pub use log_query::LogQuery;
pub use term::quoted;
