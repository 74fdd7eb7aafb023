//! The thread that takes handed-over runs, and follows the runs that this node has handed over. It never
//! calls user code.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::runtime::Handle;

use super::super::{Session, Shared};
use super::assignment::Assignment;
use super::functions::RunFunctions;
use super::table::{Fate, WorkTable};
use crate::cluster::{Holder, JobNews, Seat, Taken, Work};
use crate::engine::pools::processors;
use crate::engine::state::Phase;
use crate::error::Result;

/// The maximum number of refused jobs to remember.
const MOST_REFUSED: usize = 1000;

/// Takes runs, and follows handed-over runs.
pub(super) struct Incoming {
    pub(super) work: Box<dyn Work>,
    pub(super) app: Weak<Shared>,
    pub(super) table: Arc<WorkTable>,
    pub(super) runtime: Handle,
    pub(super) functions: RunFunctions,
    /// The lanes of this node.
    pub(super) lanes: Vec<String>,
    /// The maximum number of concurrent runs that this node executes for the leader.
    pub(super) most_runs: usize,
    /// When the hold was last extended, by the clock of the seat: the time at which the call was sent.
    pub(super) extended: Option<Duration>,
    /// The jobs that this node does not take because it does not know their tasks.
    pub(super) refused: Vec<String>,
    /// The workers that hold runs: the last heartbeat of each, and when it was first seen.
    pub(super) beats: HashMap<String, (u64, Duration)>,
    pub(super) looked: Option<Duration>,
    /// When everything was last looked at.
    pub(super) looked_at_all: Option<Duration>,
    /// Whether there may be jobs that this node had no room for.
    pub(super) leaves_some: bool,
    /// How many it takes at a time then.
    pub(super) share: usize,
    pub(super) has_failed: bool,
}

impl Incoming {
    pub(super) fn work(mut self) {
        let mut rest = Duration::ZERO;
        loop {
            let mut news = self.work.wait(rest);
            let Some(app) = self.app.upgrade() else { return };
            let session = Session::of(app);
            let Some(seat) = session.0.node.as_ref().map(|node| node.seat.clone()) else {
                return;
            };
            if session.phase() == Phase::Over {
                return;
            }
            if self.is_time_for_all(&session, &seat) {
                news = JobNews::ALL;
            }
            let carried = self.carry(&session, &seat, news);
            if let Some(error) = carried.as_ref().err().filter(|_| !self.has_failed) {
                tracing::warn!(target: "rocketry::app", %error, "runs can't be carried between nodes");
            }
            self.has_failed = carried.is_err();
            if self.has_failed {
                // Others may have been disconnected as well, so each gets a whole lease from now on.
                self.beats.clear();
            }
            let looked = self.looked_at_all.unwrap_or_default();
            rest = (looked + seat.lease() / 6).saturating_sub(seat.elapsed());
        }
    }

    /// Returns true if it is time to look at everything, because news may be missed. A node that ends always does.
    fn is_time_for_all(&mut self, session: &Session, seat: &Seat) -> bool {
        let is_time = self.has_failed
            || session.phase() >= Phase::Closing
            || Self::is_time(session, seat, self.looked_at_all);
        if is_time {
            self.looked_at_all = Some(seat.elapsed());
        }
        is_time
    }

    fn carry(&mut self, session: &Session, seat: &Seat, news: JobNews) -> Result<()> {
        if news.stopped {
            let looked = self.look_after_own(session, seat);
            if looked.is_err() {
                self.cut_off_if_lost(seat);
            }
            looked?;
        }
        if news.offered || self.leaves_some {
            self.take(session, seat)?;
        }
        if news.ended {
            self.follow_given(session, seat, news == JobNews::ALL)?;
        }
        Ok(())
    }

    /// Returns true if a periodic step is due that happens several times a lease. On manual time it always
    /// is.
    fn is_time(session: &Session, seat: &Seat, last: Option<Duration>) -> bool {
        let is_manual = session.clock().as_manual().is_some();
        is_manual || last.is_none_or(|last| seat.elapsed().saturating_sub(last) >= seat.lease() / 6)
    }

    /// Extends the hold if this node may hold anything, and ends the runs that have to end.
    fn look_after_own(&mut self, session: &Session, seat: &Seat) -> Result<()> {
        let asked = seat.elapsed();
        let may_hold = self.table.made_count() > 0 || self.has_failed || self.extended.is_none();
        if !may_hold {
            return Ok(());
        }
        let held = if Self::is_time(session, seat, self.extended) {
            let held = self.work.extend(&self.table.worker)?;
            self.extended = Some(asked);
            held
        } else {
            self.work.held_by(&self.table.worker)?
        };
        let (lost, unknown) = self.table.compare(held);
        for lost in lost {
            session.report_given_up(&lost.run, lost.attempt);
        }
        // The job was taken, but the answer got lost.
        for held in unknown {
            self.work.release(&self.table.worker, &held.key, held.attempt)?;
        }
        Ok(())
    }

    /// Cancels the runs that another node may execute again, once the leader may have given them up.
    fn cut_off_if_lost(&self, seat: &Seat) {
        let silent = self.extended.map(|last| seat.elapsed().saturating_sub(last));
        if silent.is_some_and(|silent| silent >= seat.lease()) {
            self.table.stop_made(|run| run.spec.rare.more_attempts > 0);
        }
    }

