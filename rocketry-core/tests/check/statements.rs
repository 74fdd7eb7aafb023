//! The lints of single statements.

use std::fmt::Write;

use rocketry_core::check::{Finding, check_statement};

use super::expected::expect;

const NOW: &str = "2026-01-01T00:00:00Z";

fn found(statement: &str, zone: &str) -> Vec<Finding> {
    check_statement(statement, zone, NOW).unwrap_or_else(|error| panic!("{statement}: {error}"))
}

/// Statements with something to say about them, and neighbours of which there is nothing to say.
const STATEMENTS: &[(&str, &str)] = &[
    ("weekly on Monday & is running & weekly on Friday", "UTC"),
    ("daily & never", "UTC"),
    ("hourly | true", "UTC"),
    ("time of day before 12:00 | time of day after 12:00", "UTC"),
    ("daily between 10:00 and 12:00 & every 10 minutes", "UTC"),
    ("monthly on 31st 05:30", "UTC"),
    ("yearly on Feb 29th", "UTC"),
    ("monthly on fifth Friday", "UTC"),
    ("quarterly on 92nd", "UTC"),
    ("daily at 09:00 on 30th, first Monday", "UTC"),
    ("cron 0 0 31 * *", "UTC"),
    ("cron 0 0 29 2 *", "UTC"),
    ("cron */7 * * * *", "UTC"),
    ("cron 5/40 * * * *", "UTC"),
    ("cron 0 0 */7 * *", "UTC"),
    ("cron 0 0 1 */5 *", "UTC"),
    ("cron 0 0 * * */2", "UTC"),
    ("cron 0 9 13 * Fri", "UTC"),
    ("cron with seconds 0 0 9 13 * Fri", "UTC"),
    ("daily at 02:30", "Europe/Berlin"),
    ("cron 30 2 * * *", "Europe/Berlin"),
    ("cron */15 2 * * *", "Europe/Berlin"),
    ("daily at 02:30 & after task 'x'", "Europe/Berlin"),
    ("daily at 02:30 in America/New_York", "Europe/Berlin"),
    ("daily at 01:30", "America/New_York"),
    ("hourly", "Europe/Berlin"),
    ("every 10 minutes", "Europe/Berlin"),
    ("cron */5 * * * *", "Europe/Berlin"),
    ("cron 15 * * * *", "Europe/Berlin"),
    ("daily", "Europe/Berlin"),
    ("daily", "Asia/Beirut"),
    ("weekly on Sunday 02:15", "Europe/Berlin"),
    ("weekly on Monday 02:15", "Europe/Berlin"),
    ("daily between 02:00 and 05:00", "Europe/Berlin"),
    ("every 20 minutes from 02:00 until 03:00", "Europe/Berlin"),
    (
        "time of day between 02:00 and 04:00 & every 10 minutes",
        "Europe/Berlin",
    ),
];

#[test]
fn what_is_said_of_a_statement() {
    let mut said = String::new();
    for (text, zone) in STATEMENTS {
        writeln!(said, "# {text} ({zone})\n").unwrap();
        for finding in found(text, zone) {
            writeln!(said, "{finding}\n").unwrap();
        }
    }
    expect("statements", &said);
}
