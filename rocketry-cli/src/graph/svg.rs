//! The graph as a picture: tasks in columns, each to the right of those that it refers to.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use rocketry_api::graph::{Edge, EdgeKind, Graph, Layout};

use super::line::line;

const HEIGHT: usize = 32;
const ROW: usize = 48;
const GAP: usize = 72;
const LETTER: usize = 8;
const MARGIN: usize = 16;

/// A box: its left edge, its top, its width.
#[derive(Clone, Copy, Default)]
struct Place {
    x: usize,
    y: usize,
    width: usize,
}

pub(super) fn draw(graph: &Graph) -> String {
    let places = places(graph, &graph.layout());
    let right = places
        .iter()
        .map(|place| place.x + place.width)
        .max()
        .unwrap_or(0)
        + MARGIN;
    let bottom = places.iter().map(|place| place.y + HEIGHT).max().unwrap_or(0) + MARGIN;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{right}\" height=\"{bottom}\" \
         viewBox=\"0 0 {right} {bottom}\" font-family=\"sans-serif\" font-size=\"13\">\n  \
         <defs><marker id=\"end\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
    );
    for edge in graph.edges() {
        draw_edge(&mut text, edge, &places);
    }
    for (name, place) in graph.names().iter().zip(&places) {
        draw_box(&mut text, name, *place);
    }
    text.push_str("</svg>\n");
    text
}

fn draw_box(text: &mut String, name: &str, place: Place) {
    let Place { x, y, width } = place;
    let (middle, base) = (x + width / 2, y + HEIGHT / 2 + 5);
    line(
        text,
        format_args!(
            "  <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"5\" fill=\"#eef2f7\" stroke=\"#5b6b7f\"/>\n  \
             <text x=\"{middle}\" y=\"{base}\" text-anchor=\"middle\">{}</text>",
            escaped(name)
        ),
    );
}

fn draw_edge(text: &mut String, edge: Edge, places: &[Place]) {
    let (from, to) = (places[edge.from], places[edge.to]);
    let (x1, y1) = (from.x + from.width, from.y + HEIGHT / 2);
    let (x2, y2) = (to.x, to.y + HEIGHT / 2);
    let (bend1, bend2) = (x1 + GAP / 2, x2.saturating_sub(GAP / 2));
    let colour = if edge.kind == EdgeKind::Fail {
        "#b3261e"
    } else {
        "#5b6b7f"
    };
    let dashes = if edge.kind == EdgeKind::Looks {
        " stroke-dasharray=\"4 3\""
    } else {
        ""
    };
    let mut path = String::new();
    // Writing into a string cannot fail.
    let _ = write!(path, "M{x1} {y1}C{bend1} {y1} {bend2} {y2} {x2} {y2}");
    line(
        text,
        format_args!(
            "  <path d=\"{path}\" fill=\"none\" stroke=\"{colour}\"{dashes} marker-end=\"url(#end)\"><title>{}</title></path>",
            match edge.kind.label() {
                "" => "succeeded",
                label => label,
            }
        ),
    );
}

/// The position of each task.
fn places(graph: &Graph, layout: &Layout) -> Vec<Place> {
    let mut widest = vec![0; layout.heights.len()];
    for (name, (layer, _)) in graph.names().iter().zip(&layout.spots) {
        let width = name.width() * LETTER + 2 * MARGIN;
        widest[*layer] = width.max(widest[*layer]);
    }
    let lefts: Vec<usize> = widest
        .iter()
        .scan(MARGIN, |next, width| {
            let left = *next;
            *next += width + GAP;
            Some(left)
        })
        .collect();
    let place = |(layer, row): &(usize, usize)| Place {
        x: lefts[*layer],
        y: MARGIN + row * ROW,
        width: widest[*layer],
    };
    layout.spots.iter().map(place).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
