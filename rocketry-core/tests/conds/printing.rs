//! How words read, and what is said about mistakes in them.

use std::time::Duration;

use rocketry_core::Condition;
use rocketry_core::cond::{ByType, Constant, Mistake};
use rocketry_core::conds::*;

fn reads(condition: impl Into<Condition>, text: &str) {
    let condition = condition.into();
    assert_eq!(condition.to_string(), text);
    assert_eq!(
        Condition::parse(text).expect("what a condition prints can be read"),
        condition
    );
}

#[test]
fn windows() {
    reads(secondly.after(250), "secondly after 250");
    reads(secondly.before(499), "secondly before 500");
    reads(minutely.on(30), "minutely at 30");
    reads(
        minutely.between(15.5, 45.25f32),
        "minutely between 15.5 and 45.25",
    );
    reads(hourly.at("2 quarters"), "hourly at 30:00");
    reads(daily.between(10u8, 12i64), "daily between 10:00 and 13:00");
    reads(daily.starting(String::from("7 am")), "daily starting 07:00");
    let monday = String::from("Mon 10:00");
    reads(weekly.on(&monday), "weekly on Monday 10:00");
    reads(weekly.on(monday), "weekly on Monday 10:00");
    reads(weekly.between(1u16, 5u32), "weekly between Monday and Friday");
    reads(
        monthly.after(15i8).retries(2),
        "monthly after 15th with 2 retries",
    );
    reads(yearly.before(6i16), "yearly before June");
    reads(time_of_second.at("500"), "time of second at 500");
    reads(time_of_minute.starting("30"), "time of minute starting 30");
    reads(time_of_hour.after(30), "time of hour after 30:00");
    reads(time_of_day.before("24:00"), "time of day before 24:00");
    reads(time_of_week.starting("Thu"), "time of week starting Thursday");
    reads(time_of_month.on("last day"), "time of month on last day");
    reads(time_of_year.on("Feb 29th"), "time of year on February 29th");
}

#[test]
fn the_present_unit() {
    let happened = || started("a");
    reads(happened().this_second(), "task 'a' has started this second");
    reads(
        happened().this_minute().after("30"),
        "task 'a' has started this minute after 30",
    );
    reads(
        happened().this_hour().before("45:00"),
        "task 'a' has started this hour before 45:00",
    );
    reads(
        happened().this_day().at_least(2),
        "task 'a' has started today at least 2 times",
    );
    reads(
        happened().today().at_most(2),
        "task 'a' has started today at most 2 times",
    );
    reads(
        happened().this_week().on("Mon"),
        "task 'a' has started this week on Monday",
    );
    reads(
        happened().this_month().more_than_times(1),
        "task 'a' has started this month more than 1 time",
    );
    reads(
        happened().this_year().less_than_times(4),
        "task 'a' has started this year less than 4 times",
    );
    reads(
        happened().this_week().exactly(0),
        "task 'a' has started this week exactly 0 times",
    );
    reads(
        happened().this_week().not_exactly(3),
        "task 'a' has started this week not 3 times",
    );
    reads(
        happened().at_least(1).less_than_times(3),
        "task 'a' has started at least 1 and less than 3 times",
    );
    reads(
        happened().past(Duration::from_secs(90)),
        "task 'a' has started past 1 minute 30 seconds",
    );
    reads(
        happened().within("past 1 hour"),
        "task 'a' has started past 1 hour",
    );
    // The last one counts.
    reads(
        happened().past("2 hours").this_week(),
        "task 'a' has started this week",
    );
    reads(
        happened().today().at_least(1).past("1 hour".to_owned()),
        "task 'a' has started past 1 hour at least 1 time",
    );
}

