//! What the errors say.

use rocketry_syntax::{Delta, SyntaxErrorKind as Kind, parse_condition_with, parse_period, parse_strict};

const CYCLE: &str = "`after`, `before`, `between`, `on`, `at`, `starting`, `with`, `&`, `|` or the end";

#[track_caller]
fn says(table: &str) {
    crate::support::says(&[("CYCLE", CYCLE)], table);
}

#[test]
fn words() {
    says(
        "
daily aftr 10:00
    Unexpected: expected CYCLE, found `aftr` (at 6..10); did you mean `after`?
daily hourly
    Unexpected: expected CYCLE, found `hourly` (at 6..12)
daily (hourly)
    Unexpected: expected CYCLE, found `(` (at 6..7)
daily and hourly
    Unexpected: expected CYCLE, found `and` (at 6..9); did you mean `&`?
daily or hourly
    Unexpected: expected CYCLE, found `or` (at 6..8); did you mean `|`?
daily)
    Unexpected: expected CYCLE, found `)` (at 5..6)
daily between 10:00
    Unexpected: expected `and` after the start of `between`, found end of text (at 19..19)
(true
    Unexpected: expected `&`, `|` or `)`, found end of text (at 5..5)
once per time
    Unexpected: expected `(`, found `time` (at 9..13)
param 'x' equals 'y'
    Unexpected: expected `exists` or `is`, found `equals` (at 10..16)
after task 'a', 'b'
    Unexpected: expected `after tasks` or `after any tasks` before several names, found `,` (at 14..15)

    Unexpected: expected a condition, found end of text (at 0..0)
true & & true
    Unexpected: expected a condition, found `&` (at 7..8)
is running in today
    Unexpected: expected `exactly`, `not`, `at`, `more` or `less`, found `today` (at 14..19)
is running in 2 runs
    Unexpected: expected `exactly`, `not`, `at`, `more` or `less`, found `2` (at 14..15); did you mean `at least 2`?
scheduler has 3
    Unexpected: expected `run`, `cycles`, `exactly`, `not`, `at`, `more` or `less`, found `3` (at 14..15)
scheduler has 3 cycles
    Unexpected: expected `run`, `cycles`, `exactly`, `not`, `at`, `more` or `less`, found `3` (at 14..15); did you mean `at least 3`?
has failed at last 3 times
    Unexpected: expected `least` or `most`, found `last` (at 14..18); did you mean `least`?
has failed exactly 3
    Unexpected: expected `times`, `time` or `and`, found end of text (at 20..20)
has failed exactly 3 times and today
    Unexpected: expected `exactly`, `not`, `at`, `more` or `less`, found `today` (at 31..36)
scheduler has run 3 minutes
    Unexpected: expected `over`, found `3` (at 18..19)
",
    );
}

#[test]
fn phrases() {
    says(
        "
evry 10 seconds
    UnknownPhrase: expected a known condition, found `evry` (at 0..4); did you mean `every`?
not daily
    UnknownPhrase: expected a known condition, found `not` (at 0..3); did you mean `~`?
the moon is full
    UnknownPhrase: expected a known condition, found `the moon is full` (at 0..16)
the moon (is) full
    Unexpected: expected `&`, `|` or the end, found `(` (at 9..10)
daily & 'x'
    UnknownPhrase: expected a known condition, found `'x'` (at 8..11)
",
    );
    let error = parse_condition_with("daily & is workdy", &|text| text == "is workday").unwrap_err();
    assert_eq!(
        (error.kind, error.found.as_str()),
        (Kind::UnknownPhrase, "is workdy")
    );
}

#[test]
fn names_and_numbers() {
    says(
        "
after task other
    Name: expected the name of a task in quotes, found `other` (at 11..16); did you mean `'other'`?
after task
    Name: expected the name of a task in quotes, found end of text (at 10..10)
env 'x
    Name: expected a closing `'`, found `'x` (at 4..6)
task ' ' is running
    Name: expected the name of a task that is not empty, found `' '` (at 5..8)
daily with 1.5 retries
    Number: expected a whole number, found `1.5` (at 11..14)
daily with 4294967296 retries
    Number: expected a whole number, found `4294967296` (at 11..21)
daily with 3
    Unexpected: expected `retries` or `retry`, found end of text (at 12..12)
",
    );
}

