//! The scheduler's side of a run log that is written by a thread of its own: what waits for a write to be kept, and
//! what follows when the log can't be written.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use rocketry_syntax::ast::Delta;

use super::Scheduler;
use super::salvage::Loss;
use super::writer::{Progress, Ticket, Unwritten, Writer, guarded};
use crate::error::{Error, Kind, Problem, Result};
use crate::exec;
use crate::log::{Action, Extra, Record, Retention};
use crate::session::run::{Run, Running, StopReason};
use crate::session::state::Phase;
use crate::session::waiters::Waiter;
use crate::session::{Part, Session};
use crate::time::Timestamp;

/// How long to wait before a write is tried again: twice as long each time, up to a limit.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What waits for the run log.
pub(crate) struct Journal {
    writer: Writer,
    waiting: VecDeque<Waiting>,
    trouble: Option<Trouble>,
}

/// The log can't be written.
#[derive(Clone, Copy)]
struct Trouble {
    /// When to try again; [`Timestamp::MAX`] while that is being done.
    retry: Timestamp,
    /// How long was waited for that.
    wait: Duration,
}

/// What follows once a write is kept.
struct Waiting {
    ticket: Ticket,
    /// Runs that begin.
    runs: Vec<Arc<Run>>,
    /// Ends of which hooks are told.
    ends: Vec<Record>,
    /// Those who wait for a record.
    told: Vec<(Waiter, Record)>,
}

impl Journal {
    /// A journal for a log that takes its time; `None` for one that does not.
    pub(super) fn start(session: &Session) -> Result<Option<Self>> {
        if session.0.log.is_immediate() {
            return Ok(None);
        }
        let writer = Writer::start(session.clone()).map_err(|cause| {
            Error::new(
                Kind::State,
                format!("the thread of the run log can't be started: {cause}"),
            )
        })?;
        Ok(Some(Journal {
            writer,
            waiting: VecDeque::new(),
            trouble: None,
        }))
    }

    pub(super) fn forget(&self, retention: Retention) {
        self.writer.forget(retention);
    }

    /// How many runs have been decided on and wait for a log that can't be written.
    fn stuck(&self) -> usize {
        let runs = self.waiting.iter().map(|waiting| waiting.runs.len());
        if self.trouble.is_some() { runs.sum() } else { 0 }
    }
}

impl Scheduler {
    /// Hands what has happened to the writer; what follows from it waits.
    pub(super) fn hand_over(&mut self) {
        let Some(journal) = &mut self.journal else { return };
        let facts = self.session.state().notes.take();
        if self.desk.records.is_empty() && facts.is_empty() {
            return;
        }
        add_details(&self.session, &mut self.desk.records, &self.desk.runs);
        let ends = self.desk.records.iter();
        let ends = ends.filter(|record| self.has_end_hooks && record.action.is_end());
        let ends = ends.cloned().collect();
        journal.waiting.push_back(Waiting {
            ticket: journal.writer.push(&mut self.desk.records, facts),
            runs: mem::take(&mut self.desk.runs),
            ends,
            told: mem::take(&mut self.desk.told),
        });
    }

    /// Does what has waited for the run log, as far as that has got.
    pub(super) async fn follow_log(&mut self, now: Timestamp) {
        let Some(journal) = &mut self.journal else { return };
        let Progress {
            kept,
            error,
            is_failing,
            complaint,
            losses,
        } = journal.writer.progress();
        for Loss { task, error } in losses {
            self.session.fail(Part::Log, task.as_ref(), error);
        }
        if let Some(complaint) = complaint {
            self.session.fail(Part::Log, None, complaint);
        }
        if let Some(error) = error {
            self.hold_back(now, error);
        } else if !is_failing {
            self.go_on();
        }
        while let Some(kept) = self.take_kept(kept) {
            self.let_go(kept).await;
        }
        self.try_again(now);
        self.cut_off_unrecorded();
    }

    /// Whether the log is being written, so that something follows by itself.
    pub(crate) fn is_writing(&self) -> bool {
        self.journal
            .as_ref()
            .is_some_and(|journal| journal.writer.is_busy())
    }

    /// How many runs count as under way and wait for a log that can't be written.
    pub(crate) fn stuck_runs(&self) -> usize {
        self.journal.as_ref().map_or(0, Journal::stuck)
    }

