//! The thread that hands over runs and reports the ends of those that were handed over.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::super::{Session, Shared};
use super::table::{Fate, Message, WorkTable};
use crate::cluster::{Job, Work};
use crate::engine::run::RunNumber;
use crate::error::Result;

/// How long a call rests before it is repeated.
const PAUSE: Duration = Duration::from_millis(200);

/// Hands over runs, stops them, reports ends. It makes each call until it succeeds, or until it is of no use any more.
pub(super) struct Outgoing {
    pub(super) work: Box<dyn Work>,
    pub(super) app: Weak<Shared>,
    pub(super) table: Arc<WorkTable>,
}

impl Outgoing {
    pub(super) fn work(mut self, messages: &Receiver<Message>) {
        while let Ok(first) = messages.recv() {
            let mut next: VecDeque<Message> = [first].into();
            next.extend(messages.try_iter());
            while let Some(message) = next.pop_front() {
                match message {
                    Message::HandOver(term, job) => self.hand_over(term, batch(term, job, &mut next)),
                    Message::Stop(term, key) => self.stop(term, &key),
                    Message::Forget(term, key) => self.forget(term, &key),
                    Message::End(number, end) => self.end(number, &end),
                }
            }
        }
    }

    /// Makes a call until it succeeds; `None` if it is of no use any more.
    fn insist<T>(
        &mut self,
        mut call: impl FnMut(&mut dyn Work) -> Result<T>,
        is_wanted: impl Fn(&WorkTable) -> bool,
    ) -> Option<T> {
        let mut has_failed = false;
        loop {
            match call(&mut *self.work) {
                Ok(done) => return Some(done),
                Err(error) if error.is_superseded() => {
                    if let Some(app) = self.app.upgrade() {
                        Session::of(app).concede(&error.problems()[0].message);
                    }
                    return None;
                }
                Err(error) if !std::mem::replace(&mut has_failed, true) => {
                    tracing::warn!(target: "rocketry::app", %error, "runs can't be carried between nodes");
                }
                Err(_) => {}
            }
            if self.app.strong_count() == 0 || !is_wanted(&self.table) {
                return None;
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn hand_over(&mut self, term: u64, jobs: Vec<Job>) {
        let batch = RandomState::new().hash_one(jobs.len());
        let keys: Vec<String> = jobs.iter().map(|job| job.key.clone()).collect();
        self.insist(
            |work| work.hand_over(term, batch, &jobs),
            |table| table.awaits_any(keys.iter().map(String::as_str)),
        );
    }

    fn stop(&mut self, term: u64, key: &str) {
        let withdrawn = self.insist(
            |work| work.stop(term, key),
            |table| table.awaits_any([key].into_iter()),
        );
        if withdrawn == Some(true) {
            self.table.tell(key, Fate::Withdrawn);
        }
    }

    fn forget(&mut self, term: u64, key: &str) {
        // The next leader forgets what is left.
        if let Err(error) = self.work.forget(term, &[key.to_owned()]) {
            tracing::debug!(%error, key, "a run that has ended is not forgotten yet");
        }
    }

    /// Reports the end of a run. The leader may have given it up meanwhile.
    fn end(&mut self, number: RunNumber, end: &str) {
        let Some((key, attempt)) = self.table.made_job(number) else {
            return;
        };
        let worker = self.table.worker.clone();
        let mut tries = 0;
        let kept = self.insist(
            |work| {
                tries += 1;
                work.end(&worker, &key, attempt, end)
            },
            |table| table.made_job(number).is_some(),
        );
        let made = self.table.forget_made(number);
        if kept == Some(false)
            && let (Some(made), Some(app)) = (made, self.app.upgrade())
        {
            Session::of(app).tell_refused_end(&made.run, made.attempt, tries > 1);
        }
    }
}

/// A run with those that are handed over next in the same term.
fn batch(term: u64, first: Job, next: &mut VecDeque<Message>) -> Vec<Job> {
    let mut jobs = vec![first];
    while let Some(Message::HandOver(of, _)) = next.front() {
        if *of != term {
            break;
        }
        if let Some(Message::HandOver(_, job)) = next.pop_front() {
            jobs.push(job);
        }
    }
    jobs
}
