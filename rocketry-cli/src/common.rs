//! The options of all commands.

use std::path::PathBuf;

use clap::Args;

use crate::output::Format;

/// The options of all commands.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// The control socket of the app: where it listens, or where to look for it
    ///
    /// Without it, an app listens in the runtime folder of its user and is found by its name. The variable `ROCKETRY_SOCKET`
    /// does the same.
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) socket: Option<PathBuf>,
    /// The format of results: a table, JSON, one JSON value per line, or CSV; some commands also support a
    /// calendar (`ics`) or a picture (`svg`)
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
    /// Prints without colours, like the variable `NO_COLOR`
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
}