#[test]
fn periods() {
    let office = || time_of_week.between("Mon", "Fri") & time_of_day.between("09:00", "17:00");
    let text = "time of week between Monday and Friday & time of day between 09:00 and 17:00";
    reads(office(), text);
    reads(once_per(office()), &format!("once per ({text})"));
    reads(once_per(text), &format!("once per ({text})"));
    reads(one_start_per(text.to_owned()), &format!("one start per ({text})"));
    reads(once_per(time_of_day), "daily");
    reads(
        once_per(time_of_day.after("07:00") | never),
        "once per (time of day after 07:00 | never)",
    );
    reads(once_per(always), "once per (always)");
    reads(once_per(crontime_fields().hour("7")), "once per (cron * 7 * * *)");
    reads(
        one_start_per(crontime("0 7 * * *").grace("1 h")),
        "cron 0 7 * * * grace 1 hour",
    );
    reads(past("2 h"), "in (past 2 hours)");
    reads(
        failed("a").within(past("2 h") & time_of_day.after(7)),
        "task 'a' has failed in (past 2 hours & time of day after 07:00)",
    );
}

#[test]
fn tasks() {
    reads(after_success(ByType("fetch")), "after task 'fetch'");
    reads(after_fail(String::from("it's")), "after task 'it''s' failed");
    let fetch = String::from("fetch");
    reads(after_finish(&fetch), "after task 'fetch' finished");
    reads(after_finish(fetch), "after task 'fetch' finished");
    reads(
        after_all_finish(("a", ByType("b"), String::from("c"))),
        "after tasks 'a', 'b', 'c' finished",
    );
    reads(
        after_any_terminate(vec!["a", "b"]),
        "after any tasks 'a', 'b' terminated",
    );
    let names = [String::from("a"), String::from("b")];
    reads(after_all_fail(&names), "after tasks 'a', 'b' failed");
    reads(after_any_success(names.as_slice()), "after any tasks 'a', 'b'");
    reads(running(ByType("fetch")), "task 'fetch' is running");
    reads(crashed(this_task), "has crashed");
    reads(
        once_per("any time of day").of(ByType("a")),
        "task 'a' once per (any time of day)",
    );
}

#[test]
fn every_other_word() {
    reads(after_terminate("a"), "after task 'a' terminated");
    reads(after_all_terminate(["a", "b"]), "after tasks 'a', 'b' terminated");
    reads(after_any_fail(("a", "b")), "after any tasks 'a', 'b' failed");
    reads(after_any_finish(["a"]), "after any tasks 'a' finished");
    for (word, text) in [
        (started("a"), "started"),
        (succeeded("a"), "succeeded"),
        (failed("a"), "failed"),
        (finished("a"), "finished"),
        (terminated("a"), "terminated"),
        (inacted("a"), "inacted"),
        (crashed("a"), "crashed"),
    ] {
        assert_eq!(word.to_string(), format!("task 'a' has {text}"));
        reads(word, &format!("task 'a' has {text}"));
    }
    let hour = String::from("1 h");
    reads(every(&hour).based_on(finish), "every 1 hour based on finish");
    reads(daily.retries(1), "daily with 1 retry");
    reads(one_start_per(never).of("a"), "task 'a' one start per (never)");
    reads(
        once_per(always & time_of_day),
        "once per (always & any time of day)",
    );
    reads(running("a").exactly(2), "task 'a' is running in exactly 2 runs");
    reads(
        running("a").less_than("1 h").more_than("0 s"),
        "task 'a' is running for more than 0 seconds and less than 1 hour",
    );
    reads(scheduler_started(hour), "scheduler started 1 hour ago");
    reads(
        scheduler_cycles().more_than(3),
        "scheduler has more than 3 cycles",
    );
    reads(
        scheduler_running().less_than("1 h"),
        "scheduler has run under 1 hour",
    );
    let weekends = cron_fields().hour("7").day_of_week("Sat,Sun");
    assert_eq!(format!("{weekends:?}"), "cron_fields(* 7 * * Sat,Sun)");
    reads(weekends, "cron * 7 * * Sat,Sun");
}

#[test]
fn every_word_joins_with_every_other() {
    reads(daily & hourly | !weekly, "(daily & hourly) | ~weekly");
    reads(!!running("a"), "task 'a' is running");
    reads(every("1 h") & "is workday", "every 1 hour & is workday");
    reads(
        always | retry_always() & scheduler_running(),
        "true | (retry & scheduler is running)",
    );
    reads(
        cron("0 7 * * *") | crontime("* 8 * * *") & true,
        "cron 0 7 * * * | (crontime * 8 * * * & true)",
    );
    reads(
        Condition::from(false) & never & retry(1),
        "false & false & retry 1 time",
    );
    reads(
        !scheduler_cycles().at_least(2).not_exactly(3),
        "~scheduler has at least 2 and not 3 cycles",
    );
    reads(
        scheduler_cycles().less_than(3),
        "scheduler has less than 3 cycles",
    );
    reads(
        cron_fields().minute("5").grace("1 h") | crontime_fields().day_of_month("1").grace("1 h"),
        "cron 5 * * * * grace 1 hour | crontime * * 1 * * grace 1 hour",
    );
    let copied: (Constant, Constant) = (always, always);
    assert_eq!(copied.0, copied.1);
}

