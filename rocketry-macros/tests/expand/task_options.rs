#[task(
    start = "daily",
    name = "nightly",
    description = "Tidies up.",
    execution = "main",
    priority = -1,
    disabled,
    first_run = "wait",
    on_startup = true,
    parameters = { limit = 10, r#type = "small" },
    max_running = 3,
    unique,
    pool = "db",
    group = "night",
    timezone = "Europe/Helsinki",
    run_id = ids::by_day,
    crate = my::prelude::rocketry,
)]
pub(crate) fn tidy(limit: usize) {}
