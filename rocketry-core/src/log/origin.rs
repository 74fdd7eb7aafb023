//! What a record says of the origin of its run: what made it start, and which runs let it start.

use super::cause::{Cause, RunRef};
use super::record::{Action, Extra, Record};
use crate::error::Error;

impl Record {
    /// What made the run start; `None` for the record of an end.
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

    /// The text of the cause, as a log keeps it.
    pub fn cause_text(&self) -> Option<String> {
        self.cause().map(Cause::to_string)
    }

    /// The runs whose ends let this run start, by a word such as `after task 'fetch'`. Empty for the record of an end.
    pub fn upstream(&self) -> &[RunRef] {
        self.extra.as_ref().map_or(&[], |extra| &extra.upstream)
    }

    /// The runs upstream as JSON, as a log keeps them; `None` if there are none.
    pub fn upstream_json(&self) -> Option<String> {
        let upstream = self.upstream();
        let json = || serde_json::to_string(upstream).expect("names and numbers can be turned into JSON");
        (!upstream.is_empty()).then(json)
    }
}

impl Extra {
    /// Sets the cause and the runs upstream from the texts that a log keeps.
    ///
    /// # Errors
    ///
    /// Says which text is not what it should be.
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
