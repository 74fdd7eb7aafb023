//! Commands: what they are given, what they give back, and that nothing of them is left behind.

#![cfg(unix)]

mod ends;
mod words;

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rocketry_core::{Config, Params, Record, Rocketry, Session, TaskBuilder, Value};

/// Serves an app with the tasks while a test does something with it.
fn with<T>(tasks: impl IntoIterator<Item = TaskBuilder>, act: impl AsyncFnOnce(&Session) -> T) -> T {
    patient(Duration::from_millis(20), tasks, act)
}

/// The same with another grace for what is to end.
fn patient<T>(
    kill_grace: Duration,
    tasks: impl IntoIterator<Item = TaskBuilder>,
    act: impl AsyncFnOnce(&Session) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let config = Config {
        kill_grace,
        ..Config::default()
    };
    let app = Rocketry::builder().config(config).handle_signals(false);
    runtime.block_on(async {
        let app = tasks
            .into_iter()
            .fold(app, Rocketry::task)
            .build()
            .expect("an app without mistakes");
        let session = app.session();
        let served = tokio::spawn(app.serve());
        let done = act(&session).await;
        session.shut_down();
        served
            .await
            .expect("the scheduler goes on")
            .expect("the scheduler ends well");
        done
    })
}

/// Runs a task once; gives back how its run ended, and its result.
fn run_with(task: TaskBuilder, params: Params) -> (Record, Option<Value>) {
    with([task], async |session| {
        let task = session.tasks().remove(0);
        (task.run(params).await.expect("a run that ends"), task.result())
    })
}

fn run(task: TaskBuilder) -> (Record, Option<Value>) {
    run_with(task, Params::new())
}

/// What a command that ends well prints.
fn printed(task: TaskBuilder) -> String {
    let (record, result) = run(task);
    let result = result.unwrap_or_else(|| panic!("a result: {record:?}"));
    result.read().expect("text")
}

/// Why a command fails.
fn reason(task: TaskBuilder) -> String {
    let (record, result) = run(task);
    assert_eq!(record.action, rocketry_core::Action::Fail, "{record:?}");
    assert!(result.is_none());
    record.message.expect("a reason").to_string()
}

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rocketry-commands-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for a test");
        Folder(path.canonicalize().expect("a folder for a test"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A named pipe in the folder.
    fn named_pipe(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        let made = Command::new("mkfifo")
            .arg(&path)
            .status()
            .expect("mkfifo is there");
        assert!(made.success());
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind at worst.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
