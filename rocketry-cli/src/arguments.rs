//! The arguments that every command takes.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use crate::commands::Command;
use crate::exit::EXIT_CODES;

/// The command line of an app.
#[derive(Debug, Parser)]
#[command(
    about = "Runs this app, and shows and steers it while it runs",
    long_about = "Runs this app, and shows and steers it while it runs.\n\n\
        Without a command, the app runs. The other commands reach a running app over its control socket. If none runs, \
        commands that only read show the tasks in the code and what the durable run log knows of them.",
    disable_help_subcommand = true,
    max_term_width = 100,
    after_long_help = EXIT_CODES
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What every command takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The control socket of the app: where it listens, or where it is looked for
    ///
    /// Without it, an app listens in the runtime folder of its user and is found by its name. The variable `ROCKETRY_SOCKET`
    /// does the same.
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) socket: Option<PathBuf>,
    /// How results are printed: as a table, as JSON, as a JSON value a line, or as CSV; where a command has one, as a calendar
    /// (`ics`) or a picture (`svg`)
    #[arg(
        long,
        short,
        global = true,
        value_name = "table|json|jsonl|csv|ics|svg",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) output: Format,
    /// Prints without colours, as the variable `NO_COLOR` does
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    #[default]
    Table,
    /// JSON: one value
    Json,
    /// JSON: one value on each line
    Jsonl,
    /// Comma-separated values, with the names of the fields in the first line
    Csv,
    /// Starts as iCalendar, for a calendar
    Ics,
    /// A picture
    Svg,
}
