#[task(
    after_success(reports::fetch)
        & after_any_fail([crunch, "export"])
        & (failed(fetch).today() >= 3)
        & (2 > started(this_task).this_hour())
        & !running("fetch").more_than("10 minutes")
        & "is workday"
)]
fn report() {}
