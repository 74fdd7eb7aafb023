#[task("hourly")]
#[cfg(feature = "reports")]
fn report(#[cfg(unix)] user: String, now: Now) {}
