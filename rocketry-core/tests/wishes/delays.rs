//! Later after another task: `30 minutes after task 'fetch' succeeded`.

use rocketry_core::Rocketry;
use rocketry_core::testing::TestApp;

/// When a task starts that waits for another, which starts at some times of the first of January.
fn starts(statement: &str, fetches: &str) -> Vec<String> {
    let fetch = format!("daily at {fetches} & on 2026-01-01");
    let app = Rocketry::builder()
        .func("fetch", fetch, || async {})
        .func("report", statement, || async {});
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_until("2026-01-01T23:59:00Z");
    let starts = app.starts("report").into_iter();
    starts.map(|at| at.to_string()[11..16].to_owned()).collect()
}

#[test]
fn each_end_counts_as_if_it_came_so_much_later() {
    let later = |fetches: &str| starts("30 minutes after task 'fetch' succeeded", fetches);
    assert_eq!(later("06:00"), ["06:30"]);
    assert_eq!(later("06:00, 07:00"), ["06:30", "07:30"]);
    assert_eq!(
        later("06:00, 06:10, 06:20"),
        ["06:30", "06:40", "06:50"],
        "none puts off another"
    );
    assert_eq!(later("06:00, 06:30"), ["06:30", "07:00"]);
}

#[test]
fn a_delay_goes_with_other_conditions() {
    let held = starts(
        "30 minutes after task 'fetch' & time of day after 08:00",
        "06:00, 06:10",
    );
    assert_eq!(held, ["08:00"], "what has come by then is made up for by one run");
    let late_again = starts(
        "30 minutes after task 'fetch' & time of day after 09:00",
        "06:00, 08:50",
    );
    assert_eq!(
        late_again,
        ["09:00", "09:20"],
        "a later end does not put off a start that is held"
    );
    let past_midnight = starts("20 hours after task 'fetch'", "06:00");
    assert_eq!(past_midnight, [] as [&str; 0]);
}

#[test]
fn a_delay_after_several_tasks() {
    let app = Rocketry::builder()
        .func("a", "daily at 06:00", || async {})
        .func("b", "daily at 07:00", || async {})
        .func("all", "1 hour after tasks 'a', 'b'", || async {})
        .func("any", "1 hour after any tasks 'a', 'b'", || async {});
    let mut app = TestApp::start(app, "2026-01-01T00:00:00Z").unwrap();
    app.run_until("2026-01-02T00:00:00Z");
    let times = |task: &str| {
        let starts = app.starts(task).into_iter();
        starts
            .map(|at| at.to_string()[11..16].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(times("all"), ["08:00"]);
    assert_eq!(times("any"), ["07:00", "08:00"]);
}
