//! Detects trouble, from the events of an app and from the elapsed time.

mod failing;
mod incidents;
mod late;
mod no_success;
mod overrun;
mod past;
mod rules;
mod timers;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rocketry_core::{Event, Record, RunId, Session, Task, Timestamp};

pub(crate) use self::incidents::{Incident, Key};
pub(crate) use self::past::PastRuns;

use self::incidents::{Incidents, News};
use self::rules::{Limits, watch_log};
use self::timers::{Alarm, Timers};
use crate::notification::Notification;
use crate::rule::{Rule, Trouble};
use crate::words::{count, instant, length};

/// The present: as wall-clock time and as elapsed time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now: Timestamp,
    pub(crate) elapsed: Duration,
}

impl Moment {
    pub(crate) fn of(session: &Session) -> Self {
        Moment {
            now: session.now(),
            elapsed: session.clock().elapsed(),
        }
    }

    /// When a duration after an instant has passed, in elapsed time.
    fn after(self, instant: Timestamp, length: Duration) -> Duration {
        let ahead = instant.since(self.now);
        let behind = self.now.since(instant);
        (self.elapsed + ahead + length).saturating_sub(behind)
    }
}

/// Watches an app.
pub(crate) struct Watch {
    session: Session,
    rules: Vec<Rule>,
    remind_every: Option<Duration>,
    /// The prefix of the notes that this watch stores.
    notes: String,
    tasks: HashMap<Arc<str>, Watched>,
    incidents: Incidents,
    timers: Timers,
}

/// A watched task.
#[derive(Debug, Default)]
struct Watched {
    limits: Limits,
    /// Known once a run has started or ended, if a limit needs it.
    past: Option<PastRuns>,
    /// When the task should start, if late starts are reported.
    expected: Option<Timestamp>,
}

impl Watch {
    /// Creates the watch of an app, with the incidents that were open when it last ended.
    pub(crate) fn new(session: Session, settings: Settings, kept: Vec<Incident>) -> Self {
        Watch {
            session,
            rules: settings.rules,
            remind_every: settings.remind_every,
            notes: settings.notes,
            tasks: HashMap::new(),
            incidents: Incidents::new(settings.app, kept),
            timers: Timers::default(),
        }
    }

    /// Checks the current state of the app: at the start, after missed events, and after the clock was set.
    pub(crate) fn look(&mut self, moment: Moment) {
        self.tasks.clear();
        self.timers.clear();
        for task in self.session.tasks() {
            self.begin(&task, moment);
        }
        let open: Vec<Key> = self.incidents.iter().map(|open| open.key.clone()).collect();
        for key in open {
            self.set_reminder(&key, moment);
            self.look_at_incident(&key, moment);
        }
    }

    /// Closes an incident that is over although no event reported it.
    fn look_at_incident(&mut self, key: &Key, moment: Moment) {
        let Some(name) = &key.task else {
            // If the log is still paused, it reports that again.
            let message = "the run log can be written again".to_owned();
            self.incidents.close(key, moment.now, |_| message);
            return;
        };
        let Ok(task) = self.session.task(&**name) else {
            self.incidents
                .close(key, moment.now, |_| format!("`{name}` was deleted"));
            return;
        };
        match key.trouble {
            Trouble::Failing => self.look_at_failing(&task, moment),
            Trouble::Late => self.look_at_late(&task, moment),
            Trouble::Overrun => self.look_at_overrun(&task, moment),
            Trouble::NoSuccess => self.look_at_no_success(&task, moment),
            Trouble::LogPaused => {}
        }
    }

    /// Starts to watch a task.
    fn begin(&mut self, task: &Task, moment: Moment) {
        let limits = Limits::of(&self.rules, task);
        if limits == Limits::default() {
            return;
        }
        let name: Arc<str> = task.name().into();
        let watched = Watched {
            limits,
            ..Watched::default()
        };
        self.tasks.insert(name, watched);
        self.begin_failing(task, moment);
        self.expect(task, moment);
        self.begin_no_success(task, moment);
        for run in task.under_way() {
            self.begin_run(&run, moment);
        }
    }

