//! What the numbers say: a table, a file, a chart; and what has failed.

mod json;
mod table;

pub(crate) use json::write as write_json;
pub(crate) use table::print as print_table;

use crate::contender::Role;
use crate::measures::{Better, Goal};
use crate::rounds::{Results, Row};

/// The middle of some numbers; sorts them.
pub(crate) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    match numbers {
        [] => f64::NAN,
        _ if numbers.len() % 2 == 1 => numbers[numbers.len() / 2],
        _ => f64::midpoint(numbers[numbers.len() / 2 - 1], numbers[numbers.len() / 2]),
    }
}

impl Results {
    pub(crate) fn median(&self) -> Option<f64> {
        let mut numbers: Vec<f64> = self.rounds.iter().flatten().copied().collect();
        (!numbers.is_empty()).then(|| median(&mut numbers))
    }
}

impl Row {
    pub(crate) fn ours(&self) -> Option<&Results> {
        self.by(|entrant| entrant.role == Role::Ours)
    }

    pub(crate) fn floor(&self) -> Option<&Results> {
        self.by(|entrant| entrant.name == self.measure.floor)
    }

    fn by(&self, wanted: impl Fn(&crate::contender::Entrant) -> bool) -> Option<&Results> {
        let found = self.results.iter().find(|(entrant, _)| wanted(entrant));
        found.map(|(_, results)| results)
    }

    /// How many times worse than the floor ours is: the median of the rounds' ratios.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let pairs = self.ours()?.rounds.iter().zip(&self.floor()?.rounds);
        let mut ratios: Vec<f64> = pairs
            .filter_map(|(ours, floor)| Some(self.worse((*ours)?, (*floor)?)))
            .collect();
        (!ratios.is_empty()).then(|| median(&mut ratios))
    }

    /// How many times worse the one is than the other.
    fn worse(&self, one: f64, other: f64) -> f64 {
        match self.figure.better {
            Better::More => other / one,
            Better::Less => one / other,
        }
    }

    /// The goal as a number, and whether it is reached.
    pub(crate) fn goal(&self) -> (f64, Option<bool>) {
        match self.figure.goal {
            Goal::Ratio(goal) => (goal, self.ratio().map(|ratio| ratio <= goal)),
        }
    }
}

/// What must never be: something lost or done twice by ours or a floor, and a cost of ours that grows where it must not.
pub(crate) fn failures(rows: &[Row]) -> Vec<String> {
    let mut failures = Vec::new();
    for row in rows {
        for (entrant, results) in &row.results {
            if let (Role::Ours | Role::Floor, Some(wrong)) = (entrant.role, results.wrong) {
                failures.push(format!(
                    "{} n={}: {} lost {} runs and made {} too many",
                    row.measure.letter, row.n, entrant.name, wrong.lost, wrong.doubled
                ));
            }
        }
    }
    failures.extend(rows.windows(2).filter_map(slope));
    failures.dedup();
    failures
}

/// The complaint about two sizes, if the cost of ours grows by more than the law allows.
fn slope(rows: &[Row]) -> Option<String> {
    let [from, to] = rows else { return None };
    let allowed = from
        .measure
        .growth
        .filter(|_| from.measure.letter == to.measure.letter)?(from.n, to.n);
    let grown = to.worse(to.ours()?.median()?, from.ours()?.median()?);
    (grown > allowed).then(|| {
        format!(
            "{}: ours is {grown:.2} times worse at n={} than at n={}, where {allowed:.2} is allowed",
            from.measure.letter, to.n, from.n
        )
    })
}
