//! The context of a command.

use crate::output::Output;
use crate::reach::Reach;

pub(crate) struct Context<'a> {
    pub(crate) reach: Reach,
    pub(crate) out: Output<'a>,
    /// The definition of the command line, given the name of the app.
    pub(crate) definition: fn(&str) -> clap::Command,
}
