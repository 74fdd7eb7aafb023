//! A thread of its own that waits on a condition variable, and spawns on tokio what is due.

use std::mem::take;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, Runtime};

use super::Deadlines;
use crate::contender::{Contender, end, runtime};
use crate::job::{Job, When};

#[derive(Default)]
pub(crate) struct TimerThread {
    deadlines: Deadlines,
    running: Option<(Runtime, JoinHandle<()>)>,
    bell: Arc<Bell>,
}

/// Rung when something has ended that is due again, and at the end.
#[derive(Default)]
struct Bell {
    news: Mutex<News>,
    rung: Condvar,
}

#[derive(Default)]
struct News {
    again: Vec<Job>,
    over: bool,
}

impl Contender for TimerThread {
    /// Where nothing waits for a time the two floors are one.
    fn can(&self, when: When) -> bool {
        matches!(
            when,
            When::Always | When::Once(_) | When::EverySecond | When::Idle(_)
        )
    }

    fn register(&mut self, job: Job) {
        self.deadlines.register(job);
    }

    fn start(&mut self) {
        let runtime = runtime();
        let (handle, bell) = (runtime.handle().clone(), self.bell.clone());
        let deadlines = take(&mut self.deadlines);
        let thread = std::thread::spawn(move || schedule(deadlines, &handle, &bell));
        self.running = Some((runtime, thread));
    }

    fn stop(&mut self) {
        self.bell.news().over = true;
        self.bell.rung.notify_one();
        if let Some((runtime, thread)) = self.running.take() {
            thread.join().expect("the timer thread does not panic");
            end(runtime);
        }
    }
}

impl Bell {
    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn schedule(mut deadlines: Deadlines, runtime: &Handle, bell: &Arc<Bell>) {
    loop {
        while let Some(job) = deadlines.due() {
            spawn(job, runtime, bell);
        }
        let mut news = bell.news();
        if news.again.is_empty() && !news.over {
            let wait = deadlines.next().map_or(Duration::from_hours(1), |at| {
                at.saturating_duration_since(Instant::now())
            });
            news = match bell.rung.wait_timeout(news, wait) {
                Ok((news, _)) => news,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
        if news.over {
            return;
        }
        news.again.drain(..).for_each(|job| deadlines.again(job));
    }
}

fn spawn(job: Job, runtime: &Handle, bell: &Arc<Bell>) {
    if job.when != When::Always {
        runtime.spawn(async move { job.run() });
        return;
    }
    let bell = bell.clone();
    runtime.spawn(async move {
        job.run();
        bell.news().again.push(job);
        bell.rung.notify_one();
    });
}
