//! Metrics of the app's state: counters and gauges.

use std::sync::atomic::AtomicU64;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use rocketry_api::Api;
use rocketry_core::{Action, TaskInfo, Timestamp};

use super::labels::{Labels, TaskLabels};

type Counters = Family<Labels, Counter>;
type Gauges = Family<Labels, Gauge>;
/// Instants, in seconds since 1970.
type Instants = Family<Labels, Gauge<f64, AtomicU64>>;

/// Adds the metrics of the app's current state.
pub(super) fn register(api: &Api, labels: TaskLabels, registry: &mut Registry) {
    let info = api.info();
    let version = info.version.unwrap_or_default();
    registry.register(
        "app",
        "The app and its version",
        Info::new(vec![("name", info.name), ("version", version)]),
    );
    let tasks = Tasks::default();
    for (position, task) in api.session().tasks().iter().enumerate() {
        let task = task.info();
        tasks.add(&labels.of(position, &task.name), &task);
    }
    tasks.register(registry);
    register_pools(api, registry);
    register_log(api, registry);
}

/// The series of the tasks.
#[derive(Default)]
struct Tasks {
    count: Gauge,
    runs: Counters,
    running: Gauges,
    queued: Gauges,
    held: Gauges,
    disabled: Gauge,
    paused: Gauge,
    skipped: Counters,
    next_due: Instants,
    last_success: Instants,
}

impl Tasks {
    fn add(&self, label: &str, task: &TaskInfo) {
        let labels = || vec![("task", label.to_owned())];
        let signed = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.count.inc();
        self.disabled.inc_by(i64::from(task.disabled));
        self.paused.inc_by(i64::from(task.paused));
        self.running
            .get_or_create(&labels())
            .inc_by(signed(task.running.len()));
        self.queued.get_or_create(&labels()).inc_by(signed(task.queued));
        for (action, happened) in &task.actions {
            if action.is_end() {
                let labels = vec![("task", label.to_owned()), ("outcome", action.name().to_owned())];
                self.runs.get_or_create(&labels).inc_by(happened.count);
            }
        }
        for (reason, times) in &task.skipped {
            let labels = vec![("task", label.to_owned()), ("reason", reason.name().to_owned())];
            self.skipped.get_or_create(&labels).inc_by(*times);
        }
        for hold in task.holds.iter().filter(|hold| hold.has_run()) {
            self.held
                .get_or_create(&vec![("reason", hold.kind().to_owned())])
                .inc();
        }
        if let Some(due) = task.next_due {
            set_earliest(&self.next_due, &labels(), due);
        }
        if let Some(last) = task
            .actions
            .get(&Action::Success)
            .and_then(|happened| happened.last)
        {
            set_earliest(&self.last_success, &labels(), last);
        }
    }

    fn register(self, registry: &mut Registry) {
        registry.register("tasks", "Tasks of the app", self.count);
        registry.register("tasks_disabled", "Tasks that are disabled", self.disabled);
        registry.register("tasks_paused", "Tasks that are paused", self.paused);
        registry.register(
            "tasks_held",
            "Tasks that are due and held back, by what holds them",
            self.held,
        );
        registry.register("runs", "Runs that ended, by task and outcome", self.runs);
        registry.register("runs_running", "Runs under way", self.running);
        registry.register("runs_queued", "Requested runs that have not begun", self.queued);
        registry.register(
            "starts_skipped",
            "Starts that were due and not made",
            self.skipped,
        );
        registry.register(
            "next_due_timestamp_seconds",
            "When the task is due next by time alone",
            self.next_due,
        );
        registry.register(
            "last_success_timestamp_seconds",
            "When the task last succeeded",
            self.last_success,
        );
    }
}

/// Sets an instant. If several tasks share a label, the earliest one counts.
fn set_earliest(instants: &Instants, labels: &Labels, at: Timestamp) {
    let gauge = instants.get_or_create(labels);
    let (before, at) = (gauge.get(), seconds(at));
    if before == 0.0 || at < before {
        gauge.set(at);
    }
}

fn register_pools(api: &Api, registry: &mut Registry) {
    let [size, used, waiting] = [Gauges::default(), Gauges::default(), Gauges::default()];
    for pool in api.session().pool_infos() {
        let labels = vec![("pool", pool.name.to_string())];
        for (gauges, number) in [(&size, pool.size), (&used, pool.used), (&waiting, pool.waiting)] {
            gauges
                .get_or_create(&labels)
                .set(i64::try_from(number).unwrap_or(i64::MAX));
        }
    }
    registry.register("pool_size", "Runs that a pool has room for", size);
    registry.register("pool_used", "Runs in a pool", used);
    registry.register("pool_waiting", "Runs that wait for room in a pool", waiting);
}

/// The writes of the run log, and whether it can be written.
fn register_log(api: &Api, registry: &mut Registry) {
    let session = api.session();
    let used = session.log_use();
    let paused = Gauge::<i64>::default();
    paused.set(i64::from(session.log_pause().is_some()));
    registry.register(
        "log_paused",
        "Whether the run log can't be written, so that no run starts",
        paused,
    );
    let waiting = Gauge::<i64>::default();
    waiting.set(i64::try_from(used.waiting).unwrap_or(i64::MAX));
    registry.register(
        "log_waiting",
        "Records that wait to be written to the run log",
        waiting,
    );
    for (name, help, count) in [
        ("log_records", "Records written to the run log", used.records),
        ("log_writes", "Writes of the run log", used.writes),
        (
            "log_writes_failed",
            "Writes of the run log that have failed",
            used.failed,
        ),
    ] {
        let counter = Counter::<u64>::default();
        counter.inc_by(count);
        registry.register(name, help, counter);
    }
    let time = Counter::<f64, AtomicU64>::default();
    time.inc_by(used.time.as_secs_f64());
    registry.register(
        "log_write_seconds",
        "How long writes of the run log took in all",
        time,
    );
}

#[expect(
    clippy::cast_precision_loss,
    reason = "instants of this century lose no microsecond"
)]
fn seconds(at: Timestamp) -> f64 {
    at.as_micros() as f64 / 1e6
}
