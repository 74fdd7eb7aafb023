//! The origin of a run in its record: its cause, and the runs that triggered it.

use super::cause::{Cause, RunRef};
use super::record::{Action, Extra, Record};
use crate::error::Error;

impl Record {
    /// Returns why the run started, or `None` for the record of an end.
    ///
    /// ```
    /// use rocketry::{Cause, Params, Query, Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily", || async {});
    /// let mut app = TestApp::start(app, "2026-01-01T00:00:00Z")?;
    /// drop(app.session().task("report")?.run_by("alice", Params::new()));
    /// app.settle();
    /// let records = app.records(&Query::new());
    /// assert_eq!(records[0].cause(), Some(&Cause::Statement));
    /// assert_eq!(records[2].cause().unwrap().to_string(), "request by alice");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn cause(&self) -> Option<&Cause> {
        let noted = self.extra.as_ref().and_then(|extra| extra.cause.as_ref());
        noted.or_else(|| (self.action == Action::Run).then_some(&Cause::Statement))
    }

    /// Returns the text of the cause, as stored in a log.
    pub fn cause_text(&self) -> Option<String> {
        self.cause().map(Cause::to_string)
    }

    /// Returns the runs that triggered this run, with a word such as `after task 'fetch'`. The list is empty
    /// for the record of an end.
    pub fn upstream(&self) -> &[RunRef] {
        self.extra.as_ref().map_or(&[], |extra| &extra.upstream)
    }

    /// Returns the upstream runs as JSON, as stored in a log, or `None` if there are none.
    pub fn upstream_json(&self) -> Option<String> {
        let upstream = self.upstream();
        let json = || serde_json::to_string(upstream).expect("names and numbers can be turned into JSON");
        (!upstream.is_empty()).then(json)
    }
}

impl Extra {
    /// Sets the cause and the upstream runs from the texts stored in a log.
    ///
    /// # Errors
    ///
    /// Returns an error that names the invalid text.
    pub fn set_origin(&mut self, cause: Option<&str>, upstream: Option<&str>) -> Result<(), String> {
        let read = |text: &str| text.parse().map_err(|error: Error| error.to_string());
        let cause = cause.map(read).transpose()?;
        self.cause = cause.filter(|cause| *cause != Cause::Statement);
        if let Some(json) = upstream {
            self.upstream = serde_json::from_str(json).map_err(|error| format!("runs upstream: {error}"))?;
        }
        Ok(())
    }
}
