use std::sync::Arc;

use rocketry::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct Report(pub u32);

#[task(daily, execution = "process")]
fn crunch(report: Report, shared: Arc<Report>, count: u32) {
    let _ = (report, shared, count);
}
