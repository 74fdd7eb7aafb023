//! tokio-cron-scheduler, with the sizes of its channels as they are by default.

use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_cron_scheduler::{Job as CronJob, JobScheduler};

use super::{cron, knows};
use crate::contender::{Contender, end, runtime};
use crate::job::{Job, When};

pub(crate) struct TokioCronScheduler {
    scheduler: JobScheduler,
    runtime: Option<Runtime>,
}

impl Default for TokioCronScheduler {
    fn default() -> Self {
        let runtime = runtime();
        let scheduler = runtime.block_on(JobScheduler::new()).expect("it can be made");
        TokioCronScheduler {
            scheduler,
            runtime: Some(runtime),
        }
    }
}

impl Contender for TokioCronScheduler {
    fn can(&self, when: When) -> bool {
        knows(when)
    }

    fn register(&mut self, job: Job) {
        let made = CronJob::new_async(cron(job.when), move |_, _| Box::pin(async move { job.run() }));
        let made = made.expect("the expression is right");
        if let Some(runtime) = &self.runtime {
            runtime
                .block_on(self.scheduler.add(made))
                .expect("the job is taken");
        }
    }

    fn start(&mut self) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(self.scheduler.start()).expect("it starts");
        }
    }

    /// It takes a job in a tenth of a millisecond and more.
    fn most(&self) -> usize {
        20_000
    }

    fn slow_to_register(&self) -> Duration {
        Duration::from_micros(300)
    }

    fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Its own shutdown waits for what was lost.
            end(runtime);
        }
    }
}
