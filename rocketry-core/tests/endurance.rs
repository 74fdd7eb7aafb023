//! Long repetitions: nothing is lost, and memory does not grow with past tasks and runs.
//!
//! `ENDURANCE_ADDS=300000` and `ENDURANCE_RUNS=10000000` set how many tasks are added and deleted and how many runs are made. All is
//! one test, since what is measured is the memory of the process.

#[path = "support/serving.rs"]
mod serving;

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, MemoryLog, Query, Rocketry, Session, Task, Zone};
use serving::serve;

/// The bytes that each deleted task may leave behind.
const OF_TASK: u64 = 50;

/// The bytes that each run may leave behind.
const OF_RUN: u64 = 30;

/// The allowed additional growth of memory.
const SLACK: u64 = 1 << 20;

#[test]
fn memory_is_flat_and_nothing_is_lost() {
    adds_and_deletes(number("ENDURANCE_ADDS", 10_000));
    runs(number("ENDURANCE_RUNS", 30_000));
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |number| number.parse().expect("a number"))
}

fn app() -> Rocketry {
    let config = Config {
        zone: Zone::UTC,
        console: false,
        ..Config::default()
    };
    let app = Rocketry::builder().config(config).log(MemoryLog::new(1_000));
    let tasks = (0..10).map(|number| Task::func(format!("task {number}"), || async { Ok::<_, String>(1) }));
    tasks.fold(app, |app, task| app.task(task.start("every 1 second")))
}

/// Tasks that come and go while others run and wait for one another.
fn adds_and_deletes(count: u64) {
    serve(app().func("x", "never", || async {}), async |session| {
        let mut memory = Memory::start("adds", count, OF_TASK);
        for number in 0..count {
            add_and_delete(session, number);
            if number % 50 == 0 {
                session.task("x").unwrap().force_run().await.unwrap();
            }
            memory.after(number);
        }
        assert_eq!(session.tasks().len(), 11);
        let runs = session.task("x").unwrap().total(Action::Success);
        assert_eq!(runs, count.div_ceil(50));
        memory.check();
    });
}

fn add_and_delete(session: &Session, number: u64) {
    let held = [number; 20];
    let task = Task::func(format!("new {number}"), move || async move { held[3] });
    let task = session.add(task.start("after task 'x' & daily")).unwrap();
    task.set_param("size", number);
    task.set_start(&*format!("every {} seconds | after task 'x'", number + 1))
        .unwrap();
    session.set_param("last", number);
    session.set_param(&format!("of {number}"), ());
    session.remove_param(&format!("of {number}"));
    task.delete();
}

/// Runs of ten tasks at each second.
fn runs(count: u64) {
    let mut app = TestApp::start(app(), "2026-01-01T00:00:00Z").unwrap();
    let mut memory = Memory::start("runs", count, OF_RUN);
    let rounds = count / 10;
    for round in 0..rounds {
        app.run_for(Duration::from_secs(1));
        memory.after(round * 10);
    }
    let total = |action| -> u64 {
        let tasks = app.session().tasks();
        tasks.iter().map(|task| task.total(action)).sum()
    };
    assert_eq!([Action::Run, Action::Success].map(total), [(rounds + 1) * 10; 2]);
    assert_eq!(app.records(&Query::new()).len(), 1_000);
    assert!(app.session().failures().is_empty());
    memory.check();
}

/// The memory of the process after the first third, by when everything has found its size, and at the end.
struct Memory {
    what: &'static str,
    count: u64,
    /// The bytes that each may leave behind.
    left: u64,
    early: Option<u64>,
}

impl Memory {
    fn start(what: &'static str, count: u64, left: u64) -> Self {
        Memory {
            what,
            count,
            left,
            early: None,
        }
    }

    fn after(&mut self, number: u64) {
        if self.early.is_none() && number >= self.count / 3 {
            self.early = resident();
        }
    }

    fn check(&self) {
        let (Some(early), Some(late)) = (self.early, resident()) else {
            return;
        };
        let grown = late.saturating_sub(early);
        println!(
            "{} {}: {early} bytes after a third, {late} at the end",
            self.count, self.what
        );
        let may = SLACK + self.left * self.count * 2 / 3;
        assert!(grown <= may, "{grown} bytes more, of which {may} may be");
    }
}

/// Returns the memory of the process, where the system reports it.
fn resident() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = told.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * 4096)
}
