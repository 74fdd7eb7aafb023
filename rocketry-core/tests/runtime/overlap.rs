//! Starts that come while the task still runs.

use std::time::Duration;

use rocketry_core::testing::TestApp;
use rocketry_core::{Action, Overlap, Params, Query, Record, Session, Task, TaskBuilder};

use crate::support::{app, ends, mistakes, start, times};

/// Due in the first second of each minute, and in no other.
const MINUTES: &str = "cron with seconds 0 * * * * *";

/// A task whose runs take the given number of seconds.
fn busy(seconds: u64, condition: &str, overlap: Overlap) -> TaskBuilder {
    let function = move |session: Session| async move {
        session.clock().sleep(Duration::from_secs(seconds)).await;
    };
    Task::func("work", function)
        .start(condition.to_owned())
        .overlap(overlap)
}

fn run(task: TaskBuilder, seconds: u64) -> TestApp {
    let mut app = start(app().task(task));
    app.run_for(Duration::from_secs(seconds));
    app
}

fn runs(app: &TestApp) -> Vec<Record> {
    app.records(&Query::new().task("work").action(Action::Run))
}

/// The times of day at which runs were due.
fn dues(app: &TestApp) -> Vec<String> {
    let runs = runs(app).into_iter();
    runs.map(|run| run.due.to_string()[11..19].to_owned()).collect()
}

fn messages(records: &[Record]) -> Vec<Option<&str>> {
    records.iter().map(|record| record.message.as_deref()).collect()
}

#[test]
fn a_start_that_comes_meanwhile_is_not_made_by_default() {
    let app = run(busy(90, MINUTES, Overlap::Skip), 300);
    assert_eq!(times(&app, "work"), ["00:00:00", "00:02:00", "00:04:00"]);
    assert_eq!(messages(&runs(&app)), [None; 3]);
}

#[test]
fn a_start_that_comes_meanwhile_may_be_remembered() {
    let app = run(busy(90, MINUTES, Overlap::Queue), 300);
    assert_eq!(
        times(&app, "work"),
        ["00:00:00", "00:01:30", "00:03:00", "00:04:30"]
    );
    assert_eq!(dues(&app), ["00:00:00", "00:01:00", "00:02:00", "00:04:00"]);
    let late = Some("it came while the task still ran");
    assert_eq!(messages(&runs(&app)), [None, late, late, late]);
    assert_eq!(runs(&app)[1].lateness(), Duration::from_secs(30));
}

#[test]
fn the_next_start_is_reported_while_a_run_is_under_way() {
    let mut app = run(busy(90, MINUTES, Overlap::Queue), 30);
    let task = app.session().task("work").unwrap();
    let next = || task.next_due().unwrap().to_string()[14..19].to_owned();
    assert_eq!(next(), "01:00");
    app.run_for(Duration::from_secs(45));
    assert_eq!(next(), "01:15", "it is due, and waits for the end of the run");
    app.run_for(Duration::from_secs(20));
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:30"]);
    assert_eq!(next(), "02:00");
}

#[test]
fn while_a_run_is_under_way_what_was_true_all_the_while_is_no_next_start() {
    let mut app = run(busy(90, "time of day before 00:01", Overlap::Replace), 30);
    let next = |app: &TestApp| app.session().task("work").unwrap().next_due();
    assert_eq!(next(&app).unwrap().to_string(), "2026-01-02T00:00:00.000000Z");
    app.run_for(Duration::from_secs(3600));
    assert_eq!(times(&app, "work"), ["00:00:00"]);
    assert_eq!(next(&app).unwrap().to_string(), "2026-01-02T00:00:00.000000Z");
}

#[test]
fn no_more_than_one_start_is_remembered() {
    let app = run(busy(200, MINUTES, Overlap::Queue), 450);
    assert_eq!(dues(&app), ["00:00:00", "00:01:00", "00:04:00"]);
    assert_eq!(times(&app, "work"), ["00:00:00", "00:03:20", "00:06:40"]);
}

