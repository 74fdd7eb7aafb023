//! Threads that call at random, on a runtime with several threads and on the system's clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rocketry_core::{
    Action, Config, Error, OnExists, Params, Query, Record, Restarting, Rocketry, RunId, Session, Status,
    Task, TaskBuilder,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// How many apps are put under fire: as many as `STEERING_ROUNDS` says.
pub(crate) fn rounds() -> u64 {
    std::env::var("STEERING_ROUNDS").map_or(40, |rounds| rounds.parse().expect("a number"))
}

const THREADS: u64 = 8;
const CALLS: u64 = 60;
const NAMES: [&str; 4] = ["one", "two", "three", "four"];

/// Numbers that look random: a xorshift.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn name(&mut self) -> &'static str {
        NAMES[usize::try_from(self.roll(4)).unwrap()]
    }
}

type Waiting = JoinHandle<Result<Record, Error>>;

/// What became of the runs that were asked for.
#[derive(Default)]
struct Fate {
    asked: AtomicU64,
    /// The number of a run and what its run is called, as the run itself has seen it.
    begun: Mutex<Vec<(u64, RunId)>>,
    /// Who waits for the runs.
    waiting: Mutex<Vec<(u64, Waiting)>>,
}

fn builder(name: &'static str, fate: &Arc<Fate>) -> TaskBuilder {
    let fate = fate.clone();
    let body = move |id: RunId, params: Params| {
        let fate = fate.clone();
        async move {
            if let Some(n) = params.get("n").and_then(|entry| entry.plain()?.get::<u64>()) {
                fate.begun.lock().unwrap().push((n, id));
            }
            tokio::task::yield_now().await;
        }
    };
    let task = Task::func(name, body).max_running(2).pool("narrow");
    if name == "one" {
        task.start("every 1 ms")
    } else {
        task
    }
}

/// One app, under fire from several threads until it is shut down by one of them.
pub(crate) fn round(seed: u64) {
    let fate = Arc::new(Fate::default());
    let config = Config {
        log_capacity: 10_000_000,
        // The process of a test is not to be replaced.
        restarting: Restarting::Recall,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .handle_signals(false)
        .pool("narrow", 3);
    let app = NAMES.iter().fold(app, |app, name| app.task(builder(name, &fate)));
    let app = app.build().unwrap();
    let session = app.session();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let served = runtime.spawn(app.serve());
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (session, fate, runtime) = (&session, &fate, &runtime);
            let dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (seed * THREADS + number + 1));
            scope.spawn(move || fire(dice, session, fate, runtime));
        }
    });
    session.shut_down();
    runtime.block_on(served).unwrap().unwrap();
    let waiting = std::mem::take(&mut *fate.waiting.lock().unwrap());
    let told = waiting.into_iter();
    let told: Vec<_> = told
        .map(|(n, told)| (n, runtime.block_on(told).unwrap()))
        .collect();
    assert_eq!(told.len() as u64, fate.asked.load(Ordering::Relaxed));
    laws_of_the_log(&session.log(&Query::new()).unwrap());
    laws_of_asked_runs(&fate.begun.lock().unwrap(), &told);
}

fn fire(mut dice: Dice, session: &Session, fate: &Arc<Fate>, runtime: &Runtime) {
    for _ in 0..CALLS {
        let Ok(task) = session.task(dice.name()) else {
            let name = dice.name();
            drop(session.add_as(builder(name, fate), OnExists::Ignore));
            continue;
        };
        match dice.roll(24) {
            0..8 => ask(&task, fate, runtime),
            8 => task.disable(),
            9..11 => task.enable(),
            11..13 => task.terminate(),
            13 => drop(task.set_start(if dice.roll(2) == 0 { "never" } else { "every 1 ms" })),
            14 => task.set_priority(i32::try_from(dice.roll(3)).unwrap()),
            15 => task.set_param("value", dice.roll(100)),
            16 => session.set_param("value", dice.roll(100)),
            17 => drop(session.add_as(builder(dice.name(), fate), OnExists::Replace)),
            18 => drop(session.add_as(builder(dice.name(), fate), OnExists::Rename)),
            19 => task.delete(),
            20 => drop(session.run([dice.name(), dice.name()])),
            21 => drop(runtime.block_on(task.force_run())),
            22 => {
                let waiting = task.wait_until(|status| matches!(status, Status::Ended(_)));
                task.force_run();
                drop(runtime.block_on(waiting));
            }
            _ => {
                let next = task.next_end();
                task.force_run();
                drop(runtime.block_on(next));
            }
        }
        match dice.roll(2000) {
            0 => session.shut_down(),
            // It may be ending.
            1..20 => drop(session.restart()),
            20..30 => drop(session.restart_now()),
            _ => {}
        }
    }
}

/// Asks for a run with a number, and lets somebody wait for it.
fn ask(task: &Task, fate: &Arc<Fate>, runtime: &Runtime) {
    let n = fate.asked.fetch_add(1, Ordering::Relaxed);
    let queued = task.run(Params::new().with("n", n));
    let waiting = (n, runtime.spawn(queued));
    fate.waiting.lock().unwrap().push(waiting);
}

fn laws_of_the_log(log: &[Record]) {
    let mut open: Vec<(&str, &RunId)> = Vec::new();
    for record in log {
        let run = (&*record.task, &record.run_id);
        let place = open.iter().position(|known| *known == run);
        match (record.action, place) {
            (Action::Run, None) => open.push(run),
            (Action::Run, Some(_)) => panic!("{record:?} starts twice"),
            (_, Some(place)) => drop(open.remove(place)),
            (_, None) => panic!("{record:?} ends what has not started"),
        }
        assert!(open.len() <= 3, "{record:?} finds no room in the pool");
    }
    assert!(open.is_empty(), "{open:?} never ended");
}

fn laws_of_asked_runs(begun: &[(u64, RunId)], told: &[(u64, Result<Record, Error>)]) {
    for (n, told) in told {
        let ran: Vec<_> = begun.iter().filter(|(number, _)| number == n).collect();
        match (told, &ran[..]) {
            (Ok(record), [(_, id)]) => assert_eq!(*id, record.run_id),
            (Ok(record), []) => assert_eq!(record.action, Action::Terminate, "{record:?}"),
            (Err(error), []) => assert!(error.is_state(), "{error}"),
            (Err(error), [_]) if error.is_put_off() => {}
            (told, ran) => panic!("run {n} was made as {ran:?}, and told as {told:?}"),
        }
    }
}
