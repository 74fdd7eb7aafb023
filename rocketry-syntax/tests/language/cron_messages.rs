//! What the errors of cron expressions say.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::select;
use rocketry_syntax::{Cron, SyntaxError, parse_strict};

const FIVE: &str = "5 fields (minute, hour, day of month, month, day of week)";
const SIX: &str = "6 fields (second, minute, hour, day of month, month, day of week)";

/// Holds each statement against the message of its error. What is proposed is an expression.
#[track_caller]
fn says(table: &str) {
    crate::support::says(&[("FIVE", FIVE), ("SIX", SIX)], table);
    for text in table.lines().filter(|line| line.starts_with("cron")) {
        let mended = parse_strict(text).err().and_then(|error| mended(text, &error));
        assert!(
            mended.is_none_or(|mended| parse_strict(&mended).is_ok()),
            "{text}"
        );
    }
}

/// The text with the suggestion in place of what was found.
fn mended(text: &str, error: &SyntaxError) -> Option<String> {
    let (Range { start, end }, suggestion) = (error.range.clone(), error.suggestion.as_deref()?);
    Some([&text[..start], suggestion, &text[end..]].concat())
}

#[test]
fn too_few_fields_and_nicknames() {
    says(
        "
cron
    Cron: expected FIVE, found end of text (at 4..4)
cron 5
    Cron: expected FIVE, found `5` (at 5..6)
cron 0 12
    Cron: expected FIVE, found `0 12` (at 5..9)
cron * * *
    Cron: expected FIVE, found `* * *` (at 5..10)
cron '0 5 * * *'
    Cron: expected FIVE, found `'0 5 * * *'` (at 5..16); the fields stand without quotes
cron @daily
    Cron: expected FIVE, found `@daily` (at 5..11); did you mean `0 0 * * *`?
cron @Weekly
    Cron: expected FIVE, found `@Weekly` (at 5..12); did you mean `0 0 * * 0`?
cron @reboot
    Cron: expected FIVE, found `@reboot` (at 5..12); a task with `on_startup = true` runs when the app starts
cron @every 1h30m
    Cron: expected FIVE, found `@every` (at 5..11); an interval is a statement of its own: `every 1 hour 30 minutes`
cron @noon
    Cron: expected FIVE, found `@noon` (at 5..10)
cron with seconds @daily
    Cron: expected SIX, found `@daily` (at 18..24); did you mean `0 0 0 * * *`?
cron with seconds */5 */5 * *
    Cron: expected SIX, found `*/5 */5 * *` (at 18..29)
crontime 0 5 * *
    Cron: expected FIVE, found `0 5 * *` (at 9..16)
",
    );
}

