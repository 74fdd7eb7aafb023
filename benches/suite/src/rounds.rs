//! Takes the measures, interleaved: A B C, C B A, and so on, so that whatever changes on the machine meanwhile meets all.

use crate::contender::{ENTRANTS, Entrant};
use crate::job::Wrong;
use crate::measures::{Figure, MEASURES, Measure, Sample};
use crate::options::Options;

/// A figure of a measure at one size: what each contender reached.
pub(crate) struct Row {
    pub(crate) measure: &'static Measure,
    pub(crate) figure: Figure,
    pub(crate) n: usize,
    pub(crate) results: Vec<(&'static Entrant, Results)>,
}

/// What a contender reached, by rounds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Results {
    pub(crate) rounds: Vec<Option<f64>>,
    /// The first time that it lost or doubled something.
    pub(crate) wrong: Option<Wrong>,
}

/// Takes all the measures that are wanted.
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
    let entrants: Vec<&'static Entrant> = ENTRANTS
        .iter()
        .filter(|entrant| options.wants_contender(entrant.name) && (measure.possible)(&*(entrant.make)()))
        .collect();
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
    for round in 0..options.rounds {
        let mut order: Vec<usize> = (0..entrants.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for at in order {
            let entrant = entrants[at];
            eprint!(
                "\r\x1b[K{} n={n} round {}/{}: {}",
                measure.letter,
                round + 1,
                options.rounds,
                entrant.name
            );
            let mut contender = (entrant.make)();
            let sample = (measure.take)(&mut *contender, n, options.extent);
            for (column, row) in rows.iter_mut().enumerate() {
                row.results[at].1.add(&sample, column);
            }
        }
    }
    eprint!("\r\x1b[K");
    rows
}

impl Results {
    fn add(&mut self, sample: &Sample, column: usize) {
        match sample {
            Sample::Figures(figures) => self.rounds.push(Some(figures[column])),
            Sample::Wrong(wrong) => {
                self.rounds.push(None);
                self.wrong.get_or_insert(*wrong);
            }
        }
    }
}
