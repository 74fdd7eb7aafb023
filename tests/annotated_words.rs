//! The words for dates, lists, rules of days and intervals, in the attribute of a task.

use rocketry::prelude::*;
use rocketry::testing::TestApp;

#[task(daily.at(["06:00", "18:00"]).on("weekdays"))]
fn twice() {}

#[task(weekly.on([Mon, Wed, Fri]).at("07:00"))]
fn thrice() {}

#[task(monthly.on("last business day of 'closed' 17:00"))]
fn wages() {}

#[task(every("2 weeks").on("Friday 17:00").from("2026-01-02"))]
fn payday() {}

#[task(every("90 minutes").from("09:00").until("17:00").on("weekdays"))]
fn polls() {}

#[task(every("3 months").on("1st 09:00") & from("2026-01-01") & until("2026-12-31"))]
fn quarter() {}

#[task(once_at("2026-07-04 12:00") & !on_calendar("closed"))]
fn fireworks() {}

#[task(daily.at("09:30").in_zone("America/New_York") & on_days("weekdays") & at_most_runs(3))]
fn trading() {}

#[task(after_success(wages).delay("30 minutes"))]
fn letters() {}

#[task("quarterly on first Monday 09:00 | monthly on 3rd last day")]
fn by_text() {}

#[test]
fn the_words_say_the_same_as_the_texts_they_print() {
    let app = Rocketry::new().calendar("closed", ["2026-12-31"]);
    let session = app.build().unwrap().session().clone();
    let start = |task: &str| session.task(task).unwrap().start_condition().unwrap().to_string();
    assert_eq!(start("twice"), "daily at 06:00, 18:00 on weekdays");
    assert_eq!(start("thrice"), "weekly on Monday, Wednesday, Friday 07:00");
    assert_eq!(start("wages"), "monthly on last business day of 'closed' 17:00");
    assert_eq!(start("payday"), "every 2 weeks on Friday 17:00 from 2026-01-02");
    assert_eq!(
        start("polls"),
        "every 1 hour 30 minutes from 09:00 until 17:00 on weekdays"
    );
    assert_eq!(
        start("quarter"),
        "every 3 months on 1st 09:00 & from 2026-01-01 & until 2026-12-31"
    );
    assert_eq!(start("fireworks"), "once at 2026-07-04 12:00 & ~on 'closed'");
    assert_eq!(
        start("trading"),
        "daily at 09:30 in America/New_York & on weekdays & at most 3 runs"
    );
    let wages = session.task("wages").unwrap();
    assert_eq!(
        start("letters"),
        format!("30 minutes after task '{}'", wages.name())
    );
    assert_eq!(
        start("by_text"),
        "quarterly on first Monday 09:00 | monthly on 3rd last day"
    );
}

#[test]
fn a_task_follows_another_by_half_an_hour() {
    let app = Rocketry::new().calendar("closed", ["2026-12-31"]).config(Config {
        zone: rocketry::Zone::UTC,
        ..Config::default()
    });
    let mut app = TestApp::start(app, "2026-12-30T00:00:00Z").unwrap();
    app.run_until("2026-12-31T12:00:00Z");
    let starts = app.starts("letters");
    assert_eq!(
        starts.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2026-12-30T17:30:00.000000Z"]
    );
}
