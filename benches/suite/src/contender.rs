//! The measured schedulers: one small trait for Rocketry, the floors and the peers.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

#[cfg(feature = "logs")]
use crate::floors::Inserts;
use crate::floors::{Heap, Spawn, TimerThread};
use crate::job::{Job, When};
use crate::ours::{NoLog, Ours};
#[cfg(feature = "peers")]
use crate::peers::{ApalisCron, ApalisSqlite, Clokwerk, PythonRocketry, TokioCronScheduler};
use crate::store::{Burst, Kind, Recorded};

/// A scheduler with the jobs of one measurement. It is made anew for each, with a runtime of its own.
pub(crate) trait Contender {
    /// Whether it can express such a job.
    fn can(&self, _: When) -> bool {
        false
    }

    /// Whether it can be taken apart.
    fn has_parts(&self) -> bool {
        false
    }

    /// Takes a job.
    fn register(&mut self, job: Job) {
        unreachable!("there are no jobs such as {job:?}, which was not said to be possible");
    }

    /// Starts scheduling.
    fn start(&mut self) {}

    /// Runs a job now.
    fn run(&self, id: u32) {
        unreachable!("job {id} is by hand, which was not said to be possible");
    }

    /// Runs a job now, waits for its end, and returns whether it succeeded.
    fn run_to_end(&self, id: u32) -> bool {
        unreachable!("job {id} is a process, which was not said to be possible");
    }

    /// Steers a job as a user would: keeps it from running, then lets it run again.
    fn steer(&self, id: u32) {
        unreachable!("job {id} can't be steered, which was not said to be possible");
    }

    /// Explains why a job runs or does not.
    fn explain(&self, id: u32) {
        unreachable!("job {id} can't be explained, which was not said to be possible");
    }

    /// Ends, and leaves nothing behind.
    fn stop(&mut self) {}

    /// Whether it can record runs in a log of such a kind.
    fn can_record(&self, _: Kind) -> bool {
        false
    }

    /// Records runs, in writes of a thousand records if it can do that.
    fn record(&self, burst: &Burst) -> Recorded {
        unreachable!(
            "there is no log of the kind {:?}, which was not said to be possible",
            burst.kind
        );
    }

    /// Whether it can run jobs with such a log.
    fn can_run_with(&self, _: Kind) -> bool {
        false
    }

    /// Runs as many jobs as there are tasks, all due at once, and records them.
    fn run_with(&self, burst: &Burst) -> Recorded {
        unreachable!(
            "there are no jobs with a log of the kind {:?}, which was not said to be possible",
            burst.kind
        );
    }

    /// Whether it can measure the lateness that recording adds to a start.
    fn can_delay(&self) -> bool {
        false
    }

    /// Returns the lateness that recording adds to a start, measured by the runs of the burst.
    fn delay(&self, burst: &Burst) -> Duration {
        unreachable!(
            "nothing is known of the kind {:?}, which was not said to be possible",
            burst.kind
        );
    }

    /// Whether it is Rocketry with a log in memory or without a log.
    fn is_for_memory(&self) -> bool {
        false
    }

    /// The maximum number of jobs, so that no measurement takes minutes.
    fn most(&self) -> usize {
        usize::MAX
    }

    /// How long it may take to take a job.
    fn slow_to_register(&self) -> Duration {
        Duration::from_micros(5)
    }

    /// Returns the number of runs in its own log, if it has one.
    fn recorded(&self) -> Option<u64> {
        None
    }
}

/// A scheduler to be measured.
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

/// All entrants, in the order of the columns.
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
    Entrant {
        name: "bare spawn",
        role: Role::Floor,
        make: || Box::<Spawn>::default(),
    },
    #[cfg(feature = "logs")]
    Entrant {
        name: "bare inserts",
        role: Role::Floor,
        make: || Box::new(Inserts),
    },
    Entrant {
        name: "no log",
        role: Role::Floor,
        make: || Box::<NoLog>::default(),
    },
    #[cfg(feature = "peers")]
    Entrant {
        name: "tokio-cron-scheduler",
        role: Role::Peer,
        make: || Box::<TokioCronScheduler>::default(),
    },
    #[cfg(feature = "peers")]
    Entrant {
        name: "apalis-cron",
        role: Role::Peer,
        make: || Box::<ApalisCron>::default(),
    },
    #[cfg(feature = "peers")]
    Entrant {
        name: "clokwerk",
        role: Role::Peer,
        make: || Box::<Clokwerk>::default(),
    },
    #[cfg(feature = "peers")]
    Entrant {
        name: "apalis-sqlite",
        role: Role::Peer,
        make: || Box::new(ApalisSqlite),
    },
    #[cfg(feature = "peers")]
    Entrant {
        name: "Python Rocketry",
        role: Role::Peer,
        make: || Box::new(PythonRocketry),
    },
];

/// A runtime as an app gets it.
pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("the runtime can be made")
}

/// Ends a runtime and everything on it, so that it does not disturb the next one.
pub(crate) fn end(runtime: Runtime) {
    runtime.shutdown_timeout(Duration::from_mins(2));
}
