//! The jobs that every contender runs, and the counts of their runs.

use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::lateness::LATENESS;

/// The maximum number of jobs of a measure: a million, and the jobs that trigger them.
const MOST: usize = 1_250_000;

/// When a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Again as soon as it has run.
    Always,
    /// Again as soon as it has run, and a run takes its time.
    Busy,
    /// Once, at a second of this day (UTC).
    Once(u32),
    /// The same, where the scheduler itself calls the function: one job after the other.
    Inline(u32),
    /// On every full second.
    EverySecond,
    /// After each run of another job.
    After(u32),
    /// On request.
    ByHand,
    /// Hours from now. Each number stands for another time.
    Idle(u32),
    /// Never, by a statement of eight nodes that mentions a job. Each number stands for another one.
    Mentioning(u32, u32),
    /// On request, in a new process.
    Process,
    /// The same, in a process that waits for it.
    Warm,
    /// On request; the program `/bin/true`.
    Command,
}

/// A job: small, so that the memory a contender needs for it shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    pub(crate) id: u32,
    pub(crate) when: When,
}

impl Job {
    /// Runs the job: counts the run.
    pub(crate) fn run(self) {
        match self.when {
            When::EverySecond if !LATENESS.hit() => return,
            When::Busy => work(),
            _ => {}
        }
        COUNTS.hit(self.id);
    }
}

/// Works for a twentieth of a millisecond.
fn work() {
    let from = Instant::now();
    while from.elapsed() < Duration::from_micros(50) {
        std::hint::spin_loop();
    }
}

/// The runs of the current contender; only one runs at a time.
pub(crate) static COUNTS: LazyLock<Counts> = LazyLock::new(Counts::new);

pub(crate) struct Counts {
    base: Instant,
    runs: Box<[AtomicU32]>,
    /// The number of expected runs, and how many of them are outstanding.
    expected: AtomicI64,
    left: AtomicI64,
    /// When the first and the last of them ran, in nanoseconds from the base.
    first: AtomicU64,
    last: AtomicU64,
}

/// The number of missing runs and of surplus runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
}

impl Wrong {
    pub(crate) fn is_none(self) -> bool {
        self == Wrong::default()
    }
}

impl Counts {
    fn new() -> Self {
        Counts {
            base: Instant::now(),
            runs: (0..MOST).map(|_| AtomicU32::new(0)).collect(),
            expected: AtomicI64::new(0),
            left: AtomicI64::new(0),
            first: AtomicU64::new(0),
            last: AtomicU64::new(0),
        }
    }

    /// Resets the counts, and expects `expected` runs.
    pub(crate) fn reset(&self, expected: usize) {
        self.runs.iter().for_each(|runs| runs.store(0, Ordering::Relaxed));
        self.again(expected);
    }

    /// Expects `expected` more runs.
    pub(crate) fn again(&self, expected: usize) {
        let expected = i64::try_from(expected).unwrap_or(i64::MAX);
        self.last.store(0, Ordering::Relaxed);
        self.expected.store(expected, Ordering::Relaxed);
        self.left.store(expected, Ordering::Release);
    }

    fn hit(&self, id: u32) {
        self.runs[id as usize].fetch_add(1, Ordering::Relaxed);
        let left = self.left.fetch_sub(1, Ordering::AcqRel);
        if left == self.expected.load(Ordering::Relaxed) {
            self.first.store(self.nanos(), Ordering::Release);
        }
        if left == 1 {
            self.last.store(self.nanos(), Ordering::Release);
        }
    }

    /// How often a job has run.
    pub(crate) fn of(&self, id: u32) -> u32 {
        self.runs[id as usize].load(Ordering::Relaxed)
    }

    /// All runs.
    pub(crate) fn total(&self) -> u64 {
        let runs = self.runs.iter().map(|runs| runs.load(Ordering::Relaxed));
        runs.map(u64::from).sum()
    }

    /// Returns how far these jobs deviate from exactly `times` runs each.
    pub(crate) fn wrong(&self, jobs: Range<usize>, times: u32) -> Wrong {
        let mut wrong = Wrong::default();
        for runs in &self.runs[jobs] {
            let runs = runs.load(Ordering::Relaxed);
            wrong.lost += u64::from(times.saturating_sub(runs));
            wrong.doubled += u64::from(runs.saturating_sub(times));
        }
        wrong
    }

    /// Waits for the expected runs, polling rarely so as not to disturb them. Returns when the last one ended.
    pub(crate) fn wait(&self, limit: Duration) -> Option<Instant> {
        let until = Instant::now() + limit;
        loop {
            match self.last.load(Ordering::Acquire) {
                0 if Instant::now() > until => return None,
                0 => std::thread::sleep(Duration::from_millis(1)),
                nanos => return Some(self.base + Duration::from_nanos(nanos)),
            }
        }
    }

    /// Returns the instant of the first run.
    pub(crate) fn first(&self) -> Instant {
        self.base + Duration::from_nanos(self.first.load(Ordering::Acquire))
    }

    fn nanos(&self) -> u64 {
        u64::try_from(self.base.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}
