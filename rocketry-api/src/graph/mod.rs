//! The graph of tasks: the references between them in their start conditions.

mod layout;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rocketry_core::TaskInfo;
use rocketry_syntax::ast::{After, CondExpr, Outcome};
use rocketry_syntax::parse_condition;

pub use layout::Layout;

/// A graph of nodes (tasks or groups of tasks) and the references between them, both given by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    names: Vec<Arc<str>>,
    edges: BTreeSet<Edge>,
}

/// A reference from one task to another in its start condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// The index of the referenced task.
    pub from: usize,
    /// The index of the task with the reference.
    pub to: usize,
    /// The kind of the reference.
    pub kind: EdgeKind,
}

/// The kind of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// It starts after a success.
    Success,
    /// It starts after a failure.
    Fail,
    /// It starts after any end.
    Finish,
    /// It starts after a termination.
    Terminate,
    /// Its condition refers to the other task in any other way.
    Looks,
}

impl Graph {
    /// Creates the graph of tasks. References to unknown tasks are ignored.
    ///
    /// ```
    /// use rocketry::Rocketry;
    /// use rocketry_api::graph::Graph;
    ///
    /// let app = Rocketry::builder()
    ///     .func("fetch", "daily", || async {})
    ///     .func("report", "after task 'fetch'", || async {});
    /// let graph = Graph::of(&app.inspect()?.task_infos());
    /// assert_eq!(graph.layout().spots, [(0, 0), (1, 0)]); // layer and row
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn of(tasks: &[TaskInfo]) -> Self {
        let names: Vec<Arc<str>> = tasks.iter().map(|task| task.name.clone()).collect();
        let places = places(&names);
        let mut edges = BTreeSet::new();
        // Many tasks have the same statement.
        let mut known: HashMap<&str, Vec<(usize, EdgeKind)>> = HashMap::new();
        for (to, task) in tasks.iter().enumerate() {
            let Some(start) = task.start.as_deref() else {
                continue;
            };
            let references = known.entry(start).or_insert_with(|| references(start, &places));
            edges.extend(references.iter().map(|(from, kind)| Edge {
                from: *from,
                to,
                kind: *kind,
            }));
        }
        Graph { names, edges }
    }

    /// Returns the names of the nodes.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Returns the references, by the indexes of the nodes in [`names`](Self::names).
    pub fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.edges.iter().copied()
    }

    /// Returns the graph with nodes merged: `into` gives, for each node, the index in `names` of the node
    /// that it becomes part of, if any. References within a node are dropped.
    ///
    /// # Panics
    ///
    /// Panics if `into` is shorter than the graph, or contains an index outside of `names`.
    #[must_use]
    pub fn merged(&self, names: Vec<Arc<str>>, into: &[Option<usize>]) -> Self {
        assert!(into.iter().flatten().all(|place| *place < names.len()));
        let edges = self.edges().filter_map(|edge| {
            let (from, to) = (into[edge.from]?, into[edge.to]?);
            (from != to).then_some(Edge { from, to, ..edge })
        });
        let edges = edges.collect();
        Graph { names, edges }
    }

    /// Returns the nodes that a node leads to and the nodes that lead to it, over any number of steps, at
    /// most `most` of them. The node itself comes first, followed by the others by distance.
    pub fn around(&self, place: usize, most: usize) -> Vec<usize> {
        let mut before = vec![Vec::new(); self.names.len()];
        let mut after = before.clone();
        for edge in &self.edges {
            before[edge.to].push(edge.from);
            after[edge.from].push(edge.to);
        }
        let mut found = vec![place];
        let mut seen = BTreeSet::from([place]);
        // Each direction is followed separately, because siblings are not included.
        let mut front = [vec![place], vec![place]];
        while found.len() < most && front.iter().any(|side| !side.is_empty()) {
            for (side, next) in front.iter_mut().zip([&before, &after]) {
                let reached = side.iter().flat_map(|place| &next[*place]).copied();
                *side = reached.filter(|place| seen.insert(*place)).collect();
                found.extend(&*side);
            }
        }
        found.truncate(most);
        found
    }

    /// Returns, for each node, whether it has any reference.
    pub fn connected(&self) -> Vec<bool> {
        let mut connected = vec![false; self.names.len()];
        for edge in &self.edges {
            connected[edge.from] = true;
            connected[edge.to] = true;
        }
        connected
    }
}

/// Returns the tasks that a statement mentions, each once. Returns none for an invalid statement.
pub fn mentioned(statement: &str) -> BTreeSet<String> {
    let mut references = Vec::new();
    let condition = parse_condition(statement).ok();
    if let Some(condition) = &condition {
        collect(condition, &mut references);
    }
    references.into_iter().map(|(name, _)| name.to_owned()).collect()
}

