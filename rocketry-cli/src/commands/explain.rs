//! `explain`: why a task starts or does not start.

use std::fmt::Write as _;

use clap::Args;
use rocketry_api::ExplainFilter;

use super::context::Context;
use crate::exit::Outcome;
use crate::output::Lines;

/// Explains why a task starts or does not start, and when it will
///
/// The first line is the answer in a sentence. Below it is everything that holds the task back, and the tree
/// of its statement: the value behind each part, and when it changes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  explain report                         now
  explain report --at yesterday          why it did not run then, as far as the run log tells
  explain report --at \"2026-01-02 07:00\" whether it will, everything else being as it is")]
pub(crate) struct Explain {
    /// The task
    task: String,
    /// The instant; the past comes from the run log
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// The fields in CSV.
const FIELDS: &[&str] = &[
    "task", "at", "sentence", "due", "starts", "skips", "holds", "queued", "gaps",
];

impl Explain {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let why = client.explain(&self.task, &ExplainFilter { at: self.at }).await?;
        let zone = client.app().await?.zone;
        context.out.value(&why, FIELDS, |_| {
            let mut text = why.to_string();
            if why.zone != zone {
                // Writing into a string cannot fail.
                let _ = writeln!(text, "  note: times are those of {}", why.zone);
            }
            Lines::text(&text)
        })
    }
}