#[test]
fn what_other_programs_write() {
    says(
        r#"
cron * * * * * *
    Cron: expected FIVE, found `* * * * * *` (at 5..16); if the seconds are first, write `cron with seconds * * * * * *`, or in Rust `cron_with_seconds("…")`
cron 0 0 12 * * ?
    Cron: expected FIVE, found `0 0 12 * * ?` (at 5..17); if the seconds are first, write `cron with seconds 0 0 12 * * ?`, or in Rust `cron_with_seconds("…")`
cron 0 0 12 ? * 2-6
    Cron: expected FIVE, found `0 0 12 ? * 2-6` (at 5..19); if the seconds are first, write `cron with seconds …`, or in Rust `cron_with_seconds("…")`; Sunday is 0 here and 1 in Quartz and AWS, so name the days of the week
cron 0 0 12 * * ? *
    Cron: expected FIVE, found `0 0 12 * * ? *` (at 5..19); if the seconds are first, write `cron with seconds 0 0 12 * * ? *`, or in Rust `cron_with_seconds("…")`
cron 0 0 12 1 1 ? 2027
    Cron: expected FIVE, found `0 0 12 1 1 ? 2027` (at 5..22); if the seconds are first, write `cron with seconds …`, or in Rust `cron_with_seconds("…")`; cron has no years; limit the statement with `& from 2027-01-01 & until 2027-12-31`
cron with seconds 0 0 12 1 1 ? 2027
    Cron: expected `*` in place of the year, found `2027` (at 31..35); cron has no years; limit the statement with `& from 2027-01-01 & until 2027-12-31`
cron with seconds 0 0 12 1 1 ? 2027-2030
    Cron: expected `*` in place of the year, found `2027-2030` (at 31..40); cron has no years; limit the statement with `& from 2027-01-01 & until 2030-12-31`
cron 0 18 ? * Mon-Fri *
    Cron: expected FIVE, found `0 18 ? * Mon-Fri *` (at 5..23); did you mean `0 18 ? * Mon-Fri`?
cron 0 18 ? * 2-6 *
    Cron: expected FIVE, found `0 18 ? * 2-6 *` (at 5..19); leave out the year; Sunday is 0 here and 1 in Quartz and AWS, so name the days of the week
cron 0 18 1 * ? 2027
    Cron: expected FIVE, found `0 18 1 * ? 2027` (at 5..20); cron has no years; limit the statement with `& from 2027-01-01 & until 2027-12-31`
cron with seconds 0 5 * * *
    Cron: expected SIX, found `0 5 * * *` (at 18..27)
cron H 5 * * *
    Cron: expected a field with values, found `H` (at 5..6); `H` is known to Jenkins only: write a number, and spread starts by the option `jitter = "…"` of the task
cron H/15 * * * *
    Cron: expected a field with values, found `H/15` (at 5..9); `H` is known to Jenkins only: write a number, and spread starts by the option `jitter = "…"` of the task
cron H(0-29)/10 * * * *
    Cron: expected a field with values, found `H` (at 5..6); `H` is known to Jenkins only: write a number, and spread starts by the option `jitter = "…"` of the task
cron with seconds 0 H 5 * * *
    Cron: expected a field with values, found `H` (at 20..21); `H` is known to Jenkins only: write a number, and spread starts by the option `jitter = "…"` of the task
cron CRON_TZ=Europe/Berlin 0 5 * * *
    Cron: expected the fields, found `CRON_TZ=Europe/Berlin` (at 5..26); the zone follows the fields, `in Europe/Berlin`, or is an option of the task: `timezone = "Europe/Berlin"`
cron TZ=UTC 0 5 * * *
    Cron: expected the fields, found `TZ=UTC` (at 5..11); the zone follows the fields, `in UTC`, or is an option of the task: `timezone = "UTC"`
cron with seconds CRON_TZ=Europe/Berlin 0 5 * * *
    Cron: expected the fields, found `CRON_TZ=Europe/Berlin` (at 18..39); the zone follows the fields, `in Europe/Berlin`, or is an option of the task: `timezone = "Europe/Berlin"`
cron 0 5 * * * root
    Cron: expected the end after 5 fields, found `root` (at 15..19); the task is what runs, so there is no user and no command here
cron 0 5 * * * root /usr/bin/backup --all grace 1 hour
    Cron: expected the end after 5 fields, found `root /usr/bin/backup --all` (at 15..41); the task is what runs, so there is no user and no command here
cron 0 5 * * * /usr/bin/backup >> /var/log/backup.log 2>&1
    Cron: expected the end after 5 fields, found `/usr/bin/backup >> /var/log/backup.log 2>` (at 15..56); the task is what runs, so there is no user and no command here
cron with seconds 0 0 5 * * * backup
    Cron: expected the end after 6 fields, found `backup` (at 30..36); the task is what runs, so there is no user and no command here
cron 0 5 * * * # nightly
    Cron: expected the end after 5 fields, found `# nightly` (at 15..24); a statement has no comments
cron every 5 minutes
    Cron: expected FIVE, found `every 5 minutes` (at 5..20); `every 5 minutes` is a statement of its own, without `cron`
cron cron daily
    Cron: expected FIVE, found `cron daily` (at 5..15)
cron "0 5 * * *"
    Cron: expected a minute from 0 to 59, found `"0` (at 5..7); the fields stand without quotes
cron 0 5 * * Mon–Fri
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `Mon–Fri` (at 13..22); did you mean `Mon-Fri`?
cron ∗/5 * * * *
    Cron: expected a minute from 0 to 59, found `∗` (at 5..8); did you mean `*`?
cron 0 5 * * Mon, Fri
    Cron: expected a field without blanks, found `Mon, Fri` (at 13..21); did you mean `Mon,Fri`?
cron 0 5 * * Mon, Wed, Fri
    Cron: expected a field without blanks, found `Mon, Wed, Fri` (at 13..26); did you mean `Mon,Wed,Fri`?
cron 0 5 * * Mon - Fri
    Cron: expected a field without blanks, found `Mon - Fri` (at 13..22); did you mean `Mon-Fri`?
cron 0 5 * * Mon ,Fri
    Cron: expected a field without blanks, found `Mon ,Fri` (at 13..21); did you mean `Mon,Fri`?
cron 0 5 * * *, /backup
    Cron: expected a field without blanks, found `*, /backup` (at 13..23)
cron 0 0 31 2 *
    Cron: expected a date that exists, found `31 2` (at 9..13); February has at most 29 days, and April, June, September and November have 30
cron 0 0 30 Feb ?
    Cron: expected a date that exists, found `30 Feb` (at 9..15); February has at most 29 days, and April, June, September and November have 30
cron 0 0 1-7 * +Mon#2
    Cron: expected a date that exists, found `1-7 * +Mon#2` (at 9..21); no such day of the month is ever such a day of the week
cron with seconds 0 0 0 31 4,6 *
    Cron: expected a date that exists, found `31 4,6` (at 24..30); February has at most 29 days, and April, June, September and November have 30
"#,
    );
}

