//! Previews of the starts of a statement.
//!
//! A preview uses the engine itself, which decides about a copy of one task like the scheduler. It calls no
//! function.

mod end;
mod isolated;
mod never;
mod planned_start;
mod starts;

use std::fmt;
use std::sync::Arc;

pub use end::PreviewEnd;
pub use planned_start::PlannedStart;
pub use starts::Preview;

pub(crate) use isolated::Isolated;

use crate::cond::Condition;
use crate::engine::spec::{Spec, Statement};
use crate::engine::state::State;
use crate::error::{Error, Kind, Result};
use crate::task::FirstRun;
use crate::time::{Timestamp, Zone};

/// Previews the starts of a task with a start condition, from an instant on.
///
/// The preview assumes a task that has never run, in an app that starts at that instant. Each run counts as a
/// success that takes no time. The condition is a text or built from the words of [`conds`](crate::conds);
/// the zone is a name or a [`Zone`]; the instant is an RFC 3339 text or a [`Timestamp`].
///
/// ```
/// use rocketry::preview;
///
/// let mut starts = preview("daily after 07:00", "Europe/Helsinki", "2026-01-01T00:00:00Z")?;
/// assert_eq!(starts.next().unwrap().to_string(), "2026-01-01 07:00:00 +02:00");
/// assert_eq!(starts.next().unwrap().to_string(), "2026-01-02 07:00:00 +02:00");
/// # Ok::<(), rocketry::Error>(())
/// ```
///
/// The [`Preview`] is lazy, and the work for each start is limited. When it ends, [`Preview::end`] returns
/// the reason: for example, the condition will never be true again, or a start depends on another task, on a
/// parameter or on a custom condition. These can't be predicted from a statement alone;
/// [`Task::preview`](crate::Task::preview) uses the task's past and the session's parameters.
///
/// ```
/// use rocketry::preview;
///
/// let mut starts = preview("daily & until 2025-12-31", "UTC", "2026-01-01T00:00:00Z")?;
/// assert_eq!(starts.next(), None);
/// assert_eq!(starts.end().unwrap().to_string(), "no start ever comes: `until 2025-12-31` is never true");
///
/// let mut starts = preview("daily & after task 'fetch'", "UTC", "2026-01-01T00:00:00Z")?;
/// assert_eq!(starts.next(), None);
/// assert_eq!(
///     starts.end().unwrap().to_string(),
///     "whether the task starts at 2026-01-01 00:00:00 +00:00 depends on `after task 'fetch'`",
/// );
/// # Ok::<(), rocketry::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::is_build`] is true if the condition has a mistake or names a calendar, which only an app has, or
/// if the zone or the instant is invalid.
#[track_caller]
pub fn preview<Z, T>(condition: impl Into<Condition>, zone: Z, from: T) -> Result<Preview>
where
    Z: TryInto<Zone, Error: fmt::Display>,
    T: TryInto<Timestamp, Error: fmt::Display>,
{
    let condition = condition.into();
    let (zone, from) = zone_and_instant(zone, from)?;
    let preview = preview_with(condition, Isolated::outside(), zone, from, FirstRun::Due)?;
    Ok(preview.unless_contradictory())
}

/// Parses a zone and an instant.
///
/// # Errors
///
/// [`Error::is_build`] is true if the zone or the instant is invalid.
pub(crate) fn zone_and_instant<Z, T>(zone: Z, instant: T) -> Result<(Zone, Timestamp)>
where
    Z: TryInto<Zone, Error: fmt::Display>,
    T: TryInto<Timestamp, Error: fmt::Display>,
{
    let wrong = |mistake: &dyn fmt::Display| Error::new(Kind::Build, mistake.to_string());
    let zone = zone.try_into().map_err(|mistake| wrong(&mistake))?;
    let instant = instant.try_into().map_err(|mistake| wrong(&mistake))?;
    Ok((zone, instant))
}

/// Previews a condition that may refer to what `lone` knows, without checking for contradictions.
///
/// # Errors
///
/// [`Error::is_build`] is true if the condition has a mistake.
pub(crate) fn preview_with(
    condition: Condition,
    lone: Isolated,
    zone: Zone,
    from: Timestamp,
    first_run: FirstRun,
) -> Result<Preview> {
    let mut spec = spec(lone.statement(&condition)?, zone);
    if first_run == FirstRun::Wait {
        spec.rare.waits_since = Some(from);
    }
    Ok(Preview::new(
        State::of_one(spec, from),
        from,
        Some(condition),
        lone,
    ))
}

/// The definition of a task that has nothing but a start condition.
fn spec(start: Arc<Statement>, zone: Zone) -> Spec {
    Spec {
        start: Some(start),
        zone,
        ..Spec::bare("preview".into())
    }
}
