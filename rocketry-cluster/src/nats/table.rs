//! The state of handed-over runs, as changed by commands.

use std::collections::{BTreeMap, VecDeque};

use rocketry_core::cluster::{Held, Holder, Job, JobEnd, OpenJob, Taken};
use serde::{Deserialize, Serialize};

use super::failure::{Answer, Failure};
use super::replica::{Machine, Saved};
use super::rows::{Row, Rows};

/// The existing jobs.
#[derive(Debug, Default)]
pub(super) struct Table {
    term: u64,
    last_batch: Option<u64>,
    rows: Rows,
    beats: BTreeMap<String, u64>,
    /// The jobs that have ended lately: the number of the command that has ended each, and its place.
    lately_ended: VecDeque<(u64, u64)>,
}

/// The size of the list of jobs that have ended lately.
const LATELY: usize = 10_000;

/// The saved form of the table.
#[derive(Serialize, Deserialize)]
struct Contents {
    term: u64,
    last_batch: Option<u64>,
    rows: Vec<Row>,
    beats: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Command {
    Lead {
        term: u64,
    },
    HandOver {
        term: u64,
        batch: u64,
        jobs: Vec<JobText>,
    },
    /// Tells the worker of a job to stop, or removes a job that no worker has taken.
    Stop {
        term: u64,
        key: String,
    },
    Forget {
        term: u64,
        keys: Vec<String>,
    },
    /// Changes an attempt of a worker, on behalf of the leader.
    Lose {
        term: u64,
        attempt: Attempt,
        is_offered_again: bool,
    },
    Take {
        worker: String,
        lanes: Vec<String>,
        but: Vec<String>,
        most: usize,
    },
    Extend {
        worker: String,
    },
    Release {
        worker: String,
        attempt: Attempt,
    },
    EndAll {
        worker: String,
        ends: Vec<EndText>,
    },
}

/// An attempt of a job.
#[derive(Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) key: String,
    pub(super) number: u32,
}

#[derive(Serialize, Deserialize)]
pub(super) struct JobText {
    key: String,
    lane: Option<String>,
    text: String,
}

/// The end of an attempt of a job.
#[derive(Serialize, Deserialize)]
pub(super) struct EndText {
    attempt: Attempt,
    text: String,
}

impl From<&JobEnd> for EndText {
    fn from(end: &JobEnd) -> Self {
        EndText {
            attempt: Attempt {
                key: end.key.clone(),
                number: end.attempt,
            },
            text: end.text.clone(),
        }
    }
}

impl From<&Job> for JobText {
    fn from(job: &Job) -> Self {
        JobText {
            key: job.key.clone(),
            lane: job.lane.clone(),
            text: job.text.clone(),
        }
    }
}

/// The outcome of a command.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Whether it had an effect.
    Changed(bool),
    /// The highest term of a leader.
    Term(u64),
    Taken(Vec<Taken>),
    /// Whether each end is kept.
    Kept(Vec<bool>),
}

impl Machine for Table {
    type Command = Command;
    type Outcome = Outcome;

    fn apply(&mut self, number: u64, command: Command) -> Outcome {
        let is_changed = match command {
            Command::Lead { term } => return self.lead(term),
            Command::HandOver { term, batch, jobs } => return self.hand_over(term, batch, jobs),
            Command::Take {
                worker,
                lanes,
                but,
                most,
            } => return Outcome::Taken(self.take(&worker, &lanes, &but, most)),
            Command::Extend { worker } => {
                *self.beats.entry(worker).or_default() += 1;
                true
            }
            Command::Stop { term, key } => term >= self.term && self.stop(&key),
            Command::Forget { term, keys } => term >= self.term && self.forget(&keys),
            Command::Lose {
                term,
                attempt,
                is_offered_again,
            } => term >= self.term && self.lose(&attempt, is_offered_again),
            Command::Release { worker, attempt } => self.release(&worker, &attempt),
            Command::EndAll { worker, ends } => {
                let ends = ends.into_iter();
                let kept = ends.map(|end| self.end(number, &worker, end));
                return Outcome::Kept(kept.collect());
            }
        };
        Outcome::Changed(is_changed)
    }

    fn save(&self, number: u64) -> Option<Saved> {
        let contents = Contents {
            term: self.term,
            last_batch: self.last_batch,
            rows: self.rows.all().cloned().collect(),
            beats: self.beats.clone(),
        };
        let state = serde_json::to_value(contents).ok()?;
        Some(Saved { number, state })
    }

    fn restore(saved: Saved) -> Answer<Self> {
        let contents: Contents = serde_json::from_value(saved.state).map_err(Failure::other)?;
        let mut rows = Rows::default();
        contents.rows.into_iter().for_each(|row| rows.add(row));
        Ok(Table {
            term: contents.term,
            last_batch: contents.last_batch,
            rows,
            beats: contents.beats,
            lately_ended: VecDeque::new(),
        })
    }
}

impl Table {
    fn lead(&mut self, term: u64) -> Outcome {
        if term >= self.term {
            self.term = term;
            // A worker without jobs that still exists returns with its next beat.
            let rows = &self.rows;
            self.beats.retain(|worker, _| rows.is_holder(worker));
        }
        Outcome::Term(self.term)
    }

