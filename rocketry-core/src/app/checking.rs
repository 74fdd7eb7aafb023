//! Checks an app without running it.

use std::fmt;

use rocketry_syntax::Lint;

use super::{App, Rocketry};
use crate::check::Finding;
use crate::error::{Location, Problem, Result};

impl Rocketry {
    /// Builds the app and checks it for schedules that rarely mean what they say. Nothing runs, and the run
    /// log is read but never written. See [`check`](crate::check) for the list of lints.
    ///
    /// ```
    /// use rocketry::Rocketry;
    ///
    /// let app = Rocketry::builder().func("wages", "monthly on 31st", || async {});
    /// let findings = app.check()?;
    /// assert_eq!(findings[0].lint.name(), "day_not_in_every_month");
    /// assert_eq!(findings[0].help, "for the last day of each month, write `last day`");
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`inspect`](Self::inspect).
    pub fn check(self) -> Result<Vec<Finding>> {
        self.inspect()?.check()
    }

    /// Silences a [lint](crate::check) for the whole app, such as `"unused_parameter"`. With `"never_true"`,
    /// the app builds even if a condition contradicts itself.
    #[track_caller]
    pub fn allow<L: TryInto<Lint, Error: fmt::Display>>(mut self, lint: L) -> Self {
        match lint.try_into() {
            Ok(lint) => self.0.allowed = self.0.allowed.with(lint),
            Err(mistake) => self.0.problems.push(Problem {
                message: format!("allow: {mistake}"),
                location: Some(Location::caller()),
            }),
        }
        self
    }
}

impl App {
    /// Finds schedules that rarely mean what they say: see [`Session::check`](crate::Session::check).
    ///
    /// # Errors
    ///
    /// See [`Session::check`](crate::Session::check).
    pub fn check(&self) -> Result<Vec<Finding>> {
        self.handle().check()
    }
}
