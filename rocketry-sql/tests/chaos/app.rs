//! The app under test: 200 tasks with various statements and durations, and a separate journal.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rocketry_core::{Action, Overlap, Params, Part, Returned, Rocketry, RunId, Session, Task, TaskBuilder};
// Links the crate, whose logs are selected by their addresses.
use rocketry_sql as _;

/// The journal that the functions write: each line survives when the process is killed.
#[derive(Clone)]
struct Journal(Arc<File>);

impl Journal {
    fn open(path: &str) -> Self {
        let file = OpenOptions::new().append(true).create(true).open(path);
        Journal(Arc::new(file.unwrap()))
    }

    fn note(&self, what: &str, task: &str, run: &RunId) {
        // A single system call: a line is written entirely or not at all.
        (&*self.0)
            .write_all(format!("{what} {task} {run}\n").as_bytes())
            .unwrap();
    }
}

pub(crate) fn be_the_app(words: &[String]) {
    let [address, journal, life] = words else {
        panic!("expected an address, a journal and the number of the life");
    };
    let journal = Journal::open(journal);
    let app = Rocketry::builder()
        .log(&**address)
        .param("life", 0_u64)
        .handle_signals(false);
    let app = (0..200).fold(app, |app, number| app.task(task(number, &journal)));
    let app = app.build().unwrap();
    let session = app.session();
    report(&session);
    steer(&session, life.parse().unwrap());
    watch(&session);
    app.run().unwrap();
}

/// Every tenth task is of one kind.
fn task(number: u32, journal: &Journal) -> TaskBuilder {
    let journal = journal.clone();
    let name = format!("t{number}");
    let length = Duration::from_millis(u64::from(number % 7) * 5);
    let (first, second) = (
        format!("t{}", number / 10 * 10),
        format!("t{}", number / 10 * 10 + 4),
    );
    match number % 10 {
        0 => lasting(name, length, journal).start("every 30 milliseconds"),
        1 => counting(name, journal).start("every 50 milliseconds"),
        2 => blocking(name, length, journal)
            .start("every 100 milliseconds")
            .jitter("50 milliseconds"),
        3 => lasting(name, length, journal).start(&*format!("after task '{first}'")),
        4 => failing(name, journal).start("every 70 milliseconds"),
        5 => lasting(name, length, journal).start("daily"),
        6 => lasting(name, length, journal).start("hourly"),
        7 => lasting(name, length, journal).start(&*format!("after task '{second}' failed")),
        8 => lasting(name, Duration::from_secs(2), journal)
            .start("every 200 milliseconds")
            .overlap(Overlap::Queue),
        // Only on request, one by one.
        _ => lasting(name, Duration::from_millis(20), journal),
    }
}

fn lasting(name: String, length: Duration, journal: Journal) -> TaskBuilder {
    let told = name.clone();
    Task::func(name, move |run: RunId| {
        let (told, journal) = (told.clone(), journal.clone());
        async move {
            journal.note("began", &told, &run);
            tokio::time::sleep(length).await;
            journal.note("ended", &told, &run);
        }
    })
}

fn blocking(name: String, length: Duration, journal: Journal) -> TaskBuilder {
    let told = name.clone();
    Task::func(name, move |run: RunId| {
        journal.note("began", &told, &run);
        std::thread::sleep(length);
        journal.note("ended", &told, &run);
    })
}

fn counting(name: String, journal: Journal) -> TaskBuilder {
    let told = name.clone();
    let count = AtomicU64::new(0);
    Task::func(name, move |run: RunId| {
        journal.note("began", &told, &run);
        journal.note("ended", &told, &run);
        Returned(count.fetch_add(1, Ordering::Relaxed))
    })
}

fn failing(name: String, journal: Journal) -> TaskBuilder {
    let told = name.clone();
    let count = AtomicU64::new(0);
    Task::func(name, move |run: RunId| {
        journal.note("began", &told, &run);
        journal.note("ended", &told, &run);
        match count.fetch_add(1, Ordering::Relaxed) % 3 {
            2 => Err("every third time"),
            _ => Ok(()),
        }
    })
}

/// Reports what the app has restored from its earlier lives, before it does anything.
fn report(session: &Session) {
    for task in session.tasks() {
        let [runs, successes, fails] =
            [Action::Run, Action::Success, Action::Fail].map(|action| task.total(action));
        let result = task.result().and_then(|value| value.to_json());
        let result = result.map_or_else(String::new, |json| json.to_string());
        println!(
            "{} {runs} {successes} {fails} {} {result}",
            task.name(),
            task.is_disabled()
        );
    }
    let life = session.param("life").unwrap().read::<u64>().unwrap();
    println!("life {life}");
    println!("{}", super::life::READY);
}

/// Changes state that has to be restored in the next life.
fn steer(session: &Session, life: u64) {
    session.set_param("life", life);
    let task = |number| session.task(&*format!("t{number}")).unwrap();
    // Toggles these tasks.
    for number in [0, 12, 21] {
        match task(number) {
            task if task.is_disabled() => task.enable(),
            task => task.disable(),
        }
    }
    for number in 0..20 {
        for n in 0..5 {
            task(number * 10 + 9).run(Params::new().with("n", life * 10 + n));
        }
    }
}

/// Ends the app when its standard input is closed, and reports when its log can't be written.
fn watch(session: &Session) {
    let ending = session.clone();
    std::thread::spawn(move || {
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        ending.shut_down();
    });
    let session = session.clone();
    std::thread::spawn(move || {
        while session.failures().iter().all(|failure| failure.part != Part::Log) {
            std::thread::sleep(Duration::from_millis(20));
        }
        println!("{}", super::life::LOG_FAILS);
    });
}
