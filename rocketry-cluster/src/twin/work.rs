//! An in-memory table of runs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rocketry_core::cluster::{Held, Holder, Job, JobEnd, JobNews, OpenJob, Taken, Work};
use rocketry_core::{Error, Result};

use super::handle::{Handle, RelayFaults};

/// An in-memory table of runs. Clones refer to the same runs.
///
/// ```
/// use rocketry::cluster::{Job, Work};
/// use rocketry_cluster::twin::TwinWork;
///
/// let mut leader = TwinWork::default();
/// let mut worker = leader.of_another_node();
/// leader.lead(1)?;
/// let job = Job { key: "fetch/1".into(), lane: None, text: "…".into() };
/// leader.hand_over(1, 7, &[job])?;
/// let taken = worker.take("b", &[], &[], 1)?;
/// assert!(worker.end("b", "fetch/1", taken[0].attempt, "done")?);
/// assert_eq!(leader.ended()?, [("fetch/1".to_owned(), "done".to_owned())]);
/// # Ok::<(), rocketry_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TwinWork {
    table: Handle<Table>,
    /// Whether this handle's node takes no jobs.
    rests: Arc<AtomicBool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Table {
    term: u64,
    last_batch: Option<u64>,
    /// In the order in which they were handed over.
    rows: Vec<Row>,
    beats: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    job: Job,
    attempt: u32,
    worker: Option<String>,
    is_stopped: bool,
    end: Option<String>,
}

impl Row {
    fn is_held_by(&self, worker: &str) -> bool {
        self.worker.as_deref() == Some(worker)
    }

    fn held(&self) -> Held {
        Held {
            key: self.job.key.clone(),
            attempt: self.attempt,
            is_stopped: self.is_stopped,
        }
    }
}

impl Table {
    fn leads(&self, term: u64) -> Result<()> {
        if term < self.term {
            return Err(Error::superseded(term, self.term));
        }
        Ok(())
    }

    fn held(&self, worker: &str) -> Vec<Held> {
        let held = self
            .rows
            .iter()
            .filter(|row| row.is_held_by(worker) && row.end.is_none());
        held.map(Row::held).collect()
    }

    /// The row of an attempt that a worker holds and has not ended, if the term leads.
    fn under_way(&mut self, term: u64, key: &str, attempt: u32) -> Option<usize> {
        let is_it = |row: &Row| row.job.key == key && row.attempt == attempt;
        let place = self.rows.iter().position(is_it)?;
        let row = &self.rows[place];
        let is_under_way = row.worker.is_some() && row.end.is_none();
        (term >= self.term && is_under_way).then_some(place)
    }
}

#[cfg(test)]
impl Table {
    /// The worker that holds a job, and its attempt.
    pub(super) fn current(&self, key: &str) -> Option<(String, u32)> {
        let row = self.rows.iter().find(|row| row.job.key == key)?;
        Some((row.worker.clone()?, row.attempt))
    }
}

#[cfg(test)]
impl TwinWork {
    /// A handle to a table.
    pub(super) fn of_table(table: Table) -> Self {
        TwinWork {
            table: Handle::to(table),
            rests: Arc::default(),
        }
    }

    pub(super) fn table(&self) -> Table {
        self.table.get().clone()
    }
}

impl TwinWork {
    /// Creates a handle of another node to the same runs.
    #[must_use]
    pub fn of_another_node(&self) -> Self {
        TwinWork {
            table: self.table.of_another_node(),
            rests: Arc::default(),
        }
    }

    /// Sets whether this handle's node takes no jobs.
    pub fn set_resting(&self, rests: bool) {
        self.rests.store(rests, Ordering::Relaxed);
        self.table.notify();
    }

    /// Sets the faults of this handle's node.
    pub fn set_faults(&self, faults: RelayFaults) {
        self.table.set_faults(faults);
    }

    /// Returns the number of jobs in the table.
    pub fn len(&self) -> usize {
        self.table.get().rows.len()
    }

    /// Returns whether the table contains no jobs.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Work for TwinWork {
    fn lead(&mut self, term: u64) -> Result<Vec<OpenJob>> {
        let mut table = self.table.reach()?;
        table.leads(term)?;
        table.term = term;
        let open = table.rows.iter().map(|row| OpenJob {
            key: row.job.key.clone(),
            attempt: row.attempt,
            worker: row.worker.clone(),
            text: row.job.text.clone(),
        });
        let open = open.collect();
        drop(table);
        self.table.confirmed(open)
    }

    fn hand_over(&mut self, term: u64, batch: u64, jobs: &[Job]) -> Result<()> {
        let mut table = self.table.reach()?;
        table.leads(term)?;
        if table.last_batch != Some(batch) {
            table.last_batch = Some(batch);
            for job in jobs {
                if table.rows.iter().all(|row| row.job.key != job.key) {
                    table.rows.push(Row {
                        job: job.clone(),
                        attempt: 1,
                        worker: None,
                        is_stopped: false,
                        end: None,
                    });
                }
            }
        }
        drop(table);
        self.table.confirmed(())
    }

