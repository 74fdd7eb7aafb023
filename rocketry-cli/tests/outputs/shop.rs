//! A small shop on manual time.

use std::time::Duration;

use rocketry_api::client::Client;
use rocketry_api::{Api, router};
use rocketry_cli::test_support::execute;
use rocketry_core::testing::TestApp;
use rocketry_core::{Config, Inaction, NewRun, Rocketry, Session, Task};

/// Names a run by its task and when it was due, so that the output is the same each time.
fn run_id(run: &NewRun<'_>) -> String {
    format!("{}-{}", run.task, &run.due.to_string()[5..16])
}

/// Sleeps by the clock of the app.
async fn work_for_hours(session: Session) {
    session.clock().sleep(Duration::from_secs(36_000)).await;
}

fn app() -> Rocketry {
    let fetch = Task::func("fetch", || async {})
        .start("hourly")
        .description("Fetches new orders.");
    let import = Task::func("import", || async {}).start("after task 'fetch'");
    let report =
        Task::func("report", || async {}).start("daily between 07:00 and 19:00 & after task 'import'");
    let rates = Task::func("rates", || async {
        Err::<(), _>("the service for exchange rates does not answer")
    });
    let mail = Task::func("mail", || async {
        Err::<(), _>(Inaction::because("no one has subscribed"))
    });
    let archive = Task::func("archive", work_for_hours)
        .start("daily after 05:00")
        .timeout("6 hours");
    let clean = Task::func("clean up", || async {})
        .start("weekly on Sunday 03:30")
        .timezone("America/New_York");
    let tasks = [
        fetch,
        import,
        report,
        rates.start("every 2 hours"),
        mail.start("after task 'report'"),
        archive,
        clean,
    ];
    let quiet = Config {
        console: false,
        ..Config::default()
    };
    let app = Rocketry::builder()
        .config(Config {
            zone: rocketry_core::Zone::UTC,
            ..quiet
        })
        .version("1.2.0")
        .pool("database", 4)
        .param("day", "today".to_owned());
    tasks
        .into_iter()
        .fold(app, |app, task| app.task(task.run_id(run_id)))
}

/// The shop at work, in the morning of a Thursday.
pub(crate) fn shop() -> TestApp {
    let mut app = TestApp::start(app(), "2026-01-01T03:00:00Z").unwrap();
    app.run_until("2026-01-01T08:30:00Z");
    app.session().task("clean up").unwrap().disable();
    app
}

/// What a command prints; at the end, how it fails.
pub(crate) fn printed(app: &TestApp, words: &[&str], width: usize) -> String {
    let client = Client::in_process(router(Api::of_running("shop", app.session().clone())));
    let (text, failure) = execute(&client, words, width);
    match failure {
        Some((code, message)) => format!("{text}error: {message}\nexit code {code}\n"),
        None => text,
    }
}
