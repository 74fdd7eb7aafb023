//! Follows an app through its events and the elapsed time.

use std::sync::Arc;
use std::time::Duration;

use rocketry_core::{Event, Events, Phase, Query, Session};

use crate::check_in::CheckIns;
use crate::deliver::Outbox;
use crate::watch::{Incident, Moment, PastRuns, Settings, Watch};

/// The minimum difference between wall-clock time and elapsed time that counts as a change of the clock.
const STEP: Duration = Duration::from_secs(1);

/// Follows an app until it ends.
pub(crate) struct Watcher {
    session: Session,
    events: Events,
    watch: Watch,
    outbox: Arc<Outbox>,
    check_ins: Arc<CheckIns>,
    /// The prefix of the notes that store open incidents.
    notes: String,
    last: Moment,
}

impl Watcher {
    pub(crate) fn new(
        session: Session,
        settings: Settings,
        outbox: Arc<Outbox>,
        check_ins: Arc<CheckIns>,
    ) -> Self {
        let notes = format!("{}/open", settings.notes);
        let kept = kept_incidents(&session, &notes);
        // From now on, no event is missed.
        let events = session.subscribe();
        let last = Moment::of(&session);
        Watcher {
            events,
            watch: Watch::new(session.clone(), settings, kept),
            session,
            outbox,
            check_ins,
            notes,
            last,
        }
    }

    pub(crate) async fn follow(mut self) {
        self.watch.look(Moment::of(&self.session));
        self.hand_over();
        while let Some(news) = self.news().await {
            let moment = Moment::of(&self.session);
            if self.was_clock_set(moment) {
                self.watch.look(moment);
            }
            if let Some(event) = news {
                self.take_in(&event).await;
            }
            let moment = Moment::of(&self.session);
            self.watch.pass(moment);
            self.check_ins.pass(&self.session, moment.elapsed);
            self.hand_over();
        }
        self.outbox.begin_to_close();
    }

    /// The next event, or nothing when a timer has fired; `None` when the app has ended.
    async fn news(&mut self) -> Option<Option<Event>> {
        let next = [self.watch.next(), self.check_ins.next()];
        let Some(next) = next.into_iter().flatten().min() else {
            return self.events.next().await.map(Some);
        };
        let clock = self.session.clock().clone();
        let wait = next.saturating_sub(clock.elapsed());
        let mut sleep = std::pin::pin!(clock.sleep_beside(wait));
        let mut event = std::pin::pin!(self.events.next());
        std::future::poll_fn(|context| {
            use std::future::Future;
            use std::task::Poll;
            if let Poll::Ready(event) = event.as_mut().poll(context) {
                return Poll::Ready(event.map(Some));
            }
            sleep.as_mut().poll(context).map(|()| Some(None))
        })
        .await
    }

    async fn take_in(&mut self, event: &Event) {
        if let Some((task, run)) = self.watch.lacks_past(event) {
            let past = past_of(&self.session, &task).await;
            self.watch.give_past(&task, PastRuns::new(past, &run));
        }
        self.check_ins.observe(event);
        if matches!(event, Event::PhaseChanged { phase } if *phase >= Phase::Closing) {
            self.check_ins.stop();
        }
        self.watch.observe(event, Moment::of(&self.session));
    }

    /// Stores the changes, and hands over pending notifications.
    fn hand_over(&mut self) {
        for (key, stands) in self.watch.take_changed() {
            let task = key.task.as_deref().unwrap_or_default();
            let note = crate::note_name(&format!("{}/{}", self.notes, key.trouble.name()), task);
            let Some(incident) = stands else {
                self.session.remove_note(&note);
                continue;
            };
            if let Err(mistake) = self.session.set_note(&note, &incident) {
                self.session.report(format!("notifications: {mistake}"));
            }
        }
        for notification in self.watch.take_untold() {
            self.outbox.put(&notification);
        }
    }

    fn was_clock_set(&mut self, moment: Moment) -> bool {
        let passed = moment.elapsed.saturating_sub(self.last.elapsed);
        let shown = moment.now.since(self.last.now);
        self.last = moment;
        passed.abs_diff(shown) > STEP
    }
}

fn kept_incidents(session: &Session, notes: &str) -> Vec<Incident> {
    let names = session.note_names(&format!("{notes}/"));
    let kept = names.into_iter().filter_map(|name| {
        session.note(&name).unwrap_or_else(|mistake| {
            session.report(format!("notifications: {mistake}; the incident is forgotten"));
            session.remove_note(&name);
            None
        })
    });
    kept.collect()
}

/// The last ends of a task's runs.
async fn past_of(session: &Session, task: &str) -> Vec<rocketry_core::Record> {
    let query: Query = PastRuns::query(task);
    let found = if session.has_log_in_memory() {
        session.log(&query)
    } else {
        let reader = session.clone();
        let reading = tokio::task::spawn_blocking(move || reader.log(&query));
        reading.await.unwrap_or_else(|_| Ok(Vec::new()))
    };
    found.unwrap_or_else(|mistake| {
        session.report(format!(
            "notifications: the past of `{task}` can't be read: {mistake}"
        ));
        Vec::new()
    })
}
