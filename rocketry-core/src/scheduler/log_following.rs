//! Follows the run log: passes records to the writer, executes the effects that waited for them, and delays
//! starts while the log can't be written.

use std::mem;
use std::sync::Arc;

use rocketry_syntax::ast::Delta;

use super::journal::{FIRST_WAIT, Journal, LONGEST_WAIT, Trouble, Waiting};
use super::main_loop::Scheduler;
use super::salvage::Loss;
use super::writer::{Progress, Ticket, Unwritten, guarded};
use crate::engine::fact_key::FactKey;
use crate::engine::run::{Run, StopReason};
use crate::engine::state::Phase;
use crate::engine::waiters::{Refusal, Waiter};
use crate::error::{Error, Result};
use crate::exec;
use crate::failure::Part;
use crate::log::{Extra, Fact, Record, Write};
use crate::session::Session;
use crate::time::Timestamp;

impl Scheduler {
    /// Passes records and facts to the writer. Their effects wait in the journal.
    pub(super) fn hand_over(&mut self) {
        let Some(journal) = &mut self.journal else { return };
        let mut state = self.session.state();
        let (mut facts, relayed) = (state.facts.take(), state.lead.relayed);
        drop(state);
        if !facts.is_empty() && self.session.stands_by() {
            facts.clear();
            self.session.report_unkept_changes();
        }
        let effects = &mut self.dispatcher.effects;
        if effects.records.is_empty() && facts.is_empty() {
            let events = effects.take_events();
            match journal.waiting.back_mut() {
                Some(last) => last.events.extend(events),
                None => self.session.publish(events),
            }
            return;
        }
        add_details(&self.session, &mut effects.records, &effects.starts);
        let events = effects.take_events();
        let ends = effects.ends.drain(..);
        let ends = ends.map(|(place, run)| (effects.records[place].clone(), run));
        let ends = ends.collect();
        self.session.0.log_meter.queue(effects.records.len());
        journal.waiting.push_back(Waiting {
            ticket: journal.writer.push(&mut effects.records, facts),
            runs: effects.starts.drain(..).map(|(_, run)| run).collect(),
            ends,
            events,
            answers: mem::take(&mut effects.answers),
            relayed,
        });
    }

