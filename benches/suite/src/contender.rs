//! What is measured: one small trait, the same for ours, the floors and the peers.

use tokio::runtime::{Builder, Runtime};

use crate::floors::{Heap, TimerThread};
use crate::job::{Job, When};
use crate::ours::Ours;

/// A scheduler with the jobs of one measurement. It is made anew for each, with a runtime of its own.
pub(crate) trait Contender {
    /// Whether it can express such a job at all.
    fn can(&self, when: When) -> bool;

    /// Takes a job.
    fn register(&mut self, job: Job);

    /// Begins to schedule.
    fn start(&mut self);

    /// Runs a job now.
    fn run(&self, id: u32);

    /// Ends, with nothing left behind.
    fn stop(&mut self);

    /// How many runs its own log says there were, if it keeps one.
    fn recorded(&self) -> Option<u64> {
        None
    }
}

/// Who is measured.
#[derive(Clone, Copy)]
pub(crate) struct Entrant {
    pub(crate) name: &'static str,
    pub(crate) role: Role,
    pub(crate) make: fn() -> Box<dyn Contender>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Ours,
    Floor,
    Peer,
}

/// Everybody, in the order of the columns.
pub(crate) const ENTRANTS: &[Entrant] = &[
    Entrant {
        name: "rocketry",
        role: Role::Ours,
        make: || Box::<Ours>::default(),
    },
    Entrant {
        name: "bare tokio",
        role: Role::Floor,
        make: || Box::<Heap>::default(),
    },
    Entrant {
        name: "timer thread",
        role: Role::Floor,
        make: || Box::<TimerThread>::default(),
    },
];

/// A runtime as an app gets it.
pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the runtime can be made")
}
