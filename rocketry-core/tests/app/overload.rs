//! More is due than can be run: priorities hold, no task starves, nothing piles up, lateness is told, and the app can
//! still be steered. What is held against is counts and instants of a manual clock, never how long something takes.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, App, Config, Due, MemoryLog, Params, Query, Record, Rocketry, Session, Status, Task, TaskBuilder,
    Zone,
};
use tokio::runtime::Runtime;

const START: &str = "2026-01-01T00:00:00Z";

fn app() -> Rocketry {
    Rocketry::builder().handle_signals(false).config(Config {
        zone: Zone::UTC,
        ..Config::default()
    })
}

async fn ten_seconds(session: Session) {
    session.clock().sleep(Duration::from_secs(10)).await;
}

fn name(number: usize) -> String {
    format!("task {number}")
}

fn run_for(app: Rocketry, seconds: u64) -> TestApp {
    let mut app = TestApp::start(app, START).unwrap();
    app.run_for(Duration::from_secs(seconds));
    app
}

/// The names of the tasks that have started, in their order.
fn order(app: &TestApp) -> Vec<String> {
    let starts = app.records(&Query::new().action(Action::Run));
    starts.iter().map(|record| record.task.to_string()).collect()
}

#[test]
fn the_more_important_go_first_then_those_that_wait_longest() {
    let queued = |number: usize| {
        let priority = i32::try_from(number % 3).unwrap();
        let task = Task::func(name(number), ten_seconds).start("~has started");
        task.priority(priority).pool("few")
    };
    let built = (0..30).map(queued).fold(app().pool("few", 2), Rocketry::task);
    let app = run_for(built, 200);

    let mut left: Vec<usize> = (0..30).collect();
    left.sort_by_key(|number| (2 - number % 3, *number));
    let mut expected = Vec::new();
    for turn in 1..=30 {
        // Each tenth turn is that of the longest wait; all have waited equally long, so it is the first one's.
        let next = match turn % 10 {
            0 => left.iter().min().unwrap(),
            _ => &left[0],
        };
        let next = *next;
        left.retain(|number| *number != next);
        expected.push(name(next));
    }
    assert_eq!(order(&app), expected);
}

/// Two tasks of a greater priority want to run all the time: one turn in ten is left for the others.
#[test]
fn a_low_priority_is_not_kept_out_for_ever() {
    let queued = |number: usize| {
        let task = Task::func(name(number), ten_seconds).start("true").pool("one");
        task.priority(i32::try_from(number % 2).unwrap())
    };
    let built = (0..4).map(queued).fold(app().pool("one", 1), Rocketry::task);
    let app = run_for(built, 1_995);
    let runs = |number| app.session().task(name(number)).unwrap().total(Action::Run);
    assert_eq!([0, 1, 2, 3].map(runs), [10, 90, 10, 90]);
}

/// A task that yields to another does not leave a slot empty.
#[test]
fn no_room_is_left_unused() {
    for size in 1..5 {
        let queued = |number: usize| {
            let task = Task::func(name(number), ten_seconds).start("true").pool("few");
            task.priority(i32::try_from(number % 3).unwrap())
        };
        let built = (0..12).map(queued).fold(app().pool("few", size), Rocketry::task);
        let app = run_for(built, 1_995);
        let runs = |number| app.session().task(name(number)).unwrap().total(Action::Run);
        let runs: Vec<u64> = (0..12).map(runs).collect();
        assert_eq!(runs.iter().sum::<u64>(), 200 * size as u64, "{runs:?}");
        assert!(runs.iter().all(|runs| *runs > 0), "{runs:?}");
    }
}

