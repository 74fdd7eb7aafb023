//! Histograms of lateness and duration, from the events between two scrapes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use rocketry_core::{Event, Events, Record, Session};

use super::labels::{Labels, TaskLabels};

/// The upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 12] = [
    0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0, 3600.0, 21600.0,
];

/// Histograms that grow from scrape to scrape, beginning with the first. Without scrapes, there is no
/// subscription.
#[derive(Debug, Default)]
pub(super) struct EndedRuns {
    events: Mutex<Option<Events>>,
    lateness: Histograms,
    duration: Histograms,
    missed: Counter,
}

/// One histogram for each task.
#[derive(Clone, Debug)]
struct Histograms(Family<Labels, Histogram, fn() -> Histogram>);

impl Default for Histograms {
    fn default() -> Self {
        Histograms(Family::new_with_constructor(|| Histogram::new(BUCKETS)))
    }
}

impl EndedRuns {
    /// Processes the events since the last scrape, and adds the metrics.
    pub(super) fn register(&self, session: &Session, labels: TaskLabels, registry: &mut Registry) {
        self.take_in(session, labels);
        let Histograms(lateness) = self.lateness.clone();
        let Histograms(duration) = self.duration.clone();
        registry.register(
            "run_lateness_seconds",
            "How long after its due time a run started, since the first scrape",
            lateness,
        );
        registry.register(
            "run_duration_seconds",
            "How long a run took, since the first scrape",
            duration,
        );
        registry.register(
            "events_missed",
            "Events that came too fast between two scrapes for the histograms",
            self.missed.clone(),
        );
    }

    fn take_in(&self, session: &Session, labels: TaskLabels) {
        let mut events = self.events();
        let events = events.get_or_insert_with(|| session.subscribe());
        let tasks = session.tasks();
        let names = tasks.iter().enumerate();
        let positions: HashMap<&str, usize> = names.map(|(position, task)| (task.name(), position)).collect();
        while let Some(event) = events.try_next() {
            match event {
                Event::Ended(end) => {
                    let position = positions.get(&*end.task).copied().unwrap_or(usize::MAX);
                    self.add(&end, labels.of(position, &end.task));
                }
                // A task of this name that is added later starts again from zero.
                Event::TaskDeleted { task } => self.forget(&task),
                Event::Lagged { missed } => {
                    self.missed.inc_by(missed);
                }
                _ => {}
            }
        }
    }

    fn add(&self, end: &Record, task: String) {
        let labels = vec![("task", task)];
        let Histograms(lateness) = &self.lateness;
        let Histograms(duration) = &self.duration;
        lateness
            .get_or_create(&labels)
            .observe(end.lateness().as_secs_f64());
        if let Some(took) = end.runtime() {
            duration.get_or_create(&labels).observe(took.as_secs_f64());
        }
    }

    fn forget(&self, task: &str) {
        let labels = vec![("task", task.to_owned())];
        let Histograms(lateness) = &self.lateness;
        let Histograms(duration) = &self.duration;
        lateness.remove(&labels);
        duration.remove(&labels);
    }

    fn events(&self) -> MutexGuard<'_, Option<Events>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