    fn hand_over(&mut self, term: u64, batch: u64, jobs: Vec<JobText>) -> Outcome {
        if term >= self.term && self.last_batch != Some(batch) {
            self.last_batch = Some(batch);
            for JobText { key, lane, text } in jobs {
                self.rows.add(Row {
                    key,
                    lane,
                    text,
                    attempt: 1,
                    worker: None,
                    is_stopped: false,
                    end: None,
                });
            }
        }
        Outcome::Term(self.term.max(term))
    }

    fn stop(&mut self, key: &str) -> bool {
        let Some((place, row)) = self.rows.find(key) else {
            return false;
        };
        if row.worker.is_none() {
            return self.rows.remove(place);
        }
        self.rows.change(place, |row| row.is_stopped = true);
        false
    }

    fn forget(&mut self, keys: &[String]) -> bool {
        for key in keys {
            let place = self.rows.find(key).map(|(place, _)| place);
            place.map(|place| self.rows.remove(place));
        }
        true
    }

    fn lose(&mut self, attempt: &Attempt, is_offered_again: bool) -> bool {
        let found = self.find(attempt);
        let held = found.filter(|(_, row)| row.worker.is_some() && row.end.is_none());
        match held.map(|(place, _)| place) {
            Some(place) if is_offered_again => self.rows.change(place, |row| {
                row.worker = None;
                row.attempt += 1;
            }),
            Some(place) => self.rows.remove(place),
            None => false,
        }
    }

    fn find(&self, attempt: &Attempt) -> Option<(u64, &Row)> {
        let found = self.rows.find(&attempt.key);
        found.filter(|(_, row)| row.attempt == attempt.number)
    }

    /// The position of an attempt that a worker has taken.
    fn taken_by(&self, worker: &str, attempt: &Attempt) -> Option<(u64, &Row)> {
        let found = self.find(attempt);
        found.filter(|(_, row)| row.worker.as_deref() == Some(worker))
    }

    fn release(&mut self, worker: &str, attempt: &Attempt) -> bool {
        let taken = self.taken_by(worker, attempt);
        let held = taken.filter(|(_, row)| row.end.is_none()).map(|(place, _)| place);
        held.is_some_and(|place| self.rows.change(place, |row| row.worker = None))
    }

    fn end(&mut self, number: u64, worker: &str, end: EndText) -> bool {
        let taken = self.taken_by(worker, &end.attempt).map(|(place, _)| place);
        let Some(place) = taken else { return false };
        self.lately_ended.push_back((number, place));
        if self.lately_ended.len() > LATELY {
            self.lately_ended.pop_front();
        }
        self.rows.change(place, |row| {
            row.end.get_or_insert(end.text);
        })
    }

    /// Returns true if there is a job that a worker may take.
    pub(super) fn offers(&self, lanes: &[String], but: &[String]) -> bool {
        !self.rows.offered(lanes, but, 1).is_empty()
    }

    fn take(&mut self, worker: &str, lanes: &[String], but: &[String], most: usize) -> Vec<Taken> {
        let places = self.rows.offered(lanes, but, most);
        let mut taken = Vec::with_capacity(places.len());
        for place in places {
            self.rows.change(place, |row| {
                row.worker = Some(worker.to_owned());
                taken.push(Taken {
                    key: row.key.clone(),
                    attempt: row.attempt,
                    text: row.text.clone(),
                });
            });
        }
        taken
    }

    pub(super) fn open(&self) -> Vec<OpenJob> {
        let open = |row: &Row| OpenJob {
            key: row.key.clone(),
            attempt: row.attempt,
            worker: row.worker.clone(),
            text: row.text.clone(),
        };
        self.rows.all().map(open).collect()
    }

    pub(super) fn ended(&self) -> Vec<(String, String)> {
        let ended = self.rows.ended();
        ended
            .filter_map(|row| Some((row.key.clone(), row.end.clone()?)))
            .collect()
    }

    /// Returns the ends by commands after this number, as far as they are known.
    pub(super) fn ended_after(&self, number: u64) -> Vec<(String, String)> {
        let lately = self.lately_ended.iter().rev();
        let places = lately.take_while(|(ended, _)| *ended > number);
        let rows = places.filter_map(|(_, place)| self.rows.at(*place));
        let mut ended: Vec<(String, String)> = rows
            .filter_map(|row| Some((row.key.clone(), row.end.clone()?)))
            .collect();
        ended.reverse();
        ended
    }

    pub(super) fn holders(&self) -> Vec<Holder> {
        let holder = |worker: &String| Holder {
            worker: worker.clone(),
            beat: self.beats.get(worker).copied().unwrap_or(0),
        };
        self.rows.holders().map(holder).collect()
    }

    pub(super) fn held_by(&self, worker: &str) -> Vec<Held> {
        let held = |row: &Row| Held {
            key: row.key.clone(),
            attempt: row.attempt,
            is_stopped: row.is_stopped,
        };
        self.rows.held_by(worker).map(held).collect()
    }
}
