//! Values whose `Drop` panics, blocks or calls the app: the app continues in every case.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::serving::serve;
use rocketry_core::{Action, Execution, OnExists, Params, Returned, Rocketry, Session, Task};

/// A hundred times what a `Drop` takes to be called.
const LIMIT: Duration = Duration::from_secs(5);

/// The behavior of a value's `Drop`, after it has reported the call.
enum Fault {
    Panics,
    /// Until somebody says so.
    Blocks(Mutex<Receiver<()>>),
    Calls(Session),
}

/// A value with a fault.
struct Faulty {
    fault: Fault,
    dropped: Sender<()>,
}

impl Drop for Faulty {
    fn drop(&mut self) {
        match &self.fault {
            Fault::Panics => {
                let _ = self.dropped.send(());
                panic!("a value that can't be dropped");
            }
            Fault::Blocks(free) => {
                let _ = self.dropped.send(());
                let _ = free.lock().unwrap().recv();
            }
            Fault::Calls(session) => {
                session.set_param("seen", true);
                session.task("well").expect("a task").set_param("seen", true);
                let _ = self.dropped.send(());
            }
        }
    }
}

/// Something that the next run takes.
#[derive(Clone, Default)]
struct Slot(Arc<Mutex<Option<Faulty>>>);

impl Slot {
    fn put(&self, value: Faulty) {
        *self.0.lock().unwrap() = Some(value);
    }

    fn take(&self) -> Option<Faulty> {
        self.0.lock().unwrap().take()
    }
}

/// Lets an app have a value and lose it again.
type Place = fn(&Session, &Slot, Faulty) -> Vec<&'static str>;

/// The places; each gives the tasks that are to run for it.
const PLACES: &[(&str, Place)] = &[
    ("a result that another takes the place of", |_, slot, value| {
        slot.put(value);
        vec!["give", "give"]
    }),
    ("a parameter of a run", |session, _, value| {
        session.task("well").unwrap().run(Params::new().with("x", value));
        vec!["well"]
    }),
    ("a session parameter that is set anew", |session, _, value| {
        session.set_param("x", value);
        session.set_param("x", 1);
        vec![]
    }),
    ("a session parameter that is removed", |session, _, value| {
        session.set_param("x", value);
        assert!(session.remove_param("x"));
        vec![]
    }),
    (
        "a session parameter that a preview still has",
        |session, _, value| {
            session.set_param("x", value);
            let preview = session.task("well").unwrap().preview().unwrap();
            assert!(session.remove_param("x"));
            drop(preview);
            vec![]
        },
    ),
    ("a task parameter that is set anew", |session, _, value| {
        let task = session.task("well").unwrap();
        task.set_param("x", value);
        task.set_param("x", 1);
        drop(task);
        vec!["well"]
    }),
    ("a task parameter that is removed", |session, _, value| {
        session.task("well").unwrap().set_param("x", value);
        assert!(session.task("well").unwrap().remove_param("x"));
        vec![]
    }),
    ("a parameter of a task that is replaced", |session, _, value| {
        let task = |name| Task::func(name, || async {});
        drop(session.add(task("other").parameter("x", value)).unwrap());
        session.add_as(task("other"), OnExists::Replace).unwrap();
        vec!["other"]
    }),
    (
        "what the function of a task that is replaced has",
        |session, _, value| {
            let value = Mutex::new(value);
            let with = move || drop(value.lock());
            drop(session.add(Task::func("other", with)).unwrap());
            session
                .add_as(Task::func("other", || async {}), OnExists::Replace)
                .unwrap();
            vec!["other"]
        },
    ),
    ("what a run panics with", |_, slot, value| {
        slot.put(value);
        vec!["panic"]
    }),
    ("what a run on a thread panics with", |_, slot, value| {
        slot.put(value);
        vec!["panic on a thread"]
    }),
    ("what a parameter panics with", |_, slot, value| {
        slot.put(value);
        vec!["take"]
    }),
];

fn app(slot: &Slot) -> Rocketry {
    let (give, panics, on_thread, made) = (slot.clone(), slot.clone(), slot.clone(), slot.clone());
    let throw = |slot: &Slot| match slot.take() {
        Some(value) => std::panic::panic_any(value),
        None => Ok::<(), &str>(()),
    };
    let taken = rocketry_core::param::FuncArg(move || {
        let _nothing = throw(&made);
        1
    });
    let take = rocketry_core::TaskBuilder::new("take", rocketry_core::__private::location!()).handler(
        rocketry_core::__private::blocking((rocketry_core::__private::param!(x: i32 = taken),), |(x,)| {
            rocketry_core::__private::outcome!(x)
        }),
    );
    Rocketry::builder()
        .task(Task::func("give", move || {
            let value = give.take();
            async move { Returned(value.map(Arc::new)) }
        }))
        .task(Task::func("panic", move || {
            let panics = panics.clone();
            async move { throw(&panics) }
        }))
        .task(Task::func("panic on a thread", move || throw(&on_thread)))
        .task(take)
        .task(Task::func("well", || async {}))
}

