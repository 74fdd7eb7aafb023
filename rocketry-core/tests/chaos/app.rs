//! The app that is killed: 200 tasks, and a separate witness that records what has really happened.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rocketry_core::{App, Config, Execution, Params, Rocketry, RunId, Session, Task, TaskBuilder};

const TASKS: usize = 200;

/// Writes down what happens, apart from the log; each line is one write, which outlives the process.
#[derive(Clone)]
pub(crate) struct Witness(Arc<File>);

impl Witness {
    pub(crate) fn new(path: &Path) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Witness(Arc::new(file.unwrap()))
    }

    pub(crate) fn tell(&self, what: &str, of: impl std::fmt::Display) {
        let line = format!("{what} {of}\n");
        let mut file = &*self.0;
        file.write_all(line.as_bytes()).unwrap();
    }
}

/// Puts the app together.
pub(crate) fn build(address: &str, witness: &Witness) -> App {
    let config = Config {
        poll_interval: Duration::from_millis(20),
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .handle_signals(false)
        .version("chaos")
        .log(address)
        .task(asker(witness.clone()));
    let tasks = (0..TASKS).map(|number| task(number, witness.clone()));
    tasks.fold(app, Rocketry::task).build().unwrap()
}

fn task(number: usize, witness: Witness) -> TaskBuilder {
    let name = format!("task {number}");
    let before = number.saturating_sub(1);
    match number % 8 {
        0 => sleeping(&name, 3, witness).start("every 40 ms"),
        1 => blocking(&name, witness).start("every 100 ms"),
        2 => sleeping(&name, 1, witness).start(format!("after task 'task {before}'").as_str()),
        3 => sleeping(&name, 40, witness).start(format!("~task '{name}' has started").as_str()),
        4 => failing(&name, witness).start("every 60 ms | retry 2 times"),
        5 => sleeping(&name, 150, witness)
            .start("every 300 ms")
            .timeout("100 ms"),
        6 => sleeping(&name, 150, witness),
        _ => sleeping(&name, 2, witness).start("daily"),
    }
}

fn sleeping(name: &str, millis: u64, witness: Witness) -> TaskBuilder {
    Task::func(name.to_owned(), move |run: RunId| {
        let witness = witness.clone();
        async move {
            witness.tell("began", &run);
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    })
}

fn blocking(name: &str, witness: Witness) -> TaskBuilder {
    let work = move |run: RunId| {
        witness.tell("began", &run);
        thread::sleep(Duration::from_millis(5));
    };
    Task::func(name.to_owned(), work).execution(Execution::Thread)
}

fn failing(name: &str, witness: Witness) -> TaskBuilder {
    Task::func(name.to_owned(), move |run: RunId| {
        witness.tell("began", &run);
        async { Err::<(), _>("as always") }
    })
}

/// Asks for runs, and counts them in a parameter of the session.
fn asker(witness: Witness) -> TaskBuilder {
    let ask = move |session: Session, run: RunId| {
        witness.tell("began", &run);
        let turn: u64 = session.param("turn").map_or(0, |turn| turn.read().unwrap()) + 1;
        let asked = 6 + 8 * (usize::try_from(turn).unwrap() % 3);
        session.set_param("turn", turn);
        let params = Params::new().with("token", format!("token {turn}"));
        drop(session.task(&*format!("task {asked}")).unwrap().run(params));
        async {}
    };
    Task::func("asker", ask).start("every 30 ms")
}
