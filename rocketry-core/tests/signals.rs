//! Ctrl-C and SIGTERM end an app gracefully, a second one at once. A test of its own process.
#![cfg(unix)]

use rocketry_core::{Action, Query, Rocketry, Session, Status, Task};
use rustix::process::{Signal, getpid, kill_process};

/// Runs an app on one thread, where it listens before its first task runs.
fn serve(app: Rocketry) -> Session {
    let app = app.build().unwrap();
    let session = app.session();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(app.serve()).unwrap();
    session
}

fn raise(signal: Signal) {
    kill_process(getpid(), signal).unwrap();
}

async fn for_ever() {
    std::future::pending::<()>().await;
}

/// Raises a signal, and another one when the app is known to have heard the first.
async fn impatient(session: Session) -> rocketry_core::Result<()> {
    raise(Signal::INT);
    let server = session.task("server")?;
    server
        .wait_until(|status| status == Status::Ended(Action::Terminate))
        .await
        .unwrap();
    raise(Signal::TERM);
    std::future::pending().await
}

#[test]
fn a_signal_ends_an_app_gracefully_and_a_second_one_at_once() {
    let tidy = || Task::func("tidy", || async {}).on_shutdown(true);
    let polite = serve(
        Rocketry::builder()
            .func("polite", "every 1 hour", || async { raise(Signal::TERM) })
            .task(tidy()),
    );
    let ended = |session: &Session, task| {
        let log = session.log(&Query::new().task(task)).unwrap();
        log.last().map(|record| record.action)
    };
    assert_eq!(ended(&polite, "polite"), Some(Action::Success));
    assert_eq!(ended(&polite, "tidy"), Some(Action::Success));

    let hurried = serve(
        Rocketry::builder()
            .task(
                Task::func("server", for_ever)
                    .start("every 1 hour")
                    .permanent(true),
            )
            .func("impatient", "every 1 hour", impatient)
            .task(tidy()),
    );
    assert_eq!(ended(&hurried, "impatient"), Some(Action::Terminate));
    assert_eq!(ended(&hurried, "tidy"), None);
}
