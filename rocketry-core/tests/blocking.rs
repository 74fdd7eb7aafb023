//! A run on the runtime that blocks its thread is found and named, and holds up no other as long as a thread is free.
//! This is on the clock of the machine, since it is the machine's threads that are blocked.

use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex};
use std::task::Poll;
use std::time::Duration;

use rocketry_core::{Action, Condition, Config, Params, Part, Rocketry, Session, Status, Task};
use tokio::runtime::Builder;
use tokio::task::block_in_place;

#[test]
fn a_run_that_blocks_its_thread_is_reported() {
    tells_of_it(Config::default(), "over 1 second without");
}

#[test]
fn how_soon_is_a_setting() {
    let config = Config {
        blocking_after: Some(Duration::from_millis(20)),
        ..Config::default()
    };
    tells_of_it(config, "over 20 ms without");
}

fn tells_of_it(config: Config, how_long: &str) {
    let block = |session: Session| async move {
        // No `await`: it ends as soon as it has been found.
        while session.failures().is_empty() {
            std::thread::yield_now();
        }
        session.shut_down();
    };
    let app = Rocketry::builder()
        .handle_signals(false)
        .config(config)
        .task(Task::func("crunch", block).on_startup(true))
        .build()
        .unwrap();
    let session = app.session();
    app.run().unwrap();
    let failures = session.failures();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].part, Part::Blocking);
    assert_eq!(failures[0].task.as_deref(), Some("crunch"));
    let said = &*failures[0].message;
    assert!(
        said.contains(how_long) && said.contains("`execution = \"thread\"`"),
        "{said}"
    );
}

/// Where runs wait, on their threads, until all others have been made.
struct Barrier {
    /// How many are still to be made.
    left: Mutex<usize>,
    made: Condvar,
}

impl Barrier {
    fn pass(&self) {
        let mut left = self.left.lock().unwrap();
        *left = left.saturating_sub(1);
        drop(left);
        self.made.notify_all();
    }

    /// Blocks the thread. A wait in vain fails, so that the test does not hang.
    fn wait(&self) {
        let left = self.left.lock().unwrap();
        let long = Duration::from_secs(60);
        let left = self.made.wait_timeout_while(left, long, |left| *left > 0);
        assert_eq!(*left.unwrap().0, 0, "runs were held up");
    }
}

/// Returns once without being at its end. (`yield_now` is bound to its thread until that has nothing else to do.)
async fn come_back() {
    let mut came = false;
    poll_fn(|waking| {
        if std::mem::replace(&mut came, true) {
            return Poll::Ready(());
        }
        waking.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

const TASKS: usize = 60;

/// Has tasks run that are all due at once, on so many threads. Those that block do so until all others have run.
fn run_beside(blocking: &[usize], threads: usize, block: fn(&Barrier)) {
    let barrier = Arc::new(Barrier {
        left: Mutex::new(TASKS - blocking.len()),
        made: Condvar::new(),
    });
    let task = |number: usize| {
        let (barrier, blocks) = (barrier.clone(), blocking.contains(&number));
        let task = Task::func(format!("task {number}"), move || {
            let barrier = barrier.clone();
            async move {
                if blocks {
                    return block(&barrier);
                }
                if number.is_multiple_of(3) {
                    come_back().await;
                }
                barrier.pass();
            }
        });
        task.start("~has started")
    };
    let app = Rocketry::builder().handle_signals(false);
    let app = (0..TASKS).map(task).fold(app, Rocketry::task).build().unwrap();
    let session = app.session();
    let runtime = Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .unwrap();
    let served = runtime.spawn(app.serve());
    for task in session.tasks() {
        let status = runtime.block_on(task.wait_until(|status| matches!(status, Status::Ended(_))));
        assert_eq!(status.unwrap(), Status::Ended(Action::Success), "{}", task.name());
    }
    session.shut_down();
    runtime.block_on(served).unwrap().unwrap();
}

#[test]
fn one_thread_that_is_free_makes_all_others() {
    for first in 0..TASKS {
        // They begin together, or one after the other.
        for apart in [1, 7] {
            let blocking = [0, 1, 2].map(|place| (first + place * apart) % TASKS);
            run_beside(&blocking, 4, Barrier::wait);
        }
    }
}

#[test]
fn code_that_calls_block_in_place_blocks_no_other_run() {
    for first in 0..TASKS {
        let blocking = [0, 1, 2, 3, 4].map(|place| (first + place * 3) % TASKS);
        run_beside(&blocking, 2, |barrier| block_in_place(|| barrier.wait()));
    }
}

/// A condition on the scheduler waits, with its thread, for a run that the scheduler has begun just before.
#[test]
fn a_run_begins_while_the_scheduler_is_blocked() {
    let barrier = Arc::new(Barrier {
        left: Mutex::new(1),
        made: Condvar::new(),
    });
    let (passes, waits) = (barrier.clone(), barrier);
    let is_over = Condition::from_fn(move || {
        waits.wait();
        true
    });
    let then = Task::func("then", move || {
        let passes = passes.clone();
        async move { passes.pass() }
    });
    let app = Rocketry::builder()
        .handle_signals(false)
        .func("first", "never", || async {})
        .task(then.start("after task 'first'").priority(1))
        .task(
            Task::func("last", || async {}).start(Condition::parse("after task 'first'").unwrap() & is_over),
        )
        .build()
        .unwrap();
    let session = app.session();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let served = runtime.spawn(app.serve());
    for _ in 0..20 {
        runtime
            .block_on(session.task("first").unwrap().run(Params::new()))
            .unwrap();
    }
    let last = session.task("last").unwrap();
    let status = runtime.block_on(last.wait_until(|status| matches!(status, Status::Ended(_))));
    assert_eq!(status.unwrap(), Status::Ended(Action::Success));
    session.shut_down();
    runtime.block_on(served).unwrap().unwrap();
}
