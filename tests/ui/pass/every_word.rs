//! Every word and every method that a statement may have: none is taken for a misspelling.

use std::time::Duration;

use rocketry::prelude::*;

const LIMIT: u64 = 3;

#[task(daily)]
fn first() {}

mod others {
    use rocketry::prelude::*;

    #[task(hourly)]
    pub(crate) fn second() {}
}

#[task(
    secondly | minutely | hourly | daily | weekly | monthly | yearly | always | never,
    allow(always_true)
)]
fn cycles() {}

#[task(
    daily.after("07:00").retries(1)
        | daily.before(18)
        | weekly.between("Mon", 5).of(first)
        | monthly.on("last day")
        | yearly.at("Feb 29th")
        | hourly.starting("15:00")
        | minutely.after(1.5).of("others::second"),
    allow(day_not_in_every_month)
)]
fn windows() {}

#[task(
    time_of_second.before(500)
        & time_of_minute.on(30)
        & time_of_hour.after("2 quarter")
        & time_of_day.between("10 am", "12:00")
        & time_of_week.after("Mon 10:00")
        & time_of_month.at("1st")
        & time_of_year.starting("July")
)]
fn times() {}

#[task(
    every("1h 30min").based_on(success)
        | every(Duration::from_secs(1)).based_on(finish)
        | cron("0 7 * * Mon-Fri").grace("1 hour")
        | cron_with_seconds("*/10 * * * * *")
        | cron_fields().minute("0").hour("7").day_of_month("1").month("Jan").day_of_week("*").grace("1 min")
        | crontime("* 7-18 * * *")
        | crontime_with_seconds("0-29 * * * * *")
        | crontime_fields().hour("7-18").grace("5 min")
        | once_per(time_of_day.after("10:00") & "time of week on Monday").retries(2).of(first)
        | one_start_per("past 2 hours").of(others::second)
        | once_per(past("2 hours"))
)]
fn repeated() {}

#[task(
    after_success(first)
        | after_fail("first")
        | after_finish(crate::pass::every_word::first)
        | after_terminate(others::second)
        | after_all_success((first, others::second))
        | after_all_fail([first, others::second])
        | after_all_finish([first, "others::second"])
        | after_all_terminate(("first", others::second))
        | after_any_success([first])
        | after_any_fail(["first", "others::second"])
        | after_any_finish((first,))
        | after_any_terminate([others::second, first])
)]
fn afterwards() {}

#[task(
    started(first).this_second().after(500)
        & succeeded(this_task).this_minute()
        & failed("first").this_hour().at_least(1)
        & (finished(first).this_day().before("12:00") != 2)
        & (terminated(first).today() > LIMIT)
        & (2 > inacted(first).this_week())
        & (crashed(first).this_month() <= 1 + 1)
        & (3 == failed(first).this_year())
        & (failed(first).past("2 hours") < 3)
        & (LIMIT >= failed(first).within(time_of_day.after("10:00")))
        & started(first).exactly(1).not_exactly(2).at_most(3).more_than_times(0).less_than_times(9)
)]
fn statuses() {}

#[task(
    running(first).more_than("10 minutes").less_than("1 hour").at_least(2)
        | running(this_task).between("0 seconds", "1 minute")
        | retry(3).backoff("10 seconds")
        | retry_always().backoff("1 minute")
        | scheduler_running().more_than("10 minutes").less_than("2 hours")
        | scheduler_started("20 minutes")
        | scheduler_cycles().more_than(3).less_than(10).at_least(4)
        | env("prod")
        | param_exists("limit")
        | param_is("limit", "3")
)]
fn others_still() {}
