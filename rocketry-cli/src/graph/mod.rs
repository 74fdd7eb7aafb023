//! The graph of tasks: which refers to which in its start condition.

mod svg;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use rocketry_core::TaskInfo;
use rocketry_syntax::ast::{After, CondExpr, Outcome};
use rocketry_syntax::parse_condition;

use crate::task_name::is_of;

/// Tasks and the references between them, both by their places.
pub(crate) struct Graph {
    names: Vec<String>,
    edges: BTreeSet<Edge>,
}

/// One task refers to another in its start condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: usize,
    to: usize,
    kind: Kind,
}

/// How a task refers to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It starts after a success.
    Success,
    /// It starts after a failure.
    Fail,
    /// It starts after any end.
    Finish,
    /// It starts after a termination.
    Terminate,
    /// Its condition looks at the other in another way.
    Looks,
}

impl Graph {
    /// The graph of tasks. Names that no task has are left out.
    pub(crate) fn of(tasks: &[TaskInfo]) -> Self {
        let names: Vec<String> = tasks.iter().map(|task| task.name.to_string()).collect();
        let places: HashMap<&str, usize> = names
            .iter()
            .enumerate()
            .map(|(place, name)| (&**name, place))
            .collect();
        let by_segment = |name: &str| names.iter().position(|other| is_of(other, name));
        let mut edges = BTreeSet::new();
        for (to, task) in tasks.iter().enumerate() {
            let condition = task.start.as_deref().and_then(|text| parse_condition(text).ok());
            let mut references = Vec::new();
            if let Some(condition) = &condition {
                collect(condition, &mut references);
            }
            for (name, kind) in references {
                let from = places.get(name).copied().or_else(|| by_segment(name));
                edges.extend(from.map(|from| Edge { from, to, kind }));
            }
        }
        Graph { names, edges }
    }

    /// The graph in the language of Mermaid.
    pub(crate) fn mermaid(&self) -> String {
        let mut text = "flowchart LR\n".to_owned();
        for (place, name) in self.names.iter().enumerate() {
            line(
                &mut text,
                format_args!("    t{place}[\"{}\"]", name.replace('"', "#quot;")),
            );
        }
        for edge in &self.edges {
            let arrow = match edge.kind.label() {
                "" => "-->".to_owned(),
                label if edge.kind == Kind::Looks => format!("-. {label} .->"),
                label => format!("-- {label} -->"),
            };
            line(&mut text, format_args!("    t{} {arrow} t{}", edge.from, edge.to));
        }
        text
    }

    /// The graph in the language of Graphviz.
    pub(crate) fn dot(&self) -> String {
        let mut text = "digraph tasks {\n    rankdir=LR;\n    node [shape=box];\n".to_owned();
        for name in &self.names {
            line(&mut text, format_args!("    {};", quoted(name)));
        }
        for edge in &self.edges {
            let style = if edge.kind == Kind::Looks {
                ", style=dashed"
            } else {
                ""
            };
            let label = edge.kind.label();
            let ends = (quoted(&self.names[edge.from]), quoted(&self.names[edge.to]));
            line(
                &mut text,
                format_args!("    {} -> {} [label=\"{label}\"{style}];", ends.0, ends.1),
            );
        }
        text.push_str("}\n");
        text
    }

    /// The graph as a picture.
    pub(crate) fn svg(&self) -> String {
        svg::draw(self)
    }
}

impl Kind {
    fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => Kind::Success,
            Outcome::Fail => Kind::Fail,
            Outcome::Finish => Kind::Finish,
            Outcome::Terminate => Kind::Terminate,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Kind::Success => "",
            Kind::Fail => "failed",
            Kind::Finish => "finished",
            Kind::Terminate => "terminated",
            Kind::Looks => "looks at",
        }
    }
}

/// Collects the references of a condition to other tasks.
fn collect<'a>(condition: &'a CondExpr, into: &mut Vec<(&'a str, Kind)>) {
    let mut looks = |task: &'a Option<String>| into.extend(task.as_deref().map(|task| (task, Kind::Looks)));
    match condition {
        CondExpr::All(members) | CondExpr::Any(members) => {
            for member in members {
                collect(member, into);
            }
        }
        CondExpr::Not(inner) => {
            let mut inside = Vec::new();
            collect(inner, &mut inside);
            into.extend(inside.into_iter().map(|(task, _)| (task, Kind::Looks)));
        }
        CondExpr::After(After { outcome, tasks, .. }) => {
            into.extend(tasks.iter().map(|task| (task.as_str(), Kind::of(*outcome))));
        }
        CondExpr::Status(status) => looks(&status.task),
        CondExpr::Running(running) => looks(&running.task),
        CondExpr::Once(once) => looks(&once.task),
        _ => {}
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use rocketry_core::Rocketry;

    use super::Graph;

    #[test]
    fn references_have_their_kind_and_names_are_quoted() {
        let app = Rocketry::builder()
            .func("a \"b\"", "daily", || async {})
            .func(
                "clean",
                "after task 'a \"b\"' failed & ~task 'other' is running",
                || async {},
            )
            .func("other", "daily & is workday", || async {})
            .cond("is workday", || true);
        let tasks = app.inspect().unwrap().task_infos();
        assert_eq!(
            Graph::of(&tasks).mermaid(),
            "flowchart LR\n    t0[\"a #quot;b#quot;\"]\n    t1[\"clean\"]\n    t2[\"other\"]\n    \
             t0 -- failed --> t1\n    t2 -. looks at .-> t1\n"
        );
        assert!(
            Graph::of(&tasks)
                .dot()
                .contains(r#""a \"b\"" -> "clean" [label="failed"];"#)
        );
    }
}
