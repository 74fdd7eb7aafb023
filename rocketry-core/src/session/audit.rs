//! The audit log of an app.

use std::sync::Arc;

use super::Session;
use super::change::Change;
use crate::config::Config;
use crate::engine::audit::{AuditEntry, AuditedAction, Behalf};
use crate::engine::event::Event;
use crate::engine::fact_key::FactKey;
use crate::engine::state::State;
use crate::param::Entry;

impl Session {
    /// Returns the same handle on behalf of a person or a program. [Overrides](crate::Task::overrides), the
    /// [causes](crate::Record::cause) of runs and the [audit log](Self::audit) contain this name for all
    /// changes and requests that are made through the handle, and through the tasks that it returns. A blank
    /// name is ignored.
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily", || async {});
    /// let app = TestApp::start(app, "2026-01-01T09:00:00Z")?;
    /// app.session().by("ann").task("report")?.set_start("hourly")?;
    /// let overrides = app.session().overrides();
    /// assert_eq!(
    ///     overrides[0].to_string(),
    ///     "`start` of task `report` is `hourly` instead of `daily`, by ann at 2026-01-01T09:00:00.000000Z",
    /// );
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    #[must_use]
    pub fn by(&self, who: impl AsRef<str>) -> Session {
        self.on_behalf(Behalf {
            by: named(who.as_ref()),
            ..self.plain_behalf()
        })
    }

    /// Returns the same handle for changes that arrive through a channel such as `dashboard`. The [audit
    /// log](Self::audit) contains the name of the channel. A blank name is ignored.
    #[must_use]
    pub fn via(&self, way: impl AsRef<str>) -> Session {
        self.on_behalf(Behalf {
            via: named(way.as_ref()),
            ..self.plain_behalf()
        })
    }

    /// Returns the same handle for a caller with a trace context: the value of a header
    /// [`traceparent`](https://www.w3.org/TR/trace-context/). The spans of runs that are requested through
    /// the handle have it in their field `traceparent`, so a subscriber can link them to the trace of the
    /// caller. A blank value is ignored.
    ///
    /// The API passes on this header of its requests. Within one program, this is not needed: the span of a
    /// run is a child of its caller's span.
    ///
    /// ```
    /// use rocketry::{Params, Result, Session};
    ///
    /// fn on_message(session: &Session, traceparent: &str) -> Result<()> {
    ///     drop(session.traced(traceparent).task("report")?.run(Params::new()));
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn traced(&self, traceparent: impl AsRef<str>) -> Session {
        self.on_behalf(Behalf {
            traceparent: named(traceparent.as_ref()),
            ..self.plain_behalf()
        })
    }

    /// The caller on whose behalf this handle acts, apart from the call that it answers.
    fn plain_behalf(&self) -> Behalf {
        let behalf = self.1.as_deref().cloned().unwrap_or_default();
        Behalf { call: None, ..behalf }
    }

    pub(super) fn on_behalf(&self, behalf: Behalf) -> Session {
        let behalf = (behalf != Behalf::default()).then(|| behalf.into());
        Session(self.0.clone(), behalf)
    }

    /// The name of the caller that makes changes through this handle.
    pub(super) fn who(&self) -> Option<Arc<str>> {
        self.1.as_ref()?.by.clone()
    }

    /// The channel through which changes through this handle arrive.
    pub(super) fn way(&self) -> Option<Arc<str>> {
        self.1.as_ref()?.via.clone()
    }

    /// Returns the audit log: what was done to the app on behalf of people and programs, newest first. It
    /// contains every change that is made through a handle from [`by`](Self::by) or [`via`](Self::via). The
    /// API and the dashboard use such handles.
    ///
    /// The newest 1,000 entries are kept. With a durable run log they survive a restart, because an entry is
    /// written together with its change. Secrets are shown as `***`. Each new entry is published as an
    /// [`Event::Audited`].
    ///
    /// ```
    /// use rocketry::{Rocketry, testing::TestApp};
    ///
    /// let app = Rocketry::builder().func("report", "daily", || async {});
    /// let app = TestApp::start(app, "2026-01-01T09:00:00Z")?;
    /// app.session().by("ann").via("terminal").task("report")?.set_start("hourly")?;
    /// assert_eq!(
    ///     app.session().audit()[0].to_string(),
    ///     "ann by terminal: `set-start` of task `report`, from `daily`, to `hourly`",
    /// );
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn audit(&self) -> Vec<AuditEntry> {
        self.audit_before(u64::MAX, usize::MAX)
    }

    /// Returns a page of the [audit log](Self::audit): the newest entries below a number.
    pub fn audit_before(&self, number: u64, limit: usize) -> Vec<AuditEntry> {
        let state = self.state();
        state.audit.before(number).take(limit).cloned().collect()
    }

    /// The audit entry for setting or removing a parameter; `None` if there is none. Must be called without
    /// the lock, because converting values to JSON calls user code.
    pub(super) fn param_audited(
        &self,
        action: &'static str,
        key: &str,
        before: Option<&Entry>,
        after: Option<&Entry>,
    ) -> Option<AuditedAction> {
        self.1.as_ref().filter(|behalf| behalf.is_told())?;
        let text = |entry: Option<&Entry>| entry.and_then(Entry::shown);
        let audited = AuditedAction::new(action).what(key).from(text(before).as_deref());
        Some(audited.to(text(after).as_deref()))
    }

    /// Restores an entry of an earlier life of the app.
    pub(super) fn restore_audit(&self, entry: AuditEntry) {
        let mut state = self.state();
        if let Some(old) = state.audit.put(entry) {
            state.facts.remove(&FactKey::Audit(old));
        }
    }
}

impl Change<'_> {
    /// Adds an entry to the audit log if the change is made on behalf of a caller.
    pub(super) fn audit(&mut self, audited: impl FnOnce(&State) -> AuditedAction) {
        let Some(behalf) = self.behalf() else { return };
        let audited = audited(self);
        let at = self.now();
        let (entry, old) = self.audit.add(audited, &behalf, at);
        let json = serde_json::to_string(&entry).expect("texts and instants can be turned into JSON");
        self.facts.set(&FactKey::Audit(entry.number), json);
        if let Some(old) = old {
            self.facts.remove(&FactKey::Audit(old));
        }
        self.events.push(|| Event::Audited(entry));
    }

    /// Adds an entry about changed settings.
    pub(super) fn audit_settings(&mut self, before: &Config, after: &Config) {
        let fields = |config: &Config| match serde_json::to_value(config) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let (before, after) = (fields(before), fields(after));
        for (name, value) in &after {
            let old = before.get(name);
            if old != Some(value) {
                let old = old.map(ToString::to_string);
                let audited = AuditedAction::new("change-settings")
                    .what(name)
                    .from(old.as_deref());
                self.audit(|_| audited.to(Some(&value.to_string())));
            }
        }
    }
}

fn named(name: &str) -> Option<Arc<str>> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.into())
}
