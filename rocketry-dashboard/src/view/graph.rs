//! The graph of tasks as a picture: layers from left to right, an arrow for each reference.

use std::fmt::Write as _;

use maud::{Markup, html};
use rocketry_api::graph::{Edge, EdgeKind, Graph, Layout};

use super::Look;
use super::timeline::shortened;

/// A task or a group of tasks in the picture.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its label.
    pub(crate) text: String,
    /// Its text for screen readers and tooltips.
    pub(crate) told: String,
    pub(crate) link: String,
    pub(crate) look: Look,
    pub(crate) is_group: bool,
}

const HEIGHT: usize = 34;
const ROW: usize = 50;
const GAP: usize = 84;
const LETTER: usize = 8;
const MARGIN: usize = 12;

/// The position of a node.
#[derive(Clone, Copy, Default)]
struct Spot {
    x: usize,
    y: usize,
    width: usize,
}

/// Draws a graph. `nodes` has the same indexes as the graph.
pub(crate) fn graph(graph: &Graph, nodes: &[Node]) -> Markup {
    let frame = Frame::of(graph, nodes);
    let spots = &frame.spots;
    let right = spots.iter().map(|spot| spot.x + spot.width).max().unwrap_or(0) + MARGIN;
    let tallest = frame.layout.heights.iter().max().copied().unwrap_or(0);
    let bottom = tallest * ROW + MARGIN;
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|place| (spots[*place].x, spots[*place].y));
    html! {
        svg.graph width=(right) height=(bottom) viewBox=(format!("0 0 {right} {bottom}")) role="group" aria-label="Tasks from left to right" {
            defs { marker #arrow viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto" { path d="M0 0L8 4L0 8z" {} } }
            @for edge in graph.edges() { (arrow(edge, &frame)) }
            @for place in order { (node(&nodes[place], spots[place])) }
        }
    }
}

fn node(node: &Node, spot: Spot) -> Markup {
    let Spot { x, y, width } = spot;
    html! {
        a href=(node.link) aria-label=(node.told) {
            g class={ "node " (node.look.class) } {
                title { (node.told) }
                @if node.is_group { rect x=(x + 4) y=(y + 4) width=(width) height=(HEIGHT) rx="6" {} }
                rect x=(x) y=(y) width=(width) height=(HEIGHT) rx="6" {}
                text.shape x=(x + 10) y=(y + 22) { (node.look.shape) }
                text x=(x + 28) y=(y + 22) { (shortened(&node.text)) }
            }
        }
    }
}

/// An arrow. Over several layers, it passes between the nodes of each.
fn arrow(edge: Edge, frame: &Frame) -> Markup {
    let (from, to) = (frame.spots[edge.from], frame.spots[edge.to]);
    let mut path = format!("M{} {}", from.x + from.width, from.y + HEIGHT / 2);
    let mut at = (from.x + from.width, from.y + HEIGHT / 2);
    let first = frame.layout.spots[edge.from].0 + 1;
    let turns = frame.layout.turns.get(&(edge.from, edge.to));
    for (layer, row) in (first..).zip(turns.into_iter().flatten()) {
        let (left, width) = frame.columns[layer];
        let y = frame.y(layer, *row) + HEIGHT / 2;
        bend(&mut path, at, (left, y));
        at = (left + width, y);
        let _ = write!(path, "L{} {}", at.0, at.1);
    }
    let end = (to.x, to.y + HEIGHT / 2);
    bend(&mut path, at, end);
    let label = edge.kind.label();
    html! {
        path.arrow.looks[edge.kind == EdgeKind::Looks].failed[edge.kind == EdgeKind::Fail] d=(path) marker-end="url(#arrow)" {
            title { @if label.is_empty() { "succeeded" } @else { (label) } }
        }
        @if !label.is_empty() {
            text.label x=(usize::midpoint(at.0, end.0)) y=(usize::midpoint(at.1, end.1).saturating_sub(6)) text-anchor="middle" { (label) }
        }
    }
}

/// A curve with horizontal ends.
fn bend(path: &mut String, (x1, y1): (usize, usize), (x2, y2): (usize, usize)) {
    // Writing into a string can't fail.
    let _ = write!(
        path,
        "C{} {y1} {} {y2} {x2} {y2}",
        x1 + GAP / 2,
        x2.saturating_sub(GAP / 2)
    );
}

/// The positions of all elements.
struct Frame {
    layout: Layout,
    /// The left edge and the width of each layer.
    columns: Vec<(usize, usize)>,
    spots: Vec<Spot>,
}

impl Frame {
    fn of(graph: &Graph, nodes: &[Node]) -> Self {
        let layout = graph.layout();
        let mut columns = vec![(0, 0); layout.heights.len()];
        for (node, (layer, _)) in nodes.iter().zip(&layout.spots) {
            let width = shortened(&node.text).chars().count() * LETTER + 40;
            columns[*layer].1 = width.max(columns[*layer].1);
        }
        let mut x = MARGIN;
        for (left, width) in &mut columns {
            *left = x;
            x += *width + GAP;
        }
        let mut frame = Frame {
            layout,
            columns,
            spots: Vec::new(),
        };
        let spot = |(layer, row): &(usize, usize)| Spot {
            x: frame.columns[*layer].0,
            y: frame.y(*layer, *row),
            width: frame.columns[*layer].1,
        };
        frame.spots = frame.layout.spots.iter().map(spot).collect();
        frame
    }

    /// The top of a row. Short layers are centred, so that arrows are short.
    fn y(&self, layer: usize, row: usize) -> usize {
        let tallest = self.layout.heights.iter().max().copied().unwrap_or(0);
        MARGIN + (tallest - self.layout.heights[layer]) * ROW / 2 + row * ROW
    }
}
