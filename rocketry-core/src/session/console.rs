//! Important events on standard error, one line each.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::stderr;
use crate::time::{Timestamp, Zone};

/// The maximum number of failures that are printed within a [`WINDOW`]. Further failures are counted.
const MOST: u32 = 20;
const WINDOW: Duration = Duration::from_secs(1);

/// Prints what a developer needs to know about an app, as long as no `tracing` subscriber is set.
pub(crate) struct Console {
    zone: Zone,
    pace: Mutex<Pace>,
}

impl Console {
    pub(super) fn new(zone: Zone) -> Self {
        let pace = Mutex::new(Pace::new(Instant::now()));
        Console { zone, pace }
    }

    /// Prints a line.
    pub(super) fn line(&self, now: Timestamp, text: &str) {
        let at = now.in_zone(&self.zone).format("%Y-%m-%d %H:%M:%S");
        stderr::add(format!("[{at}] rocketry: {}\n", in_one_line(text)).as_bytes());
    }

    /// Prints a line about a failure, unless too many were printed recently.
    pub(super) fn failure(&self, now: Timestamp, text: &str) {
        let told = {
            let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
            pace.next(Instant::now())
        };
        let Some(left_out) = told else { return };
        if left_out > 0 {
            self.line(now, &format!("{left_out} more failures are left out"));
        }
        self.line(now, text);
    }
}

/// The number of failures that were printed recently.
struct Pace {
    since: Instant,
    told: u32,
    left_out: u64,
}

impl Pace {
    fn new(now: Instant) -> Self {
        Pace {
            since: now,
            told: 0,
            left_out: 0,
        }
    }

    /// Returns `None` if the next failure is omitted; otherwise, the number of failures omitted before it.
    fn next(&mut self, now: Instant) -> Option<u64> {
        if now.duration_since(self.since) >= WINDOW {
            (self.since, self.told) = (now, 0);
        }
        if self.told == MOST {
            self.left_out += 1;
            return None;
        }
        self.told += 1;
        Some(std::mem::take(&mut self.left_out))
    }
}

/// The text without line breaks.
fn in_one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{MOST, Pace, WINDOW, in_one_line};

    #[test]
    fn a_message_of_several_lines_is_one() {
        assert_eq!(
            in_one_line("no value\n  --> main.rs:3:4\n"),
            "no value --> main.rs:3:4"
        );
    }

    #[test]
    fn a_flood_of_failures_is_counted() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        for _ in 0..MOST {
            assert_eq!(pace.next(now), Some(0));
        }
        assert_eq!((pace.next(now), pace.next(now)), (None, None));
        assert_eq!(pace.next(now + WINDOW), Some(2));
        assert_eq!(pace.next(now + WINDOW), Some(0));
    }
}
