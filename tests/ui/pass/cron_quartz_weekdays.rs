use rocketry::prelude::*;

#[task("cron with seconds 0 0 12 ? * Mon-Fri")]
fn nightly() {}
