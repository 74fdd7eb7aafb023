//! The layout of a graph: layers from left to right, ordered to have few crossings.

use std::collections::BTreeMap;

use super::Graph;

/// The number of rounds that improve the order of the layers. Further rounds change little.
const ROUNDS: usize = 4;

/// The maximum number of slots for arrows over several layers. Beyond that, arrows are straight.
const MOST_TURNS: usize = 20_000;

/// The layout of a [`Graph`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The layer and the row of each node, from the left and from the top.
    pub spots: Vec<(usize, usize)>,
    /// How many rows each layer has.
    pub heights: Vec<usize>,
    /// The free rows in the layers between the ends of a reference over several layers.
    pub turns: BTreeMap<(usize, usize), Vec<usize>>,
}

impl Graph {
    /// Computes the layout. Each node is to the right of all nodes that lead to it, unless there are cycles.
    /// Within a layer, connected nodes are kept close, so that few arrows cross.
    pub fn layout(&self) -> Layout {
        let count = self.names().len();
        let after = self.forward();
        let columns = columns(&after);
        let (after, columns, turns) = with_turns(&after, columns);
        let mut layers = vec![Vec::new(); columns.iter().max().map_or(0, |last| last + 1)];
        for (node, column) in columns.iter().enumerate() {
            layers[*column].push(node);
        }
        let rows = arranged(&mut layers, &after);
        let row = |turns: Vec<usize>| turns.into_iter().map(|turn| rows[turn]).collect();
        Layout {
            spots: columns
                .into_iter()
                .zip(rows.iter().copied())
                .take(count)
                .collect(),
            heights: layers.iter().map(Vec::len).collect(),
            turns: turns
                .into_iter()
                .map(|(ends, turns)| (ends, row(turns)))
                .collect(),
        }
    }

    /// The nodes that each node leads to, without the references that close a cycle.
    fn forward(&self) -> Vec<Vec<usize>> {
        let mut after = vec![Vec::new(); self.names().len()];
        for edge in self.edges().filter(|edge| edge.from != edge.to) {
            if after[edge.from].last() != Some(&edge.to) {
                after[edge.from].push(edge.to);
            }
        }
        without_circles(&mut after);
        after
    }
}

/// The nodes with turns among them, the columns of all, and the turns between two nodes.
type WithTurns = (Vec<Vec<usize>>, Vec<usize>, BTreeMap<(usize, usize), Vec<usize>>);

/// Adds a turn in each layer that a reference passes through, so that the reference has its own slot there.
fn with_turns(after: &[Vec<usize>], mut columns: Vec<usize>) -> WithTurns {
    let ends = after
        .iter()
        .enumerate()
        .flat_map(|(from, all)| all.iter().map(move |to| (from, *to)));
    let ends: Vec<(usize, usize)> = ends.collect();
    let passed: usize = ends
        .iter()
        .map(|(from, to)| columns[*to] - columns[*from] - 1)
        .sum();
    if passed > MOST_TURNS {
        return (after.to_vec(), columns, BTreeMap::new());
    }
    let mut all = vec![Vec::new(); after.len()];
    let mut turns = BTreeMap::new();
    for (from, to) in ends {
        let first = all.len();
        let mut last = from;
        for column in columns[from] + 1..columns[to] {
            let turn = all.len();
            all[last].push(turn);
            all.push(Vec::new());
            last = turn;
            columns.push(column);
        }
        all[last].push(to);
        if all.len() > first {
            turns.insert((from, to), (first..all.len()).collect());
        }
    }
    (all, columns, turns)
}

/// Orders the layers to have few crossings, and returns the row of each node.
fn arranged(layers: &mut [Vec<usize>], after: &[Vec<usize>]) -> Vec<usize> {
    let before = reversed(after);
    let mut rows = vec![0; after.len()];
    for (row, node) in layers.iter().flat_map(|layer| layer.iter().enumerate()) {
        rows[*node] = row;
    }
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            for layer in &mut *layers {
                arrange(layer, &before, &mut rows);
            }
        } else {
            for layer in layers.iter_mut().rev() {
                arrange(layer, after, &mut rows);
            }
        }
    }
    rows
}

/// Removes the references that close a cycle.
fn without_circles(after: &mut [Vec<usize>]) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        OnTheWay,
        Done,
    }
    let mut seen = vec![Seen::Not; after.len()];
    for first in 0..after.len() {
        // The path to the current node: each node with the index of its next reference.
        let mut way = Vec::new();
        if seen[first] == Seen::Not {
            seen[first] = Seen::OnTheWay;
            way.push((first, 0));
        }
        while let Some((node, next)) = way.last_mut() {
            let Some(to) = after[*node].get(*next).copied() else {
                seen[*node] = Seen::Done;
                way.pop();
                continue;
            };
            match seen[to] {
                Seen::OnTheWay => {
                    after[*node].remove(*next);
                }
                Seen::Done => *next += 1,
                Seen::Not => {
                    *next += 1;
                    seen[to] = Seen::OnTheWay;
                    way.push((to, 0));
                }
            }
        }
    }
}

/// The column of each node: the length of the longest path to it.
fn columns(after: &[Vec<usize>]) -> Vec<usize> {
    let mut open = vec![0; after.len()];
    for to in after.iter().flatten() {
        open[*to] += 1;
    }
    let mut columns = vec![0; after.len()];
    let mut ready: Vec<usize> = (0..after.len()).filter(|node| open[*node] == 0).collect();
    while let Some(node) = ready.pop() {
        for to in &after[node] {
            columns[*to] = columns[*to].max(columns[node] + 1);
            open[*to] -= 1;
            if open[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    columns
}

fn reversed(after: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut before = vec![Vec::new(); after.len()];
    for (from, all) in after.iter().enumerate() {
        for to in all {
            before[*to].push(from);
        }
    }
    before
}

/// Orders a layer by the mean row of the neighbours on one side. A node without neighbours keeps its row.
fn arrange(layer: &mut Vec<usize>, neighbours: &[Vec<usize>], rows: &mut [usize]) {
    let mean = |node: usize| {
        let of = &neighbours[node];
        let sum: usize = of.iter().map(|other| rows[*other]).sum();
        // In thousandths, because whole numbers have the same order on every machine.
        (sum * 1000).checked_div(of.len()).unwrap_or(rows[node] * 1000)
    };
    let mut keyed: Vec<(usize, usize)> = layer.iter().map(|node| (mean(*node), *node)).collect();
    keyed.sort_by_key(|(mean, _)| *mean);
    *layer = keyed.into_iter().map(|(_, node)| node).collect();
    for (row, node) in layer.iter().enumerate() {
        rows[*node] = row;
    }
}
