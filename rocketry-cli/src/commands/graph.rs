//! `graph`: the references between tasks.

use std::sync::Arc;

use clap::{Args, ValueEnum};
use rocketry_api::TaskFilter;
use rocketry_api::graph::{Edge, EdgeKind, Graph as Drawing};
use serde::Serialize;

use super::context::Context;
use crate::exit::Outcome;
use crate::graph::{dot, mermaid, svg};
use crate::output::{Format, Table};

/// Draws which tasks refer to each other in their start conditions
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  graph                                  for a Markdown page that draws Mermaid
  graph --format dot | dot -Tpng -o graph.png
  graph --format svg > graph.svg
  graph -o csv                           which task refers to which, and how")]
pub(crate) struct Graph {
    /// The format of the drawing
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

/// A reference from one task to another, by name.
#[derive(Debug, Serialize)]
struct Reference {
    from: Arc<str>,
    to: Arc<str>,
    /// `succeeded`, `failed`, `finished`, `terminated` or `looks at`.
    kind: &'static str,
}

impl Reference {
    fn of(edge: Edge, names: &[Arc<str>]) -> Self {
        Reference {
            from: names[edge.from].clone(),
            to: names[edge.to].clone(),
            kind: match edge.kind {
                EdgeKind::Success => "succeeded",
                other => other.label(),
            },
        }
    }
}

/// The fields in CSV.
const FIELDS: &[&str] = &["from", "to", "kind"];

impl Graph {
    pub(crate) async fn execute(self, context: &mut Context<'_>) -> Outcome {
        let client = context.reach.reader().await?;
        let tasks = client.tasks(&TaskFilter::default()).await?;
        let graph = Drawing::of(&tasks);
        if context.out.format != Format::Table {
            let names = graph.names();
            let references = graph.edges().map(|edge| Reference::of(edge, names));
            let references: Vec<Reference> = references.collect();
            return context.out.list(&references, FIELDS, |_| Table::new(&[], ""));
        }
        let text = match self.format {
            Language::Mermaid => mermaid(&graph),
            Language::Dot => dot(&graph),
            Language::Svg => svg(&graph),
        };
        context.out.text(&text)
    }
}
