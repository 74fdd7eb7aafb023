//! Tasks of another crate than that of the app: nobody registers them, and the app has them.

use rocketry::prelude::*;

#[param("unit")]
fn unit() -> String {
    "km".to_owned()
}

/// Which process has measured, and what.
#[task(execution = "process")]
pub fn measure(distance: u32, unit: String) -> (u32, String) {
    (std::process::id(), format!("{distance} {unit}"))
}

/// Follows a task of its crate.
#[task(after_success(measure), execution = "process")]
pub async fn double(#[arg(Return(measure))] measured: (u32, String)) -> String {
    format!("twice {}", measured.1)
}
