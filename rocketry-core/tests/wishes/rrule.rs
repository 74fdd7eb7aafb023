//! The wishes of `rrule.json`, whose starts in the year are worked out by dateutil's rrule. `rrule.py` says how.

use serde_json::Value;

use crate::starts_with;

/// The days without business of the calendar `nyse`, as in `rrule.py`.
const HOLIDAYS: [&str; 4] = ["2026-01-01", "2026-07-03", "2026-11-26", "2026-12-25"];

fn check(zone: &str) {
    let rows: Vec<Value> = serde_json::from_str(include_str!("rrule.json")).expect("rows");
    let of_zone: Vec<&Value> = rows.iter().filter(|row| row["zone"] == zone).collect();
    assert!(of_zone.len() > 40, "{} rows", of_zone.len());
    for row in of_zone {
        let statement = row["statement"].as_str().expect("a statement");
        let expected: Vec<String> = serde_json::from_value(row["starts"].clone()).expect("starts");
        let found = starts_with(statement, zone, |app| app.calendar("nyse", HOLIDAYS));
        let found = found
            .into_iter()
            .map(|at| at.format("%Y-%m-%dT%H:%MZ").to_string());
        assert_eq!(found.collect::<Vec<_>>(), expected, "{statement} in {zone}");
    }
}

#[test]
fn in_utc() {
    check("UTC");
}

#[test]
fn in_new_york() {
    check("America/New_York");
}

#[test]
fn on_lord_howe_island() {
    check("Australia/Lord_Howe");
}

/// Worked out by hand with a calendar on paper: statement, zone, starts in the year.
const BY_HAND: [(&str, &str, &str); 14] = [
    (
        "monthly on first Monday 09:00",
        "America/New_York",
        "01-05T14:00 02-02T14:00 03-02T14:00 04-06T13:00 05-04T13:00 06-01T13:00 07-06T13:00 08-03T13:00 \
         09-07T13:00 10-05T13:00 11-02T14:00 12-07T14:00",
    ),
    (
        "monthly on last Friday 17:00",
        "UTC",
        "01-30T17:00 02-27T17:00 03-27T17:00 04-24T17:00 05-29T17:00 06-26T17:00 07-31T17:00 08-28T17:00 \
         09-25T17:00 10-30T17:00 11-27T17:00 12-25T17:00",
    ),
    (
        "monthly on last weekday 18:00",
        "UTC",
        "01-30T18:00 02-27T18:00 03-31T18:00 04-30T18:00 05-29T18:00 06-30T18:00 07-31T18:00 08-31T18:00 \
         09-30T18:00 10-30T18:00 11-30T18:00 12-31T18:00",
    ),
    (
        "monthly on 2 days after second Tuesday 08:00",
        "Australia/Lord_Howe",
        // 08:00 is 21:00 of the day before at +11:00, and 21:30 at +10:30, from the 5th of April until the 4th of October.
        "01-14T21:00 02-11T21:00 03-11T21:00 04-15T21:30 05-13T21:30 06-10T21:30 07-15T21:30 08-12T21:30 \
         09-09T21:30 10-14T21:00 11-11T21:00 12-09T21:00",
    ),
    (
        "monthly on 31st 05:30",
        "America/New_York",
        "01-31T10:30 03-31T09:30 05-31T09:30 07-31T09:30 08-31T09:30 10-31T09:30 12-31T10:30",
    ),
    (
        "monthly on 3rd last day 12:00",
        "UTC",
        "01-29T12:00 02-26T12:00 03-29T12:00 04-28T12:00 05-29T12:00 06-28T12:00 07-29T12:00 08-29T12:00 \
         09-28T12:00 10-29T12:00 11-28T12:00 12-29T12:00",
    ),
    (
        "monthly on 15th or next weekday 10:00",
        "UTC",
        "01-15T10:00 02-16T10:00 03-16T10:00 04-15T10:00 05-15T10:00 06-15T10:00 07-15T10:00 08-17T10:00 \
         09-15T10:00 10-15T10:00 11-16T10:00 12-15T10:00",
    ),
    (
        "quarterly on last weekday 17:00",
        "America/New_York",
        "03-31T21:00 06-30T21:00 09-30T21:00 12-31T22:00",
    ),
    (
        "every 8 weeks on Friday 17:00 from 2026-01-02",
        "America/New_York",
        "01-02T22:00 02-27T22:00 04-24T21:00 06-19T21:00 08-14T21:00 10-09T21:00 12-04T22:00",
    ),
    (
        "yearly on fourth Thursday of November 10:00 | once at 2026-07-04 12:00",
        "America/New_York",
        "07-04T16:00 11-26T15:00",
    ),
    // The clock skips 02:00 to 03:00 on the 8th of March and repeats 01:00 to 02:00 on the 1st of November.
    (
        "daily at 02:30 & from 2026-03-07 & until 2026-03-09",
        "America/New_York",
        "03-07T07:30 03-08T07:00 03-09T06:30",
    ),
    (
        "cron 0 2,14 * * * & from 2026-03-08 & until 2026-03-08",
        "America/New_York",
        "03-08T07:00 03-08T18:00",
    ),
    (
        "cron 0 1,13 * * * & from 2026-11-01 & until 2026-11-01",
        "America/New_York",
        "11-01T05:00 11-01T18:00",
    ),
    // The clock skips 02:00 to 02:30 on the 4th of October and repeats 01:30 to 02:00 on the 5th of April.
    (
        "every 15 minutes from 01:30 until 02:45 & (on 2026-04-05 | on 2026-10-04)",
        "Australia/Lord_Howe",
        "04-04T14:30 04-04T14:45 04-04T15:00 04-04T15:15 04-04T15:30 04-04T15:45 04-04T16:00 \
         10-03T15:00 10-03T15:15 10-03T15:30",
    ),
];

#[test]
fn by_hand() {
    for (statement, zone, expected) in BY_HAND {
        let found = starts_with(statement, zone, |app| app);
        let found: Vec<_> = found
            .iter()
            .map(|at| at.format("%m-%dT%H:%M").to_string())
            .collect();
        assert_eq!(found.join(" "), expected, "{statement} in {zone}");
    }
}