/// Tasks that want to run all the time, of which a pool lets one in: a fair share is one in five.
#[test]
fn equals_take_turns() {
    let greedy = |number| Task::func(name(number), ten_seconds).start("true").pool("one");
    let built = (0..5).map(greedy).fold(app().pool("one", 1), Rocketry::task);
    let app = run_for(built, 995);

    let rounds = order(&app);
    assert_eq!(rounds.len(), 100);
    let expected: Vec<String> = (0..5).map(name).collect();
    for round in rounds.chunks(5) {
        assert_eq!(round, expected);
    }
}

/// Frequent tasks do not push a rare one aside: it waits for no longer than for one run of each of them.
#[test]
fn a_rare_task_has_its_turn_among_frequent_ones() {
    let greedy = |number| Task::func(name(number), ten_seconds).start("true").pool("one");
    let rare = Task::func("rare", ten_seconds)
        .start("every 10 minutes")
        .pool("one");
    let built = (0..5).map(greedy).fold(app().pool("one", 1), Rocketry::task);
    let app = run_for(built.task(rare), 3_600);

    let runs = app.records(&Query::new().task("rare").action(Action::Run));
    assert!(runs.len() >= 6, "{} runs", runs.len());
    for run in runs {
        assert!(run.lateness() <= Duration::from_secs(60), "{:?}", run.lateness());
    }
}

/// Thousands of runs of one task are requested at once, and it is the more important one: each cycle begins one of them, so
/// whatever else is due has its turns in between.
#[test]
fn a_burst_of_one_task_leaves_the_others_their_turns() {
    const BURST: u64 = 8_000;
    const CHAIN: usize = 10;
    let link = |number: usize| {
        let link = Task::func(name(number), || async {});
        match number {
            0 => link,
            _ => link.start(&*format!("after task '{}'", name(number - 1))),
        }
    };
    let burst = Task::func("burst", || async {}).multilaunch(true).priority(1);
    let built = (0..CHAIN).map(link).fold(app().task(burst), Rocketry::task);
    let mut app = run_for(built, 1);
    let task = |name: &str| app.session().task(name).unwrap();
    let burst = task("burst");
    for _ in 0..BURST {
        drop(burst.run(Params::new()));
    }
    drop(task(&name(0)).run(Params::new()));
    app.settle();
    assert_eq!(burst.total(Action::Success), BURST);
    let order = order(&app);
    let last = order.iter().position(|task| *task == name(CHAIN - 1)).unwrap();
    assert!(
        last < order.len() / 2,
        "the chain was over after {last} of {} starts",
        order.len()
    );
}

/// Over an hour, ten times as many runs are due as one task can make.
#[test]
fn missed_intervals_do_not_pile_up() {
    let built = app().func("slow", "every 1 second", ten_seconds);
    let mut app = run_for(built, 3_600);
    let slow = app.session().task("slow").unwrap();
    assert!(slow.is_running());
    assert_eq!(slow.queued(), 0);
    let runs = slow.total(Action::Run);
    assert!(
        (359..=361).contains(&runs),
        "one run every ten seconds, not {runs}"
    );

    // One run makes up for the missed ones, not thousands.
    slow.set_start("every 1 hour").unwrap();
    app.run_for(Duration::from_secs(1_800));
    assert!(slow.total(Action::Run) <= runs + 1);
}

#[test]
fn the_log_keeps_the_newest_records_only() {
    let greedy = |number| Task::func(name(number), || async {}).start("every 1 second");
    let built = (0..50)
        .map(greedy)
        .fold(app().log(MemoryLog::new(100)), Rocketry::task);
    let app = run_for(built, 1_000);
    assert_eq!(app.records(&Query::new()).len(), 100);
    let total: u64 = app
        .session()
        .tasks()
        .iter()
        .map(|task| task.total(Action::Success))
        .sum();
    assert_eq!(total, 50 * 1_001, "what has left the log has been counted");
}

