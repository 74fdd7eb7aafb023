//! Every spelling of every condition, and the canonical text it prints as.

use rocketry_syntax::ast::{Basis, Interval, Once, Quantifier, Retry, Since};
use rocketry_syntax::{CondExpr, Delta, PeriodExpr, Unit, Window, parse_condition, parse_strict};

#[track_caller]
fn prints(cases: &[(&str, &str)]) {
    for (text, canonical) in cases {
        let tree = parse_strict(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(tree.to_string(), *canonical, "{text}");
        assert_eq!(parse_strict(canonical), Ok(tree), "{canonical}");
    }
}

#[track_caller]
fn keeps(texts: &[&str]) {
    prints(&texts.iter().map(|&text| (text, text)).collect::<Vec<_>>());
}

#[test]
fn constants() {
    prints(&[
        ("true", "true"),
        ("always", "true"),
        ("always true", "true"),
        ("false", "false"),
        ("never", "false"),
        ("always false", "false"),
    ]);
}

#[test]
fn intervals() {
    prints(&[
        ("every 1h30m", "every 1 hour 30 minutes"),
        ("every 10 seconds based on start", "every 10 seconds"),
        ("every 10:20:30", "every 10 hours 20 minutes 30 seconds"),
    ]);
    keeps(&[
        "every 10 seconds based on success",
        "every 10 seconds based on fail",
        "every 10 seconds based on finish",
    ]);
    let Ok(CondExpr::Every(every)) = parse_strict("every 1 minute based on fail") else {
        panic!()
    };
    assert_eq!(
        (every.interval, every.since),
        (Interval::Time(Delta(60_000_000)), Since::Fail)
    );
}

#[test]
fn cycles() {
    keeps(&[
        "secondly", "minutely", "hourly", "daily", "weekly", "monthly", "yearly",
    ]);
    prints(&[
        ("secondly after 250.500", "secondly after 250.5"),
        ("minutely on 30.50", "minutely at 30.5"),
        ("hourly between 1q and 3 Q", "hourly between 15:00 and 45:00"),
        ("hourly before 4 quarters", "hourly before 60:00"),
        ("daily at 9am", "daily at 09:00"),
        ("daily on 10:00:15.250", "daily at 10:00:15.25"),
        ("weekly at mon 10 am", "weekly on Monday 10:00"),
        ("weekly between FRI and Mon", "weekly between Friday and Monday"),
        ("monthly after 5.", "monthly after 5th"),
        ("monthly on last", "monthly on last day"),
        ("monthly on last day 10:00", "monthly on last day 10:00"),
        (
            "yearly starting feb 15 10:00",
            "yearly starting February 15th 10:00",
        ),
        ("yearly before Feb last day", "yearly before February last day"),
        ("yearly on dec", "yearly on December"),
    ]);
    keeps(&["daily after 07:00 with 3 retries", "daily with 1 retry"]);
    prints(&[("daily with 0 retries", "daily")]);
}

#[test]
fn once_in_any_period() {
    keeps(&[
        "once per (time of day after 07:00 & time of week on Monday)",
        "task 'x' once per (any time of day) with 2 retries",
        "one start per (past 2 hours)",
        "task 'x' one start per (cron 0 7 * * *)",
        "once per (cron 0 7 * * *)",
        "once per (always)",
    ]);
    prints(&[
        ("once per (time of day after 07:00)", "daily after 07:00"),
        ("one start per (crontime 0 7 * * *)", "cron 0 7 * * *"),
    ]);
    let Ok(CondExpr::Once(once)) = parse_strict("daily with 2 retries") else {
        panic!()
    };
    let period = PeriodExpr::anchored(Unit::Day, Window::Full);
    assert_eq!(
        once,
        Once {
            task: None,
            period,
            basis: Basis::Finish,
            retries: 2
        }
    );
}

#[test]
fn times() {
    for unit in Unit::ALL {
        keeps(&[&format!("any time of {unit}")]);
        assert!(parse_strict(&format!("time of {unit}")).is_err());
    }
    keeps(&[
        "time of day between 22:00 and 02:00",
        "time of year on February 29th",
        "in (past 2 hours)",
        "in (time of day after 07:00 | never)",
        "in (always)",
        "crontime 0 7 * * *",
        "crontime with seconds */10 0 7 * * * grace 1 hour",
    ]);
    prints(&[
        ("in (time of day after 07:00)", "time of day after 07:00"),
        ("in (cron 0 7 * * *)", "crontime 0 7 * * *"),
    ]);
}

#[test]
fn cron() {
    keeps(&[
        "cron 0 7 * * Mon-Fri",
        "cron 0 7 * * * grace 10 minutes",
        "cron with seconds 0 0 7 * * *",
    ]);
    prints(&[("cron  0  7  *  *  *", "cron 0 7 * * *")]);
}

#[test]
fn dependencies() {
    keeps(&[
        "after task 'x'",
        "after task 'x' failed",
        "after task 'x' finished",
        "after task 'x' terminated",
        "after tasks 'x', 'y' failed",
        "after any tasks 'x', 'y'",
        "after tasks 'only'",
        "after task 'it''s (a & b | ~c), really'",
    ]);
    prints(&[
        ("after task 'x' succeeded", "after task 'x'"),
        ("after tasks 'x','y'", "after tasks 'x', 'y'"),
        ("after any tasks 'x' , 'y' succeeded", "after any tasks 'x', 'y'"),
    ]);
    let Ok(CondExpr::After(after)) = parse_strict("after any tasks 'it''s', 'y'") else {
        panic!()
    };
    assert_eq!(
        (after.quantifier, after.tasks),
        (Quantifier::Any, vec!["it's".to_owned(), "y".to_owned()])
    );
}

#[test]
fn statuses() {
    keeps(&[
        "has started",
        "task 'x' has succeeded this second",
        "task 'x' has failed this minute after 30",
        "has finished this hour between 50:00 and 10:00",
        "has terminated today",
        "has inacted this week on Monday",
        "has crashed this month starting 3rd",
        "has failed this year before February",
        "has failed past 2 hours",
        "has failed in (time of day after 07:00 & time of week on Monday)",
        "has failed at least 3 times",
        "has failed today at 10:00 at least 3 times",
        "has failed past 1 day exactly 1 time",
        "has failed today not 2 times",
        "has failed this month after 3rd more than 1 and at most 5 times",
        "has failed less than 5 times",
    ]);
    prints(&[
        ("has failed this day", "has failed today"),
        ("has failed in past 90m", "has failed past 1 hour 30 minutes"),
        ("has failed in (past 1 hour)", "has failed past 1 hour"),
        ("has failed in (any time of day)", "has failed today"),
        (
            "has failed at least 1 time and at most 3 times",
            "has failed at least 1 and at most 3 times",
        ),
        (
            "has failed today at most 3 times",
            "has failed today at most 3 times",
        ),
    ]);
}

#[test]
fn running() {
    keeps(&[
        "is running",
        "task 'x' is running",
        "task 'x' is running for more than 10 minutes",
        "task 'x' is running for less than 10 minutes",
        "task 'x' is running for more than 10 minutes and less than 1 hour in at least 2 runs",
        "is running in exactly 1 run",
    ]);
    prints(&[
        ("while task 'x' is running", "task 'x' is running"),
        ("while is running", "is running"),
    ]);
}

#[test]
fn retries() {
    keeps(&[
        "retry",
        "retry 1 time",
        "retry 3 times",
        "retry 3 times with backoff 10 seconds",
    ]);
    let Ok(CondExpr::Retry(retry)) = parse_strict("retry with backoff 1 min") else {
        panic!()
    };
    assert_eq!(
        retry,
        Retry {
            limit: None,
            backoff: Some(Delta(60_000_000))
        }
    );
}

#[test]
fn session() {
    keeps(&[
        "scheduler is running",
        "scheduler has run over 10 minutes",
        "scheduler has run under 1 hour",
        "scheduler has run over 10 minutes and under 1 hour",
        "scheduler started 10 minutes ago",
        "scheduler has cycles",
        "scheduler has more than 3 cycles",
        "scheduler has at least 3 and less than 10 cycles",
        "env 'prod env'",
        "param 'x' exists",
        "param 'x' is 'y'",
        "param 'x' is ''",
    ]);
    prints(&[("scheduler has exactly 1 cycle", "scheduler has exactly 1 cycles")]);
}

#[test]
fn logic_binds_as_usual() {
    prints(&[
        ("daily & hourly | weekly", "(daily & hourly) | weekly"),
        ("daily | hourly & weekly", "daily | (hourly & weekly)"),
        ("(daily | hourly) & weekly", "(daily | hourly) & weekly"),
        ("~daily & hourly", "~daily & hourly"),
        ("~(daily & hourly)", "~(daily & hourly)"),
        ("~~daily", "daily"),
        ("~ ~ ~daily", "~daily"),
        ("daily & (hourly & (weekly))", "daily & hourly & weekly"),
        ("((daily|hourly)|weekly)", "daily | hourly | weekly"),
        ("\n(daily)\t&\n  hourly ", "daily & hourly"),
    ]);
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("{}daily{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse_strict(&nested(rocketry_syntax::MAX_DEPTH)).is_ok());
    let error = parse_strict(&nested(100_000)).unwrap_err();
    assert_eq!(error.expected, "at most 128 levels of nesting");
    assert!(parse_strict(&format!("{}daily", "~".repeat(100_000))).is_err());
    let beside = vec!["(~daily)"; 1_000].join(" & ");
    assert!(
        parse_strict(&beside).is_ok(),
        "groups beside each other are not nested"
    );
    assert!(parse_strict(&format!("once per ({}always", "(".repeat(100_000))).is_err());
}

#[test]
fn text_and_tree_are_the_same_for_from_str() {
    assert_eq!(
        "daily & is workday".parse::<CondExpr>(),
        parse_condition("daily & is workday")
    );
    assert_eq!(
        "past 1 hour".parse::<PeriodExpr>(),
        Ok(PeriodExpr::Past(Delta(3_600_000_000)))
    );
}
