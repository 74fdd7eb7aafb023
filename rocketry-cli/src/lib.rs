//! The command line of a Rocketry app, which runs the app, and inspects and steers it while it runs.
//!
//! Use it through the crate `rocketry`, with the feature `cli`: see [`CommandLine`].

mod arguments;
mod commands;
mod common;
mod complete;
mod exit;
mod graph;
mod log_lines;
mod main_function;
mod output;
mod reach;
mod task_name;
#[doc(hidden)]
pub mod test_support;

use std::process::ExitCode;

use rocketry_core::Rocketry;

/// Adds a command line to an app.
///
/// The trait is part of the prelude of `rocketry` with the feature `cli`.
pub trait CommandLine {
    /// Parses the arguments of the program, executes the command, and returns the exit code for `main`.
    ///
    /// Without arguments, the app runs and prints readable log lines. The other commands inspect and steer a
    /// running app; `--help` lists them. Options that parameters of the app read with
    /// [`CliArg`](struct@rocketry_core::param::CliArg) are left to the app.
    ///
    /// The process of a single run (`execution = "process"`) executes its run, regardless of the arguments.
    ///
    /// ```no_run
    /// use std::process::ExitCode;
    ///
    /// # use rocketry_cli::CommandLine as _;
    /// use rocketry::prelude::*;
    ///
    /// #[task("every 10 seconds")]
    /// async fn fetch() {}
    ///
    /// fn main() -> ExitCode {
    ///     Rocketry::new().cli()
    /// }
    /// ```
    fn cli(self) -> ExitCode;
}

impl CommandLine for Rocketry {
    fn cli(self) -> ExitCode {
        main_function::main(self)
    }
}
