//! Extractors: parameters that a function takes without an attribute.

use std::ops::Deref;

use chrono::DateTime;
use chrono_tz::Tz;

use super::{Session, Task};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::hooks::{Ended, HookContext, NO_ENDED, Side};
use crate::param::transferable::AtHome;
use crate::param::{Context, Extract, Params, RunContext, RunId, TerminationFlag};
use crate::time::Timestamp;

/// The current time in the zone of the task, as a `chrono` date and time. The prelude exports the traits for
/// it.
///
/// ```
/// use rocketry::Now;
/// use chrono::Datelike;
///
/// fn is_workday(now: Now) -> bool {
///     now.weekday().number_from_monday() < 6
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Now(pub DateTime<Tz>);

impl Deref for Now {
    type Target = DateTime<Tz>;

    fn deref(&self) -> &DateTime<Tz> {
        &self.0
    }
}

/// The time at which the run was due. The lateness of the run is the time from then to its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due(pub Timestamp);

impl Extract for Now {
    fn extract(context: &Context<'_>) -> Result<Self> {
        Ok(Now(context.now()))
    }
}

impl Extract for Session {
    fn extract(context: &Context<'_>) -> Result<Self> {
        app(context, "Session").cloned()
    }
}

/// The task of the run. In a condition, it is the task that the statement belongs to.
impl Extract for Task {
    fn extract(context: &Context<'_>) -> Result<Self> {
        let of_scene = HookContext::of(context).and_then(|hook| hook.task);
        let id = match of_scene.or(context.owner) {
            Some(id) => id,
            None => run(context, "Task")?.task_id,
        };
        Ok(Task::new(app(context, "Task")?.clone(), id))
    }
}

impl AtHome for Session {}
impl AtHome for Task {}

impl Extract for Config {
    fn extract(context: &Context<'_>) -> Result<Self> {
        Ok(session(context)?.settings())
    }
}

impl Extract for TerminationFlag {
    fn extract(context: &Context<'_>) -> Result<Self> {
        Ok(run(context, "TerminationFlag")?.flag().clone())
    }
}

impl Extract for RunId {
    fn extract(context: &Context<'_>) -> Result<Self> {
        Ok(run(context, "RunId")?.run_id.clone())
    }
}

impl Extract for Due {
    fn extract(context: &Context<'_>) -> Result<Self> {
        Ok(Due(run(context, "Due")?.due))
    }
}

impl Extract for Side {
    fn extract(context: &Context<'_>) -> Result<Self> {
        let hook = HookContext::of(context);
        hook.map(|hook| hook.side)
            .ok_or_else(|| Error::not_found("there is no `Side` outside a hook"))
    }
}

impl Extract for Ended {
    fn extract(context: &Context<'_>) -> Result<Self> {
        let ended = HookContext::of(context).and_then(|hook| hook.ended.clone());
        ended.ok_or_else(|| Error::not_found(NO_ENDED))
    }
}

/// The parameters that were given for this run only.
impl Extract for Params {
    fn extract(context: &Context<'_>) -> Result<Self> {
        Ok(run(context, "Params")?.batch.clone())
    }
}

impl<'a> Context<'a> {
    /// Returns the running app.
    ///
    /// # Errors
    ///
    /// Returns an error in a process of its own, because it has only a copy of the parameters and no running
    /// app.
    pub fn session(&self) -> Result<&'a Session> {
        app(self, "Session")
    }
}

fn session<'a>(context: &Context<'a>) -> Result<&'a Session> {
    let host = context.host.as_any();
    host.downcast_ref()
        .ok_or_else(|| Error::not_found("there is no session here"))
}

/// The session as a handle to the running app. A run in its own process has none.
pub(super) fn app<'a>(context: &Context<'a>, what: &str) -> Result<&'a Session> {
    if context.apart {
        let message = format!("there is no `{what}` in a process of its own: the app is in another");
        return Err(Error::not_found(message));
    }
    session(context)
}

pub(super) fn run<'a>(context: &Context<'a>, what: &str) -> Result<&'a RunContext> {
    let missing = || Error::not_found(format!("there is no `{what}` outside a run"));
    context.run.ok_or_else(missing)
}
