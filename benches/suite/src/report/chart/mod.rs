//! The chart: the cost of each contender as the number of tasks grows. Both scales are logarithmic; lower is better.

mod scale;

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::contender::{ENTRANTS, Entrant};
use crate::measures::Better;
use crate::rounds::Row;
use scale::{Scale, label};

const COLUMNS: usize = 4;
const WIDTH: f64 = 250.0;
const HEIGHT: f64 = 205.0;
const HEAD: f64 = 64.0;
/// The minimum width for the head and the legend.
const LEAST_WIDTH: f64 = 740.0;
/// Around the field of a panel: left, top, right, bottom.
const MARGIN: [f64; 4] = [46.0, 34.0, 12.0, 28.0];

/// Colours that are distinct on light and dark backgrounds, also for most colour-blind readers.
const STYLE: &str = "\
    text { font: 11px system-ui, sans-serif; fill: #57606a }
    .title { font-size: 12px; font-weight: 600; fill: #1f2328 }
    .head { font-size: 15px; font-weight: 600; fill: #1f2328 }
    .ground { fill: #ffffff }
    .grid { stroke: #d0d7de; stroke-width: 0.6 }
    .line { fill: none; stroke-linejoin: round; stroke-linecap: round }
    .rocketry { stroke: #d9480f; stroke-width: 2.8 }
    .bare-tokio { stroke: #6e7781; stroke-width: 1.6 }
    .timer-thread { stroke: #6e7781; stroke-width: 1.6; stroke-dasharray: 4 3 }
    .tokio-cron-scheduler { stroke: #8250df; stroke-width: 1.6 }
    .apalis-cron { stroke: #0969da; stroke-width: 1.6 }
    .clokwerk { stroke: #1a7f37; stroke-width: 1.6 }
    .dot { fill: none; stroke-dasharray: none }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1 }
      .title, .head { fill: #f0f6fc }
      .ground { fill: #0d1117 }
      .grid { stroke: #30363d }
      .rocketry { stroke: #ff8c42 }
      .bare-tokio, .timer-thread { stroke: #9198a1 }
      .tokio-cron-scheduler { stroke: #bc8cff }
      .apalis-cron { stroke: #58a6ff }
      .clokwerk { stroke: #3fb950 }
    }
";

/// Figures that the chart omits, as another one of the same measure is more informative.
const LEFT_OUT: &[&str] = &["lateness, p50"];

/// Writes the chart of a growth run.
pub(crate) fn write(rows: &[Row], path: &Path) -> io::Result<()> {
    std::fs::write(path, chart(&panels(rows)))
}

/// One figure over all sizes.
struct Panel<'a> {
    title: String,
    unit: &'static str,
    of: &'static str,
    lines: Vec<(&'a Entrant, Vec<(f64, f64)>)>,
}

#[allow(clippy::cast_precision_loss, reason = "sizes are small enough")]
fn panels(rows: &[Row]) -> Vec<Panel<'_>> {
    let rows = rows.iter().filter(|row| !LEFT_OUT.contains(&row.figure.name));
    let mut panels: Vec<Panel> = Vec::new();
    for row in rows {
        let short = if row.figure.name.is_empty() {
            row.measure.short
        } else {
            row.figure.name
        };
        let title = format!("{} · {short}", row.measure.letter);
        let known = panels.iter().position(|panel| panel.title == title);
        let at = known.unwrap_or_else(|| {
            panels.push(Panel {
                title,
                unit: if row.figure.better == Better::More {
                    "µs"
                } else {
                    row.figure.unit
                },
                of: row.measure.of,
                lines: ENTRANTS.iter().map(|entrant| (entrant, Vec::new())).collect(),
            });
            panels.len() - 1
        });
        let panel = &mut panels[at];
        for (entrant, results) in &row.results {
            let line = panel
                .lines
                .iter_mut()
                .find(|(other, _)| other.name == entrant.name);
            if let (Some((_, points)), Some(median), None) = (line, results.median(), results.wrong) {
                let cost = if row.figure.better == Better::More {
                    1e6 / median
                } else {
                    median
                };
                // A contender that did not run has no cost.
                if cost.is_finite() {
                    points.push((row.n as f64, cost));
                }
            }
        }
    }
    for panel in &mut panels {
        panel.lines.retain(|(_, points)| !points.is_empty());
    }
    panels
}

#[allow(clippy::cast_precision_loss, reason = "there are few panels")]
fn chart(panels: &[Panel]) -> String {
    let columns = COLUMNS.min(panels.len().max(1));
    let (width, height) = (
        (WIDTH * columns as f64).max(LEAST_WIDTH) + 16.0,
        HEAD + HEIGHT * panels.len().div_ceil(columns) as f64 + 8.0,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"Cost as the number of tasks grows\">\n<style>\n{STYLE}</style>\n\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n\
         <text class=\"head\" x=\"16\" y=\"24\">Cost as the number of tasks grows; lower is better, both scales are logarithmic</text>\n"
    );
    legend(&mut svg, panels);
    let sizes = sizes(panels);
    for (number, panel) in panels.iter().enumerate() {
        let x = WIDTH * (number % columns) as f64 + 8.0;
        let y = HEAD + HEIGHT * (number / columns) as f64;
        writeln!(svg, "<g transform=\"translate({x} {y})\">").expect(TAKES_ALL);
        draw(&mut svg, panel, &sizes);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

/// Writing to a string never fails.
const TAKES_ALL: &str = "a string takes all";

fn legend(svg: &mut String, panels: &[Panel]) {
    let mut x = 16.0;
    let shown = |entrant: &&Entrant| {
        let mut lines = panels.iter().flat_map(|panel| &panel.lines);
        lines.any(|(other, _)| other.name == entrant.name)
    };
    for entrant in ENTRANTS.iter().filter(shown) {
        let class = class(entrant);
        writeln!(
            svg,
            "<line class=\"line {class}\" x1=\"{x}\" y1=\"45\" x2=\"{}\" y2=\"45\"/>\
             <text x=\"{}\" y=\"49\">{}</text>",
            x + 22.0,
            x + 28.0,
            entrant.name
        )
        .expect(TAKES_ALL);
        x += 52.0 + 6.3 * f64::from(u8::try_from(entrant.name.len()).unwrap_or(u8::MAX));
    }
}

/// Returns all sizes, so that every panel has the same, regardless of its data.
fn sizes(panels: &[Panel]) -> Vec<f64> {
    let lines = panels.iter().flat_map(|panel| &panel.lines);
    lines.flat_map(|(_, points)| points).map(|(n, _)| *n).collect()
}

fn draw(svg: &mut String, panel: &Panel, sizes: &[f64]) {
    let points = || panel.lines.iter().flat_map(|(_, points)| points);
    let [left, top, right, bottom] = MARGIN;
    let across = Scale::over(sizes.iter().copied(), left, WIDTH - right);
    let up = Scale::over(points().map(|(_, cost)| *cost), HEIGHT - bottom, top);
    writeln!(
        svg,
        "<text class=\"title\" x=\"{left}\" y=\"14\">{}</text><text x=\"{left}\" y=\"28\">{}, by number of {}</text>",
        panel.title, panel.unit, panel.of
    )
    .expect(TAKES_ALL);
    for (value, y) in up.ticks() {
        writeln!(
            svg,
            "<line class=\"grid\" x1=\"{left}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - right,
            left - 5.0,
            y + 4.0,
            label(value)
        )
        .expect(TAKES_ALL);
    }
    for (value, x) in across.ticks() {
        let y = HEIGHT - bottom + 15.0;
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
            label(value)
        )
        .expect(TAKES_ALL);
    }
    // Rocketry's line comes last, so that no other line hides it.
    for (entrant, points) in panel.lines.iter().rev() {
        let path: Vec<String> = points
            .iter()
            .map(|(n, cost)| format!("{:.1},{:.1}", across.at(*n), up.at(*cost)))
            .collect();
        writeln!(
            svg,
            "<polyline class=\"line {}\" points=\"{}\"/>",
            class(entrant),
            path.join(" ")
        )
        .expect(TAKES_ALL);
        for point in path.iter().filter_map(|point| point.split_once(',')) {
            let (x, y) = point;
            writeln!(
                svg,
                "<circle class=\"dot {}\" cx=\"{x}\" cy=\"{y}\" r=\"1.6\"/>",
                class(entrant)
            )
            .expect(TAKES_ALL);
        }
    }
}

fn class(entrant: &Entrant) -> String {
    entrant.name.replace(' ', "-")
}
