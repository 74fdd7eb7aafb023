use rocketry::prelude::*;

#[task("weekly on Monday & weekly on Friday")]
fn mondays_and_fridays() {}

#[task(daily.between("08:00", "10:00") & time_of_day.after("12:00"))]
fn mornings() {}

#[task("daily after 18:00" & time_of_week.before("Monday 12:00"))]
fn evenings() {}

#[task(daily, end = "time of hour before 30:00 & time of hour after 45:00")]
fn hours() {}

#[task(weekly.on([Mon, Tue]) & time_of_week.after("Friday"))]
fn two_days() {}

fn main() {}
