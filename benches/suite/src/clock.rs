//! Wall-clock times that lie ahead, in UTC.

use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const DAY: u64 = 24 * 60 * 60;
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The time since 1970.
pub(crate) fn since_epoch() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is right")
}

/// The first full second that is at least so far away, as a second of its day. Sleeps over midnight if need be, lest
/// "today" means something else meanwhile.
pub(crate) fn second_ahead(least: Duration) -> u32 {
    let now = since_epoch();
    let second = (now + least).as_secs() + 1;
    if second / DAY != now.as_secs() / DAY {
        sleep(Duration::from_secs(second.next_multiple_of(DAY)).saturating_sub(now));
        return second_ahead(least);
    }
    u32::try_from(second % DAY).expect("a day is short")
}

/// When a second of this day is.
pub(crate) fn instant_of(second: u32) -> Instant {
    let now = since_epoch();
    let at = Duration::from_secs(now.as_secs() / DAY * DAY + u64::from(second));
    let present = Instant::now();
    // One of the two differences is zero.
    let past = present.checked_sub(now.saturating_sub(at));
    past.unwrap_or(present) + at.saturating_sub(now)
}

/// When the next second begins.
pub(crate) fn next_full_second() -> Instant {
    let past = Duration::from_nanos(since_epoch().subsec_nanos().into());
    Instant::now() + Duration::from_secs(1).saturating_sub(past)
}

/// `HH:MM:SS`.
pub(crate) fn time_of_day(second: u32) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// An hour of the day that does not begin within the next hour, another for each number.
pub(crate) fn hour_ahead(number: u32) -> u32 {
    let hour = u32::try_from(since_epoch().as_secs() / 3600 % 24).expect("a day is short");
    (hour + 2 + number % 21) % 24
}

/// A day of the week that is neither today nor tomorrow, another for each number.
pub(crate) fn day_ahead(number: u32) -> &'static str {
    // 1 January 1970 was a Thursday.
    let today = since_epoch().as_secs() / DAY + 3;
    DAYS[usize::try_from((today + 2 + u64::from(number % 5)) % 7).expect("a week is short")]
}

/// How long until an idle job is due: it is not, while anybody looks.
pub(crate) fn idle_ahead(number: u32) -> Duration {
    Duration::from_secs(3600 + u64::from(number % 100_000))
}
