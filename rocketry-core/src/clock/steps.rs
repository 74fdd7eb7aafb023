//! Detects changes of the wall clock.

use std::time::Duration;

use super::Clock;
use crate::time::Timestamp;

/// The smallest detected step forward, in microseconds. A step back is always detected.
const LEAST: u64 = 1000;

/// The maximum distance between the readings of both hands, where it matters.
const CLOSE: Duration = Duration::from_micros(50);

/// The maximum number of attempts to read both hands that close together.
const TRIES: usize = 16;

/// Compares the wall clock with the elapsed time.
pub(crate) struct StepWatch {
    /// The last reading of the wall clock.
    seen: Timestamp,
    /// The lead of the wall clock over the elapsed time, in microseconds.
    lead: i64,
}

impl StepWatch {
    /// Starts to watch a clock.
    pub(crate) fn new(clock: &Clock) -> Self {
        let (seen, lead) = read_closely(clock);
        StepWatch { seen, lead }
    }

    /// The current time, and the step in microseconds if the wall clock was set since the last call.
    #[inline]
    pub(crate) fn look(&mut self, clock: &Clock) -> (Timestamp, Option<i64>) {
        let now = clock.now();
        if !self.is_set(now, lead(now, clock.elapsed())) {
            self.seen = now;
            return (now, None);
        }
        // The thread may have been interrupted between the two readings.
        let (now, lead) = read_closely(clock);
        let step = self.is_set(now, lead).then(|| lead - self.lead);
        if step.is_some() {
            self.lead = lead;
        }
        self.seen = now;
        (now, step)
    }

    fn is_set(&self, now: Timestamp, lead: i64) -> bool {
        now < self.seen || lead.abs_diff(self.lead) >= LEAST
    }
}

/// Reads both hands at nearly the same time.
fn read_closely(clock: &Clock) -> (Timestamp, i64) {
    let read = || {
        let before = clock.elapsed();
        let now = clock.now();
        (clock.elapsed().saturating_sub(before), now, before)
    };
    let mut closest = read();
    for _ in 0..TRIES {
        if closest.0 <= CLOSE {
            break;
        }
        closest = closest.min(read());
    }
    let (_, now, elapsed) = closest;
    (now, lead(now, elapsed))
}

fn lead(now: Timestamp, elapsed: Duration) -> i64 {
    let elapsed = i64::try_from(elapsed.as_micros()).unwrap_or(i64::MAX);
    now.as_micros().saturating_sub(elapsed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::StepWatch;
    use crate::clock::Clock;
    use crate::time::Timestamp;

    const NOON: Timestamp = Timestamp::from_micros(43_200_000_000);

    fn later(than: Timestamp, micros: i64) -> Timestamp {
        Timestamp::from_micros(than.as_micros() + micros)
    }

    #[test]
    fn passing_of_time_is_no_step() {
        let clock = Clock::manual(NOON);
        let mut watch = StepWatch::new(&clock);
        let hour = later(NOON, 3_600_000_000);
        clock.as_manual().unwrap().pass_until(hour);
        assert_eq!(watch.look(&clock), (hour, None));
        assert_eq!(clock.elapsed(), Duration::from_secs(3600));
    }

    #[test]
    fn a_step_is_reported_once_with_its_length() {
        let clock = Clock::manual(NOON);
        let mut watch = StepWatch::new(&clock);
        for step in [60_000_000, -5000, -1] {
            let to = later(clock.now(), step);
            clock.as_manual().unwrap().set(to);
            assert_eq!(watch.look(&clock), (to, Some(step)));
            assert_eq!(watch.look(&clock), (to, None));
        }
    }

    #[test]
    fn the_clock_of_the_machine_goes_on() {
        let clock = Clock::system();
        let mut watch = StepWatch::new(&clock);
        let (before, _) = watch.look(&clock);
        assert!(watch.look(&clock).0 >= before);
    }
}
