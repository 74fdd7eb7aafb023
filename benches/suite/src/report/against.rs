//! What got worse since figures were written: beyond what the rounds differ by, then and now.

use std::path::Path;
use std::{fs, io};

use serde_json::Value;

use crate::measures::Better;
use crate::rounds::Row;

/// How much worse a figure of a single round may be, or of rounds that hardly differ.
const LEAST: f64 = 0.05;

/// A figure of ours, and within which share of it the rounds are.
struct Known {
    median: f64,
    noise: f64,
}

/// Compares with a file that an earlier run has written; returns a line for each figure of ours that got worse.
pub(crate) fn worse_than(path: &Path, rows: &[Row]) -> io::Result<Vec<String>> {
    let before: Vec<Value> = serde_json::from_str(&fs::read_to_string(path)?)?;
    let lines = rows.iter().filter_map(|row| {
        let then = known(rounds_in(before.iter().find(|then| is_of(row, then))?))?;
        let now = known(row.ours()?.rounds.iter().flatten().copied().collect())?;
        complaint(row, &then, &now)
    });
    Ok(lines.collect())
}

fn is_of(row: &Row, then: &Value) -> bool {
    then["title"] == row.measure.title && then["figure"] == row.figure.name && then["n"] == row.n
}

fn rounds_in(then: &Value) -> Vec<f64> {
    let rounds = then["rounds"].as_array().into_iter().flatten();
    rounds.filter_map(Value::as_f64).collect()
}

fn known(mut rounds: Vec<f64>) -> Option<Known> {
    if rounds.is_empty() {
        return None;
    }
    let median = super::median(&mut rounds);
    // A round that was disturbed is the first or the last.
    let quarter = rounds.len() / 4;
    let spread = rounds[rounds.len() - 1 - quarter] - rounds[quarter];
    let noise = spread / 2.0 / median;
    Some(Known { median, noise })
}

fn complaint(row: &Row, then: &Known, now: &Known) -> Option<String> {
    let times = match row.figure.better {
        Better::More => then.median / now.median,
        Better::Less => now.median / then.median,
    };
    let noise = (then.noise + now.noise).max(LEAST);
    (times > 1.0 + noise).then(|| {
        format!(
            "{} {} n={}: {} {}, which was {}: {times:.2} times worse, where rounds differ by {:.0} %",
            row.measure.letter,
            row.figure.name,
            row.n,
            super::table::number(now.median),
            row.figure.unit,
            super::table::number(then.median),
            noise * 100.0
        )
    })
}
