//! Questions about an app that a program with its own arguments asks before it builds the app.

use std::collections::BTreeSet;

use super::builder::Rocketry;
use crate::param::options;

impl Rocketry {
    /// Returns the options that parameters of the app read from the command line by [`CliArg`](struct@crate::param::CliArg), in
    /// alphabetical order.
    ///
    /// A program that parses its own arguments must not consume these.
    ///
    /// ```
    /// use rocketry::Rocketry;
    /// use rocketry::param::CliArg;
    ///
    /// let app = Rocketry::builder().argument("mode", CliArg("--mode"));
    /// assert_eq!(app.command_line_options(), ["--mode"]);
    /// ```
    pub fn command_line_options(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        options::of_params(&self.0.params, &mut found);
        for task in &self.0.tasks {
            options::of_params(&task.params, &mut found);
            let handler = task.handler.iter();
            handler.for_each(|handler| options::of_function(handler.specs(), &mut found));
        }
        for hook in &self.0.hooks {
            options::of_function(hook.function.specs(), &mut found);
        }
        found.into_iter().collect()
    }

    /// Returns the version of the app, if it was set: see [`version`](Self::version).
    pub fn declared_version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }

    /// Returns the address of the run log, with passwords hidden: see [`log`](Self::log). Returns `None` if
    /// the log has no address.
    pub fn log_address(&self) -> Option<String> {
        let cluster = self.0.cluster.as_ref();
        let log = self.0.log.as_ref().and_then(|(log, _)| log.shown());
        log.or_else(|| cluster.and_then(|(cluster, _)| cluster.shown()))
    }
}
