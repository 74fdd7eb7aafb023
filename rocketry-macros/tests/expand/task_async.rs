/// Loads the figures of the day.
///
/// They arrive at seven.
#[task(daily.after("07:00") & is_workday, timeout = "10 minutes")]
pub async fn fetch(
    #[arg(Return(load))] report: Report,
    #[arg("greeting")] hello: String,
    session: Session,
) -> anyhow::Result<Summary> {
    Ok(report.summary(&hello, &session).await?)
}