#[test]
fn values_and_steps() {
    says(
        "
cron with seconds 60 * * * * *
    Cron: expected a second from 0 to 59, found `60` (at 18..20)
cron 1,60 * * * *
    Cron: expected a minute from 0 to 59, found `60` (at 7..9)
cron * 5-24 * * *
    Cron: expected an hour from 0 to 23, found `24` (at 9..11); midnight is hour 0
cron 0 24 * * *
    Cron: expected an hour from 0 to 23, found `24` (at 7..9); midnight is hour 0
cron */90 * * * *
    Cron: expected a step from 1 to 60, found `90` (at 7..9); for an interval write `every 90 minutes`
cron */100 * * * *
    Cron: expected a step from 1 to 60, found `100` (at 7..10); for an interval write `every 100 minutes`
cron * */36 * * *
    Cron: expected a step from 1 to 24, found `36` (at 9..11); for an interval write `every 36 hours`
cron * * * */18 *
    Cron: expected a step from 1 to 12, found `18` (at 13..15); for an interval write `every 18 months`
cron with seconds */90 * * * * *
    Cron: expected a step from 1 to 60, found `90` (at 20..22); for an interval write `every 90 seconds`
cron 5/90 * * * *
    Cron: expected a step from 1 to 60, found `90` (at 7..9)
cron */0 * * * *
    Cron: expected a step from 1 to 60, found `0` (at 7..8)
cron */ * * * *
    Cron: expected a step from 1 to 60 after `/`, found `*/` (at 5..7)
cron 5/x * * * *
    Cron: expected a step from 1 to 60, found `x` (at 7..8)
cron */5/5 * * * *
    Cron: expected a step from 1 to 60, found `5/5` (at 7..10)
cron * * 0 * *
    Cron: expected a day of the month from 1 to 31, found `0` (at 9..10)
cron * * +15 * Mon
    Cron: expected a day of the month from 1 to 31, found `+15` (at 9..12); `+` stands in front of the days of the week
cron * * * Janury *
    Cron: expected a month from 1 to 12 or a name such as `Jan`, found `Janury` (at 11..17); did you mean `Jan`?
cron * * * Sept *
    Cron: expected a month from 1 to 12 or a name such as `Jan`, found `Sept` (at 11..15); did you mean `Sep`?
cron * * * * Mno
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `Mno` (at 13..16); did you mean `Mon`?
cron * * * * Thurs
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `Thurs` (at 13..18); did you mean `Thu`?
cron ? * * * *
    Cron: expected a minute from 0 to 59, found `?` (at 5..6); `?` stands for a whole day field
cron * ?/15 * * *
    Cron: expected an hour from 0 to 23, found `?` (at 7..8); `?` stands for a whole day field
cron * * ?,5 * *
    Cron: expected a day of the month from 1 to 31, found `?` (at 9..10); `?` stands for a whole day field
",
    );
}

#[test]
fn letters_and_signs() {
    says(
        "
cron * * * * 5#6
    Cron: expected a week of the month from 1 to 5, or `L`, found `6` (at 15..16)
cron * * * * 5#
    Cron: expected a week of the month from 1 to 5, or `L`, found `5#` (at 13..15)
cron * * * * #1
    Cron: expected a day of the week before `#`, such as `Fri#2`, found `#1` (at 13..15)
cron * * * * *#1
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `*` (at 13..14)
cron * * * * Mon#1-Fri
    Cron: expected a week of the month from 1 to 5, or `L`, found `1-Fri` (at 17..22)
cron * * * * Mon-#1
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon` after `-`, found `Mon-#1` (at 13..19)
cron * * * * L
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `L` (at 13..14); `L` stands after a day: `FriL` is the last Friday of the month
cron * * * * L5
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `L5` (at 13..15); did you mean `5L`?
cron * * * * L-1
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `L` (at 13..14); `L` stands after a day: `FriL` is the last Friday of the month
cron * * * * +
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `+` (at 13..14); `+` stands in front of the days of the week
cron * * * * Mon,+Fri
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `+Fri` (at 17..21); `+` stands in front of the days of the week
cron * * L/2 * *
    Cron: expected a single day without a step, found `L/2` (at 9..12)
cron * * LW/2 * *
    Cron: expected a single day without a step, found `LW/2` (at 9..13)
cron * * 29-L * *
    Cron: expected a range of days that ends with a number, found `29-L` (at 9..13); did you mean `29-31`?
cron * * 1-L/8 * *
    Cron: expected a range of days that ends with a number, found `1-L/8` (at 9..14); did you mean `1-31/8`?
cron * * L-31 * *
    Cron: expected `L`, or `L-1` to `L-30`, found `L-31` (at 9..13)
cron * * L-0 * *
    Cron: expected `L`, or `L-1` to `L-30`, found `L-0` (at 9..12)
cron * * L- * *
    Cron: expected `L`, or `L-1` to `L-30`, found `L-` (at 9..11)
cron * * L3 * *
    Cron: expected `L`, or `L-1` to `L-30`, found `L3` (at 9..11)
cron * * W * *
    Cron: expected a day of the month before `W`, such as `15W`, found `W` (at 9..10)
cron * * W15 * *
    Cron: expected a single day before `W`, such as `15W`, found `W15` (at 9..12)
cron * * WL * *
    Cron: expected the last weekday of the month, `LW`, found `WL` (at 9..11); did you mean `LW`?
cron * * 32W * *
    Cron: expected a day of the month from 1 to 31, found `32` (at 9..11)
cron * * 1-15W * *
    Cron: expected a single day before `W`, such as `15W`, found `1-15W` (at 9..14)
cron * * 15W-20 * *
    Cron: expected a single day before `W`, such as `15W`, found `15W-20` (at 9..15)
cron * * LX * *
    Cron: expected `L`, or `L-1` to `L-30`, found `LX` (at 9..11)
cron * L * * *
    Cron: expected an hour from 0 to 23, found `L` (at 7..8)
",
    );
}

