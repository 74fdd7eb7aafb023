use rocketry::prelude::*;

#[task("hourly", allow(always_true))]
fn constantly() {}

#[task(is_idle & (daily | !daily), allow(always_true))]
fn always() {}

#[cond("is idle here")]
fn is_idle() -> bool {
    true
}

#[task("daily & never", allow(never_true))]
fn never_here() {}

#[task("weekly on Monday & weekly on Friday", allow(never_true))]
fn never_there() {}

#[task(time_of_day.between("10:00", "12:00") & every("10 minutes"))]
fn often_in_each_window() {}

#[task(daily.between("10:00", "12:00") & every("10 minutes"), allow(once_a_window))]
fn once_in_each_window() {}

#[task(daily.between("10:00", "12:00").retries(3) & every("10 minutes"))]
fn retried_in_each_window() {}

#[task(monthly.on("last day"))]
fn wages() {}

#[task(monthly.on("31st"), allow(day_not_in_every_month))]
fn long_months() {}

#[task(cron("*/20 * * * *"))]
fn in_steps() {}

#[task("cron 0 0 */7 * *", allow(uneven_step))]
fn each_week() {}

#[task(is_idle & cron("0 9 13 * +Fri"))]
fn superstition() {}

#[task(daily, end = "cron 0 9 13 * Fri", allow(both_day_fields, uneven_step))]
fn ended() {}