#[test]
fn a_start_that_comes_meanwhile_may_take_the_place_of_the_run() {
    let app = run(busy(90, MINUTES, Overlap::Replace), 130);
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:00", "00:02:00"]);
    assert_eq!(ends(&app, "work"), [Action::Terminate; 2]);
    let late = Some("it replaces a run in progress");
    assert_eq!(messages(&runs(&app)), [None, late, late]);
    let terminated = app.records(&Query::new().action(Action::Terminate));
    let why = Some("a newer start replaces it");
    assert_eq!(messages(&terminated), [why; 2]);
    assert_eq!(terminated[0].created.to_string(), "2026-01-01T00:01:00.000000Z");
}

#[test]
fn an_interval_goes_on_while_its_task_runs() {
    let app = run(busy(25, "every 10 seconds", Overlap::Queue), 80);
    assert_eq!(
        times(&app, "work"),
        ["00:00:00", "00:00:25", "00:00:50", "00:01:15"]
    );
    assert_eq!(dues(&app), ["00:00:00", "00:00:10", "00:00:30", "00:01:00"]);
    let app = run(busy(25, "every 10 seconds", Overlap::Replace), 20);
    assert_eq!(times(&app, "work"), ["00:00:00", "00:00:10", "00:00:20"]);
}

#[test]
fn a_new_day_lets_a_start_come_however_long_a_run_takes() {
    let day = 24 * 3600;
    let app = run(busy(30 * 3600, "daily", Overlap::Queue).no_timeout(), 2 * day - 1);
    assert_eq!(dues(&app), ["00:00:00", "00:00:00"]);
    assert_eq!(times(&app, "work"), ["00:00:00", "06:00:00"]);
    let app = run(busy(30 * 3600, "daily", Overlap::Skip).no_timeout(), 2 * day - 1);
    assert_eq!(
        times(&app, "work"),
        ["00:00:00", "06:00:00"],
        "the second day has its run"
    );
}

#[test]
fn what_is_true_all_the_while_lets_no_start_come() {
    for overlap in [Overlap::Queue, Overlap::Replace] {
        let app = run(busy(90, "time of day after 00:00", overlap), 200);
        assert_eq!(times(&app, "work"), ["00:00:00", "00:01:30", "00:03:00"]);
        assert_eq!(messages(&runs(&app)), [None; 3]);
    }
}

#[test]
fn a_task_that_may_run_several_times_overlaps_when_it_may_not_start_again() {
    let app = run(busy(100, MINUTES, Overlap::Replace).max_running(2), 130);
    assert_eq!(
        times(&app, "work"),
        ["00:00:00", "00:01:00", "00:02:00"],
        "there was room for the second"
    );
    assert_eq!(ends(&app, "work"), [Action::Success]);
    let app = run(busy(130, MINUTES, Overlap::Replace).max_running(2), 130);
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:00", "00:02:00"]);
    assert_eq!(ends(&app, "work"), [Action::Terminate], "the oldest");
    assert_eq!(
        app.records(&Query::new().action(Action::Terminate))[0]
            .start
            .to_string(),
        "2026-01-01T00:00:00.000000Z"
    );
    let app = run(busy(130, MINUTES, Overlap::Queue).max_running(2), 130);
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:00", "00:02:10"]);
}

#[test]
fn runs_that_are_asked_for_wait_for_their_turn_and_go_first() {
    let mut app = start(app().task(busy(90, MINUTES, Overlap::Queue)));
    let work = app.session().task("work").unwrap();
    app.run_for(Duration::from_secs(70));
    assert_eq!(work.waits_for().unwrap(), "the end of a run under way");
    work.run(Params::new());
    app.run_for(Duration::from_secs(111));
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:30", "00:03:00"]);
    let messages = messages(&runs(&app))
        .iter()
        .map(Option::is_some)
        .collect::<Vec<_>>();
    assert_eq!(messages, [false, false, true]);
    assert_eq!(dues(&app), ["00:00:00", "00:01:30", "00:01:00"]);

    let mut app = start(self::app().task(busy(90, "never", Overlap::Replace)));
    let work = app.session().task("work").unwrap();
    work.run(Params::new());
    work.run(Params::new());
    app.run_for(Duration::from_secs(100));
    assert_eq!(
        ends(&app, "work"),
        [Action::Success],
        "nothing is replaced by what is asked for"
    );
}