    /// The run whose task's past must be known before an event can be processed.
    pub(crate) fn lacks_past(&self, event: &Event) -> Option<(Arc<str>, RunId)> {
        let (Event::Started(record) | Event::Ended(record)) = event else {
            return None;
        };
        let watched = self.tasks.get(&record.task)?;
        let lacks = watched.past.is_none() && watched.limits.need_past();
        lacks.then(|| (record.task.clone(), record.run_id.clone()))
    }

    /// Stores the past of a task.
    pub(crate) fn give_past(&mut self, task: &Arc<str>, past: PastRuns) {
        if let Some(watched) = self.tasks.get_mut(task) {
            watched.past = Some(past);
        }
    }

    /// Processes an event.
    pub(crate) fn observe(&mut self, event: &Event, moment: Moment) {
        match event {
            Event::Started(record) => self.started(record, moment),
            Event::Ended(record) => self.ended(record, moment),
            Event::Skipped { task, reason, .. } => self.skipped(task, *reason, moment),
            Event::Held { task, .. } => self.held(task, moment),
            Event::TaskAdded { task } => self.added(task, moment),
            Event::TaskDeleted { task } => self.deleted(task, moment),
            Event::TaskEnabled { task } => self.let_go_on(task, moment),
            Event::TaskChanged { task } | Event::TaskDisabled { task } | Event::SkipsNext { task } => {
                self.changed(task, moment);
            }
            Event::Paused(_) => self.for_all(moment, Watch::changed),
            Event::Resumed(_) => self.for_all(moment, Watch::let_go_on),
            Event::LogPaused { since, reason } if watch_log(&self.rules) => {
                self.log_paused(*since, reason, moment);
            }
            Event::LogResumed => {
                let key = Key::of_app(Trouble::LogPaused);
                self.incidents.close(&key, moment.now, |paused| {
                    let since = length(moment.now.since(paused.since));
                    format!("the run log can be written again, after {since}")
                });
            }
            Event::Lagged { .. } => self.look(moment),
            _ => {}
        }
        self.set_reminders(moment);
    }

    /// Handles the timers that have fired.
    pub(crate) fn pass(&mut self, moment: Moment) {
        while let Some(alarm) = self.timers.fired(moment.elapsed) {
            match alarm {
                Alarm::Late(task) => self.check_late(&task, moment),
                Alarm::Overrun(task, run) => self.check_overrun(&task, &run, moment),
                Alarm::NoSuccess(task) => self.check_no_success(&task, moment),
                Alarm::Remind(key) => self.remind(&key, moment),
            }
        }
        self.set_reminders(moment);
    }

