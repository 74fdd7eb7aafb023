//! Bare tokio: a loop around a heap of deadlines, `sleep_until`, `spawn`.

use std::mem::take;

use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::Deadlines;
use crate::contender::{Contender, end, runtime};
use crate::job::{Job, When};

#[derive(Default)]
pub(crate) struct Heap {
    deadlines: Deadlines,
    running: Option<(Runtime, UnboundedSender<u32>)>,
}

impl Contender for Heap {
    fn can(&self, when: When) -> bool {
        !matches!(
            when,
            When::Inline(_) | When::Busy | When::Process | When::Warm | When::Command
        )
    }

    fn register(&mut self, job: Job) {
        self.deadlines.register(job);
    }

    fn start(&mut self) {
        let runtime = runtime();
        let (sender, wanted) = unbounded_channel();
        runtime.spawn(schedule(take(&mut self.deadlines), sender.clone(), wanted));
        self.running = Some((runtime, sender));
    }

    fn run(&self, id: u32) {
        let (_, wanted) = self.running.as_ref().expect("it has started");
        wanted.send(id).expect("the loop is there");
    }

    fn stop(&mut self) {
        if let Some((runtime, _)) = self.running.take() {
            end(runtime);
        }
    }
}

async fn schedule(
    mut deadlines: Deadlines,
    sender: UnboundedSender<u32>,
    mut wanted: UnboundedReceiver<u32>,
) {
    loop {
        while let Some(job) = deadlines.due() {
            let run = tokio::spawn(async move { job.run() });
            if job.when == When::Always {
                // A runtime that shuts down cuts the run off.
                let Ok(()) = run.await else { return };
                deadlines.again(job);
            }
        }
        let wanted = match deadlines.next() {
            Some(at) => tokio::time::timeout_at(at.into(), wanted.recv())
                .await
                .ok()
                .flatten(),
            None => wanted.recv().await,
        };
        if let Some(id) = wanted {
            spawn_link(id, &deadlines, &sender);
        }
    }
}

/// Runs a job, then has the loop run the one that follows.
fn spawn_link(id: u32, deadlines: &Deadlines, wanted: &UnboundedSender<u32>) {
    let job = deadlines.jobs[id as usize];
    let follower = deadlines.followers.get(id as usize).copied().flatten();
    let wanted = wanted.clone();
    tokio::spawn(async move {
        job.run();
        if let Some(next) = follower {
            // The loop is gone when the runtime shuts down.
            let _ = wanted.send(next);
        }
    });
}
