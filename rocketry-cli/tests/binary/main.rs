//! The real binary against a real app: this program is both. With `ROCKETRY_INTERNAL_TEST_LOG` in the environment it is the
//! app, else it runs the tests, which start it.

#[cfg(unix)]
mod app;
#[cfg(unix)]
mod cases;
#[cfg(unix)]
mod driver;
#[cfg(unix)]
#[path = "../../../rocketry-core/tests/support/folder.rs"]
mod folder;
#[cfg(unix)]
#[path = "../../../rocketry-core/tests/support/runner.rs"]
mod runner;

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    match std::env::var_os(app::LOG) {
        Some(log) => app::main(&log.to_string_lossy()),
        None => runner::run(cases::ALL),
    }
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
