//! What the numbers say: a table, a file, a chart; and what has failed.

mod against;
mod chart;
mod json;
mod table;

pub(crate) use against::worse_than;
pub(crate) use chart::write as write_chart;
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

/// By how much the ratio to the floor may grow, too, before a slope is taken for ours.
const BEYOND_FLOOR: f64 = 1.5;

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

    /// Whether ours has reached its goal.
    pub(crate) fn reached(&self) -> Option<bool> {
        match (self.figure.goal)(self.n) {
            Goal::Ratio(most) => self.ratio().map(|ratio| ratio <= most),
            Goal::AtMost(most) => self.ours()?.median().map(|ours| ours <= most),
            Goal::AtLeast(least) => self.ours()?.median().map(|ours| ours >= least),
            Goal::None => None,
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
    for (at, row) in rows.iter().enumerate() {
        let same =
            |other: &&Row| other.measure.title == row.measure.title && other.figure.name == row.figure.name;
        failures.extend(rows[at + 1..].iter().find(same).and_then(|next| slope(row, next)));
    }
    failures.dedup();
    failures
}

/// The complaint about two sizes, if the cost of ours grows by more than the law allows. What grows for the floor in the
/// same way is the machine's.
#[allow(clippy::cast_precision_loss, reason = "sizes are small enough")]
fn slope(from: &Row, to: &Row) -> Option<String> {
    let allowed = from.figure.growth?(from.n.max(1) as f64, to.n.max(1) as f64);
    let grown = to.worse(to.ours()?.median()?, from.ours()?.median()?);
    let beyond_floor = match (from.ratio(), to.ratio()) {
        (Some(from), Some(to)) => to / from > BEYOND_FLOOR,
        _ => true,
    };
    (grown > allowed && beyond_floor).then(|| {
        format!(
            "{} {}: ours is {grown:.2} times worse at n={} than at n={}, where {allowed:.2} is allowed",
            from.measure.letter, from.figure.name, to.n, from.n
        )
    })
}