/// A run learns how late it is, and the log says the same.
#[test]
fn lateness_is_told_to_the_run_and_to_the_log() {
    let told: Arc<Mutex<Vec<Due>>> = Arc::default();
    let queued = |number| {
        let told = told.clone();
        let work = move |due: Due, session: Session| {
            told.lock().unwrap().push(due);
            async move { ten_seconds(session).await }
        };
        Task::func(name(number), work)
            .start("daily after 00:01")
            .pool("one")
    };
    let built = (0..6).map(queued).fold(app().pool("one", 1), Rocketry::task);
    let app = run_for(built, 600);

    let runs = app.records(&Query::new().action(Action::Run));
    let lateness: Vec<u64> = runs.iter().map(|run| run.lateness().as_secs()).collect();
    assert_eq!(lateness, [0, 10, 20, 30, 40, 50]);
    let due: Vec<Due> = runs.iter().map(|run| Due(run.due)).collect();
    assert_eq!(*told.lock().unwrap(), due);
}

/// An app on the system clock whose tasks keep both workers of its runtime busy all the time.
struct Busy {
    runtime: Runtime,
    session: Session,
    app: tokio::task::JoinHandle<rocketry_core::Result<()>>,
}

impl Busy {
    fn start(app: App) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let session = app.session();
        let app = runtime.spawn(app.serve());
        Busy {
            runtime,
            session,
            app,
        }
    }

    fn task(&self, number: usize) -> Task {
        self.session.task(name(number)).unwrap()
    }

    /// Waits until a task has run `times` more times.
    fn more(&self, number: usize, times: u64) {
        let task = self.task(number);
        let wanted = task.total(Action::Success) + times;
        let enough = task.wait_until(|_| task.total(Action::Success) >= wanted);
        self.runtime.block_on(enough).unwrap();
    }

    fn stop(self) {
        self.session.shut_down();
        self.runtime.block_on(self.app).unwrap().unwrap();
    }
}

/// Works for a while without an `await`.
fn work(work: &AtomicU64) {
    for _ in 0..2_000 {
        work.fetch_add(1, Ordering::Relaxed);
        spin_loop();
    }
}

fn always(number: usize) -> TaskBuilder {
    let done = AtomicU64::new(0);
    let done = Arc::new(done);
    Task::func(name(number), move || {
        let done = done.clone();
        async move { work(&done) }
    })
    .start("true")
}

/// Tasks of four priorities.
fn forty() -> Rocketry {
    let ranked = |number: usize| always(number).priority(i32::try_from(number % 4).unwrap());
    (0..40).map(ranked).fold(app(), Rocketry::task)
}

#[test]
fn every_task_goes_on_when_all_are_always_due() {
    let busy = Busy::start(forty().build().unwrap());
    // A task that starved, because of its priority or its position, would block this loop.
    for number in 0..40 {
        busy.more(number, 20);
    }
    busy.stop();
}

#[test]
fn control_calls_take_effect_while_all_is_busy() {
    let busy = Busy::start(forty().param("mode", 0_u64).build().unwrap());
    busy.more(1, 10);

    let first = busy.task(0);
    first.disable();
    // A run in progress ends; none starts after that.
    let idle = first.wait_until(|status| status != Status::Running);
    busy.runtime.block_on(idle).unwrap();
    let runs = first.total(Action::Run);
    busy.more(1, 50);
    assert_eq!(first.total(Action::Run), runs);

    let asked = busy.runtime.block_on(first.run(Params::new())).unwrap();
    assert_eq!(asked.action, Action::Success);
    assert_eq!(first.total(Action::Run), runs + 1);

    first.enable();
    busy.more(0, 10);

    busy.session.set_param("mode", 1_u64);
    assert_eq!(busy.session.param("mode").unwrap().get::<u64>(), Some(1));
    let added = busy.session.add(always(40)).unwrap();
    busy.more(40, 10);
    added.delete();
    assert!(busy.session.task(name(40)).is_err());
    let last: Vec<Record> = busy.session.log(&Query::new().task(name(1)).last(1)).unwrap();
    assert_eq!(last.len(), 1);
    busy.stop();
}
