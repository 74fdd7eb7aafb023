//! Restarting an app in its process, with everything as it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::{Action, Error, Moment, Params, Rocketry, Session, Status, Task};

use crate::support::{app, ends, ready, start, times};

async fn ten_seconds(session: Session) {
    session.clock().sleep(Duration::from_secs(10)).await;
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Adds a word to a session parameter.
fn note(word: &'static str) -> impl Fn(Session) + Send + Sync + 'static {
    move |session| {
        let said = session.param("said").unwrap().get::<String>().unwrap();
        session.set_param("said", format!("{said}{word} "));
    }
}

fn said(session: &Session) -> String {
    session.param("said").unwrap().get::<String>().unwrap()
}

/// An app that notes where it is in its life.
fn noting() -> Rocketry {
    app()
        .param("said", String::new())
        .setup(note("setup"))
        .before(Moment::Startup, note("up"))
        .after(Moment::Shutdown, note("down"))
        .task(Task::func("first", note("first")).on_startup(true))
        .task(Task::func("last", note("last")).on_shutdown(true))
}

#[test]
fn an_app_shuts_down_and_starts_up_again() {
    let mut app = start(noting().func("beat", "every 30 seconds", || async {}));
    let session = app.session().clone();
    app.run_for(seconds(40));
    session.restart().unwrap();
    app.settle();
    assert_eq!(said(&session), "setup up first last down setup up first ");
    app.run_for(seconds(60));
    assert_eq!(
        times(&app, "beat"),
        ["00:00:00", "00:00:30", "00:01:00", "00:01:30"],
        "as if nothing had been"
    );
    app.shut_down();
    assert!(said(&session).ends_with("first last down "));
    assert!(session.restart().unwrap_err().is_state());
}

#[test]
fn runs_under_way_end_first() {
    let mut app = start(app().func("work", "~has started", ten_seconds));
    app.run_for(seconds(4));
    app.session().restart().unwrap();
    app.run_for(seconds(5));
    let work = app.session().task("work").unwrap();
    assert!(work.is_running());
    app.run_for(seconds(1));
    assert_eq!(ends(&app, "work"), [Action::Success]);
    app.run_for(seconds(60));
    assert_eq!(times(&app, "work"), ["00:00:00"], "it knows that it has started");
}

#[test]
fn runs_under_way_are_terminated_if_it_has_to_be_at_once() {
    let mut app = start(noting().func("work", "every 1 minute", ten_seconds));
    app.run_for(seconds(2));
    app.session().restart().unwrap();
    app.run_for(seconds(2));
    app.session().restart_now().unwrap();
    app.settle();
    assert_eq!(ends(&app, "work"), [Action::Terminate]);
    assert_eq!(said(app.session()), "setup up first down setup up first ");
    app.run_for(seconds(60));
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:00"]);
}

#[test]
fn everything_stays_as_it_was() {
    /// A value that has no words.
    struct Own(u32);

    let count = |params: Params, session: Session| async move {
        let entry = params.get("own").unwrap().plain().unwrap().clone();
        session.set_param("seen", entry.share::<Own>().unwrap().0);
        session.task("count")?.total(Action::Run);
        Ok::<_, Error>(Arc::new(Own(8)))
    };
    let built = app()
        .task(Task::func("count", count))
        .func("quiet", "every 10 seconds", || async {})
        .func("changed", "never", || async {})
        .pool("narrow", 1)
        .task(Task::func("a", ten_seconds).start("~has started").pool("narrow"))
        .task(
            Task::func("b", ten_seconds)
                .start("~has started & scheduler has run over 3 seconds")
                .pool("narrow"),
        );
    let mut app = start(built);
    let session = app.session().clone();
    let task = |name| session.task(name).unwrap();
    let own = |number| Params::new().with("own", Own(number));
    task("count").run(own(1));
    app.run_for(seconds(5));
    task("quiet").disable();
    task("changed").set_start("every 1 minute").unwrap();
    task("changed").set_priority(7);
    session.set_param("mode", Own(3));
    let added = Task::func("added", || async {}).start("every 20 seconds");
    session.add(added).unwrap();
    app.run_for(seconds(1));
    session.restart().unwrap();
    let mut waits = task("count").run(own(2));
    let error = ready(&mut waits).unwrap().unwrap_err();
    assert!(error.is_put_off() && error.is_state(), "{error}");
    assert_eq!(
        error.to_string(),
        "the run of task `count` was put off: the app restarts first"
    );
    app.run_for(seconds(60));
    assert_eq!(session.param("seen").unwrap().get::<u32>(), Some(2));
    assert_eq!(task("count").total(Action::Success), 2);
    let result = task("count").result().unwrap();
    assert_eq!(result.get::<Arc<Own>>().unwrap().0, 8);
    assert!(task("quiet").is_disabled());
    assert_eq!(times(&app, "quiet"), ["00:00:00"]);
    assert_eq!(times(&app, "changed"), ["00:00:05", "00:01:05"]);
    assert_eq!(task("changed").priority(), 7);
    assert_eq!(session.param("mode").unwrap().share::<Own>().unwrap().0, 3);
    assert_eq!(
        times(&app, "added"),
        ["00:00:05", "00:00:25", "00:00:45", "00:01:05"]
    );
    assert_eq!(
        times(&app, "b"),
        ["00:00:13"],
        "the scheduler has run over 3 seconds anew"
    );
}

#[test]
fn no_wait_outlives_a_restart() {
    let asks = |session: Session| async move {
        let other = session.task("other")?;
        session.restart()?;
        // A run that waited for what comes after the restart would hold it up.
        let put_off = other.force_run().await.unwrap_err();
        assert!(put_off.is_put_off(), "{put_off}");
        let none = other.wait_for(Status::Running).await.unwrap_err();
        assert!(none.is_state(), "{none}");
        assert!(session.run_due(["other"])?.await.unwrap_err().is_state());
        let several = session.run(["other", "other"])?.await.unwrap_err();
        assert!(several.is_put_off(), "{several}");
        Ok::<_, Error>(())
    };
    let mut app = start(
        app()
            .func("asks", "~has started", asks)
            .task(Task::func("other", || async {})),
    );
    app.settle();
    assert_eq!(ends(&app, "asks"), [Action::Success]);
    assert_eq!(ends(&app, "other"), [Action::Success, Action::Success]);
}

#[test]
fn an_end_is_stronger_than_a_restart() {
    let mut app = start(noting().func("work", "every 1 minute", ten_seconds));
    let session = app.session().clone();
    app.run_for(seconds(5));
    session.restart().unwrap();
    let mut put_off = session.task("work").unwrap().force_run();
    assert!(ready(&mut put_off).unwrap().unwrap_err().is_put_off());
    session.shut_down();
    assert!(session.restart().unwrap_err().is_state());
    app.run_for(seconds(60));
    assert_eq!(ends(&app, "work"), [Action::Success], "its run is let to its end");
    app.shut_down();
    assert_eq!(said(&session), "setup up first last down ");
}

#[test]
fn a_set_up_that_fails_ends_a_restarting_app() {
    let count = Arc::new(AtomicUsize::new(0));
    let once = move || match count.fetch_add(1, Ordering::Relaxed) {
        0 => Ok(()),
        _ => Err("not twice"),
    };
    let mut app = start(app().setup(once).func("work", "every 10 seconds", || async {}));
    app.session().restart().unwrap();
    app.run_for(seconds(60));
    assert_eq!(app.starts("work").len(), 1);
    assert!(app.close().unwrap_err().to_string().contains("not twice"));
}

#[test]
fn an_app_may_restart_again_and_again() {
    let built = app().func("work", "every 10 seconds", ten_seconds).func(
        "restart",
        "every 25 seconds",
        |session: Session| session.restart(),
    );
    let mut app = start(built);
    app.run_for(seconds(100));
    assert_eq!(ends(&app, "restart").len(), 5);
    let records = app.session().task("work").unwrap().total(Action::Run);
    assert_eq!(records, app.starts("work").len() as u64);
    assert!(ends(&app, "work").iter().all(|end| *end == Action::Success));
}
