//! clokwerk: a thread that looks at all jobs, again and again, and runs inline what is due.

use std::time::Duration;

use chrono::Utc;
use clokwerk::{Interval, Job as _, ScheduleHandle, Scheduler, SyncJob, TimeUnits as _};

use super::knows;
use crate::clock;
use crate::contender::Contender;
use crate::job::{Job, When};

/// How often it looks: the documentation recommends a tenth of a second and more. Where lateness matters, it is given the
/// pace at which it is best.
const RELAXED: Duration = Duration::from_millis(100);
const BRISK: Duration = Duration::from_millis(1);

pub(crate) struct Clokwerk {
    scheduler: Option<Scheduler<Utc>>,
    pace: Duration,
    thread: Option<ScheduleHandle>,
}

impl Default for Clokwerk {
    fn default() -> Self {
        Clokwerk {
            scheduler: Some(Scheduler::with_tz(Utc)),
            pace: RELAXED,
            thread: None,
        }
    }
}

impl Contender for Clokwerk {
    fn can(&self, when: When) -> bool {
        knows(when) || matches!(when, When::Inline(_))
    }

    fn register(&mut self, job: Job) {
        let Some(scheduler) = &mut self.scheduler else {
            return;
        };
        match job.when {
            When::Idle(number) => run(
                scheduler
                    .every(day(number))
                    .at(&clock::time_of_day(number % 86_400)),
                job,
            ),
            When::Once(second) | When::Inline(second) => {
                self.pace = BRISK;
                run(scheduler.every(1.day()).at(&clock::time_of_day(second)), job);
            }
            _ => {
                self.pace = BRISK;
                run(scheduler.every(1.second()), job);
            }
        }
    }

    fn start(&mut self) {
        self.thread = self
            .scheduler
            .take()
            .map(|scheduler| scheduler.watch_thread(self.pace));
    }

    fn stop(&mut self) {
        drop(self.thread.take());
    }
}

fn run(when: &mut SyncJob<Utc>, job: Job) {
    when.run(move || job.run());
}

fn day(number: u32) -> Interval {
    match clock::day_ahead(number) {
        "Monday" => Interval::Monday,
        "Tuesday" => Interval::Tuesday,
        "Wednesday" => Interval::Wednesday,
        "Thursday" => Interval::Thursday,
        "Friday" => Interval::Friday,
        "Saturday" => Interval::Saturday,
        _ => Interval::Sunday,
    }
}
