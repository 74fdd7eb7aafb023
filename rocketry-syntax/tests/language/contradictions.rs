//! Which conjunctions are known never to be true.

use rocketry_syntax::parse_strict;

fn told(text: &str) -> Option<String> {
    let tree = parse_strict(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    tree.contradiction()
        .map(|contradiction| contradiction.to_string())
}

/// Each statement with the parts that exclude each other; none if its parts have a time in common.
const NEVER: &[(&str, &str)] = &[
    (
        "weekly on Monday & weekly on Friday",
        "`weekly on Monday` and `weekly on Friday`",
    ),
    (
        "time of day between 08:00 and 10:00 & time of day between 12:00 and 14:00",
        "`time of day between 08:00 and 10:00` and `time of day between 12:00 and 14:00`",
    ),
    (
        "daily between 08:00 and 10:00 & is running & time of day after 10:00",
        "`daily between 08:00 and 10:00` and `time of day after 10:00`",
    ),
    (
        "time of day between 22:00 and 02:00 & daily between 03:00 and 04:00",
        "`time of day between 22:00 and 02:00` and `daily between 03:00 and 04:00`",
    ),
    (
        "daily after 18:00 & time of week before Monday 12:00",
        "`daily after 18:00` and `time of week before Monday 12:00`",
    ),
    (
        "~time of day between 08:00 and 10:00 & daily between 09:00 and 09:30",
        "`~time of day between 08:00 and 10:00` and `daily between 09:00 and 09:30`",
    ),
    (
        "daily & (time of week on Monday | time of week on Tuesday) & time of week after Friday",
        "`time of week on Monday | time of week on Tuesday` and `time of week after Friday`",
    ),
    (
        "time of day after 10:00 & time of week before Tuesday 11:00 & time of week after Tuesday",
        "",
    ),
    (
        "time of week between Mon and Wed & time of week between Wed and Fri & time of week between Fri and Mon",
        "`time of week between Monday and Wednesday`, `time of week between Wednesday and Friday` and `time of week between Friday and Monday`",
    ),
    (
        "monthly on 5th & monthly on 10th",
        "`monthly on 5th` and `monthly on 10th`",
    ),
    (
        "yearly on Feb & time of year after July",
        "`yearly on February` and `time of year after July`",
    ),
    (
        "hourly after 30:00 & time of hour before 30:00",
        "`hourly after 30:00` and `time of hour before 30:00`",
    ),
    (
        "time of minute on 30 & time of minute on 31",
        "`time of minute at 30` and `time of minute at 31`",
    ),
    (
        "secondly on 1 & time of second on 2",
        "`secondly at 1` and `time of second at 2`",
    ),
    (
        "hourly | daily & is running & ~is running",
        "`is running` and `~is running`",
    ),
    ("daily & ~daily", "`daily` and `~daily`"),
    (
        "cron 0 18 * * Mon-Fri & time of day between 09:00 and 17:00",
        "`cron 0 18 * * Mon-Fri` and `time of day between 09:00 and 17:00`",
    ),
    (
        "cron 0 5 * * * & time of day after 10:00",
        "`cron 0 5 * * *` and `time of day after 10:00`",
    ),
    (
        "cron */5 * * * Mon & weekly on Tuesday",
        "`cron */5 * * * Mon` and `weekly on Tuesday`",
    ),
    (
        "crontime 0 9 1 * * & cron 0 9 2 * *",
        "`crontime 0 9 1 * *` and `cron 0 9 2 * *`",
    ),
    (
        "cron 0 0 1 Jan,Feb * & time of year between April and November",
        "`cron 0 0 1 Jan,Feb *` and `time of year between April and November`",
    ),
    (
        "cron 30 12 13 * +Fri#2 & time of week after Saturday",
        "`cron 30 12 13 * +Fri#2` and `time of week after Saturday`",
    ),
    (
        "crontime 0 7 * * * grace 1 hour & time of day between 12:00 and 23:00",
        "`crontime 0 7 * * * grace 1 hour` and `time of day between 12:00 and 23:00`",
    ),
    (
        "daily at 09:30 on weekdays & time of week on weekends",
        "`daily at 09:30 on weekdays` and `time of week on weekends`",
    ),
    (
        "on Monday, Tuesday & weekly on Fri, Sat",
        "`on Monday, Tuesday` and `weekly on Friday, Saturday`",
    ),
    (
        "hourly & from 2026-12-01 & until 2026-11-30",
        "`from 2026-12-01` and `until 2026-11-30`",
    ),
    (
        "yearly on December & from 2026-03-01 & until 2026-06-30",
        "`yearly on December`, `from 2026-03-01` and `until 2026-06-30`",
    ),
    (
        "once at 2026-07-04 12:00 & time of year on Dec",
        "`once at 2026-07-04 12:00` and `time of year on December`",
    ),
    (
        "cron 0 9 1 Aug * & from 2026-11-01 & until 2027-03-01",
        "`cron 0 9 1 Aug *`, `from 2026-11-01` and `until 2027-03-01`",
    ),
    (
        "every 90 minutes from 2026-05-01 09:00 & until 2026-04-30",
        "`every 1 hour 30 minutes from 2026-05-01 09:00` and `until 2026-04-30`",
    ),
    (
        "once at 2026-07-04 12:00 & until 2026-07-04 12:00",
        "`once at 2026-07-04 12:00` and `until 2026-07-04 12:00`",
    ),
    // Dates, and days of a week, a month, a quarter or a year. The 4th of December 2026 is a Friday.
    (
        "weekly on Friday & from 2026-12-05 & until 2026-12-10",
        "`weekly on Friday`, `from 2026-12-05` and `until 2026-12-10`",
    ),
    (
        "monthly on 15th & from 2026-12-16 & until 2027-01-14",
        "`monthly on 15th`, `from 2026-12-16` and `until 2027-01-14`",
    ),
    (
        "is running & monthly on 31st & daily & from 2026-02-01 & until 2026-02-28",
        "`monthly on 31st`, `from 2026-02-01` and `until 2026-02-28`",
    ),
    (
        "monthly on last day & from 2028-02-01 & until 2028-02-28",
        "`monthly on last day`, `from 2028-02-01` and `until 2028-02-28`",
    ),
    (
        "monthly on first Monday & from 2026-12-08 & until 2027-01-03",
        "`monthly on first Monday`, `from 2026-12-08` and `until 2027-01-03`",
    ),
    (
        "monthly on 2 days after second Tuesday & from 2026-12-01 & until 2026-12-09",
        "`monthly on 2 days after second Tuesday`, `from 2026-12-01` and `until 2026-12-09`",
    ),
    (
        "quarterly on 5th & from 2026-10-06 & until 2026-12-31",
        "`quarterly on 5th`, `from 2026-10-06` and `until 2026-12-31`",
    ),
    (
        "yearly on Feb 29th & from 2025-03-01 & until 2026-02-27",
        "`yearly on February 29th`, `from 2025-03-01` and `until 2026-02-27`",
    ),
    (
        "cron 0 9 * * FriL & from 2026-12-01 & until 2026-12-24",
        "`cron 0 9 * * FriL`, `from 2026-12-01` and `until 2026-12-24`",
    ),
    (
        "once at 2026-12-05 & weekly on Friday",
        "`once on 2026-12-05` and `weekly on Friday`",
    ),
    (
        "daily & on 2026-12-05, 2026-12-06 & on weekdays",
        "`on 2026-12-05, 2026-12-06` and `on weekdays`",
    ),
    (
        "daily at 10:00 on last Friday & from 2026-12-01 & until 2026-12-24",
        "`daily at 10:00 on last Friday`, `from 2026-12-01` and `until 2026-12-24`",
    ),
    (
        "daily & on business days of 'nyse' & on 2026-12-05",
        "`on business days of 'nyse'` and `on 2026-12-05`",
    ),
    (
        "once on 2026-07-04 & until 2026-07-03",
        "`once on 2026-07-04` and `until 2026-07-03`",
    ),
];

#[test]
fn parts_that_exclude_each_other_are_reported() {
    for &(text, parts) in NEVER {
        let expected =
            format!("{parts} are never true at the same time; if one of them is enough, join them with `|`");
        let expected = (!parts.is_empty()).then_some(expected);
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn what_may_be_true_or_is_not_certain_is_not_told() {
    let texts = [
        "weekly on Monday | weekly on Friday",
        "weekly on Monday & daily at 10:00",
        "daily between 08:00 and 10:00 & time of day between 09:59 and 14:00",
        "time of day between 22:00 and 02:00 & daily at 01:00",
        "time of day between 10:00 and 00:00 & daily at 23:00",
        "daily starting 10:00 & time of day before 09:00",
        "daily & never",
        "monthly on 31st & monthly on last day",
        "monthly on 30th & time of month on 1st",
        "yearly on Feb last day & time of year on Mar",
        "~daily & time of day after 10:00",
        "cron 30 2 * * * & time of day between 03:00 and 04:00",
        "cron 59 23 * * Sun & time of week on Monday",
        "cron */5 * * * Mon & time of week after Monday 23:55:30",
        "cron 0 9 1 * Mon & time of week on Tuesday",
        "cron 0 9 31 * * & monthly on 1st",
        "cron 0 22 * * * grace 30 hours & time of day before 10:00",
        "cron 0 22 * * * grace 3 hours & time of day before 02:00",
        "cron 0 9 * Dec * grace 20 hours & cron 0 1 * Jan *",
        "~(weekly on Monday & weekly on Friday)",
        "has succeeded today before 10:00 & has succeeded today after 10:00",
        "~time of month on 5th & monthly on 5th 10:00",
        "weekly on Sunday 10:00 & time of day on 09:00",
        "daily between 22:00 and 02:00 on Friday & time of week on Saturday",
        "daily on weekdays, 'holidays' & time of week on Sunday",
        "from 2026-12-01 & until 2026-12-01",
        "yearly on December & from 2026-11-01 & until 2027-01-31",
        "yearly on January & from 2026-11-01 & until 2027-01-31",
        "yearly on Feb & from 2026-03-01 & until 2027-02-01",
        "weekly on Friday & from 2026-12-05 & until 2026-12-11",
        "weekly on Friday 22:00 & from 2026-12-05 & until 2026-12-05",
        "monthly on 31st & from 2026-02-01 & until 2026-03-31",
        "monthly on 31st 10:00 & once at 2027-01-01",
        "monthly on last day & from 2028-02-29 & until 2028-02-29",
        "monthly on first Monday & from 2026-12-07 & until 2026-12-07",
        "monthly on 5 days before first Monday & from 2026-11-29 & until 2026-12-02",
        "monthly between 30th and 2nd & from 2027-01-31 & until 2027-02-01",
        "quarterly on 92nd & from 2026-12-31 & until 2027-01-01",
        "yearly on Feb 29th & from 2028-02-29 & until 2028-02-29",
        "yearly after Feb 29th & from 2026-03-01 & until 2026-03-02",
        "cron 0 9 * * FriL & from 2026-12-25 & until 2026-12-26",
        "cron 0 23 * * Fri grace 2 hours & once at 2026-12-05",
        "monthly on 13th & weekly on Friday & from 2026-11-01 & until 2026-11-30",
        "daily & on 'holidays' & on 2026-12-05",
        "monthly on last business day of 'nyse' & from 2026-12-26 & until 2026-12-27",
        "weekly on Friday in Asia/Tokyo & from 2026-12-05 & until 2026-12-10",
        "daily at 02:30 & time of day between 03:30 and 04:00",
        "time of day between 03:15 and 03:45 & time of day between 03:50 and 04:00",
        "~time of day between 02:00 and 03:00 & time of day between 03:30 and 03:45",
        "yearly on December & from 2026-03-01",
        "every 2 weeks on Friday from 2026-01-02 until 2026-06-30 & from 2026-06-27",
        "once at 2027-02-28 12:00 & from 2027-03-01",
        "time of day on 10:00 in Asia/Tokyo & time of day on 12:00",
        "every 2 weeks on Friday from 2026-01-02 & daily at 10:00",
        "quarterly on 1st & yearly on April",
    ];
    for text in texts {
        assert_eq!(told(text), None, "{text}");
    }
}

#[test]
fn a_custom_condition_may_change_its_mind() {
    let tree = rocketry_syntax::parse_condition("coin shows heads & ~coin shows heads").unwrap();
    assert_eq!(tree.contradiction(), None);
}

#[test]
fn the_work_for_a_long_statement_is_limited() {
    let dated = "monthly on 31st & from 2026-02-01 & until 2026-02-28";
    let many = vec!["cron 5 * * * *"; 100].join(" & ");
    assert!(told(dated).is_some());
    assert_eq!(
        told(&format!("{many} & {dated}")),
        None,
        "it takes too much work to find"
    );
    let pair = "weekly on Monday & weekly on Friday";
    let many = vec!["daily after 05:00"; 100].join(" & ");
    let found = told(&format!("{many} & {pair}")).unwrap();
    assert!(
        found.starts_with("`weekly on Monday` and `weekly on Friday`"),
        "{found}"
    );
}
