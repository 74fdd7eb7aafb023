//! The floors: what the same work costs with nothing but a heap of deadlines and a runtime.

mod heap;
#[cfg(feature = "logs")]
mod inserts;
mod spawn;
mod timer_thread;

pub(crate) use heap::Heap;
#[cfg(feature = "logs")]
pub(crate) use inserts::Inserts;
pub(crate) use spawn::{NOTHING, Spawn};
pub(crate) use timer_thread::TimerThread;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use crate::clock;
use crate::job::{Job, When};

/// Jobs by the time at which they are due, and those that follow others.
#[derive(Default)]
struct Deadlines {
    heap: BinaryHeap<Reverse<(Instant, u32)>>,
    jobs: Vec<Job>,
    /// Who follows a job, if anybody does.
    followers: Vec<Option<u32>>,
}

impl Deadlines {
    fn register(&mut self, job: Job) {
        let at = match job.when {
            When::Always => Some(Instant::now()),
            When::Once(second) => Some(clock::instant_of(second)),
            When::Idle(number) => Some(Instant::now() + clock::idle_ahead(number)),
            When::EverySecond => Some(clock::next_full_second()),
            _ => None,
        };
        if let Some(at) = at {
            self.heap.push(Reverse((at, job.id)));
        }
        if let When::After(other) = job.when {
            let other = other as usize;
            self.followers.resize(self.followers.len().max(other + 1), None);
            self.followers[other] = Some(job.id);
        }
        self.jobs.push(job);
    }

    /// A job that is due; it leaves the heap.
    fn due(&mut self) -> Option<Job> {
        let Reverse((at, id)) = *self.heap.peek()?;
        if at > Instant::now() {
            return None;
        }
        self.heap.pop();
        let job = self.jobs[id as usize];
        if job.when == When::EverySecond {
            self.heap.push(Reverse((at + Duration::from_secs(1), id)));
        }
        Some(job)
    }

    /// Makes a job due at once.
    fn again(&mut self, job: Job) {
        self.heap.push(Reverse((Instant::now(), job.id)));
    }

    fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }
}