    /// When `pass` has something to do next, in elapsed time.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.timers.next()
    }

    /// Takes the pending notifications.
    pub(crate) fn take_untold(&mut self) -> Vec<Notification> {
        self.incidents.take_untold()
    }

    /// Takes the incidents that have changed.
    pub(crate) fn take_changed(&mut self) -> Vec<(Key, Option<Incident>)> {
        self.incidents.take_changed()
    }

    fn started(&mut self, record: &Record, moment: Moment) {
        self.close_late(record);
        self.begin_run(record, moment);
        self.changed(&record.task, moment);
    }

    fn ended(&mut self, record: &Record, moment: Moment) {
        let name = &record.task;
        self.timers
            .remove(&Alarm::Overrun(name.clone(), record.run_id.clone()));
        self.close_overrun(record);
        if let Some(past) = self.tasks.get_mut(name).and_then(|watched| watched.past.as_mut()) {
            past.note(record);
        }
        self.end_failing(record);
        self.end_no_success(record, moment);
        self.changed(name, moment);
    }

    fn added(&mut self, task: &Arc<str>, moment: Moment) {
        if let Ok(task) = self.session.task(&**task) {
            self.begin(&task, moment);
        }
    }

    fn deleted(&mut self, task: &Arc<str>, moment: Moment) {
        self.tasks.remove(task);
        self.timers.remove(&Alarm::Late(task.clone()));
        self.timers.remove(&Alarm::NoSuccess(task.clone()));
        self.session.remove_note(&self.seen_note(task));
        let open = self.incidents.iter().map(|open| open.key.clone());
        let keys: Vec<Key> = open.filter(|key| key.task.as_ref() == Some(task)).collect();
        for key in keys {
            self.incidents
                .close(&key, moment.now, |_| format!("`{task}` was deleted"));
        }
    }

    /// Expects a changed task at another time.
    fn changed(&mut self, task: &Arc<str>, moment: Moment) {
        if self.limits(task).late.is_some()
            && let Ok(task) = self.session.task(&**task)
        {
            self.expect(&task, moment);
        }
    }

    /// Restarts the limits of a task that an operator has resumed.
    fn let_go_on(&mut self, name: &Arc<str>, moment: Moment) {
        self.changed(name, moment);
        self.resume_no_success(name, moment);
    }

    fn for_all(&mut self, moment: Moment, act: impl Fn(&mut Watch, &Arc<str>, Moment)) {
        let names: Vec<Arc<str>> = self.tasks.keys().cloned().collect();
        for name in names {
            act(self, &name, moment);
        }
    }

    fn limits(&self, task: &Arc<str>) -> Limits {
        self.tasks
            .get(task)
            .map_or_else(Limits::default, |watched| watched.limits)
    }

    fn log_paused(&mut self, since: Timestamp, reason: &str, moment: Moment) {
        let news = News {
            message: "the run log can't be written, so no run starts".to_owned(),
            detail: Some(reason.to_owned()),
            times: 1,
            since: Some(since.min(moment.now)),
            ..News::default()
        };
        let key = Key::of_app(Trouble::LogPaused);
        self.incidents.open(key, moment.now, news);
    }

    fn remind(&mut self, key: &Key, moment: Moment) {
        let zone = self.session.settings().zone;
        self.incidents.remind(key, moment.now, |open| {
            let since = instant(open.since, zone);
            let task = key.task.as_deref().unwrap_or_default();
            match key.trouble {
                Trouble::Failing => {
                    let failures = count(open.times, "failure");
                    format!("`{task}` still fails: {failures} in a row since {since}")
                }
                Trouble::Late => format!("`{task}` still has not started, due since {since}"),
                Trouble::Overrun => format!("`{task}` still runs longer than usual, since {since}"),
                Trouble::NoSuccess => format!("`{task}` still has not succeeded"),
                Trouble::LogPaused => format!("the run log still can't be written, since {since}"),
            }
        });
    }

    /// Sets the reminders of new incidents, and removes those of incidents that are over.
    fn set_reminders(&mut self, moment: Moment) {
        if self.remind_every.is_none() {
            return;
        }
        for key in self.incidents.changed().to_vec() {
            let alarm = Alarm::Remind(key.clone());
            if self.incidents.get(&key).is_none() {
                self.timers.remove(&alarm);
            } else if !self.timers.has(&alarm) {
                self.set_reminder(&key, moment);
            }
        }
    }

    fn set_reminder(&mut self, key: &Key, moment: Moment) {
        if let Some(every) = self.remind_every {
            self.timers
                .set(Alarm::Remind(key.clone()), moment.elapsed + every);
        }
    }
}

/// The settings of a watch.
pub(crate) struct Settings {
    pub(crate) app: String,
    pub(crate) rules: Vec<Rule>,
    pub(crate) remind_every: Option<Duration>,
    /// The prefix of the notes that the watch stores.
    pub(crate) notes: String,
}