    fn stop(&mut self, term: u64, key: &str) -> Result<bool> {
        let mut table = self.table.reach()?;
        let leads = term >= table.term;
        let place = table.rows.iter().position(|row| row.job.key == key);
        let removed = match place.filter(|_| leads) {
            Some(place) if table.rows[place].worker.is_none() => {
                table.rows.remove(place);
                true
            }
            Some(place) => {
                table.rows[place].is_stopped = true;
                false
            }
            None => false,
        };
        drop(table);
        self.table.confirmed(removed)
    }

    fn ended(&mut self) -> Result<Vec<(String, String)>> {
        let table = self.table.reach()?;
        let ended = table
            .rows
            .iter()
            .filter_map(|row| Some((row.job.key.clone(), row.end.clone()?)));
        Ok(ended.collect())
    }

    fn holders(&mut self) -> Result<Vec<Holder>> {
        let table = self.table.reach()?;
        let mut workers: Vec<&String> = table
            .rows
            .iter()
            .filter(|row| row.end.is_none())
            .filter_map(|row| row.worker.as_ref())
            .collect();
        workers.sort();
        workers.dedup();
        let holder = |worker: &String| Holder {
            worker: worker.clone(),
            beat: table.beats.get(worker).copied().unwrap_or(0),
        };
        Ok(workers.into_iter().map(holder).collect())
    }

    fn held_by(&mut self, worker: &str) -> Result<Vec<Held>> {
        Ok(self.table.reach()?.held(worker))
    }

    fn offer_again(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool> {
        let mut table = self.table.reach()?;
        let place = table.under_way(term, key, attempt);
        if let Some(place) = place {
            let row = &mut table.rows[place];
            row.worker = None;
            row.attempt += 1;
        }
        drop(table);
        self.table.confirmed(place.is_some())
    }

    fn give_up(&mut self, term: u64, key: &str, attempt: u32) -> Result<bool> {
        let mut table = self.table.reach()?;
        let place = table.under_way(term, key, attempt);
        if let Some(place) = place {
            table.rows.remove(place);
        }
        drop(table);
        self.table.confirmed(place.is_some())
    }

    fn forget(&mut self, term: u64, keys: &[String]) -> Result<()> {
        let mut table = self.table.reach()?;
        if term >= table.term {
            table.rows.retain(|row| !keys.contains(&row.job.key));
        }
        drop(table);
        self.table.confirmed(())
    }

    fn take(&mut self, worker: &str, lanes: &[String], but: &[String], most: usize) -> Result<Vec<Taken>> {
        let mut table = self.table.reach()?;
        if self.rests.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let fits = |row: &&mut Row| {
            let in_lane = row.job.lane.as_ref().is_none_or(|lane| lanes.contains(lane));
            row.worker.is_none() && in_lane && !but.contains(&row.job.key)
        };
        let taken = table.rows.iter_mut().filter(fits).take(most).map(|row| {
            row.worker = Some(worker.to_owned());
            Taken {
                key: row.job.key.clone(),
                attempt: row.attempt,
                text: row.job.text.clone(),
            }
        });
        let taken: Vec<Taken> = taken.collect();
        drop(table);
        if taken.is_empty() {
            return Ok(taken);
        }
        self.table.confirmed(taken)
    }

    fn extend(&mut self, worker: &str) -> Result<Vec<Held>> {
        let mut table = self.table.reach()?;
        *table.beats.entry(worker.to_owned()).or_default() += 1;
        Ok(table.held(worker))
    }

    fn release(&mut self, worker: &str, key: &str, attempt: u32) -> Result<()> {
        let mut table = self.table.reach()?;
        let is_it = |row: &&mut Row| {
            row.job.key == key && row.attempt == attempt && row.is_held_by(worker) && row.end.is_none()
        };
        if let Some(row) = table.rows.iter_mut().find(is_it) {
            row.worker = None;
        }
        drop(table);
        self.table.confirmed(())
    }

    fn end_all(&mut self, worker: &str, ends: &[JobEnd]) -> Result<Vec<bool>> {
        // Each is a request of its own, and may fail on its own.
        let end = |end: &JobEnd| {
            let mut table = self.table.reach()?;
            let is_it = |row: &&mut Row| {
                row.job.key == end.key && row.attempt == end.attempt && row.is_held_by(worker)
            };
            let found = table.rows.iter_mut().find(is_it);
            let is_kept = found
                .map(|row| row.end.get_or_insert_with(|| end.text.clone()))
                .is_some();
            drop(table);
            self.table.confirmed(is_kept)
        };
        ends.iter().map(end).collect()
    }

    fn wait(&mut self, limit: Duration) -> JobNews {
        self.table.wait(limit);
        JobNews::ALL
    }
}
