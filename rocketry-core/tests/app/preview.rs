//! Previews: what they foresee, what they say about changes of the clock, and why they end.

use std::time::Duration;

use rocketry_core::conds::*;
use rocketry_core::testing::TestApp;
use rocketry_core::{
    Condition, Dates, FirstRun, Hold, Params, Preview, PreviewEnd, Rocketry, Session, Task, preview,
};

/// The next starts of a statement, as text.
fn starts(statement: &str, zone: &str, from: &str, count: usize) -> Vec<String> {
    let preview = preview(statement, zone, from).unwrap();
    texts(preview, count)
}

fn texts(preview: Preview, count: usize) -> Vec<String> {
    preview.take(count).map(|start| start.to_string()).collect()
}

/// Why a statement has no starts from the first of January 2026 on.
fn end(statement: impl Into<Condition>) -> String {
    let mut preview = preview(statement, "UTC", "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(preview.next(), None);
    preview.end().unwrap().to_string()
}

#[test]
fn a_start_has_its_instant_and_its_period() {
    let mut preview = preview("daily after 07:00", "Europe/Helsinki", "2026-01-01T00:00:00Z").unwrap();
    let start = preview.next().unwrap();
    assert_eq!(start.at, "2026-01-01T05:00:00Z".parse().unwrap());
    assert_eq!(start.due, start.at);
    let period = start.period.unwrap();
    assert_eq!(period.start, start.at);
    assert_eq!(period.end, "2026-01-01T22:00:00Z".parse().unwrap());
    assert_eq!(start.clock_change, None);
    assert_eq!(preview.end(), None);
}

#[test]
fn the_first_start_is_at_once_where_the_period_is_under_way() {
    let from = "2026-01-01T09:30:00Z";
    assert_eq!(
        starts("daily after 07:00", "UTC", from, 2),
        ["2026-01-01 09:30:00 +00:00", "2026-01-02 07:00:00 +00:00"]
    );
    assert_eq!(
        starts("every 40 minutes", "UTC", from, 3),
        [
            "2026-01-01 09:30:00 +00:00",
            "2026-01-01 10:10:00 +00:00",
            "2026-01-01 10:50:00 +00:00"
        ]
    );
}

#[test]
fn a_start_tells_that_the_clock_skips_its_reading() {
    let skipped = "2026-03-29 03:00:00 +02:00 (02:30 does not exist on 29 March: starts at 03:00)";
    let from = "2026-03-28T12:00:00Z";
    for statement in [
        "daily at 02:30",
        "cron 30 2 * * *",
        "weekly on Sunday 02:30",
        "every 1 day at 02:30 from 2026-01-01",
        "every 10 hours & time of day between 02:30 and 04:00",
        "once at 2026-03-29 02:30",
        "daily at 02:30 in Europe/Berlin",
    ] {
        assert_eq!(
            starts(statement, "Europe/Berlin", from, 1),
            [skipped],
            "{statement}"
        );
    }
}

#[test]
fn a_start_tells_that_the_clock_repeats_its_reading() {
    let first = "2026-10-25 02:30:00 +02:00 (02:30 comes twice on 25 October: the first)";
    let second = "2026-10-25 02:30:00 +01:00 (02:30 comes twice on 25 October: the second)";
    let from = "2026-10-25T00:10:00Z";
    for statement in ["daily at 02:30", "cron 30 2 * * *"] {
        let found = starts(statement, "Europe/Berlin", from, 2);
        assert_eq!(found[0], first, "{statement}");
        assert!(found[1].starts_with("2026-10-26 02:30:00 +01:00"), "{statement}");
    }
    assert_eq!(
        starts("cron 30 * * * *", "Europe/Berlin", from, 2),
        [first, second]
    );
}

#[test]
fn a_start_that_the_clock_does_not_move_has_no_remark() {
    let from = "2026-03-29T00:30:00Z";
    for statement in ["daily at 03:00", "cron 0 3 * * *", "cron */30 3 * * *"] {
        assert_eq!(
            starts(statement, "Europe/Berlin", from, 1),
            ["2026-03-29 03:00:00 +02:00"],
            "{statement}"
        );
    }
    // These count the time that passes.
    for statement in ["every 30 minutes", "hourly"] {
        let preview = preview(statement, "Europe/Berlin", from).unwrap();
        assert!(
            preview.take(4).all(|start| start.clock_change.is_none()),
            "{statement}"
        );
    }
}

#[test]
fn a_day_that_the_clock_skips_is_reported() {
    // Samoa had no 30 December 2011.
    assert_eq!(
        starts("monthly on 30th 12:00", "Pacific/Apia", "2011-12-05T12:00:00Z", 1),
        ["2011-12-31 00:00:00 +14:00 (12:00 does not exist on 30 December: starts at 00:00 on 31 December)"]
    );
}

#[test]
fn a_condition_that_is_never_true_is_reported_with_the_part_that_is_not() {
    assert_eq!(end(false), "no start ever comes: `false` is never true");
    assert_eq!(
        end("daily & until 2025-01-01"),
        "no start ever comes: `until 2025-01-01` is never true"
    );
    assert_eq!(
        end(Condition::from("once at 2020-05-05") | once_at("2021-06-06")),
        "no start ever comes: `once on 2020-05-05` and `once on 2021-06-06` are never true"
    );
    assert_eq!(
        end("every 1 hour & (retry 3 times | has failed)"),
        "no start ever comes: `retry 3 times` and `has failed` are never true"
    );
}

#[test]
fn a_condition_that_excludes_itself_is_reported() {
    let mut preview = preview(
        "time of day before 06:00 & time of day after 07:00",
        "UTC",
        "2026-01-01T00:00:00Z",
    )
    .unwrap();
    assert_eq!(preview.next(), None);
    assert!(matches!(preview.end(), Some(PreviewEnd::Contradiction { .. })));
    let text = preview.end().unwrap().to_string();
    assert!(text.contains("time of day before 06:00"), "{text}");
}

#[test]
fn a_condition_that_changes_very_often_is_looked_at_for_a_while() {
    // Each of both is true now and then, and never together.
    let often = "time of day between 10:00 and 11:00 & time of day between 10:00 and 11:00 in Asia/Tokyo";
    let mut preview = preview(often, "UTC", "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(preview.next(), None);
    assert!(
        matches!(preview.end(), Some(PreviewEnd::GaveUp { .. })),
        "{:?}",
        preview.end()
    );
}

#[test]
fn what_depends_on_others_is_reported_and_not_guessed() {
    for part in [
        "after task 'fetch'",
        "task 'fetch' has succeeded today",
        "task 'fetch' is running",
        "it rains",
        "param 'mode' exists",
        "env 'prod'",
        "scheduler has more than 3 cycles",
    ] {
        let text = end(format!("daily after 07:00 & {part}"));
        let expected = format!("whether the task starts at 2026-01-01 07:00:00 +00:00 depends on `{part}`");
        assert_eq!(text, expected);
    }
}

#[test]
fn what_does_not_matter_yet_is_not_told() {
    let mut preview = preview(
        "daily at 07:00 | daily at 09:00 & it rains",
        "UTC",
        "2026-01-01T00:00:00Z",
    )
    .unwrap();
    assert_eq!(preview.next().unwrap().to_string(), "2026-01-01 07:00:00 +00:00");
    assert_eq!(preview.next(), None);
    let end = preview.end().unwrap().to_string();
    assert_eq!(
        end,
        "whether the task starts at 2026-01-01 09:00:00 +00:00 depends on `it rains`"
    );
}

#[test]
fn a_task_that_is_always_due_ends_the_preview() {
    let mut preview = preview(true, "UTC", "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(preview.by_ref().count(), 100);
    assert!(matches!(preview.end(), Some(PreviewEnd::AlwaysDue { .. })));
    assert_eq!(
        starts("at most 3 runs", "UTC", "2026-01-01T00:00:00Z", 9).len(),
        3
    );
}

#[test]
fn mistakes_are_errors() {
    let wrong = |statement: &str, zone: &str, from: &str| {
        let error = preview(statement, zone, from).unwrap_err();
        assert!(error.is_build());
        error.to_string()
    };
    let now = "2026-01-01T00:00:00Z";
    assert!(wrong("daily after 25:00", "UTC", now).contains("25:00"));
    assert!(wrong("daily", "Europe/Helsinky", now).contains("Europe/Helsinki"));
    assert!(wrong("daily", "UTC", "tomorrow").contains("'tomorrow' is not an instant"));
    assert!(wrong("daily & on 'holidays'", "UTC", now).contains("preview the task in its app"));
}

#[test]
fn a_preview_is_data() {
    let start = preview("daily at 02:30", "Europe/Berlin", "2026-03-28T12:00:00Z")
        .unwrap()
        .next()
        .unwrap();
    assert_eq!(
        serde_json::to_value(start).unwrap(),
        serde_json::json!({
            "at": "2026-03-29T01:00:00.000000Z",
            "due": "2026-03-29T01:00:00.000000Z",
            "local": "2026-03-29T03:00:00+02:00",
            "zone": "Europe/Berlin",
            "period": { "start": "2026-03-29T01:00:00.000000Z", "end": "2026-03-29T02:00:00.000000Z" },
            "clock_change": "02:30 does not exist on 29 March: starts at 03:00",
        })
    );
    let mut ended = preview(false, "UTC", "2026-01-01T00:00:00Z").unwrap();
    assert_eq!(ended.next(), None);
    assert_eq!(
        serde_json::to_value(ended.end()).unwrap(),
        serde_json::json!({ "end": "never", "parts": ["false"] })
    );
}

/// The preview of a task of an app that starts at noon.
fn of_task(app: Rocketry, task: &str) -> Preview {
    let app = TestApp::start(app, "2026-01-01T12:00:00Z").unwrap();
    app.session().task(task).unwrap().preview().unwrap()
}

#[test]
fn a_task_is_previewed_with_its_past() {
    let app = Rocketry::builder().func("report", "every 5 hours & at most 3 runs", || async {});
    let mut preview = of_task(app, "report");
    assert_eq!(
        texts_of(&mut preview),
        ["2026-01-01 17:00:00 +00:00", "2026-01-01 22:00:00 +00:00"]
    );
    assert_eq!(
        preview.end().unwrap().to_string(),
        "no start ever comes: `at most 3 runs` is never true"
    );
}

fn texts_of(preview: &mut Preview) -> Vec<String> {
    preview.map(|start| start.to_string()).collect()
}

#[test]
fn a_task_is_previewed_with_its_jitter_and_its_first_run() {
    let task = Task::func("report", || async {})
        .start("daily")
        .jitter("2 hours")
        .first_run(FirstRun::Wait);
    let app = TestApp::start(Rocketry::builder().task(task), "2026-01-01T12:00:00Z").unwrap();
    let preview = app.session().task("report").unwrap().preview().unwrap();
    let planned: Vec<_> = preview.take(3).collect();
    assert_eq!(planned[0].due, "2026-01-02T00:00:00Z".parse().unwrap());
    assert!(
        planned
            .iter()
            .all(|start| start.due < start.at && start.at.since(start.due).as_secs() < 7200)
    );
    let mut app = app;
    app.run_until("2026-01-04T12:00:00Z");
    assert_eq!(
        app.starts("report"),
        planned.iter().map(|start| start.at).collect::<Vec<_>>()
    );
}

#[test]
fn what_holds_a_task_is_reported() {
    let task = Task::func("report", || async {}).start("daily").disabled(true);
    let mut preview = of_task(Rocketry::builder().task(task), "report");
    assert_eq!(preview.next(), None);
    assert_eq!(preview.end(), Some(&PreviewEnd::Held { hold: Hold::Disabled }));

    let mut preview = of_task(
        Rocketry::builder().task(Task::func("report", || async {})),
        "report",
    );
    assert_eq!(preview.next(), None);
    assert_eq!(preview.end(), Some(&PreviewEnd::NoCondition));
}

#[test]
fn runs_that_are_under_way_or_requested_count() {
    let sleep = |session: Session| async move { session.clock().sleep(Duration::from_secs(7200)).await };
    let task = Task::func("report", sleep).start("every 1 hour");
    let mut app = TestApp::start(Rocketry::builder().task(task), "2026-01-01T12:00:00Z").unwrap();
    app.run_until("2026-01-01T12:20:00Z");
    let report = app.session().task("report").unwrap();
    assert_eq!(
        texts(report.preview().unwrap(), 1),
        ["2026-01-01 13:00:00 +00:00"]
    );
    drop(report.run(Params::new()));
    assert_eq!(
        texts(report.preview().unwrap(), 2),
        ["2026-01-01 12:20:00 +00:00", "2026-01-01 13:00:00 +00:00"]
    );
    assert!(report.is_running(), "the preview leaves the run alone");
    report.terminate();
}

#[test]
fn a_task_knows_itself_its_calendars_and_the_parameters() {
    let app = Rocketry::builder()
        .param("mode", "demo")
        .calendar("holidays", Dates::listed(["2026-01-02".parse().unwrap()]))
        .func("report", "daily at 07:00 & ~on 'holidays' & param 'mode' is 'demo' & task 'report' has succeeded less than 3 times", || async {})
        .func("other", "after task 'report'", || async {});
    let app = TestApp::start(app, "2026-01-01T12:00:00Z").unwrap();
    let mut preview = app.session().task("report").unwrap().preview().unwrap();
    assert_eq!(
        texts_of(&mut preview),
        [
            "2026-01-03 07:00:00 +00:00",
            "2026-01-04 07:00:00 +00:00",
            "2026-01-05 07:00:00 +00:00"
        ]
    );
    let mut preview = app.session().task("other").unwrap().preview().unwrap();
    assert_eq!(preview.next(), None);
    assert!(matches!(preview.end(), Some(PreviewEnd::Unforeseen { .. })));
}

#[test]
fn an_app_that_has_not_started_is_previewed_as_if_it_started_now() {
    let task = Task::func("report", || async {}).start("daily").on_startup(true);
    let app = Rocketry::builder().task(task).build().unwrap();
    let report = app.session().task("report").unwrap();
    let first = report.preview().unwrap().next().unwrap();
    assert!(app.session().now().since(first.at).as_secs() < 60);
}

#[test]
fn pauses_and_starts_to_be_skipped_are_foreseen() {
    let app = Rocketry::builder().func("work", "daily after 07:00", || async {});
    let app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    let work = app.session().task("work").unwrap();
    work.skip_next();
    app.session().pause_until("2026-01-02T12:00:00Z".parse().unwrap());
    assert_eq!(
        texts(work.preview().unwrap(), 2),
        ["2026-01-03 07:00:00 +00:00", "2026-01-04 07:00:00 +00:00"]
    );
    work.pause();
    let mut preview = work.preview().unwrap();
    assert_eq!(preview.next(), None);
    assert!(matches!(
        preview.end(),
        Some(PreviewEnd::Held {
            hold: Hold::Paused { .. }
        })
    ));
}

#[test]
fn pauses_and_starts_that_are_to_be_skipped_count() {
    let app = Rocketry::builder().func("report", "daily at 07:00", || async {});
    let app = TestApp::start(app, "2026-01-01T12:00:00Z").unwrap();
    let report = app.session().task("report").unwrap();
    report.skip_next();
    assert_eq!(
        texts(report.preview().unwrap(), 1),
        ["2026-01-03 07:00:00 +00:00"]
    );
    report.pause_until(
        "2026-01-05T00:00:00Z"
            .parse::<rocketry_core::Timestamp>()
            .unwrap(),
    );
    assert_eq!(
        texts(report.preview().unwrap(), 1),
        ["2026-01-06 07:00:00 +00:00"]
    );
    let simulated = app
        .session()
        .simulate("2026-01-01T12:00:00Z", "2026-01-07T12:00:00Z");
    let runs = simulated.run().unwrap().runs;
    assert_eq!(
        runs.iter().map(|run| run.start.to_string()).collect::<Vec<_>>(),
        ["2026-01-06T07:00:00.000000Z", "2026-01-07T07:00:00.000000Z"]
    );
    report.pause();
    let mut preview = report.preview().unwrap();
    assert_eq!(preview.next(), None);
    assert!(
        matches!(
            preview.end(),
            Some(PreviewEnd::Held {
                hold: Hold::Paused { .. }
            })
        ),
        "{:?}",
        preview.end()
    );
}

/// Statements that changes of the clock concern, and rare ones.
const OF_A_YEAR: [&str; 14] = [
    "daily after 02:30",
    "daily at 01:59, 03:00, 12:00",
    "daily between 01:30 and 02:30 on weekdays",
    "cron 30 2 * * *",
    "cron */30 2 * * *",
    "cron 0 0 29 2 *",
    "hourly & time of day between 00:00 and 03:00",
    "every 12 hours",
    "every 80 minutes from 00:05 until 03:00",
    "every 2 weeks on Friday 02:15 from 2026-01-02",
    "weekly on Sunday 02:30",
    "monthly on last weekday",
    "quarterly | yearly on February 29th",
    "daily & ~(time of day between 00:00 and 03:30)",
];

#[test]
fn whole_years_are_foreseen_in_five_zones() {
    let zones = [
        "Europe/Helsinki",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "UTC",
    ];
    // The first is a leap year.
    for (zone, year) in zones.into_iter().zip([2028, 2026, 2027, 2028, 2026]) {
        let [from, to] = [year, year + 1].map(|year| format!("{year}-01-01T00:00:00Z"));
        let tasks = OF_A_YEAR.into_iter().map(|statement| {
            let task = Task::func(statement, || async {});
            task.start(statement).timezone(zone)
        });
        let app = tasks.fold(Rocketry::builder(), Rocketry::task);
        let mut app = TestApp::start(app, &*from).unwrap();
        app.run_until(&*to);
        let last = app.now();
        for statement in OF_A_YEAR {
            let foreseen = preview(statement, zone, &*from).unwrap().map(|start| start.at);
            let foreseen: Vec<_> = foreseen.take_while(|at| *at <= last).collect();
            assert_eq!(
                app.starts(statement),
                foreseen,
                "`{statement}` in {zone} in {year}"
            );
            assert!(
                foreseen.len() > 3 || statement.contains("29"),
                "`{statement}` in {zone}"
            );
        }
    }
}
