//! A task about tasks: it looks at the others, disables and runs them, and ends the app.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rocketry::prelude::*;
use rocketry::testing::TestApp;
use rocketry::{Action, Zone};

type Diary = Arc<Mutex<Vec<String>>>;

fn note(diary: &Diary, what: &str) {
    diary.lock().unwrap().push(what.to_owned());
}

#[setup]
fn prepare(session: Session) {
    session.set_param("prepared", true);
}

#[hook(shutdown)]
fn farewell(diary: Diary) {
    note(&diary, "farewell");
}

#[task("every 10 seconds")]
async fn heartbeat(diary: Diary) {
    note(&diary, "heartbeat");
}

#[task]
fn clean_up(diary: Diary, reason: String) {
    note(&diary, &reason);
}

/// Without a `TerminationFlag` an asynchronous task is ended at its next await.
#[task("every 1 hour", permanent = true)]
async fn serve(session: Session) {
    session.clock().sleep(Duration::from_secs(1_000_000)).await;
}

#[task("scheduler has run over 25 seconds & daily")]
async fn guide(
    session: Session,
    this: Task,
    #[arg("prepared")] prepared: bool,
) -> rocketry::Result<Vec<String>> {
    assert!(prepared);
    session.task("heartbeat")?.disable();
    session
        .task("clean_up")?
        .run(Params::new().with("reason", "the guide says so"));
    this.disable();
    Ok(session
        .tasks()
        .iter()
        .map(|task| task.name().to_owned())
        .collect())
}

#[task(after_success(guide))]
async fn end(session: Session) {
    session.shut_down();
}

#[task(on_startup = true)]
fn first(diary: Diary) {
    note(&diary, "first");
}

#[task(on_shutdown = true)]
fn last(diary: Diary) {
    note(&diary, "last");
}

#[test]
fn an_app_is_steered_by_its_own_task() {
    let diary = Diary::default();
    let app = Rocketry::new()
        .param("diary", diary.clone())
        .param("prepared", false)
        .config(Config {
            zone: Zone::UTC,
            ..Config::default()
        });
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_for(Duration::from_secs(60));
    let session = app.session().clone();
    app.shut_down();

    let said = diary.lock().unwrap().clone();
    assert_eq!(
        said,
        [
            "first",
            "heartbeat",
            "heartbeat",
            "heartbeat",
            "the guide says so",
            "farewell",
            "last",
        ]
    );
    let names: Vec<String> = session.task("guide").unwrap().result().unwrap().get().unwrap();
    assert_eq!(
        names,
        ["heartbeat", "clean_up", "serve", "guide", "end", "first", "last"]
    );
    assert!(session.task("heartbeat").unwrap().is_disabled());
    assert_eq!(
        session.task("serve").unwrap().status(),
        Status::Ended(Action::Terminate)
    );
}
