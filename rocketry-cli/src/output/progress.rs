//! Progress bars, if standard error is a terminal.

use std::io::{IsTerminal as _, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress bar on standard error. Nothing is shown if it is not a terminal.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} ({eta} left)") {
            bar.set_style(style);
        }
        Progress(bar.with_message(what))
    }

    /// A progress bar without a known end.
    pub(crate) fn endless(what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar.with_message(what))
    }

    /// A progress bar beside results that are printed meanwhile. It is omitted if both go to a terminal.
    pub(crate) fn beside_output(what: &'static str) -> Option<Self> {
        (!stdout().is_terminal()).then(|| Progress::endless(what))
    }

    pub(crate) fn advance(&self, by: usize) {
        self.0.inc(by as u64);
    }
}

impl Progress {
    pub(crate) fn reach(&self, position: usize) {
        self.0.set_position(position as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
