#[task("daily aftr 10:00", priorty = 1)]
pub async fn fetch(#[arg] report: Report) -> anyhow::Result<Summary> {}
