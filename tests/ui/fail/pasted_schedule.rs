use rocketry::prelude::*;

#[task("0 5 * * *")]
fn crontab() {}

#[task("@daily")]
fn nickname() {}

#[task("@reboot")]
fn reboot() {}

#[task("@every 1h30m")]
fn go() {}

#[task("rate(5 minutes)")]
fn rate() {}

#[task("cron(0 18 ? * MON-FRI *)")]
fn aws() {}

#[task("Mon..Fri *-*-* 06:00:00")]
fn systemd() {}

#[task("*:0/15")]
fn quarters() {}

#[task("RRULE:FREQ=DAILY;INTERVAL=2")]
fn icalendar() {}

fn main() {}
