//! The terminal of the output.

use std::env;
use std::io::IsTerminal;

use super::paint::Paint;

/// The width without a terminal, such as in a pipe.
const NO_TERMINAL: usize = 160;

/// The minimum width of a table.
const LEAST: usize = 40;

/// The capabilities of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terminal {
    pub(crate) paint: Paint,
    pub(crate) width: usize,
}

impl Terminal {
    /// The terminal of standard output.
    pub(crate) fn of_stdout(no_colour: bool) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        Terminal {
            paint: paint(is_terminal, no_colour),
            width: width(is_terminal).max(LEAST),
        }
    }
}

/// Returns the colours that a stream supports.
pub(crate) fn paint(is_terminal: bool, no_colour: bool) -> Paint {
    let has = |variable: &str| env::var_os(variable).is_some_and(|value| !value.is_empty());
    let is_dumb = env::var("TERM").is_ok_and(|terminal| terminal == "dumb");
    if is_terminal && !no_colour && !has("NO_COLOR") && !is_dumb {
        Paint::Coloured
    } else {
        Paint::Plain
    }
}

/// `COLUMNS`, the size of the terminal, or a width that suits a pipe.
fn width(is_terminal: bool) -> usize {
    let given = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    given
        .or_else(|| if is_terminal { columns() } else { None })
        .unwrap_or(NO_TERMINAL)
}

#[cfg(unix)]
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn columns() -> Option<usize> {
    None
}
