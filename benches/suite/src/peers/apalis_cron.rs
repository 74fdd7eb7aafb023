//! apalis-cron: a worker for each schedule, on tokio.

use std::str::FromStr;
use std::time::Duration;

use apalis_core::worker::builder::WorkerBuilder;
use apalis_cron::{CronScheduler, Tick};
use tokio::runtime::Runtime;

use super::{cron, knows};
use crate::contender::{Contender, end, runtime};
use crate::job::{Job, When};

pub(crate) struct ApalisCron(Option<Runtime>);

impl Default for ApalisCron {
    fn default() -> Self {
        ApalisCron(Some(runtime()))
    }
}

impl Contender for ApalisCron {
    fn can(&self, when: When) -> bool {
        knows(when)
    }

    fn register(&mut self, job: Job) {
        let schedule = cron::Schedule::from_str(&cron(job.when)).expect("the expression is right");
        let worker = WorkerBuilder::new(format!("job-{}", job.id))
            .backend(CronScheduler::new(schedule))
            .build(move |_: Tick| async move { job.run() });
        // A worker schedules as soon as it runs.
        if let Some(runtime) = &self.0 {
            runtime.spawn(async move { worker.run().await });
        }
    }

    fn start(&mut self) {}

    fn slow_to_register(&self) -> Duration {
        Duration::from_micros(15)
    }

    fn stop(&mut self) {
        if let Some(runtime) = self.0.take() {
            end(runtime);
        }
    }
}
