//! The options that every command takes.

use std::path::PathBuf;

use clap::Args;

use crate::output::Format;

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
