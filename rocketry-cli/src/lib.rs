//! The command line of a Rocketry app: it runs the app, and shows and steers it while it runs.
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

/// Gives an app a command line.
///
/// The trait is part of the prelude of `rocketry` with the feature `cli`.
pub trait CommandLine {
    /// Reads the arguments of the program, does what they say, and returns the exit code of `main`.
    ///
    /// Without arguments, the app runs, with readable lines about what happens. The other commands show and steer a running
    /// app: `--help` lists them. Options that parameters of the app read by [`CliArg`](struct@rocketry_core::param::CliArg) are
    /// left to the app.
    ///
    /// The process of a single run (`execution = "process"`) makes its run, whatever the arguments are.
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