fn mistake(condition: impl Into<Condition>, start: &str) {
    let text = condition.into().to_string();
    assert!(text.starts_with(start), "`{text}` does not start with `{start}`");
    let place = text.lines().last().expect("a line");
    assert!(
        place.contains("--> ") && place.contains("printing.rs:"),
        "`{text}` does not tell the line of code"
    );
}

#[test]
fn a_mistake_names_the_word_and_the_line() {
    mistake(
        daily.after("25:00"),
        "daily.after: expected an hour from 0 to 24, found `25:00`",
    );
    mistake(
        daily.before(24),
        "daily.before: expected an hour from 0 to 23, found `24`",
    );
    mistake(
        weekly.on("Mondy"),
        "weekly.on: expected a weekday such as `Monday`, found `Mondy` (at 0..5); did you mean `Monday`?",
    );
    mistake(monthly.at(32), "monthly.at: ");
    mistake(time_of_year.between("Jan", "Feb 30th"), "time_of_year.between: ");
    mistake(time_of_day.starting("24:00"), "time_of_day.starting: ");
    mistake(failed("a").this_hour().after("75:00"), "this_hour.after: ");
    mistake(every("10"), "every: expected a unit of time after the number");
    mistake(
        every(Duration::ZERO),
        "every: expected a length of time longer than zero",
    );
    mistake(past("0 s"), "past: expected a length of time longer than zero");
    mistake(started("a").past("x"), "past: ");
    mistake(running("a").more_than("x"), "running.more_than: ");
    mistake(running("a").between("1 h", "x"), "running.between: ");
    mistake(
        running("a").less_than("x").more_than("1 h"),
        "running.less_than: ",
    );
    mistake(
        scheduler_running().more_than("x"),
        "scheduler_running.more_than: ",
    );
    mistake(
        scheduler_running().less_than("x"),
        "scheduler_running.less_than: ",
    );
    mistake(scheduler_started("0 s"), "scheduler_started: ");
    mistake(retry(3).backoff("x"), "retry.backoff: ");
    mistake(cron("* * * *"), "cron: expected 5 fields");
    mistake(
        cron_with_seconds("* * * * *"),
        "cron_with_seconds: expected 6 fields",
    );
    mistake(crontime("61 * * * *"), "crontime: ");
    mistake(crontime_with_seconds("x * * * * *"), "crontime_with_seconds: ");
    mistake(cron_fields().day_of_month("30").month("2"), "cron_fields: ");
    mistake(crontime_fields().month("13"), "crontime_fields: ");
    mistake(cron("0 7 * * *").grace("x"), "grace: ");
    mistake(
        after_all_success(Vec::<&str>::new()),
        "after_all_success: expected at least one task",
    );
    mistake(
        once_per("time of day aftr 10:00"),
        "period `time of day aftr 10:00`: ",
    );
    mistake(once_per(time_of_day.after("25:00")), "time_of_day.after: ");
    mistake(
        once_per(time_of_day.after("25:00") & time_of_week),
        "time_of_day.after: ",
    );
    mistake(one_start_per(crontime("61 * * * *")), "crontime: ");
    mistake(
        once_per(time_of_day.after(10) & daily),
        "period `time of day after 10:00 & daily`: only",
    );
    mistake(
        failed("a").within(!time_of_day),
        "period `~any time of day`: only",
    );
}

#[test]
fn a_mistake_reads_as_itself() {
    let shown = |mistake: &Mistake| mistake.to_string();
    let mistake = rocketry_core::cond::IntoPeriod::period("tim of day").expect_err("a mistake");
    assert_eq!(shown(&mistake), Condition::from(mistake.clone()).to_string());
}
