#[task("every 10 seconds", end = "task 'crunch' is running")]
fn heartbeat() {}
