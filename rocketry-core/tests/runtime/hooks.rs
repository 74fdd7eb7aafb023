//! Functions that are called at turns in the life of an app. Only annotated ones exist, so these belong to every
//! app of this binary that is made by `Rocketry::new()`; they do nothing where there is no diary.

use std::sync::{Arc, Mutex};

use rocketry_core::__private::{HookKind, Registration, hook_fn, hook_result, inventory, location, param};
use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Config, Now, Rocketry, Session, Task, Zone};

use crate::support::{START, ends, start};

macro_rules! hook {
    ($kind:ident, $name:literal, [$($param:ident: $type:ty),*], $body:expr) => {
        inventory::submit! {
            Registration::hook(HookKind::$kind, $name, location!(), || {
                hook_fn(($(param!($param: $type),)*), |($($param,)*)| hook_result!($body))
            })
        }
    };
}

/// What has happened, in order.
type Diary = Mutex<Vec<String>>;

hook!(Setup, "prepare", [session: Session], {
    note(&session, "set-up");
    Guard(diary(&session))
});
hook!(Setup, "check", [session: Session], match session.param("unfit") {
    Ok(_) => Err("the machine is unfit"),
    Err(_) => Ok(()),
});
hook!(Startup, "open", [session: Session, now: Now], note(&session, &format!("open at {}", now.format("%H:%M"))));
hook!(Shutdown, "close", [session: Session], note(&session, "close"));
hook!(Cycle, "round", [session: Session], {
    if session.param("count rounds").is_ok() {
        note(&session, "round");
    }
});
hook!(TaskExecute, "before", [session: Session, this: Task], {
    note(&session, &format!("before {}", this.name()));
    assert!(session.param("break hooks").is_err(), "the hook broke");
});
hook!(Startup, "broken", [session: Session], {
    assert!(session.param("break hooks").is_err(), "the hook broke");
});

struct Guard(Option<Arc<Diary>>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(diary) = &self.0 {
            diary.lock().unwrap().push("guard dropped".to_owned());
        }
    }
}

fn diary(session: &Session) -> Option<Arc<Diary>> {
    session.param("diary").ok()?.get()
}

fn note(session: &Session, what: &str) {
    if let Some(diary) = diary(session) {
        diary.lock().unwrap().push(what.to_owned());
    }
}

/// An app with hooks, and its diary. Its tasks are only those that are added.
fn app() -> (Rocketry, Arc<Diary>) {
    let diary = Arc::new(Diary::default());
    let app = Rocketry::new().param("diary", diary.clone()).config(Config {
        zone: Zone::UTC,
        ..Config::default()
    });
    (app, diary)
}

fn work(session: Session) {
    note(&session, "work");
}

#[test]
fn each_is_called_in_its_turn() {
    let (app, diary) = app();
    let app = start(
        app.func("usual", "hourly", work)
            .task(Task::func("early", work).on_startup(true))
            .task(Task::func("late", work).on_shutdown(true)),
    );
    app.shut_down();
    let expected = [
        "set-up",
        "open at 00:00",
        "before early",
        "work",
        "before usual",
        "work",
        "close",
        "before late",
        "work",
        "guard dropped",
    ];
    assert_eq!(*diary.lock().unwrap(), expected);
}

#[test]
fn one_before_each_cycle_is_called_as_often_as_there_are_cycles() {
    let (app, diary) = app();
    let mut app = start(
        app.param("count rounds", true)
            .func("usual", "every 10 seconds", || {}),
    );
    app.run_for(std::time::Duration::from_secs(30));
    let rounds = diary
        .lock()
        .unwrap()
        .iter()
        .filter(|what| *what == "round")
        .count();
    assert_eq!(rounds as u64, app.session().cycles());
    assert!(rounds >= 4, "{rounds}");
}

#[test]
fn a_set_up_that_fails_keeps_the_app_from_starting() {
    let (app, diary) = app();
    let app = app.param("unfit", true).func("usual", "hourly", work);
    let error = TestApp::start(app, START).err().expect("the set-up fails");
    assert!(error.is_state());
    assert!(
        error
            .to_string()
            .starts_with("hook `check`: the machine is unfit\n  --> "),
        "{error}"
    );
    assert_eq!(*diary.lock().unwrap(), ["set-up", "guard dropped"]);
}

#[test]
fn a_hook_that_panics_changes_nothing() {
    let (app, diary) = app();
    let app = start(app.param("break hooks", true).func("usual", "hourly", work));
    assert_eq!(ends(&app, "usual"), [Action::Success]);
    assert_eq!(
        *diary.lock().unwrap(),
        ["set-up", "open at 00:00", "before usual", "work"]
    );
}
