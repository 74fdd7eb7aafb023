//! What people paste from other schedulers, and the statement that is proposed in its place.

use rocketry_syntax::{Phrase, SyntaxErrorKind, parse_condition, parse_condition_with, parse_strict};

/// Each text with the statement that says the same, or with a part of what is said in its place.
const PASTED: [(&str, Result<&str, &str>); 64] = [
    // Crontabs, and the dialects of cron libraries.
    ("0 5 * * *", Ok("cron 0 5 * * *")),
    ("0 12 1 * +Monday", Ok("cron 0 12 1 * +Monday")),
    ("*/15 8-18 * * Mon-Fri", Ok("cron */15 8-18 * * Mon-Fri")),
    ("0 5 * * * root /usr/bin/backup", Ok("cron 0 5 * * *")),
    ("CRON_TZ=Europe/Berlin 0 5 * * *", Ok("cron 0 5 * * *")),
    ("TZ=UTC 61 5 * * *", Err("`timezone = \"UTC\"`")),
    ("61 5 * * *", Err("without the word `cron`")),
    ("0 0 12 * * ?", Ok("cron with seconds 0 0 12 * * *")),
    ("0 0 12 ? * MON-FRI *", Ok("cron with seconds 0 0 12 * * MON-FRI")),
    ("0 0 12 ? * 2", Err("Quartz counts Sunday as 1")),
    ("0 0 12 ? * MON 2026", Err("the year")),
    ("@hourly", Ok("hourly")),
    ("@daily", Ok("daily")),
    ("@weekly", Ok("weekly starting Sunday")),
    ("@annually", Ok("yearly")),
    ("@reboot", Err("`on_startup = true`")),
    ("@every 1h30m", Ok("every 1 hour 30 minutes")),
    // Cloud services.
    ("rate(5 minutes)", Ok("every 5 minutes")),
    ("rate(1 day)", Ok("every 1 day")),
    ("cron(0 18 ? * MON-FRI *)", Ok("cron 0 18 * * MON-FRI")),
    ("cron(0 18 ? * 2-6 *)", Ok("cron 0 18 * * MON-FRI")),
    ("cron(0 18 ? * 6L *)", Ok("cron 0 18 * * 5L")),
    ("cron(0 18 ? * 3#2,1 *)", Ok("cron 0 18 * * TUE#2,SUN")),
    ("cron(0 18 * * ? 2026)", Err("the year")),
    ("cron(0 18 * * *)", Ok("cron 0 18 * * *")),
    // Calendar events of systemd.
    ("Mon..Fri *-*-* 06:00:00", Ok("cron 0 6 * * Mon-Fri")),
    ("*:0/15", Ok("cron */15 * * * *")),
    ("*:5/15:30", Ok("cron with seconds 30 5/15 * * * *")),
    ("*-*-01 04:30", Ok("cron 30 4 1 * *")),
    ("Mon,Wed *-*-* 9:30", Ok("cron 30 9 * * Mon,Wed")),
    ("*-01,07-01", Ok("cron 0 0 1 1,7 *")),
    ("OnCalendar=daily", Ok("daily")),
    ("OnCalendar=nonsense", Err("systemd")),
    // ISO 8601 and iCalendar.
    ("FREQ=DAILY;INTERVAL=2", Ok("every 2 days")),
    (
        "RRULE:FREQ=WEEKLY;BYDAY=MO;BYHOUR=9",
        Ok("weekly on Monday 09:00"),
    ),
    ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", Ok("monthly on last day")),
    ("RRULE:FREQ=DAILY;BYSETPOS=1", Err("iCalendar")),
    ("PT15M", Ok("every 15 minutes")),
    ("P1DT12H", Ok("every 1 day 12 hours")),
    ("R/P1D", Ok("every 1 day")),
    // Sentences.
    ("each 5 minutes", Ok("every 5 minutes")),
    (
        "in 5 minutes",
        Ok("scheduler has run over 5 minutes & ~has started"),
    ),
    ("annually", Ok("yearly")),
    ("biweekly", Ok("every 2 weeks")),
    ("every day at 10:00", Ok("daily at 10:00")),
    ("each hour", Ok("hourly")),
    ("every monday", Ok("weekly on Monday")),
    ("every other day", Ok("every 2 days")),
    ("weekdays at 9:30", Ok("daily at 09:30 on weekdays")),
    ("weekly on Monday and Friday", Ok("weekly on Monday, Friday")),
    ("daily at 10:00 and 18:00", Ok("daily at 10:00, 18:00")),
    ("every quarter", Ok("quarterly")),
    ("daily from 9:00 to 17:00", Ok("daily between 09:00 and 17:00")),
    ("daily at noon", Ok("daily at 12:00")),
    ("Daily at 9 pm", Ok("daily at 21:00")),
    ("weekly on Monday at 10:00", Ok("weekly on Monday 10:00")),
    ("Mondays at 10 am", Ok("weekly on Monday 10:00")),
    ("yearly on 25 December", Ok("yearly on December 25th")),
    (
        "yearly on 25th of December at 8:00",
        Ok("yearly on December 25th 08:00"),
    ),
    ("on the 1st of the month at 10:00", Ok("monthly on 1st 10:00")),
    ("on the last day of the month", Ok("monthly on last day")),
    ("once a day", Ok("daily")),
    ("at 10:00", Ok("daily at 10:00")),
    (
        "every 5 minutes between 9:00 and 17:00",
        Ok("every 5 minutes & time of day between 09:00 and 17:00"),
    ),
];

#[test]
fn each_text_has_its_statement() {
    for (text, expected) in PASTED {
        let error = parse_condition(text).expect_err(text);
        assert_eq!(error.kind, SyntaxErrorKind::Notation, "{text}: {error}");
        assert_eq!(error.suggestion.as_deref(), expected.ok(), "{text}: {error}");
        let part = expected.err().unwrap_or_default();
        assert!(
            error.help.as_deref().is_some_and(|help| help.contains(part)),
            "{text}: {error}"
        );
    }
}

#[test]
fn every_proposal_is_a_statement() {
    for proposal in PASTED.iter().filter_map(|(_, expected)| expected.ok()) {
        if let Err(error) = parse_strict(proposal) {
            panic!("{proposal}: {error}");
        }
    }
}

#[test]
fn a_part_of_a_statement_is_recognised_in_its_place() {
    let error = parse_condition("is workday & (0 5 * * * | hourly)").unwrap_err();
    assert_eq!(
        error.caret("is workday & (0 5 * * * | hourly)"),
        "is workday & (0 5 * * * | hourly)\n              ^^^^^^^^^ did you mean `cron 0 5 * * *`?"
    );
}

#[test]
fn a_custom_condition_keeps_its_phrase() {
    let known = |text: &str| text == "every other day";
    assert!(parse_condition_with("every other day", &known).is_ok());
    for phrase in [
        "in season",
        "in 5 of 6 rooms",
        "at home",
        "weekly report is due",
        "first of all",
        "3 2 1",
        "cron(job) runs",
    ] {
        let tree = parse_condition(phrase);
        let notation = tree.is_err_and(|error| error.kind == SyntaxErrorKind::Notation);
        assert!(!notation, "{phrase}");
    }
}

#[test]
fn a_schedule_is_no_phrase_of_a_custom_condition() {
    let error = Phrase::parse("every other day").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a phrase that is no schedule in words of its own, found `every other day` (at 0..15)"
    );
}

#[test]
fn a_slip_of_one_word_goes_first() {
    let error = parse_condition("monthly on 2st").unwrap_err();
    assert_eq!(error.suggestion.as_deref(), Some("2nd"));
}