    fn take(&mut self, session: &Session, seat: &Seat) -> Result<()> {
        // Nodes take a few runs each in turn, and more at a time if many wait.
        let share = if self.leaves_some { self.share } else { 0 };
        let mut share = share.max(processors()).max(2);
        self.leaves_some = true;
        loop {
            let room = self.most_runs.saturating_sub(self.table.unfinished()).min(share);
            if room == 0 || !session.takes_runs(&self.table) {
                return Ok(());
            }
            let asked = seat.elapsed();
            let taken = self
                .work
                .take(&self.table.worker, &self.lanes, &self.refused, room)?;
            let is_last = taken.len() < room;
            if self.table.made_count() == 0 {
                // Taking a job also extends the hold of a node that held nothing.
                self.extended = Some(asked);
            }
            for taken in taken {
                self.begin(session, seat, asked, taken)?;
            }
            if is_last {
                self.leaves_some = false;
                return Ok(());
            }
            share = (share * 2).min(self.most_runs);
            self.share = share;
        }
    }

    /// Starts a run. A run that this node can't execute, or that others may already have given up, is left to
    /// others.
    fn begin(&mut self, session: &Session, seat: &Seat, asked: Duration, taken: Taken) -> Result<()> {
        let Taken { key, attempt, text } = taken;
        let is_late = seat.elapsed().saturating_sub(asked) >= seat.lease() * 3 / 4;
        let assignment = serde_json::from_str::<Assignment>(&text).ok();
        let number = self.table.next_number();
        let assigned = assignment.and_then(|assignment| session.assigned(assignment, number));
        let Some(assigned) = assigned.filter(|_| !is_late) else {
            if !is_late {
                self.refuse(&key);
            }
            return self.work.release(&self.table.worker, &key, attempt);
        };
        self.table.begin(key, attempt, &assigned);
        (self.functions.make)(session, &self.runtime, assigned);
        Ok(())
    }

    fn refuse(&mut self, key: &str) {
        if self.refused.len() == MOST_REFUSED {
            self.refused.remove(0);
        }
        self.refused.push(key.to_owned());
    }

    fn follow_given(&mut self, session: &Session, seat: &Seat, looks_at_all: bool) -> Result<()> {
        let Some(term) = session.giving_term() else {
            self.beats.clear();
            return Ok(());
        };
        if self.table.given_count() == 0 {
            return Ok(());
        }
        let ends = if looks_at_all {
            self.work.ended()?
        } else {
            self.work.new_ends()?
        };
        for (key, end) in ends {
            self.table.tell(&key, Fate::Ended(end));
        }
        if Self::is_time(session, seat, self.looked) {
            self.looked = Some(seat.elapsed());
            self.look_for_lost(session, seat, term)?;
        }
        if session.phase() >= Phase::Closing {
            self.note_away(session)?;
        }
        Ok(())
    }

    /// Finds workers that have not extended their hold for the length of a lease, by the clock of this node.
    fn look_for_lost(&mut self, session: &Session, seat: &Seat, term: u64) -> Result<()> {
        let holders = self.work.holders()?;
        let now = seat.elapsed();
        self.beats
            .retain(|worker, _| holders.iter().any(|holder| holder.worker == *worker));
        for Holder { worker, beat } in holders {
            let known = self.beats.entry(worker.clone()).or_insert((beat, now));
            if known.0 != beat {
                *known = (beat, now);
            }
            if now.saturating_sub(known.1) >= seat.lease() {
                self.give_up(session, term, &worker)?;
            }
        }
        Ok(())
    }

    /// Gives up the runs of a lost worker.
    fn give_up(&mut self, session: &Session, term: u64, worker: &str) -> Result<()> {
        for held in self.work.held_by(worker)? {
            let Some(attempts) = self.table.attempts_of(&held.key) else {
                continue;
            };
            let is_again = held.attempt < attempts && !held.is_stopped;
            let is_given_up = if is_again {
                self.work.offer_again(term, &held.key, held.attempt)?
            } else {
                self.work.give_up(term, &held.key, held.attempt)?
            };
            if !is_given_up {
                continue;
            }
            let next = is_again.then(|| format!("attempt {} of {attempts} is made", held.attempt + 1));
            session.report_worker_lost(worker, &held.key, next);
            if !is_again {
                self.table.tell(&held.key, Fate::Lost);
            }
        }
        Ok(())
    }

    /// Finds the runs that other nodes execute. A leader that ends does not wait for those.
    fn note_away(&mut self, session: &Session) -> Result<()> {
        for Holder { worker, .. } in self.work.holders()? {
            if worker != self.table.worker {
                let held = self.work.held_by(&worker)?;
                self.table.note_away(&held);
            }
        }
        session.0.inbox.ring();
        Ok(())
    }
}

impl Session {
    /// Returns true if this node takes handed-over runs. A leader that ends takes its own.
    fn takes_runs(&self, table: &WorkTable) -> bool {
        let phase = self.phase();
        let has_left = phase == Phase::Closing && self.giving_term().is_some() && table.given_count() > 0;
        phase < Phase::Closing || has_left
    }

    /// Reports that a worker is lost, and what happens to one of its runs.
    fn report_worker_lost(&self, worker: &str, key: &str, next: Option<String>) {
        let then = next.unwrap_or_else(|| "it is recorded as crashed".to_owned());
        let message = format!("the node `{worker}` is lost while it executes the run `{key}`: {then}");
        self.fail_in_cluster(None, message);
    }
}
