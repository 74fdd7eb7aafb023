//! Simulations: what they foresee of a whole app, and that they leave the app alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{
    Action, App, Config, FirstRun, Overlap, Params, Rocketry, Session, SimulatedEnd, SkipReason, Task,
};

const FROM: &str = "2026-01-01T00:00:00Z";
const DAY: &str = "2026-01-02T00:00:00Z";

fn built(app: Rocketry) -> App {
    let config = Config {
        zone: rocketry_core::Zone::UTC,
        ..Config::default()
    };
    app.config(config).build().unwrap()
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

#[test]
fn no_function_is_called() {
    let called = Arc::new(AtomicUsize::new(0));
    let count = |called: &Arc<AtomicUsize>| {
        let called = called.clone();
        move || {
            called.fetch_add(1, Ordering::Relaxed);
            true
        }
    };
    let (task, cond) = (count(&called), count(&called));
    let app = Rocketry::builder().cond("it rains", cond).task(
        Task::func("report", move || {
            task();
        })
        .start("every 1 hour & it rains")
        .run_id(|_| "never".into()),
    );
    let app = built(app);
    let day = app.simulate(FROM, DAY).run().unwrap();
    assert_eq!(day.runs.len(), 24);
    assert_eq!(called.load(Ordering::Relaxed), 0);
    let report = app.session().task("report").unwrap();
    assert_eq!(report.total(Action::Run), 0, "the app is left alone");
}

#[test]
fn a_pipeline_follows_the_lengths_of_runs() {
    let app = Rocketry::builder()
        .func("fetch", "daily at 07:00", || async {})
        .func("report", "after task 'fetch'", || async {})
        .func("mourn", "after task 'fetch' failed", || async {});
    let app = built(app);
    let day = app.simulate(FROM, DAY).takes("fetch", minutes(10)).run().unwrap();
    let seen: Vec<_> = day
        .runs
        .iter()
        .map(|run| (&*run.task, run.start.to_string()))
        .collect();
    assert_eq!(
        seen,
        [
            ("fetch", "2026-01-01T07:00:00.000000Z".to_owned()),
            ("report", "2026-01-01T07:10:00.000000Z".to_owned())
        ]
    );
    let fails = app
        .simulate(FROM, DAY)
        .ends("fetch", SimulatedEnd::fail(minutes(5)))
        .run()
        .unwrap();
    assert_eq!(&*fails.runs[1].task, "mourn");
    assert_eq!(fails.runs[0].action, Action::Fail);
}

#[test]
fn pools_are_measured() {
    let task = |name: &'static str| Task::func(name, || async {}).start("daily at 07:00").pool("db");
    let app = ["a", "b", "c"]
        .map(task)
        .into_iter()
        .fold(Rocketry::builder().pool("db", 2), Rocketry::task);
    let app = built(app);
    let simulation = app.simulate(FROM, DAY);
    let day = simulation
        .takes("a", minutes(15))
        .takes("b", minutes(25))
        .takes("c", minutes(10))
        .run()
        .unwrap();
    let pool = &day.summary.pools[0];
    assert_eq!((&*pool.pool, pool.size, pool.peak, pool.late), ("db", 2, 2, 1));
    assert_eq!(pool.busy, minutes(50));
    assert_eq!(pool.full, minutes(25), "until b and c end");
    let c = &day.summary.tasks[2];
    assert_eq!((&*c.task, c.starts, c.late), ("c", 1, 1));
    assert_eq!(
        (c.lateness, c.max_lateness, c.busy),
        (minutes(15), minutes(15), minutes(10))
    );
}

#[test]
fn starts_that_overlap_are_reported() {
    let app = built(Rocketry::builder().func("slow", "cron */10 * * * *", || async {}));
    let day = app.simulate(FROM, DAY).takes("slow", minutes(25)).run().unwrap();
    assert!(
        day.skipped
            .iter()
            .all(|skip| skip.reason == SkipReason::Overlap && &*skip.task == "slow")
    );
    let skipped: u64 = day.skipped.iter().map(|skip| skip.count).sum();
    assert_eq!(day.summary.tasks[0].skipped[&SkipReason::Overlap], skipped);
    assert!(skipped > 0);
}

#[test]
fn timeouts_and_replaced_runs_end_as_in_the_app() {
    let slow = Task::func("slow", || async {})
        .start("daily at 07:00")
        .timeout("10 minutes");
    let replaced = Task::func("replaced", || async {})
        .start("every 1 hour")
        .overlap(Overlap::Replace);
    let app = built(Rocketry::builder().task(slow).task(replaced));
    let simulation = app.simulate(FROM, "2026-01-01T08:00:00Z");
    let day = simulation
        .takes("slow", minutes(60))
        .takes("replaced", minutes(90))
        .run()
        .unwrap();
    let slow = day.runs.iter().find(|run| &*run.task == "slow").unwrap();
    assert_eq!(slow.action, Action::Terminate);
    assert_eq!(slow.end.unwrap().since(slow.start), minutes(10));
    let replaced: Vec<_> = day.runs.iter().filter(|run| &*run.task == "replaced").collect();
    assert_eq!(replaced.len(), 8);
    assert_eq!(
        replaced[0].end.unwrap().since(replaced[0].start),
        minutes(30),
        "the timeout of the settings"
    );
}

#[test]
fn runs_under_way_at_the_end_have_no_end() {
    let app = built(Rocketry::builder().func("slow", "cron 50 23 * * *", || async {}));
    let day = app.simulate(FROM, DAY).takes("slow", minutes(20)).run().unwrap();
    assert_eq!((day.runs[0].end, day.runs[0].action), (None, Action::Run));
}

#[test]
fn an_app_that_shuts_down_ends_the_simulation() {
    let app = Rocketry::builder()
        .func("hourly", "every 1 hour", || async {})
        .task(Task::func("last", || async {}).on_shutdown(true))
        .shut_down_when("task 'hourly' has succeeded at least 3 times");
    let day = built(app).simulate(FROM, DAY).run().unwrap();
    let names: Vec<&str> = day.runs.iter().map(|run| &*run.task).collect();
    assert_eq!(names, ["hourly", "hourly", "hourly", "shut down", "last"]);
    assert_eq!(day.summary.to, "2026-01-01T02:00:00Z".parse().unwrap());
}

#[test]
fn an_app_goes_on_from_now_with_its_past_and_its_runs() {
    let work = |session: Session| async move { session.clock().sleep(minutes(10)).await };
    let app = Rocketry::builder().func("work", "every 1 hour", work);
    let mut app = TestApp::start(app, FROM).unwrap();
    app.run_until("2026-01-01T05:05:00Z");
    let hour = app
        .session()
        .simulate("2026-01-01T05:00:00Z", "2026-01-01T07:00:00Z");
    let seen = hour.run().unwrap();
    // The log knows that a run takes ten minutes.
    let ends: Vec<_> = seen
        .runs
        .iter()
        .map(|run| (run.start.to_string(), run.end.unwrap().since(run.start)))
        .collect();
    assert_eq!(
        ends,
        [
            ("2026-01-01T05:00:00.000000Z".to_owned(), minutes(10)),
            ("2026-01-01T06:00:00.000000Z".to_owned(), minutes(10))
        ]
    );
    // What happens before the range is left out.
    let later = app
        .session()
        .simulate("2026-01-01T09:30:00Z", "2026-01-01T11:00:00Z")
        .run()
        .unwrap();
    assert_eq!(later.runs.len(), 1);
    assert_eq!(later.runs[0].start, "2026-01-01T10:00:00Z".parse().unwrap());
    let work = app.session().task("work").unwrap();
    assert!(work.is_running(), "the run under way is left alone");
}

#[test]
fn lengths_are_drawn_from_the_log_with_a_seed() {
    let number = Arc::new(AtomicUsize::new(0));
    let work = move |session: Session| {
        let number = number.fetch_add(1, Ordering::Relaxed) as u64;
        async move {
            session.clock().sleep(minutes(number % 7 + 1)).await;
            if number.is_multiple_of(5) {
                Err("it failed")
            } else {
                Ok(())
            }
        }
    };
    let mut app = TestApp::start(Rocketry::builder().func("work", "every 1 hour", work), FROM).unwrap();
    app.run_until("2026-01-05T00:00:00Z");
    let lengths = |seed: u64| {
        let simulation = app
            .session()
            .simulate("2026-01-05T00:00:00Z", "2026-01-09T00:00:00Z");
        let runs = simulation.sample(seed).run().unwrap().runs;
        runs.iter()
            .map(|run| (run.end.map(|end| end.since(run.start)), run.action))
            .collect::<Vec<_>>()
    };
    assert_eq!(lengths(1), lengths(1));
    assert_ne!(lengths(1), lengths(2));
    assert!(lengths(1).iter().any(|(_, action)| *action == Action::Fail));
    let median = app
        .session()
        .simulate("2026-01-05T00:00:00Z", "2026-01-05T12:00:00Z")
        .median()
        .run()
        .unwrap();
    let last = median.runs.last().unwrap();
    assert_eq!(
        (last.end.unwrap().since(last.start), last.action),
        (minutes(4), Action::Success)
    );
}

#[test]
fn a_first_run_that_waits_waits_from_the_beginning() {
    let task = Task::func("report", || async {})
        .start("daily")
        .first_run(FirstRun::Wait);
    let app = built(Rocketry::builder().task(task));
    let seen = app
        .simulate("2026-01-01T12:00:00Z", "2026-01-03T12:00:00Z")
        .run()
        .unwrap();
    assert_eq!(seen.runs[0].start, "2026-01-02T00:00:00Z".parse().unwrap());
    assert_eq!(seen.runs.len(), 2);
}

#[test]
fn start_up_tasks_run_first() {
    let app = Rocketry::builder()
        .task(Task::func("migrate", || async {}).on_startup(true))
        .func("work", "every 12 hours", || async {});
    let day = built(app)
        .simulate(FROM, DAY)
        .takes("migrate", minutes(3))
        .run()
        .unwrap();
    assert_eq!(&*day.runs[0].task, "migrate");
    assert_eq!(day.runs[1].start, "2026-01-01T00:03:00Z".parse().unwrap());
}

#[test]
fn mistakes_are_errors() {
    let app = built(Rocketry::builder().func("fetch", "daily", || async {}).func(
        "always",
        "true",
        || async {},
    ));
    let error = app.simulate("tomorrow", DAY).run().unwrap_err();
    assert!(error.is_build() && error.to_string().contains("'tomorrow' is not an instant"));
    let error = app
        .simulate(FROM, DAY)
        .takes("fetsh", minutes(1))
        .run()
        .unwrap_err();
    assert!(
        error.is_not_found() && error.to_string().contains("`fetch`"),
        "{error}"
    );
    let error = app
        .simulate(FROM, DAY)
        .assume("it rains", true)
        .run()
        .unwrap_err();
    assert!(
        error.is_not_found() && error.to_string().contains("it rains"),
        "{error}"
    );
    let error = app.simulate(FROM, DAY).run().unwrap_err();
    assert!(
        error.is_state() && error.to_string().contains("`always`"),
        "{error}"
    );
}

#[test]
fn requested_runs_are_made() {
    let app = TestApp::start(Rocketry::builder().task(Task::func("report", || async {})), FROM).unwrap();
    drop(app.session().task("report").unwrap().run(Params::new()));
    let day = app.session().simulate(FROM, DAY).run().unwrap();
    assert_eq!(day.runs.len(), 1);
}

#[test]
fn a_simulation_is_data() {
    let app = built(Rocketry::builder().func("fetch", "daily at 07:00", || async {}));
    let day = app.simulate(FROM, DAY).takes("fetch", minutes(1)).run().unwrap();
    let json = serde_json::to_value(&day).unwrap();
    assert_eq!(
        json["runs"],
        serde_json::json!([{
            "task": "fetch",
            "due": "2026-01-01T07:00:00.000000Z",
            "start": "2026-01-01T07:00:00.000000Z",
            "end": "2026-01-01T07:01:00.000000Z",
            "action": "success",
        }])
    );
    assert_eq!(json["summary"]["tasks"][0]["busy"], 60.0);
}
