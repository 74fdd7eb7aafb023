//! Fails a test that hangs, and reports the step at which it hangs.

use std::fmt::Debug;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long one case may take: a hundred times as long as the slowest does.
const LIMIT: Duration = Duration::from_secs(60);

/// Ends the process, and with it the test, when it makes no progress.
pub(crate) struct Watchdog(Sender<String>);

impl Watchdog {
    pub(crate) fn start(what: &'static str) -> Self {
        let (progress, watched) = channel::<String>();
        thread::spawn(move || {
            let mut doing = String::new();
            loop {
                match watched.recv_timeout(LIMIT) {
                    Ok(next) => doing = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        eprintln!("{what}: nothing goes on any more for {LIMIT:?}, at {doing}");
                        std::process::exit(101);
                    }
                }
            }
        });
        Watchdog(progress)
    }

    /// Notes the next step.
    pub(crate) fn doing(&self, what: &impl Debug) {
        self.0
            .send(format!("{what:#?}"))
            .expect("the watchdog lives as long");
    }
}
