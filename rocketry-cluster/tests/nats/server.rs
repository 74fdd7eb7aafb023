//! The server for tests.

use std::sync::atomic::{AtomicU64, Ordering};

use rocketry_core::Clock;

/// The address of an app that nobody has used; `None` without a server.
pub(crate) fn app(name: &str) -> Option<String> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let Ok(server) = std::env::var("NATS_FOR_TESTS") else {
        println!("skipped: NATS_FOR_TESTS names no server");
        return None;
    };
    let (now, number) = (
        Clock::system().now().as_micros(),
        NUMBER.fetch_add(1, Ordering::Relaxed),
    );
    Some(format!("{server}/{name}-{now}-{}-{number}", std::process::id()))
}
