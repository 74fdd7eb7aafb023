//! The command line as a whole.

use clap::{CommandFactory, Parser};

use crate::commands::Command;
use crate::common::Common;
use crate::exit::EXIT_CODES;

/// The command line of an app.
#[derive(Debug, Parser)]
#[command(
    about = "Runs this app, and inspects and steers it while it runs",
    long_about = "Runs this app, and inspects and steers it while it runs.\n\n\
        Without a command, the app runs. The other commands reach a running app over its control socket. If none runs, \
        commands that only read show the tasks in the code and what the durable run log knows of them.",
    max_term_width = 100,
    after_long_help = EXIT_CODES
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

impl Arguments {
    /// The definition of the command line of an app.
    pub(crate) fn definition(app: &str) -> clap::Command {
        let name = app.to_owned();
        Arguments::command().name(name.clone()).bin_name(name)
    }
}
