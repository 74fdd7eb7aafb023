//! The measures: one file for each line of the table.

mod always;
mod burst;
mod chain;
mod events;
mod explains;
mod idle;
mod lateness;
mod log;
mod micro;
mod overload;
mod processes;

use std::ops::Range;

use crate::contender::Contender;
use crate::job::Wrong;
use crate::options::Extent;

/// One measure: how it is taken, and what its figures mean.
pub(crate) struct Measure {
    pub(crate) letter: char,
    pub(crate) title: &'static str,
    /// For the chart.
    pub(crate) short: &'static str,
    /// The unit of its size.
    pub(crate) of: &'static str,
    pub(crate) figures: &'static [Figure],
    /// The floor to which Rocketry is compared.
    pub(crate) floor: &'static str,
    /// The sizes at which it is taken.
    pub(crate) sizes: fn(Extent) -> &'static [usize],
    /// Whether a contender can express it.
    pub(crate) possible: fn(&dyn Contender) -> bool,
    /// Takes the measure once.
    pub(crate) take: fn(&mut dyn Contender, usize, Extent) -> Sample,
    /// Whether the floor's figures show that the machine was disturbed; such a round is discarded.
    pub(crate) disturbed: fn(&[f64]) -> bool,
}

/// A number that a measure yields.
#[derive(Clone, Copy)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) better: Better,
    /// The goal for Rocketry at a size.
    pub(crate) goal: fn(usize) -> Goal,
    /// The growth limit: how many times worse Rocketry may be at the second size than at the first.
    pub(crate) growth: Option<fn(f64, f64) -> f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    More,
    Less,
}

/// The goal for Rocketry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// At most this many times worse than the floor.
    Ratio(f64),
    /// At most this, regardless of the floor.
    AtMost(f64),
    /// At least this, regardless of the floor.
    AtLeast(f64),
    /// No goal: the figure is only reported.
    None,
}

/// The outcome of one measurement: a number for each figure, or the errors.
#[derive(Clone, Debug)]
pub(crate) enum Sample {
    Figures(Vec<f64>),
    Wrong(Wrong),
}

impl Sample {
    /// Returns the figures unless a run was lost or made twice.
    fn of(wrong: Wrong, figures: Vec<f64>) -> Self {
        if wrong.is_none() {
            Sample::Figures(figures)
        } else {
            Sample::Wrong(wrong)
        }
    }
}

/// All measures, in the order of their letters.
pub(crate) const MEASURES: &[Measure] = &[
    always::MEASURE,
    burst::MEASURE,
    burst::INLINE,
    lateness::MEASURE,
    lateness::CROWD,
    explains::MEASURE,
    idle::MEASURE,
    chain::MEASURE,
    events::MEASURE,
    processes::MEASURE,
    processes::COMMAND,
    processes::WARM,
    micro::MEASURE,
    overload::MEASURE,
    log::FULL,
    log::NORMAL,
    log::POSTGRES,
    log::CSV,
    log::APP_FULL,
    log::APP_NORMAL,
    log::APP_POSTGRES,
    log::APP_CSV,
    log::MEMORY,
    log::DELAY,
    lateness::SCALE,
];

/// The sizes of the chart.
const GROWTH: &[usize] = &[100, 1_000, 10_000, 100_000, 1_000_000];

/// Returns the numbers of the given count of jobs.
fn ids(jobs: usize) -> Range<u32> {
    0..u32::try_from(jobs).expect("there are fewer than 2^32 jobs")
}

/// Never reports a disturbed machine.
fn never(_: &[f64]) -> bool {
    false
}
