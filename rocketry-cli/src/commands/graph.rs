//! `graph`: which task waits for which.

use clap::{Args, ValueEnum};
use rocketry_api::TaskFilter;
use rocketry_api::graph::Graph as Drawing;

use super::Context;
use crate::exit::Outcome;
use crate::graph::{dot, mermaid, svg};

/// Draws which tasks refer to which others in their start conditions
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  graph                                  for a Markdown page that draws Mermaid
  graph --format dot | dot -Tpng -o graph.png
  graph --format svg > graph.svg")]
pub(crate) struct Graph {
    /// The language of the drawing
    #[arg(long, value_name = "LANGUAGE", value_enum, default_value_t)]
    format: Language,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Language {
    #[default]
    Mermaid,
    Dot,
    Svg,
}

impl Graph {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let tasks = client.tasks(&TaskFilter::default()).await?;
        let graph = Drawing::of(&tasks);
        let text = match self.format {
            Language::Mermaid => mermaid(&graph),
            Language::Dot => dot(&graph),
            Language::Svg => svg(&graph),
        };
        context.out.text(&text)
    }
}
