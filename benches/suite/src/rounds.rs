//! Takes the measures, interleaved: A B C, C B A, and so on, so that whatever changes on the machine meanwhile meets all.

use std::time::Instant;

use crate::contender::{ENTRANTS, Entrant};
use crate::cpu;
use crate::job::Wrong;
use crate::measures::{Figure, MEASURES, Measure, Sample};
use crate::options::Options;

/// The maximum number of attempts at a round without disturbance.
const TRIES: usize = 2;

/// A figure of a measure at one size, with the results of each contender.
pub(crate) struct Row {
    pub(crate) measure: &'static Measure,
    pub(crate) figure: Figure,
    pub(crate) n: usize,
    pub(crate) results: Vec<(&'static Entrant, Results)>,
}

/// The results of a contender, by round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Results {
    pub(crate) rounds: Vec<Option<f64>>,
    /// The first time that it lost or duplicated a run.
    pub(crate) wrong: Option<Wrong>,
}

/// Takes all selected measures.
pub(crate) fn take(options: &Options) -> Vec<Row> {
    let measures = MEASURES
        .iter()
        .filter(|measure| options.wants_measure(measure.letter));
    measures
        .flat_map(|measure| {
            let sizes = (measure.sizes)(options.extent).iter();
            sizes.flat_map(|n| rows(measure, *n, options))
        })
        .collect()
}

fn rows(measure: &'static Measure, n: usize, options: &Options) -> Vec<Row> {
    let takes_part = |entrant: &&Entrant| {
        let contender = (entrant.make)();
        let wanted = options.wants_contender(entrant.name) && options.wants_in_round(entrant, 0);
        wanted && n <= contender.most() && (measure.possible)(&*contender)
    };
    let entrants: Vec<&'static Entrant> = ENTRANTS.iter().filter(takes_part).collect();
    let mut rows: Vec<Row> = measure
        .figures
        .iter()
        .map(|figure| Row {
            measure,
            figure: *figure,
            n,
            results: entrants
                .iter()
                .map(|entrant| (*entrant, Results::default()))
                .collect(),
        })
        .collect();
    let from = Instant::now();
    for round in 0..options.rounds {
        if round > 0 && from.elapsed() >= options.limit {
            break;
        }
        let samples = undisturbed_round(measure, n, options, &entrants, round);
        for (at, sample) in samples.iter().enumerate() {
            for (column, row) in rows.iter_mut().enumerate() {
                row.results[at].1.add(sample.as_ref(), column);
            }
        }
    }
    eprint!("\r\x1b[K");
    rows
}

/// Takes a valid round. A disturbed round is repeated; returns none if that does not help.
fn undisturbed_round(
    measure: &Measure,
    n: usize,
    options: &Options,
    entrants: &[&'static Entrant],
    round: usize,
) -> Vec<Option<Sample>> {
    for _ in 0..TRIES {
        let samples = one_round(measure, n, options, entrants, round);
        if !disturbed(measure, entrants, &samples) {
            return samples;
        }
        eprintln!(
            "\r\x1b[K{} n={n}: the machine was disturbed, a round is dropped",
            measure.letter
        );
    }
    vec![None; entrants.len()]
}

/// Takes each contender once, in forward or reverse order.
fn one_round(
    measure: &Measure,
    n: usize,
    options: &Options,
    entrants: &[&'static Entrant],
    round: usize,
) -> Vec<Option<Sample>> {
    let mut samples = vec![None; entrants.len()];
    let mut order: Vec<usize> = (0..entrants.len()).collect();
    if round % 2 == 1 {
        order.reverse();
    }
    order.retain(|at| options.wants_in_round(entrants[*at], round));
    for at in order {
        let (letter, entrant, of) = (measure.letter, entrants[at], options.rounds);
        eprint!(
            "\r\x1b[K{letter} n={n} round {}/{of}: {}",
            round + 1,
            entrant.name
        );
        cpu::await_rest();
        let mut contender = (entrant.make)();
        samples[at] = Some((measure.take)(&mut *contender, n, options.extent));
    }
    samples
}

fn disturbed(measure: &Measure, entrants: &[&'static Entrant], samples: &[Option<Sample>]) -> bool {
    let floor = entrants.iter().position(|entrant| entrant.name == measure.floor);
    match floor.map(|at| &samples[at]) {
        Some(Some(Sample::Figures(figures))) => (measure.disturbed)(figures),
        _ => false,
    }
}

impl Results {
    fn add(&mut self, sample: Option<&Sample>, column: usize) {
        match sample {
            Some(Sample::Figures(figures)) => self.rounds.push(Some(figures[column])),
            Some(Sample::Wrong(wrong)) => {
                self.rounds.push(None);
                self.wrong.get_or_insert(*wrong);
            }
            None => self.rounds.push(None),
        }
    }
}