#[test]
fn what_is_missing_is_not_the_end_of_the_text() {
    says(
        "
cron 1,,2 * * * *
    Cron: expected a minute from 0 to 59 between the commas, found `,,` (at 6..8)
cron ,1 * * * *
    Cron: expected a minute from 0 to 59 before the comma, found `,` (at 5..6)
cron 1, * * * *
    Cron: expected a minute from 0 to 59 after the comma, found `,` (at 6..7)
cron , * * * *
    Cron: expected a minute from 0 to 59 before the comma, found `,` (at 5..6)
cron /5 * * * *
    Cron: expected `*`, a number or a range before `/`, found `/5` (at 5..7); did you mean `*/5`?
cron /90 * * * *
    Cron: expected a step from 1 to 60, found `90` (at 6..8)
cron -5 * * * *
    Cron: expected a minute from 0 to 59 before `-`, found `-5` (at 5..7)
cron 5- * * * *
    Cron: expected a minute from 0 to 59 after `-`, found `5-` (at 5..7)
cron 1--2 * * * *
    Cron: expected a minute from 0 to 59, found `-2` (at 7..9)
cron ä * * * *
    Cron: expected a minute from 0 to 59, found `ä` (at 5..7)
cron * * * * äL
    Cron: expected a day of the week from 0 to 7 or a name such as `Mon`, found `ä` (at 13..15)
",
    );
}

#[test]
fn what_the_messages_propose_is_a_statement() {
    for text in [
        "cron with seconds 0 0 12 1 1 ? & from 2027-01-01 & until 2028-01-01",
        "cron 0 5 * * * in Europe/Berlin",
        "every 100 minutes",
        "every 36 hours",
        "every 18 months",
        "every 45 days",
    ] {
        assert!(parse_strict(text).is_ok(), "{text}");
    }
}

/// Fields, whole and broken, and what people paste around them.
fn expressions() -> impl Strategy<Value = String> {
    let sign = select("*,-/#?+LWlwH0123456789 @=xM\u{e4}".chars().collect::<Vec<_>>());
    let broken = prop::collection::vec(sign, 0..6).prop_map(String::from_iter);
    let whole = select(vec![
        "*",
        "0",
        "*/5",
        "1-5",
        "Mon-Fri",
        "January",
        "L",
        "L-3",
        "15W",
        "L-1W",
        "Fri#2",
        "Mon-Fri#L",
        "+Mon",
        "?",
        "31",
        "2",
        "22-2/3",
        "7",
        "1,15",
        "Mon,",
        "@daily",
        "TZ=UTC",
        "root",
        "2027",
        "*/100",
    ]);
    let field = prop_oneof![3 => whole.prop_map(str::to_owned), 1 => broken];
    prop::collection::vec(field, 0..9).prop_map(|fields| fields.join(" "))
}

proptest! {
    #[test]
    fn any_text_is_an_expression_or_a_mistake_with_a_place(text in expressions(), seconds in any::<bool>()) {
        match Cron::parse(&text, seconds) {
            Ok(cron) => {
                prop_assert_eq!(Cron::parse(cron.fields(), seconds), Ok(cron.clone()));
                prop_assert!(!cron.sets().is_never());
            }
            Err(error) => {
                prop_assert_eq!(text.get(error.range.clone()), Some(&*error.found));
                prop_assert!(!error.found.is_empty() || text.trim().is_empty(), "{:?}: {}", text, error);
                prop_assert!(!error.caret(&text).is_empty());
            }
        }
    }
}