#[test]
fn a_start_that_was_remembered_waits_for_room_by_its_age() {
    let other = |name: &'static str, condition: &str| {
        let function =
            |session: Session| async move { session.clock().sleep(Duration::from_secs(100)).await };
        Task::func(name, function).start(condition.to_owned()).pool("db")
    };
    let mut app = start(
        self::app()
            .pool("db", 1)
            .task(busy(90, MINUTES, Overlap::Queue).pool("db"))
            .task(other("older", "time of day after 00:00:30 & ~has started").priority(1)),
    );
    app.run_for(Duration::from_secs(100));
    let work = app.session().task("work").unwrap();
    assert_eq!(times(&app, "older"), ["00:01:30"]);
    assert_eq!(
        work.waits_for().unwrap(),
        "room in the pool `db`, where 1 of 1 are in use"
    );
    app.run_for(Duration::from_secs(100));
    assert_eq!(times(&app, "work"), ["00:00:00", "00:03:10"]);
    assert_eq!(dues(&app), ["00:00:00", "00:01:00"]);
}

#[test]
fn a_run_that_ends_before_its_time_lets_the_next_start() {
    let app = run(busy(1000, MINUTES, Overlap::Queue).timeout("90 seconds"), 100);
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:30"]);
    let mut app = start(self::app().task(busy(1000, MINUTES, Overlap::Queue)));
    app.run_for(Duration::from_secs(70));
    app.session().task("work").unwrap().terminate();
    app.settle();
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:10"]);
}

#[test]
fn a_start_that_was_remembered_is_forgotten_with_what_made_it() {
    let after = |act: fn(&Session, &Task)| {
        let mut app = start(app().task(busy(90, MINUTES, Overlap::Queue)));
        app.run_for(Duration::from_secs(70));
        let work = app.session().task("work").unwrap();
        act(app.session(), &work);
        app.run_for(Duration::from_secs(40));
        work.total(Action::Run)
    };
    assert_eq!(after(|_, _| {}), 2);
    assert_eq!(after(|_, work| work.disable()), 1);
    assert_eq!(
        after(|_, work| {
            work.disable();
            work.enable();
        }),
        2,
        "nothing was looked at meanwhile"
    );
    assert_eq!(after(|_, work| work.set_start("never").unwrap()), 1);
    assert_eq!(after(|_, work| work.delete()), 1);
    assert_eq!(after(|session, _| session.shut_down()), 1);
}

#[test]
fn a_late_scheduler_remembers_what_still_holds() {
    let mut app = start(app().task(busy(90, "every 10 seconds", Overlap::Queue)));
    app.sleep_until("2026-01-01T00:00:45Z");
    app.run_for(Duration::from_secs(60));
    assert_eq!(dues(&app), ["00:00:00", "00:00:10"]);
}

#[test]
fn a_custom_condition_is_asked_while_the_task_runs() {
    let mut app = start(
        app()
            .param("gate", false)
            .param("asked", std::sync::Arc::new(std::sync::atomic::AtomicU32::new(0)))
            .task(busy(90, "gate is open", Overlap::Queue)),
    );
    let session = app.session().clone();
    let mut open_for_a_second = || {
        session.set_param("gate", true);
        app.run_for(Duration::from_secs(1));
        session.set_param("gate", false);
        app.run_for(Duration::from_secs(9));
    };
    open_for_a_second();
    open_for_a_second();
    app.run_for(Duration::from_secs(100));
    assert_eq!(times(&app, "work"), ["00:00:00", "00:01:30"]);
}

#[test]
fn what_never_overlaps_has_nothing_to_say_about_it() {
    let said = mistakes(app().task(busy(1, "daily", Overlap::Queue).multilaunch(true))).to_string();
    assert!(
        said.starts_with(
            "task `work`: `overlap` = `queue` never applies, because `multilaunch` lets it start however many runs are under way\n  --> "
        ),
        "{said}"
    );
}

#[test]
fn words_are_read_back() {
    for overlap in [Overlap::Skip, Overlap::Queue, Overlap::Replace] {
        assert_eq!(overlap.to_string().parse::<Overlap>().unwrap(), overlap);
    }
    let said = "quue".parse::<Overlap>().unwrap_err().to_string();
    assert_eq!(
        said,
        "`quue` is not a valid overlap: expected skip, queue or replace; did you mean `queue`?"
    );
}
