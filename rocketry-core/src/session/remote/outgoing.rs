//! The thread that hands over runs and reports the ends of handed-over runs.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::super::{Session, Shared};
use super::table::{Fate, Message, WorkTable};
use crate::cluster::{Job, JobEnd, Work};
use crate::engine::run::RunNumber;
use crate::error::Result;

/// The pause before a call is repeated.
const PAUSE: Duration = Duration::from_millis(200);

/// Hands over runs, stops them, and reports their ends. Repeats each call until it succeeds or is no longer
/// needed.
pub(super) struct Outgoing {
    pub(super) work: Box<dyn Work>,
    pub(super) app: Weak<Shared>,
    pub(super) table: Arc<WorkTable>,
    /// Jobs whose ends are recorded, and which could not be removed. They are removed with the next ones.
    pub(super) unremoved: Vec<String>,
}

impl Outgoing {
    pub(super) fn work(mut self, messages: &Receiver<Message>) {
        while let Ok(first) = messages.recv() {
            let mut calls = vec![OutCall::from(first)];
            for message in messages.try_iter() {
                add(&mut calls, message);
            }
            for call in calls {
                match call {
                    OutCall::HandOver(term, jobs) => self.hand_over(term, &jobs),
                    OutCall::Stop(term, key) => self.stop(term, &key),
                    OutCall::Forget(term, keys) => self.forget(term, keys),
                    OutCall::End(ends) => self.end(&ends),
                }
            }
        }
    }

    /// Repeats a call until it succeeds; `None` if it is no longer needed.
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

    fn hand_over(&mut self, term: u64, jobs: &[Job]) {
        let batch = RandomState::new().hash_one(jobs.len());
        self.insist(
            |work| work.hand_over(term, batch, jobs),
            |table| table.awaits_any(jobs.iter().map(|job| &*job.key)),
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

    fn forget(&mut self, term: u64, keys: Vec<String>) {
        self.unremoved.extend(keys);
        match self.work.forget(term, &self.unremoved) {
            Ok(()) => self.unremoved.clear(),
            // The next leader removes those that this one does not.
            Err(error) => {
                tracing::debug!(%error, keys = ?self.unremoved, "jobs that have ended are not removed yet");
            }
        }
    }

    /// Reports the ends of runs. The leader may have given them up meanwhile.
    fn end(&mut self, ends: &[(RunNumber, String)]) {
        let told = |(number, text): &(RunNumber, String)| {
            let (key, attempt) = self.table.made_job(*number)?;
            let text = text.clone();
            Some((*number, JobEnd { key, attempt, text }))
        };
        let (numbers, ends): (Vec<RunNumber>, Vec<JobEnd>) = ends.iter().filter_map(told).unzip();
        let worker = self.table.worker.clone();
        let mut tries = 0;
        let kept = self.insist(
            |work| {
                tries += 1;
                work.end_all(&worker, &ends)
            },
            |table| numbers.iter().any(|number| table.made_job(*number).is_some()),
        );
        for (place, number) in numbers.into_iter().enumerate() {
            let made = self.table.forget_made(number);
            let is_refused = kept.as_ref().is_some_and(|kept| !kept[place]);
            if is_refused && let (Some(made), Some(app)) = (made, self.app.upgrade()) {
                Session::of(app).report_refused_end(&made.run, made.attempt, tries > 1);
            }
        }
    }
}

/// A call of the table, for as many messages as it can carry.
enum OutCall {
    HandOver(u64, Vec<Job>),
    Stop(u64, String),
    Forget(u64, Vec<String>),
    End(Vec<(RunNumber, String)>),
}

impl From<Message> for OutCall {
    fn from(message: Message) -> Self {
        match message {
            Message::HandOver(term, job) => OutCall::HandOver(term, vec![job]),
            Message::Stop(term, key) => OutCall::Stop(term, key),
            Message::Forget(term, key) => OutCall::Forget(term, vec![key]),
            Message::End(number, end) => OutCall::End(vec![(number, end)]),
        }
    }
}

/// Adds a message to a call of the same kind, if there is one. A run is handed over before it is stopped, and
/// other calls of different kinds concern different runs.
fn add(calls: &mut Vec<OutCall>, message: Message) {
    let mut left = Some(message);
    let since_stop = calls.iter().rposition(|call| matches!(call, OutCall::Stop(..)));
    for call in &mut calls[since_stop.map_or(0, |stop| stop + 1)..] {
        left = left.and_then(|message| call.add(message));
    }
    calls.extend(left.map(OutCall::from));
}

impl OutCall {
    /// Adds a message, or returns it if it needs a call of its own.
    fn add(&mut self, message: Message) -> Option<Message> {
        match (self, message) {
            (OutCall::HandOver(term, jobs), Message::HandOver(of, job)) if *term == of => jobs.push(job),
            (OutCall::Forget(term, keys), Message::Forget(of, key)) if *term == of => keys.push(key),
            (OutCall::End(ends), Message::End(number, end)) => ends.push((number, end)),
            (_, message) => return Some(message),
        }
        None
    }
}