    /// Executes the effects that have waited for the run log, as far as it is written.
    pub(super) async fn follow_log(&mut self, now: Timestamp) {
        self.take_in_late(now);
        self.session.release_given();
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

    /// Takes in the ends of runs that other nodes have executed.
    fn take_in_late(&mut self, now: Timestamp) {
        let mut ended = self.session.late_ends();
        if !ended.is_empty() {
            self.dispatcher
                .take_in_late(&mut self.session.state(), &mut ended, now);
        }
    }

    /// Returns true if the log is being written, so that effects follow without further events.
    pub(crate) fn is_writing(&self) -> bool {
        self.journal
            .as_ref()
            .is_some_and(|journal| journal.writer.is_busy())
    }

    /// Returns the number of runs in progress that wait for a log that can't be written, or for another node.
    pub(crate) fn stuck_runs(&self) -> usize {
        let stuck = self.journal.as_ref().map_or(0, Journal::stuck);
        stuck + self.session.given_runs()
    }

    /// Returns when the next failed write is retried.
    pub(super) fn next_retry(&self) -> Option<Timestamp> {
        let trouble = self.journal.as_ref()?.trouble?;
        Some(trouble.retry).filter(|retry| *retry < Timestamp::MAX)
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    ///
    /// Returns an error that describes what could not be written.
    pub(super) async fn finish_log(&mut self) -> Result<()> {
        self.hand_over();
        let Some(journal) = &self.journal else {
            return Ok(());
        };
        journal.writer.close();
        loop {
            // Nothing else matters at this point.
            self.session.0.inbox.drain(&mut self.dispatcher.ended);
            self.dispatcher.ended.clear();
            if !self.is_writing() {
                break;
            }
            self.session.0.inbox.wait().await;
        }
        let unwritten = self
            .journal
            .as_ref()
            .and_then(|journal| journal.writer.unwritten());
        if let Some(Unwritten { error, .. }) = &unwritten
            && error.is_superseded()
        {
            self.session.concede(&error.problems()[0].message);
        }
        let kept = self.journal.as_ref().map_or(0, |journal| journal.writer.kept());
        let concedes = self.session.state().lead.concedes;
        while let Some(mut last) = self.take_kept(Ticket::MAX) {
            self.session.publish(last.events);
            if concedes && last.ticket > kept {
                refuse(&mut last.answers);
            }
            self.answer_kept(last.ends, last.answers);
        }
        unwritten.map_or(Ok(()), |unwritten| Err(unwritten.into()))
    }

    /// Finishes the writes and releases the log to other apps. The app has ended for good.
    pub(super) fn close_log(&mut self) {
        let journal = self.journal.take();
        let session = &self.session;
        if journal.is_some_and(|journal| journal.trouble.is_none()) {
            note_end(session);
        }
        if let Err(error) = guarded(|| session.0.log.close()) {
            session.fail(Part::Log, None, error);
        }
    }

    fn hold_back(&mut self, now: Timestamp, error: Error) {
        if error.is_superseded() {
            self.session.concede(&error.problems()[0].message);
        }
        let Some(journal) = &mut self.journal else { return };
        let wait = journal
            .trouble
            .map_or(FIRST_WAIT, |trouble| (trouble.wait * 2).min(LONGEST_WAIT));
        let retry = now.saturating_add(Delta::from(wait));
        journal.trouble = Some(Trouble { retry, wait });
        let reason = error.problems()[0].message.clone();
        let runs = journal.waiting.iter().flat_map(|waiting| &waiting.runs);
        let unrecorded = runs.map(|run| run.task()).collect();
        self.session.state().close_log_gate(now, reason, unrecorded);
        self.session.fail(Part::Log, None, error);
    }

    fn go_on(&mut self) {
        if let Some(journal) = &mut self.journal
            && journal.trouble.take().is_some()
        {
            self.session.state().open_log_gate();
        }
    }

    fn try_again(&mut self, now: Timestamp) {
        if let Some(Journal {
            writer,
            trouble: Some(Trouble { retry, .. }),
            ..
        }) = &mut self.journal
            && *retry <= now
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
        self.session.note_kept_calls(kept.relayed);
        self.session.publish(kept.events);
        self.answer_kept(kept.ends, kept.answers);
        for run in kept.runs {
            let now = self.look_at_clock();
            let leads = self.session.may_begin();
            if !leads {
                self.session.concede("it was stopped for longer than its lease");
            }
            let begins = self.dispatcher.start_time(&mut self.session.state(), &run, now);
            if !begins || !leads {
                // The run was told to end before it could start.
                exec::cut_off(&self.session, run);
            } else if let Some(here) = self.launch_kept(run) {
                here.await;
            }
        }
        self.executors.flush();
    }

    fn answer_kept(&mut self, ends: Vec<(Record, Arc<Run>)>, answers: Vec<(Waiter, Record)>) {
        for (waiter, record) in answers {
            // The caller may have stopped waiting.
            let _ = waiter.send(Ok(record));
        }
        if self.session.0.node.is_some() {
            for (_, run) in &ends {
                self.session.settle_given(run);
            }
        }
        self.over.extend(ends);
    }

    /// Stops runs that wait for a log that can't be written: an app that shuts down does not wait for it.
    fn cut_off_unrecorded(&mut self) {
        let session = self.session.clone();
        let Some(journal) = &mut self.journal else { return };
        if journal.trouble.is_none() || session.state().phase < Phase::Closing {
            return;
        }
        for waiting in &mut journal.waiting {
            for run in waiting.runs.drain(..) {
                session.state().stop_run(&run, StopReason::ShutDown);
                exec::cut_off(&session, run);
            }
        }
    }

    /// Deletes old or surplus records, if it is time to.
    pub(super) fn forget(&mut self, now: Timestamp) {
        let Some(retention) = self.retention.as_mut().and_then(|retention| retention.due(now)) else {
            return;
        };
        if let Some(journal) = &self.journal {
            journal.forget(retention);
        } else {
            // In memory, this takes negligible time.
            let forgotten = std::iter::repeat_with(|| self.session.0.log.forget(&retention));
            let done = forgotten.take_while(|forgotten| !matches!(forgotten, Ok(0)));
            if let Err(error) = done.collect::<Result<Vec<u64>>>() {
                self.session.fail(Part::Log, None, error);
            }
        }
    }

    /// Returns when records are next deleted.
    pub(super) fn next_forget(&self) -> Option<Timestamp> {
        self.retention
            .as_ref()
            .map(|retention| retention.next)
            .filter(|next| *next > Timestamp::MIN)
    }
}

/// Tells callers that this node can't report how their runs ended, because the records of the next leader
/// count.
fn refuse(answers: &mut Vec<(Waiter, Record)>) {
    for (waiter, _) in answers.drain(..) {
        // The caller may have stopped waiting.
        let _ = waiter.send(Err(Refusal::LeaderGone));
    }
}

/// Records when the app ended. Without this record only the lateness of a few runs is unknown, so a failure
/// is not reported as a failure of the app.
fn note_end(session: &Session) {
    let Some(ended) = session.state().ended else {
        return;
    };
    let fact = Fact {
        key: FactKey::Ended.to_string().into(),
        value: Some(ended.as_micros().to_string().into()),
    };
    if let Err(error) = guarded(|| session.0.log.write(&Write::facts(&[fact]))) {
        tracing::debug!(%error, "the run log does not know when the app ended");
    }
}

/// Adds details that only a durable log keeps: the version of the app, and the parameters of the runs that
/// start.
fn add_details(session: &Session, records: &mut [Record], starts: &[(usize, Arc<Run>)]) {
    if let Some(version) = &session.0.version {
        let plain = Arc::new(Extra {
            version: Some(version.clone()),
            ..Extra::default()
        });
        for record in &mut *records {
            match &mut record.extra {
                None => record.extra = Some(plain.clone()),
                Some(extra) => Arc::make_mut(extra).version = Some(version.clone()),
            }
        }
    }
    for (place, run) in starts {
        if let Some(params) = run.info.own.recorded_with(&run.info.batch) {
            let extra = records[*place].extra.get_or_insert_default();
            Arc::make_mut(extra).params = Some(params);
        }
    }
}
