use rocketry::prelude::*;

#[task(daily, execution = "async")]
async fn nightly() {}
