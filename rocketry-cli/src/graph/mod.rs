//! The graph of tasks as text and as a picture.

mod line;
mod svg;

use rocketry_api::graph::{EdgeKind, Graph};

use line::line;

/// The graph in the Mermaid language.
pub(crate) fn mermaid(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (place, name) in graph.names().iter().enumerate() {
        line(
            &mut text,
            format_args!("    t{place}[\"{}\"]", name.replace('"', "#quot;")),
        );
    }
    for edge in graph.edges() {
        let arrow = match edge.kind.label() {
            "" => "-->".to_owned(),
            label if edge.kind == EdgeKind::Looks => format!("-. {label} .->"),
            label => format!("-- {label} -->"),
        };
        line(&mut text, format_args!("    t{} {arrow} t{}", edge.from, edge.to));
    }
    text
}

/// The graph in the Graphviz language.
pub(crate) fn dot(graph: &Graph) -> String {
    let mut text = "digraph tasks {\n    rankdir=LR;\n    node [shape=box];\n".to_owned();
    for name in graph.names() {
        line(&mut text, format_args!("    {};", quoted(name)));
    }
    for edge in graph.edges() {
        let style = if edge.kind == EdgeKind::Looks {
            ", style=dashed"
        } else {
            ""
        };
        let label = edge.kind.label();
        let ends = (quoted(&graph.names()[edge.from]), quoted(&graph.names()[edge.to]));
        line(
            &mut text,
            format_args!("    {} -> {} [label=\"{label}\"{style}];", ends.0, ends.1),
        );
    }
    text.push_str("}\n");
    text
}

/// The graph as a picture.
pub(crate) fn svg(graph: &Graph) -> String {
    svg::draw(graph)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use rocketry_core::Rocketry;

    use super::{dot, mermaid};
    use rocketry_api::graph::Graph;

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
            mermaid(&Graph::of(&tasks)),
            "flowchart LR\n    t0[\"a #quot;b#quot;\"]\n    t1[\"clean\"]\n    t2[\"other\"]\n    \
             t0 -- failed --> t1\n    t2 -. looks at .-> t1\n"
        );
        assert!(dot(&Graph::of(&tasks)).contains(r#""a \"b\"" -> "clean" [label="failed"];"#));
    }
}
