//! The figures as a file that programs read.

use std::path::Path;
use std::{fs, io};

use serde_json::{Map, Value, json};

use crate::contender::Role;
use crate::measures::Goal;
use crate::rounds::{Results, Row};

/// Writes the figures.
pub(crate) fn write(rows: &[Row], path: &Path) -> io::Result<()> {
    let rows: Vec<Value> = rows.iter().map(row).collect();
    fs::write(path, format!("{:#}\n", Value::Array(rows)))
}

fn row(row: &Row) -> Value {
    let of = |role: Role| -> Map<String, Value> {
        let mine = row.results.iter().filter(|(entrant, _)| entrant.role == role);
        mine.map(|(entrant, results)| (entrant.name.to_owned(), results.median().into()))
            .collect()
    };
    let (goal, goal_of) = match (row.figure.goal)(row.n) {
        Goal::Ratio(most) => (Some(most), Some("ratio")),
        Goal::AtMost(bound) | Goal::AtLeast(bound) => (Some(bound), Some("ours")),
        Goal::None => (None, None),
    };
    json!({
        "measure": row.measure.letter.to_string(),
        "title": row.measure.title,
        "figure": row.figure.name,
        "n": row.n,
        "unit": row.figure.unit,
        "ours": row.ours().and_then(Results::median),
        "rounds": row.ours().map(|ours| &ours.rounds),
        "floor": row.floor().and_then(Results::median),
        "ratio": row.ratio(),
        "goal": goal,
        "goal_of": goal_of,
        "reached": row.reached(),
        "floors": of(Role::Floor),
        "peers": of(Role::Peer),
    })
}
