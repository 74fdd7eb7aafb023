//! What is measured.

mod always;
mod burst;
mod chain;

use crate::contender::Contender;
use crate::job::Wrong;
use crate::options::Extent;

/// One line of the table: how to take it, and what to make of it.
pub(crate) struct Measure {
    pub(crate) letter: char,
    pub(crate) title: &'static str,
    /// The floor that ours is compared with.
    pub(crate) floor: &'static str,
    pub(crate) figures: &'static [Figure],
    /// The sizes at which it is taken.
    pub(crate) sizes: fn(Extent) -> &'static [usize],
    /// Whether a contender can express it.
    pub(crate) possible: fn(&dyn Contender) -> bool,
    /// Takes it once.
    pub(crate) take: fn(&mut dyn Contender, usize, Extent) -> Sample,
    /// The law of growth: by how much the first figure of ours may be worse at the greatest size than at the first.
    pub(crate) growth: Option<fn(usize, usize) -> f64>,
}

/// A number that a measure yields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) better: Better,
    pub(crate) goal: Goal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    More,
    Less,
}

/// What ours has to reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// At most so many times worse than the floor.
    Ratio(f64),
}

/// What one measurement gave: a number for each figure, or what went wrong.
#[derive(Clone, Debug)]
pub(crate) enum Sample {
    Figures(Vec<f64>),
    Wrong(Wrong),
}

/// All of them, in the order of their letters.
pub(crate) const MEASURES: &[&Measure] = &[&always::MEASURE, &burst::MEASURE, &chain::MEASURE];

/// The numbers of so many jobs.
fn ids(jobs: usize) -> std::ops::Range<u32> {
    0..u32::try_from(jobs).expect("there are fewer than 2^32 jobs")
}
