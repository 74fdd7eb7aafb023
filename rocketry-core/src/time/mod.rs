//! Instants, zones and periods: when a period covers an instant, and when that changes.
//!
//! A [`Period`] is a series of [`Span`]s, its *occurrences*: they are ordered and never overlap. Every
//! question about a period needs an instant and a [`Zone`], because most periods follow the wall clock.
//!
//! # The wall clock
//!
//! A clock is set forward (a *gap*: some readings never occur) and back (a *repeat*: some readings occur
//! twice). The following rules apply to every period:
//!
//! * **Days, weeks, months, quarters and years** follow the calendar. A start inside a gap moves to the first instant
//!   after it, and the end moves along, so the window keeps its length on the wall clock; an end at
//!   midnight stays where it is, and a window never reaches into the next occurrence. An end inside a gap moves to the
//!   first instant after it. In a repeat, a window starts at the first of two instants and ends at the last, at midnight
//!   at the first. So a daily window occurs exactly once on every day that exists.
//! * **Seconds, minutes and hours** are elapsed time: the repeated hour is an hour of its own. Where the
//!   clock jumps by less than a whole hour (Lord Howe Island: thirty minutes), the hour around the jump is
//!   cut there, and each part is an hour of its own with the windows that its readings cover.
//! * **A day that a month lacks** (29th to 31st) starts nothing: `on 31st 12:00` has no occurrence in June, and
//!   `starting 31st` lasts from the 31st of May until the 31st of July. As an end it stands for the end of the month:
//!   `before 31st` is all of June. Yearly windows from the 29th of February start with March in a common year; only
//!   `on February 29th` has no occurrence there.
//! * **Cron** expressions with fixed times of day (neither the minute nor the hour is `*`, a step through it,
//!   or a list of all its values) match once in a repeat. A time in a gap matches at the end of the gap,
//!   unless the gap skips a whole day. All other expressions match each reading as often as it occurs.

mod around;
mod calendar;
mod civil;
mod clock_change;
mod compile;
mod cron;
mod dates;
mod days;
mod doubled;
mod elapsed;
mod lookback;
mod months;
mod occurrence;
mod period;
mod pick;
mod question;
mod search;
mod series;
mod span;
mod steps;
mod stretch;
mod timestamp;
mod wall;
mod wall_clock;
mod zone;

pub(crate) use self::around::Remembered;
pub use self::calendar::Calendar;
pub use self::clock_change::ClockChange;
pub use self::compile::InvalidPeriod;
pub use self::cron::Cron;
pub use self::dates::{Dates, IntoDates};
pub(crate) use self::doubled::doubled;
pub use self::elapsed::Elapsed;
pub(crate) use self::months::{months_later, next_in_months};
pub use self::period::{Each, Period};
pub use self::series::Series;
pub use self::span::Span;
pub use self::steps::{Steps, Ticks};
pub use self::stretch::Stretch;
pub use self::timestamp::{InvalidTimestamp, Timestamp};
pub(crate) use self::zone::ClockJump;
pub use self::zone::{UnknownZone, Zone};
