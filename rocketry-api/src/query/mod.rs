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

mod log_query;
mod read;
mod term;

pub use log_query::LogQuery;
pub use term::quoted;
