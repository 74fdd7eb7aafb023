//! `check`: finds schedules that rarely mean what they say.

use clap::Args;
use rocketry_api::CheckFilter;
use rocketry_core::check::{Finding, Severity};

use super::context::Context;
use crate::exit::{Failure, Outcome};
use crate::output::{Format, Lines, Table};

/// Finds schedules that rarely mean what they say
///
/// For example, a condition that is never true, a time that the clock skips once a year, or a task that
/// follows one that never starts. Each finding suggests a replacement; `allow(NAME)` on the task silences it.
/// If there are findings, the exit code is 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  check                                        the app
  check -o json                                for a program
  check 'cron 0 9 13 * Fri'                    a statement alone, before it is used
  check 'daily at 02:30' --zone Europe/Paris")]
pub(crate) struct Check {
    /// A statement to check on its own
    statement: Option<String>,
    /// The time zone of the statement; the default is that of the app
    #[arg(long, value_name = "ZONE", requires = "statement")]
    zone: Option<String>,
}

/// The fields in CSV.
const FIELDS: &[&str] = &[
    "severity",
    "lint",
    "task",
    "file",
    "line",
    "column",
    "message",
    "help",
    "statement",
    "part",
];

impl Check {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let filter = CheckFilter {
            statement: self.statement,
            zone: self.zone,
        };
        let findings = client.check(&filter).await?;
        match context.out.format {
            Format::Table => show(context, &findings)?,
            Format::Json | Format::Jsonl | Format::Csv | Format::Ics | Format::Svg => {
                context.out.list(&findings, FIELDS, |_| Table::new(&[], ""))?;
            }
        }
        if findings.is_empty() {
            return Ok(());
        }
        Err(Failure::failed(summary(&findings)))
    }
}

fn show(context: &mut Context<'_>, findings: &[Finding]) -> Outcome {
    if findings.is_empty() {
        return context.out.line("nothing found");
    }
    for finding in findings {
        context.out.paragraph(&Lines::text(&finding.to_string()))?;
    }
    Ok(())
}

/// `found 1 error and 2 warnings`.
fn summary(findings: &[Finding]) -> String {
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let parts = [Severity::Error, Severity::Warning].map(|severity| match count(severity) {
        0 => String::new(),
        1 => format!("1 {severity}"),
        many => format!("{many} {severity}s"),
    });
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("found {}", parts.join(" and "))
}
