//! Runs on threads of their own: those that do not end hold up no others, and none begins without a thread.

#[path = "support/serving.rs"]
mod serving;

use std::sync::{Arc, Condvar, Mutex};

use rocketry_core::{Action, Config, Query, Rocketry, Session, Task, TaskBuilder};
use serving::serve;

/// What runs wait for, and how many of them do.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<(usize, bool)>, Condvar)>);

impl Gate {
    fn pass(&self) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap();
        state.0 += 1;
        changed.notify_all();
        drop(changed.wait_while(state, |(_, open)| !*open));
    }

    fn open(&self) {
        self.0.0.lock().unwrap().1 = true;
        self.0.1.notify_all();
    }

    fn wait_for(&self, count: usize) {
        let state = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(state, |(waiting, _)| *waiting < count));
    }
}

/// A task that goes on until the gate is open, in as many runs as there are.
fn stuck(gate: &Gate) -> TaskBuilder {
    let gate = gate.clone();
    Task::func("stuck", move || gate.pass()).max_running(10_000)
}

fn begun(session: &Session, task: &str) -> u64 {
    session
        .log_count(Query::new().task(task).action(Action::Run))
        .unwrap()
}

#[test]
fn a_run_waits_for_a_thread_and_has_not_begun() {
    let gate = Gate::default();
    let config = Config {
        max_thread_count: Some(2),
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(config)
        .task(stuck(&gate))
        .task(Task::func("plain", || {}))
        .task(Task::func("other", || async {}));
    serve(app, async |session| {
        let [stuck, plain, other] = ["stuck", "plain", "other"].map(|name| session.task(name).unwrap());
        let runs = [stuck.force_run(), stuck.force_run()];
        tokio::task::block_in_place(|| gate.wait_for(2));
        let waiting = plain.force_run();
        // Whatever is asked for before is decided on by then.
        assert_eq!(other.force_run().await.unwrap().action, Action::Success);
        let room = "room in the pool `threads of their own`, where 2 of 2 are in use";
        assert_eq!(plain.waits_for().as_deref(), Some(room));
        assert_eq!((plain.is_running(), begun(session, "plain")), (false, 0));
        gate.open();
        assert_eq!(waiting.await.unwrap().action, Action::Success);
        for run in runs {
            assert_eq!(run.await.unwrap().action, Action::Success);
        }
    });
}

#[test]
fn those_that_do_not_end_hold_up_neither_commands_nor_the_runtime() {
    const MOST: usize = 512;
    let gate = Gate::default();
    let app = Rocketry::builder().task(stuck(&gate));
    #[cfg(unix)]
    let app = app.task(Task::command("command", ["true"]));
    serve(app, async |session| {
        let stuck = session.task("stuck").unwrap();
        let runs: Vec<_> = (0..MOST + 8).map(|_| stuck.force_run()).collect();
        tokio::task::block_in_place(|| gate.wait_for(MOST));
        #[cfg(unix)]
        {
            let command = session.task("command").unwrap();
            assert_eq!(command.force_run().await.unwrap().action, Action::Success);
        }
        // The threads of the runtime are the user's.
        assert_eq!(tokio::task::spawn_blocking(|| 5).await.unwrap(), 5);
        assert_eq!(begun(session, "stuck"), MOST as u64);
        let room = "room in the pool `threads of their own`, where 512 of 512 are in use";
        assert_eq!(stuck.waits_for().as_deref(), Some(room));
        gate.open();
        for run in runs {
            assert_eq!(run.await.unwrap().action, Action::Success);
        }
    });
}
