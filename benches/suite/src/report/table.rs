//! The table, in Markdown, which reads well in a terminal, too.

use std::fmt::Write as _;

use crate::contender::{ENTRANTS, Entrant};
use crate::job::Wrong;
use crate::measures::Goal;
use crate::rounds::{Results, Row};

/// Prints the table.
pub(crate) fn print(rows: &[Row]) {
    print!("{}", table(rows));
}

fn table(rows: &[Row]) -> String {
    let took_part = |entrant: &&Entrant| {
        let mut all = rows.iter().flat_map(|row| &row.results);
        all.any(|(other, _)| other.name == entrant.name)
    };
    let columns: Vec<&Entrant> = ENTRANTS.iter().filter(took_part).collect();
    let mut lines = vec![head(&columns)];
    lines.extend(rows.iter().map(|row| line(row, &columns)));
    layout(&lines)
}

fn head(columns: &[&Entrant]) -> Vec<String> {
    let fixed = ["", "n", "unit", "ratio", "goal"].map(str::to_owned).into_iter();
    fixed
        .chain(columns.iter().map(|entrant| entrant.name.to_owned()))
        .collect()
}

fn line(row: &Row, columns: &[&Entrant]) -> Vec<String> {
    let name = format!("{} {}", row.measure.letter, row.figure.name);
    let ratio = row
        .ratio()
        .map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let unit = row.figure.unit.to_owned();
    let mut cells = vec![
        name.trim_end().to_owned(),
        count(row.n as u64),
        unit,
        ratio,
        goal(row),
    ];
    cells.extend(columns.iter().map(|column| {
        let found = row
            .results
            .iter()
            .find(|(entrant, _)| entrant.name == column.name);
        found.map_or_else(String::new, |(_, results)| cell(results))
    }));
    cells
}

fn goal(row: &Row) -> String {
    let mark = match row.reached() {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "",
    };
    match (row.figure.goal)(row.n) {
        Goal::Ratio(most) => format!("× {} {mark}", (most * 100.0).round() / 100.0),
        Goal::AtMost(most) => format!("≤ {most} {mark}"),
        Goal::AtLeast(least) => format!("≥ {} {mark}", number(least)),
        Goal::None => String::new(),
    }
}

fn cell(results: &Results) -> String {
    match (results.median(), results.wrong) {
        (_, Some(Wrong { lost, doubled: 0 })) => format!("lost {}", count(lost)),
        (_, Some(Wrong { lost, doubled })) => format!("lost {}, {} too many", count(lost), count(doubled)),
        (Some(median), None) => number(median),
        (None, None) => String::new(),
    }
}

/// Three digits that count.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        ..0.1 => format!("{value:.4}"),
        ..1.0 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "figures are not so great"
        )]
        _ => count(value.round() as u64),
    }
}

/// With a comma between thousands.
fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn layout(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            lines
                .iter()
                .map(|line| line[at].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        for (at, cell) in line.iter().enumerate() {
            let width = widths[at];
            if at == 0 {
                write!(text, "| {cell:<width$} ").expect("a string takes all");
            } else {
                write!(text, "| {cell:>width$} ").expect("a string takes all");
            }
        }
        text.push_str("|\n");
        if number == 0 {
            for (at, width) in widths.iter().enumerate() {
                let dashes = "-".repeat(*width);
                let (left, right) = if at == 0 { (':', '-') } else { ('-', ':') };
                write!(text, "|{left}{dashes}{right}").expect("a string takes all");
            }
            text.push_str("|\n");
        }
    }
    text
}
