//! Pauses: of a task, of a group, or of the whole app.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::spec::Spec;
use crate::time::Timestamp;

/// The scope of a pause: the tasks that it affects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "scope", content = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PauseScope {
    /// All tasks.
    App,
    /// The tasks of a group.
    Group(Arc<str>),
    /// One task.
    Task(Arc<str>),
}

/// A pause: see [`Task::pause`](crate::Task::pause).
///
/// Its text completes the sentence "… is paused": *the app since 2026-01-01T00:00:00.000000Z*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[non_exhaustive]
pub struct Pause {
    /// The tasks that it affects.
    #[serde(flatten)]
    pub scope: PauseScope,
    /// When it began.
    pub since: Timestamp,
    /// When it ends by itself; `None` if it lasts until it is resumed.
    pub until: Option<Timestamp>,
}

impl Pause {
    /// Returns true if the pause is in effect at an instant.
    pub(crate) fn lasts(&self, now: Timestamp) -> bool {
        now < self.end()
    }

    /// When it ends; [`Timestamp::MAX`] if it does not end by itself.
    pub(crate) fn end(&self) -> Timestamp {
        self.until.unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("names and instants can be turned into JSON")
    }
}

impl fmt::Display for PauseScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PauseScope::App => f.write_str("the app"),
            PauseScope::Group(name) => write!(f, "group `{name}`"),
            PauseScope::Task(name) => write!(f, "task `{name}`"),
        }
    }
}

impl fmt::Display for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} since {}", self.scope, self.since)?;
        self.until.map_or(Ok(()), |until| write!(f, " until {until}"))
    }
}

/// The pauses of the app. A pause that has ended by itself stays until one of its tasks is next decided
/// about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pauses(BTreeMap<PauseScope, Pause>);

impl Pauses {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Begins a pause, or changes the end of an existing one. Returns it.
    pub(crate) fn begin(&mut self, scope: PauseScope, until: Option<Timestamp>, now: Timestamp) -> Pause {
        let since = self.0.get(&scope).filter(|pause| pause.lasts(now));
        let since = since.map_or(now, |pause| pause.since);
        let pause = Pause { scope, since, until };
        self.put(pause.clone());
        pause
    }

    /// Inserts a pause, replacing one with the same scope.
    pub(crate) fn put(&mut self, pause: Pause) {
        self.0.insert(pause.scope.clone(), pause);
    }

    /// Ends a pause. Returns whether there was one.
    pub(crate) fn end(&mut self, scope: &PauseScope) -> bool {
        self.0.remove(scope).is_some()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pause> {
        self.0.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Pause> {
        self.0.values_mut()
    }

    /// The pauses of a task, those with the widest scope first, including those that have ended by
    /// themselves.
    pub(crate) fn of(&self, spec: &Spec) -> impl Iterator<Item = &Pause> {
        let scopes = (!self.is_empty() && !spec.rare.of_app).then(|| {
            let group = spec.rare.group.clone().map(PauseScope::Group);
            let task = PauseScope::Task(spec.name.clone());
            [Some(PauseScope::App), group, Some(task)]
        });
        let scopes = scopes.into_iter().flatten().flatten();
        scopes.filter_map(|scope| self.0.get(&scope))
    }
}
