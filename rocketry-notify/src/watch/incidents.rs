//! The incidents that are open.

use std::collections::BTreeMap;
use std::sync::Arc;

use rocketry_core::{RunId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::notification::{Notification, Stage};
use crate::rule::Trouble;
use crate::words::shortened;

/// The maximum length of the detail of a notification, in characters.
const LONGEST_DETAIL: usize = 2000;

/// The identity of an incident: a kind of trouble of one task or of the app.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) trouble: Trouble,
    pub(crate) task: Option<Arc<str>>,
}

impl Key {
    pub(crate) fn of(trouble: Trouble, task: &Arc<str>) -> Self {
        Key {
            trouble,
            task: Some(task.clone()),
        }
    }

    pub(crate) fn of_app(trouble: Trouble) -> Self {
        Key { trouble, task: None }
    }
}

/// An open incident in its stored form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Incident {
    pub(crate) key: Key,
    pub(crate) since: Timestamp,
    pub(crate) times: u64,
    /// The number of notifications so far.
    pub(crate) told: u64,
    pub(crate) run_id: Option<RunId>,
    pub(crate) detail: Option<String>,
}

/// The content of a notification about an incident.
#[derive(Debug, Default)]
pub(crate) struct News {
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
    pub(crate) run_id: Option<RunId>,
    pub(crate) times: u64,
    /// When it began, if that was before it was noticed.
    pub(crate) since: Option<Timestamp>,
}

/// The open incidents, the pending notifications, and the incidents that have changed.
#[derive(Debug)]
pub(crate) struct Incidents {
    app: String,
    open: BTreeMap<Key, Incident>,
    untold: Vec<Notification>,
    changed: Vec<Key>,
}

impl Incidents {
    /// Creates the incidents of an app, including those of an earlier life.
    pub(crate) fn new(app: String, kept: Vec<Incident>) -> Self {
        let open = kept.into_iter().map(|kept| (kept.key.clone(), kept));
        Incidents {
            app,
            open: open.collect(),
            untold: Vec::new(),
            changed: Vec::new(),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&Incident> {
        self.open.get(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Incident> {
        self.open.values()
    }

    /// Opens an incident; an open one continues. Returns whether it is new.
    pub(crate) fn open(&mut self, key: Key, at: Timestamp, news: News) -> bool {
        self.changed.push(key.clone());
        let News {
            message,
            detail,
            run_id,
            times,
            since,
        } = news;
        let detail = detail.map(|detail| shortened(&detail, LONGEST_DETAIL));
        if let Some(incident) = self.open.get_mut(&key) {
            (incident.detail, incident.run_id, incident.times) = (detail, run_id, times);
            return false;
        }
        let incident = Incident {
            key: key.clone(),
            since: since.unwrap_or(at),
            times,
            told: 0,
            run_id,
            detail,
        };
        self.open.insert(key.clone(), incident);
        self.tell(&key, Stage::Opened, at, message);
        true
    }

    /// Adds a reminder for an incident that continues.
    pub(crate) fn remind(&mut self, key: &Key, at: Timestamp, message: impl FnOnce(&Incident) -> String) {
        if let Some(incident) = self.open.get(key) {
            let message = message(incident);
            self.tell(key, Stage::Reminder, at, message);
            self.changed.push(key.clone());
        }
    }

    /// Ends an incident, if it is open.
    pub(crate) fn close(&mut self, key: &Key, at: Timestamp, message: impl FnOnce(&Incident) -> String) {
        if let Some(incident) = self.open.get(key) {
            let message = message(incident);
            self.tell(key, Stage::Recovered, at, message);
            self.open.remove(key);
            self.changed.push(key.clone());
        }
    }

    /// The incidents that have changed since they were last taken.
    pub(crate) fn changed(&self) -> &[Key] {
        &self.changed
    }

    /// Takes the pending notifications.
    pub(crate) fn take_untold(&mut self) -> Vec<Notification> {
        std::mem::take(&mut self.untold)
    }

    /// Takes the incidents that have changed since the last call; `None` for one that is over.
    pub(crate) fn take_changed(&mut self) -> Vec<(Key, Option<Incident>)> {
        let mut changed = std::mem::take(&mut self.changed);
        changed.sort_unstable();
        changed.dedup();
        let stand = changed.into_iter().map(|key| {
            let incident = self.open.get(&key).cloned();
            (key, incident)
        });
        stand.collect()
    }

    fn tell(&mut self, key: &Key, stage: Stage, at: Timestamp, message: String) {
        let Some(incident) = self.open.get_mut(key) else {
            return;
        };
        incident.told += 1;
        let task = key.task.as_deref().unwrap_or_default();
        let name = format!("{}/{}/{task}", key.trouble.name(), incident.since.as_micros());
        self.untold.push(Notification {
            id: format!("{name}/{}", incident.told),
            incident: name,
            app: self.app.clone(),
            trouble: key.trouble,
            stage,
            task: key.task.clone(),
            at,
            since: incident.since,
            times: incident.times,
            run_id: incident.run_id.clone(),
            message,
            detail: incident.detail.clone(),
        });
    }
}