#[test]
fn bounds_on_the_clock() {
    says(
        "
daily after 25:00
    Bound: expected an hour from 0 to 24, found `25:00` (at 12..17)
daily before 24:01
    Bound: expected a time from 00:00 to 24:00, found `24:01` (at 13..18)
daily after 24:00
    Bound: expected a time before the end of the day, found `24:00` (at 12..17)
daily on 10
    Bound: expected a time such as `10:00` or `10 am`, found `10` (at 9..11); did you mean `10:00`?
daily on 10:5
    Bound: expected a time such as `10:00` or `10 am`, found `10:5` (at 9..13)
daily at Mon
    Bound: expected a time such as `10:00` or `10 am`, found `Mon` (at 9..12)
daily on
    Unexpected: expected a time such as `10:00` or `10 am`, found end of text (at 8..8)
daily on 13 pm
    Bound: expected an hour from 1 to 12 before `am` or `pm`, found `13` (at 9..11)
hourly after 5
    Bound: expected minutes and seconds such as `45:00`, or `3 quarters`, found `5` (at 13..14); did you mean `05:00`?
hourly before 60:01
    Bound: expected a time within the hour, found `60:01` (at 14..19)
hourly before 61:00
    Bound: expected minutes and seconds such as `45:00`, or `3 quarters`, found `61:00` (at 14..19)
hourly after 10:16:08
    Bound: expected minutes and seconds such as `45:00`, or `3 quarters`, found `10:16:08` (at 13..21); did you mean `16:08`?
hourly after 10:99:08
    Bound: expected minutes and seconds such as `45:00`, or `3 quarters`, found `10:99:08` (at 13..21)
hourly before x
    Bound: expected minutes and seconds such as `45:00`, or `3 quarters`, found `x` (at 14..15)
hourly before
    Unexpected: expected minutes and seconds such as `45:00`, or `3 quarters`, found end of text (at 13..13)
hourly after 5 quarters
    Bound: expected from 1 to 4 quarters, found `5` (at 13..14)
hourly after 4 quarters
    Bound: expected a time before the end of the hour, found `4 quarters` (at 13..23)
minutely after 5
    Bound: expected a second of two digits from 00 to 60, found `5` (at 15..16); did you mean `05`?
minutely after x
    Bound: expected a second of two digits from 00 to 60, found `x` (at 15..16)
minutely before 61
    Bound: expected a time within the minute, found `61` (at 16..18)
secondly after 1.0005
    Bound: expected a millisecond from 0 to 1000 such as `250`, found `1.0005` (at 15..21)
secondly after
    Unexpected: expected a millisecond from 0 to 1000 such as `250`, found end of text (at 14..14)
",
    );
}

#[test]
fn bounds_on_the_calendar() {
    says(
        "
weekly on Funday
    Bound: expected a weekday such as `Monday`, found `Funday` (at 10..16); did you mean `Sunday`?
weekly on
    Unexpected: expected a weekday such as `Monday`, found end of text (at 9..9)
weekly at 00:00
    Bound: expected a weekday such as `Monday`, found `00:00` (at 10..15); did you mean `Monday 00:00`?
weekly on Mon 24:00
    Bound: expected a time before the end of the day, found `24:00` (at 14..19)
monthly on 32nd
    Bound: expected a day from 1st to 31st, `last day`, or one such as `first Monday`, found `32nd` (at 11..15)
monthly after 10:00
    Bound: expected a day from 1st to 31st, `last day`, or one such as `first Monday`, found `10:00` (at 14..19); did you mean `1st 10:00`?
monthly on 2st
    Bound: expected a day from 1st to 31st, `last day`, or one such as `first Monday`, found `2st` (at 11..14); did you mean `2nd`?
monthly on
    Unexpected: expected a day from 1st to 31st, `last day`, or one such as `first Monday`, found end of text (at 10..10)
yearly on 10:00
    Bound: expected a month such as `February`, found `10:00` (at 10..15); did you mean `January 1st 10:00`?
yearly on Feb 30th
    Bound: expected a day of February from 1 to 29, or `last day`, found `30th` (at 14..18)
yearly on Apr 31
    Bound: expected a day of April from 1 to 30, or `last day`, found `31` (at 14..16)
yearly on Jan 10:00
    Bound: expected a day of January from 1 to 31, or `last day`, found `10:00` (at 14..19)
",
    );
}