impl EdgeKind {
    fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success => EdgeKind::Success,
            Outcome::Fail => EdgeKind::Fail,
            Outcome::Finish => EdgeKind::Finish,
            Outcome::Terminate => EdgeKind::Terminate,
        }
    }

    /// Returns the label of an arrow. A success, the most common kind, has an empty label.
    pub fn label(self) -> &'static str {
        match self {
            EdgeKind::Success => "",
            EdgeKind::Fail => "failed",
            EdgeKind::Finish => "finished",
            EdgeKind::Terminate => "terminated",
            EdgeKind::Looks => "looks at",
        }
    }
}

/// The indexes of names and of their last segments. A full name takes precedence over a segment, and the
/// first of several equal ones counts.
fn places(names: &[Arc<str>]) -> HashMap<&str, usize> {
    let mut places = HashMap::with_capacity(names.len());
    for (place, name) in names.iter().enumerate() {
        places.entry(&**name).or_insert(place);
    }
    for (place, name) in names.iter().enumerate() {
        for (at, separator) in name.match_indices("::") {
            places.entry(&name[at + separator.len()..]).or_insert(place);
        }
    }
    places
}

/// The references of a statement to tasks that there are, by their places.
fn references(start: &str, places: &HashMap<&str, usize>) -> Vec<(usize, EdgeKind)> {
    let Ok(condition) = parse_condition(start) else {
        return Vec::new();
    };
    let mut references = Vec::new();
    collect(&condition, &mut references);
    let known = references
        .into_iter()
        .filter_map(|(name, kind)| Some((*places.get(name)?, kind)));
    known.collect()
}

/// Collects the references of a condition to other tasks.
fn collect<'a>(condition: &'a CondExpr, into: &mut Vec<(&'a str, EdgeKind)>) {
    let mut looks =
        |task: &'a Option<String>| into.extend(task.as_deref().map(|task| (task, EdgeKind::Looks)));
    match condition {
        CondExpr::All(members) | CondExpr::Any(members) => {
            for member in members {
                collect(member, into);
            }
        }
        CondExpr::Not(inner) => {
            let mut inside = Vec::new();
            collect(inner, &mut inside);
            into.extend(inside.into_iter().map(|(task, _)| (task, EdgeKind::Looks)));
        }
        CondExpr::After(After { outcome, tasks, .. }) => {
            into.extend(tasks.iter().map(|task| (task.as_str(), EdgeKind::of(*outcome))));
        }
        CondExpr::Status(status) => looks(&status.task),
        CondExpr::Running(running) => looks(&running.task),
        CondExpr::Once(once) => looks(&once.task),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Edge, EdgeKind, Graph};

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
        let edge = |(from, to)| Edge {
            from,
            to,
            kind: EdgeKind::Success,
        };
        Graph {
            names: (0..nodes)
                .map(|node| Arc::from(node.to_string().as_str()))
                .collect(),
            edges: edges.iter().copied().map(edge).collect(),
        }
    }

    #[test]
    fn a_node_stands_right_of_those_that_lead_to_it() {
        let diamond = graph(5, &[(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]);
        let layout = diamond.layout();
        assert_eq!(layout.spots, [(0, 0), (1, 0), (1, 1), (2, 0), (0, 1)]);
        assert_eq!(
            layout.turns[&(0, 3)],
            [2],
            "the long arrow passes below the others"
        );
        assert_eq!(layout.heights, [2, 3, 1]);
    }

    #[test]
    fn a_cycle_has_layers() {
        let circle = graph(3, &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        assert_eq!(circle.layout().spots, [(0, 0), (1, 0), (2, 0)]);
    }

    #[test]
    fn arrows_between_two_layers_do_not_cross_without_need() {
        let crossed = graph(4, &[(0, 3), (1, 2)]);
        assert_eq!(crossed.layout().spots, [(0, 0), (0, 1), (1, 1), (1, 0)]);
    }

    #[test]
    fn a_long_chain_is_walked_without_recursion() {
        let edges: Vec<_> = (0..50_000).map(|node| (node, node + 1)).collect();
        assert_eq!(graph(50_001, &edges).layout().heights.len(), 50_001);
    }

    #[test]
    fn around_a_node_are_those_that_it_leads_to_and_those_that_lead_to_it() {
        let graph = graph(6, &[(0, 1), (1, 2), (0, 3), (2, 4)]);
        assert_eq!(graph.around(1, 10), [1, 0, 2, 4]);
        assert_eq!(graph.around(1, 2), [1, 0]);
    }

    #[test]
    fn merged_nodes_keep_their_references_to_others() {
        let graph = graph(4, &[(0, 1), (1, 2), (2, 3)]);
        let names = vec![Arc::from("a"), Arc::from("b")];
        let merged = graph.merged(names, &[Some(0), Some(0), Some(1), None]);
        let ends: Vec<_> = merged.edges().map(|edge| (edge.from, edge.to)).collect();
        assert_eq!(ends, [(0, 1)]);
    }
}