    /// When the next write is tried that could not be made.
    pub(super) fn next_retry(&self) -> Option<Timestamp> {
        let trouble = self.journal.as_ref()?.trouble?;
        Some(trouble.retry).filter(|retry| *retry < Timestamp::MAX)
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    ///
    /// Says what could not be written.
    pub(super) async fn finish_log(&mut self) -> Result<()> {
        self.hand_over();
        let Some(journal) = &self.journal else {
            return Ok(());
        };
        journal.writer.close();
        loop {
            // What else happens concerns nobody any more.
            self.session.0.inbox.drain(&mut self.desk.ended);
            self.desk.ended.clear();
            if !self.is_writing() {
                break;
            }
            self.session.0.inbox.wait().await;
        }
        let unwritten = self
            .journal
            .as_ref()
            .and_then(|journal| journal.writer.unwritten());
        while let Some(last) = self.take_kept(Ticket::MAX) {
            self.tell_kept(last.ends, last.told);
        }
        unwritten.map_or(Ok(()), |unwritten| Err(unwritten.into()))
    }

    /// Lets what has to be written be written, and others have the log: the app is over for good.
    pub(super) fn give_up_log(&mut self) {
        self.journal = None;
        let session = &self.session;
        if let Err(error) = guarded(|| session.0.log.close()) {
            session.fail(Part::Log, None, error);
        }
    }

    fn hold_back(&mut self, now: Timestamp, error: Error) {
        let Some(journal) = &mut self.journal else { return };
        let wait = journal
            .trouble
            .map_or(FIRST_WAIT, |trouble| (trouble.wait * 2).min(LONGEST_WAIT));
        let retry = now.saturating_add(Delta::from(wait));
        journal.trouble = Some(Trouble { retry, wait });
        let reason = error.problems()[0].message.clone();
        let runs = journal.waiting.iter().flat_map(|waiting| &waiting.runs);
        let unrecorded = runs.map(|run| run.task()).collect();
        self.session.state().gate.close(now, reason, unrecorded);
        self.session.fail(Part::Log, None, error);
    }

    fn go_on(&mut self) {
        if let Some(journal) = &mut self.journal
            && journal.trouble.take().is_some()
        {
            self.session.state().open_gate();
            tracing::info!("the run log can be written again");
        }
    }

    fn try_again(&mut self, now: Timestamp) {
        if let Some(Journal {
            writer,
            trouble: Some(Trouble { retry, wait }),
            ..
        }) = &mut self.journal
            && *retry < Timestamp::MAX
            // Nobody waits for an instant that has moved away because the clock was put back.
            && (*retry <= now || *retry > now.saturating_add(Delta::from(*wait)))
        {
            *retry = Timestamp::MAX;
            writer.retry();
        }
    }

    fn take_kept(&mut self, kept: Ticket) -> Option<Waiting> {
        let waiting = &mut self.journal.as_mut()?.waiting;
        waiting.front().filter(|first| first.ticket <= kept)?;
        waiting.pop_front()
    }

    async fn let_go(&mut self, kept: Waiting) {
        self.tell_kept(kept.ends, kept.told);
        for run in kept.runs {
            let now = self.session.now();
            let begins = self.desk.let_begin(&mut self.session.state(), &run, now);
            if !begins {
                // It was told to end before it could begin.
                exec::cut_off(&self.session, run);
            } else if let Some(here) = self.launch(run) {
                here.await;
            }
        }
        self.launcher.flush();
    }

    fn tell_kept(&mut self, ends: Vec<Record>, told: Vec<(Waiter, Record)>) {
        for (waiter, record) in told {
            // Whoever asked may have stopped waiting.
            let _ = waiter.send(Ok(record));
        }
        self.over.extend(ends);
    }

    /// An app that shuts down does not wait for a log that can't be written: runs that have not begun never will.
    fn cut_off_unrecorded(&mut self) {
        let session = self.session.clone();
        let Some(journal) = &mut self.journal else { return };
        if journal.trouble.is_none() || session.state().phase < Phase::Closing {
            return;
        }
        for waiting in &mut journal.waiting {
            for run in waiting.runs.drain(..) {
                let stop = |running: &Running| Arc::ptr_eq(&running.run, &run);
                session.state().stop(run.task(), StopReason::ShutDown, stop);
                exec::cut_off(&session, run);
            }
        }
    }
}

/// Adds to records what only a log keeps that is no memory: the parameters of the runs that start, in their order,
/// and the version of the app.
fn add_details(session: &Session, records: &mut [Record], runs: &[Arc<Run>]) {
    let version = &session.0.version;
    let plain = version.as_ref().map(|version| {
        Arc::new(Extra {
            version: Some(version.clone()),
            ..Extra::default()
        })
    });
    let mut runs = runs.iter();
    for record in records {
        let run = if record.action == Action::Run {
            runs.next()
        } else {
            None
        };
        let params = run.and_then(|run| run.info.own.recorded_with(&run.info.batch));
        match &mut record.extra {
            None if params.is_none() => record.extra.clone_from(&plain),
            extra => {
                let extra = Arc::make_mut(extra.get_or_insert_default());
                extra.params = params;
                extra.version.clone_from(version);
            }
        }
    }
}

impl From<Unwritten> for Error {
    fn from(unwritten: Unwritten) -> Self {
        let Unwritten {
            starts,
            ends,
            facts,
            error,
        } = unwritten;
        let message = format!(
            "the run log could not be written: {starts} starts and {ends} ends of runs and {facts} changes of the app are not recorded: {error}"
        );
        let location = None;
        Error::build(Kind::Log, vec![Problem { message, location }]).because(error)
    }
}
