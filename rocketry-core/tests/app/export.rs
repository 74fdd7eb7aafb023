//! Exports: iCalendar as its standard wants it, and pictures that show what they are given.

use std::time::Duration;

use rocketry_core::export::{self, Entry};
use rocketry_core::{Dates, Rocketry, Simulated, SimulatedEnd, Zone, preview};

fn planned(statement: &str, zone: &str, from: &str, count: usize) -> Vec<Entry> {
    let starts = preview(statement, zone, from).unwrap().take(count);
    starts.map(|start| Entry::planned("report", start)).collect()
}

fn day() -> Simulated {
    let app = Rocketry::builder()
        .pool("db", 2)
        .func("fetch <all>", "every 2 hours from 00:00", || async {})
        .func("load", "after task 'fetch <all>'", || async {})
        .func(
            "report with a name that is too long for its row",
            "daily at 07:00",
            || async {},
        )
        .func("mourn", "after task 'load' failed", || async {})
        .build()
        .unwrap();
    let simulation = app.simulate("2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z");
    let minutes = |count: u64| Duration::from_secs(60 * count);
    simulation
        .each(|start| match start.task {
            "load" if start.number % 4 == 0 => SimulatedEnd::fail(minutes(9)),
            "load" => SimulatedEnd::success(minutes(25)),
            "fetch <all>" => SimulatedEnd::success(minutes(12)),
            "mourn" => SimulatedEnd::terminate(minutes(30)),
            _ => SimulatedEnd::inaction(minutes(55)),
        })
        .run()
        .unwrap()
}

fn timeline() -> String {
    let day = day();
    let entries: Vec<Entry> = day.runs.iter().map(Entry::from).collect();
    export::timeline(
        &entries,
        day.summary.from..day.summary.to,
        "Europe/Berlin".parse().unwrap(),
    )
}

fn heat_map() -> String {
    let mut entries = planned(
        "every 20 minutes & time of day between 08:00 and 18:00 & on weekdays",
        "Europe/Berlin",
        "2026-03-01T00:00:00Z",
        3000,
    );
    entries.extend(planned(
        "daily at 02:30",
        "Europe/Berlin",
        "2026-03-01T00:00:00Z",
        60,
    ));
    export::heat_map(&entries, 2026, 3, "Europe/Berlin".parse().unwrap()).unwrap()
}

/// Unfolds the lines of a calendar.
fn lines(ics: &str) -> Vec<String> {
    let unfolded = ics.replace("\r\n ", "");
    unfolded.split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn a_calendar_has_an_event_for_each_start() {
    let entries = planned("daily at 07:00", "Europe/Helsinki", "2026-01-01T12:00:00Z", 3);
    let ics = export::ics(&entries);
    let lines = lines(&ics);
    let starts: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("DTSTART:"))
        .collect();
    assert_eq!(
        starts,
        ["20260102T050000Z", "20260103T050000Z", "20260104T050000Z"]
    );
    assert_eq!(lines.first().map(String::as_str), Some("BEGIN:VCALENDAR"));
    assert_eq!(lines.last().map(String::as_str), Some("END:VCALENDAR"));
    let mut uids: Vec<&String> = lines.iter().filter(|line| line.starts_with("UID:")).collect();
    uids.dedup();
    assert_eq!(uids.len(), 3);
    assert_eq!(ics, export::ics(&entries), "a subscriber keeps its events");
}

#[test]
fn lines_of_a_calendar_are_short_and_their_text_is_escaped() {
    let mut entry = planned("daily at 07:00", "UTC", "2026-01-01T12:00:00Z", 1).remove(0);
    entry.task = "a; b, c\\d ä".repeat(20).into();
    entry.note = Some("one\ntwo\r\u{7}".to_owned());
    let ics = export::ics([&entry]);
    assert!(ics.split("\r\n").all(|line| line.len() <= 75));
    assert!(!ics.replace("\r\n", "").contains(['\n', '\r', '\u{7}']));
    let lines = lines(&ics);
    let summary = lines
        .iter()
        .find_map(|line| line.strip_prefix("SUMMARY:"))
        .unwrap();
    assert_eq!(*summary, "a\\; b\\, c\\\\d ä".repeat(20));
    assert!(lines.iter().any(|line| line == "DESCRIPTION:one\\ntwo"));
}

#[test]
fn a_calendar_of_days_is_read_back_from_the_export() {
    let entries = planned("daily at 07:00 & on weekdays", "UTC", "2026-01-01T00:00:00Z", 5);
    let folder = std::env::temp_dir().join(format!("rocketry-export-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("report.ics");
    std::fs::write(&file, export::ics(&entries)).unwrap();
    let app = Rocketry::builder()
        .calendar("reports", Dates::file(&file))
        .func("tidy", "daily at 12:00 & on 'reports'", || async {})
        .build()
        .unwrap();
    let seen = app
        .simulate("2026-01-01T00:00:00Z", "2026-01-12T00:00:00Z")
        .run()
        .unwrap();
    let days: Vec<_> = seen
        .runs
        .iter()
        .map(|run| Zone::UTC.local(run.start).date())
        .collect();
    let expected: Vec<_> = entries
        .iter()
        .map(|entry| Zone::UTC.local(entry.start).date())
        .collect();
    assert_eq!(days, expected);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_timeline_has_a_row_for_each_task_and_a_bar_for_each_run() {
    let svg = timeline();
    let bars = svg.matches("rx=\"1.5\"").count();
    assert_eq!(bars, day().runs.len());
    assert!(svg.contains("fetch &lt;all&gt;") && !svg.contains("fetch <all>"));
    assert!(svg.contains("report with a name that …"), "long names are cut");
    assert!(svg.contains("class=\"fail\"") && svg.contains("class=\"terminate\""));
    assert!(svg.contains("prefers-color-scheme:dark"));
    assert_eq!(
        export::timeline([], day().summary.from..day().summary.to, Zone::UTC)
            .matches("rx=\"1.5\"")
            .count(),
        0
    );
}

#[test]
fn a_heat_map_counts_the_starts_of_each_hour_by_the_clock_of_the_zone() {
    let svg = heat_map();
    assert_eq!(
        svg.matches("<rect").count(),
        1 + 31 * 24 + 4,
        "the back, the hours and the legend"
    );
    assert!(svg.contains("<title>2 March 08:00: 3 starts</title>"));
    assert!(svg.contains("<title>1 March 08:00: 0 starts</title>"), "a Sunday");
    // The clock skips 02:30 on that day.
    assert!(svg.contains("<title>29 March 03:00: 1 start</title>"));
    assert!(svg.contains("<title>29 March 02:00: 0 starts</title>"));
    assert!(export::heat_map([], 2026, 13, Zone::UTC).is_none());
}

/// Writes the pictures for people to look at, where `PICTURES` names a folder.
#[test]
fn pictures_can_be_looked_at() {
    let Ok(folder) = std::env::var("PICTURES") else {
        return;
    };
    let folder = std::path::Path::new(&folder);
    std::fs::write(folder.join("timeline.svg"), timeline()).unwrap();
    std::fs::write(folder.join("heat_map.svg"), heat_map()).unwrap();
    let entries: Vec<Entry> = day().runs.iter().map(Entry::from).collect();
    std::fs::write(folder.join("day.ics"), export::ics(&entries)).unwrap();
}
