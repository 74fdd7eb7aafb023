use rocketry::prelude::*;

#[task("cron 0 5 * * *")]
fn crontab() {}

#[task("daily")]
fn nickname() {}

#[task(on_startup = true)]
fn reboot() {}

#[task("every 1 hour 30 minutes")]
fn go() {}

#[task("every 5 minutes")]
fn rate() {}

#[task("cron 0 18 * * MON-FRI")]
fn aws() {}

#[task("cron 0 6 * * Mon-Fri")]
fn systemd() {}

#[task("cron */15 * * * *")]
fn quarters() {}

#[task("every 2 days")]
fn icalendar() {}