/// Drops a value at each place, and checks that the app continues.
fn goes_on(fault: impl Fn(&Session) -> (Fault, Option<Sender<()>>)) {
    for (name, place) in PLACES {
        println!("{name}");
        let slot = Slot::default();
        let told = serve(app(&slot), async |session| {
            let (fault, free) = fault(session);
            let (dropped, told) = channel();
            let tasks = place(session, &slot, Faulty { fault, dropped });
            for task in tasks {
                session.task(task).unwrap().force_run().await.unwrap();
            }
            let called = tokio::task::block_in_place(|| told.recv_timeout(LIMIT));
            assert_eq!(called, Ok(()), "{name}: it is dropped");
            let record = session.task("well").unwrap().force_run().await.unwrap();
            assert_eq!(record.action, Action::Success, "{name}");
            drop(free);
            told
        });
        assert!(told.try_recv().is_err(), "{name}: it is dropped once");
    }
}

#[test]
fn a_drop_that_panics_ends_nothing() {
    goes_on(|_| (Fault::Panics, None));
}

#[test]
fn a_drop_that_blocks_stops_nothing() {
    goes_on(|_| {
        let (free, blocked) = channel();
        (Fault::Blocks(Mutex::new(blocked)), Some(free))
    });
}

#[test]
fn a_drop_may_call_the_app() {
    goes_on(|session| (Fault::Calls(session.clone()), None));
}

/// Reports the thread on which it is dropped.
struct Located(Sender<Option<String>>);

impl Drop for Located {
    fn drop(&mut self) {
        let thread = std::thread::current();
        let _ = self.0.send(thread.name().map(str::to_owned));
    }
}

/// Another thread looks at the function all the time, and often has it last.
#[test]
fn a_function_that_is_replaced_while_an_option_is_checked_is_dropped_elsewhere() {
    const ROUNDS: usize = 500;
    let (sender, dropped) = channel();
    let task = || {
        let located = Mutex::new(Located(sender.clone()));
        Task::func("other", move |_: Session| drop(located.lock()))
    };
    let done = AtomicBool::new(false);
    serve(Rocketry::builder().task(task()), async |session| {
        let other = session.task("other").unwrap();
        std::thread::scope(|threads| {
            threads.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    other.set_execution(Execution::Process).unwrap_err();
                }
            });
            for _ in 0..ROUNDS {
                session.add_as(task(), OnExists::Replace).unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        for _ in 0..ROUNDS {
            let thread = dropped.recv_timeout(LIMIT).expect("it is dropped");
            assert_eq!(thread.as_deref(), Some("rocketry-drop"));
        }
    });
}

/// An app with a run that is cut off while it has a value.
fn cut_off(task: fn(Slot) -> rocketry_core::TaskBuilder) {
    let slot = Slot::default();
    let app = app(&slot).task(task(slot.clone()));
    serve(app, async |session| {
        for fault in [Fault::Panics, Fault::Calls(session.clone())] {
            let (dropped, told) = channel();
            slot.put(Faulty { fault, dropped });
            let ended = session.task("wait").unwrap().force_run().await.unwrap();
            assert_eq!(ended.action, Action::Terminate);
            let called = tokio::task::block_in_place(|| told.recv_timeout(LIMIT));
            assert_eq!(called, Ok(()));
            let record = session.task("well").unwrap().force_run().await.unwrap();
            assert_eq!(record.action, Action::Success);
        }
    });
}

#[test]
fn what_a_run_has_that_is_cut_off_ends_nothing() {
    cut_off(|slot| {
        let wait = move |this: Task| {
            let value = slot.take();
            async move {
                this.terminate();
                std::future::pending::<()>().await;
                drop(value);
            }
        };
        Task::func("wait", wait)
    });
}

/// An app that ends by itself once it has two results whose `Drop` panics.
fn with_two_results() -> rocketry_core::App {
    let give = || {
        let (dropped, _) = channel();
        Returned(Arc::new(Faulty {
            fault: Fault::Panics,
            dropped,
        }))
    };
    Rocketry::builder()
        .task(Task::func("one", give).start("~has started"))
        .task(Task::func("other", give).start("~has started"))
        .shut_down_when("task 'one' has succeeded & task 'other' has succeeded")
        .build()
        .unwrap()
}

#[test]
fn an_app_ends_well_though_what_it_had_can_not_be_dropped() {
    with_two_results().run().unwrap();
}

#[test]
fn of_several_values_that_panic_one_is_heard_where_a_handle_is_dropped() {
    let app = with_two_results();
    let session = app.session();
    app.run().unwrap();
    let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(session)));
    assert!(dropped.is_err(), "as with any value that is dropped here");
}

#[test]
fn what_is_dropped_after_the_end_of_the_app_is_dropped_where_it_is() {
    let held = Arc::new(());
    let kept = held.clone();
    let task = Task::func("work", move || drop(kept.clone()));
    serve(Rocketry::builder().task(task), async |session| {
        session.set_param("also", held.clone());
        session.task("work").unwrap().force_run().await.unwrap();
    });
    assert!(Arc::into_inner(held).is_some(), "nobody else has it any more");
}