#[test]
fn lengths() {
    says(
        "
every
    Duration: expected a length of time such as `10 minutes`, found end of text (at 5..5)
every day
    Duration: expected a length of time such as `10 minutes`, found `day` (at 6..9); did you mean `1 day`?
every 0 seconds
    Duration: expected a length of time longer than zero, found `0 seconds` (at 6..15)
every 10 bananas
    Duration: expected a unit of time such as `minutes`, found `bananas` (at 9..16)
every 10 secnds
    Duration: expected a unit of time such as `minutes`, found `secnds` (at 9..15); did you mean `seconds`?
every 300
    Duration: expected a unit of time after the number, found `300` (at 6..9); did you mean `300 seconds`?
every 300 & hourly
    Duration: expected a unit of time after the number, found `300` (at 6..9); did you mean `300 seconds`?
every 10 5 minutes
    Duration: expected a unit of time such as `minutes`, found `5` (at 9..10)
every 1.2.3 minutes
    Duration: expected a number such as `10` or `1.5`, found `1.2.3` (at 6..11)
every 9999999999 weeks
    Duration: expected at most 584,000 years, found `9999999999` (at 6..16)
every 10:20
    Duration: expected a time like `10:20:30`, found `10:20` (at 6..11)
every 1:2:3:4
    Duration: expected a time like `10:20:30`, found `1:2:3:4` (at 6..13)
every 1h,m
    Duration: expected a number before the unit of time, found `m` (at 9..10)
scheduler started banana ago
    Duration: expected a length of time such as `10 minutes`, found `banana` (at 18..24)
",
    );
    let error = "-10 secnds".parse::<Delta>().unwrap_err();
    assert_eq!(
        (error.range, error.suggestion.as_deref()),
        (4..10, Some("seconds"))
    );
    let error = "10 seconds later".parse::<Delta>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a number and a unit of time, found `later` (at 11..16)"
    );
}

#[test]
fn periods() {
    let cases = [
        (
            "true",
            "expected a period that begins with `time`, `any`, `every`, `past`, `cron`, `crontime`, `from`, `until`, `on`, `once`, `always` or `never`, found `true` (at 0..4)",
        ),
        (
            "~always",
            "expected a period, which cannot be negated, found `~` (at 0..1)",
        ),
        (
            "always never",
            "expected `&`, `|` or the end, found `never` (at 7..12)",
        ),
        (
            "time of day",
            "expected `after`, `before`, `between`, `on`, `at` or `starting`, found end of text (at 11..11)",
        ),
        (
            "any tim of day",
            "expected `time`, found `tim` (at 4..7); did you mean `time`?",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(parse_period(text).unwrap_err().to_string(), message);
    }
}

#[test]
fn the_place_is_underlined() {
    let cases = [
        (
            "daily aftr 10:00",
            "daily aftr 10:00\n      ^^^^ did you mean `after`?",
        ),
        ("true &", "true &\n      ^ expected a condition"),
        (
            "true &\n\tdailly |\nhourly",
            "\tdailly |\n\t^^^^^^ did you mean `daily`?",
        ),
        (
            "env 'ä' & evry 1h",
            "env 'ä' & evry 1h\n          ^^^^ did you mean `every`?",
        ),
        (
            "true & env 'a\nb",
            "true & env 'a\n           ^^ expected a closing `'`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_strict(text).unwrap_err().caret(text), expected);
    }
    let error = parse_strict("daily aftr 10:00").unwrap_err();
    assert_eq!(
        error.caret("ä"),
        "ä\n ^ did you mean `after`?",
        "another text does not panic"
    );
    assert_eq!(error.shifted(10).range, 16..20);
}
