//! The main loop of the scheduler.

use std::sync::Arc;

use super::alarm::Alarm;
use super::journal::Journal;
use super::questions;
use super::retention::RetentionSchedule;
use crate::clock::StepWatch;
use crate::config::Restarting;
use crate::dispatch::race::race;
use crate::drops::drop_here;
use crate::engine::dispatcher::Dispatcher;
use crate::engine::run::Run;
use crate::engine::state::{Phase, State};
use crate::error::{Error, Kind, Result};
use crate::exec::{self, Executors};
use crate::failure::Part;
use crate::hooks::{HookKind, Side};
use crate::log::{Cause, Record};
use crate::param::{RunId, Value};
use crate::session::{PATIENCE, Session};
use crate::task_id::TaskId;
use crate::time::Timestamp;

/// The number of runs that may wait for the runtime while cycles start more. It is small because a busy
/// runtime has enough work.
const MOST_WAITING: usize = 128;

impl Drop for Scheduler {
    /// However the loop ends, nothing waits for it any longer, unless another one follows.
    fn drop(&mut self) {
        // Dropped before the session, so that its thread does not drop the last reference to it.
        self.alarm = None;
        if self.successor.is_none() {
            self.close_log();
        }
        if self.successor != Some(Successor::Scheduler) {
            self.session.close(Phase::Over);
            self.publish_last();
            self.session.leave_cluster();
        }
    }
}

/// Runs the tasks of a session.
pub(crate) struct Scheduler {
    pub(super) session: Session,
    pub(super) dispatcher: Dispatcher,
    pub(super) executors: Executors,
    /// The effects that wait for the run log, if a thread writes it.
    pub(super) journal: Option<Journal>,
    /// The retention of the run log, unless everything is kept.
    pub(super) retention: Option<RetentionSchedule>,
    /// Detects that the wall clock was set.
    pub(super) steps: StepWatch,
    /// Wakes the loop; a manual clock has none.
    pub(super) alarm: Option<Alarm>,
    /// Rereads the files of calendars when they change.
    #[cfg(target_os = "linux")]
    _calendar_watch: Option<super::calendar_watch::CalendarWatch>,
    pub(super) has_calendars: bool,
    pub(super) has_cycle_hooks: bool,
    /// Runs that have ended and been recorded, whose hooks have not been called yet.
    pub(super) over: Vec<(Record, Arc<Run>)>,
    /// The values that the setup hooks returned, kept until the end.
    pub(super) guards: Vec<Value>,
    /// True if the app may run tasks: if it is a node of a cluster, it leads or has led.
    pub(super) leads: bool,
    /// When the start-up continues, if one of its tasks pauses after crashes.
    pause_until: Option<Timestamp>,
    /// What continues the app and its run log.
    pub(super) successor: Option<Successor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Successor {
    /// Another scheduler in this process.
    Scheduler,
    /// Another process, once this one has ended.
    Process,
}

impl Scheduler {
    /// Creates a scheduler for a session, on the current runtime.
    pub(crate) fn new(session: Session) -> Result<Self> {
        let journal = Journal::start(&session)?;
        let any = |kind, side| session.0.hooks.any(kind, side);
        let mut scheduler = Scheduler {
            executors: Executors::new(&session),
            dispatcher: Dispatcher::new(
                journal.is_some(),
                session.0.node.is_some() || any(HookKind::TaskExecute, Side::After),
            ),
            journal,
            retention: RetentionSchedule::new(session.config()),
            steps: StepWatch::new(session.clock()),
            alarm: None,
            #[cfg(target_os = "linux")]
            _calendar_watch: super::calendar_watch::CalendarWatch::start(&session).map_err(|cause| {
                Error::new(
                    Kind::State,
                    format!("the files of calendars can't be watched: {cause}"),
                )
            })?,
            has_calendars: !session.0.compiler.calendars().is_empty(),
            has_cycle_hooks: any(HookKind::Cycle, Side::Before) || any(HookKind::Cycle, Side::After),
            session,
            over: Vec::new(),
            guards: Vec::new(),
            leads: true,
            pause_until: None,
            successor: None,
        };
        if scheduler.session.clock().as_manual().is_none() {
            let alarm = Alarm::start(&scheduler.session).map_err(|cause| {
                let message = format!("the scheduler's alarm thread can't be started: {cause}");
                Error::new(Kind::State, message)
            })?;
            scheduler.alarm = Some(alarm);
        }
        Ok(scheduler)
    }

    /// Runs until the app is shut down or leaves its process. Returns true if it has to restart in this
    /// process.
    pub(crate) async fn run(mut self) -> Result<bool> {
        self.start_up().await?;
        loop {
            self.settle().await;
            if self.is_over() {
                break;
            }
            self.rest().await;
        }
        self.close().await?;
        Ok(self.restart_if_requested())
    }

    /// Restarts the app after its end, if requested. Returns true if it restarts in this process, with
    /// another scheduler.
    pub(crate) fn restart_if_requested(&mut self) -> bool {
        let session = self.session.clone();
        self.successor = session.take_restart().map(|way| match way {
            Restarting::Recall => Successor::Scheduler,
            Restarting::Replace | Restarting::Relaunch => match exec::leave(&session, way) {
                Ok(()) => Successor::Process,
                Err(error) => {
                    session.fail(Part::Restart, None, error);
                    session.state().begin_anew();
                    session.stand_by_again();
                    Successor::Scheduler
                }
            },
        });
        self.successor == Some(Successor::Scheduler)
    }

    /// Calls the set-up functions, runs the start-up tasks to their end, and opens the app for other tasks.
    pub(crate) async fn start_up(&mut self) -> Result<()> {
        if self.session.0.node.is_some() && !self.stand_by().await? {
            return Ok(());
        }
        let now = self.look_at_clock();
        self.session.state().start_up(now);
        self.session.report_superseded();
        let session = self.session.clone();
        for hook in session.0.hooks.of(HookKind::Setup, Side::Before) {
            self.watch();
            let context = session.context(None);
            let Some(set_up) = session.call_hook(hook, &context).await else {
                // The app is to end immediately.
                return Ok(());
            };
            self.guards.push(set_up?);
        }
        self.call_hooks(HookKind::Startup, Side::Before).await;
        self.outlast_pauses().await;
        let now = self.look_at_clock();
        self.run_all(Cause::StartUp, |state, id| {
            let pauses = now < state.crashes.until(id);
            state.task(id).spec.on_startup && !state.only_requested && !pauses
        })
        .await;
        self.call_hooks(HookKind::Startup, Side::After).await;
        let now = self.look_at_clock();
        let mut state = self.session.state();
        state.open(now);
        let is_up = state.phase == Phase::Up;
        drop(state);
        if is_up {
            session.report_started();
        }
        Ok(())
    }

    /// Waits until the start-up tasks that pause after crashes may start, or the app is to end.
    async fn outlast_pauses(&mut self) {
        loop {
            self.pause_until = self.pause_of_start_up();
            if self.pause_until.is_none() {
                return;
            }
            self.settle().await;
            self.rest().await;
        }
    }

    fn pause_of_start_up(&self) -> Option<Timestamp> {
        let state = self.session.state();
        let last = state.crashes.last(|id| state.task(id).spec.on_startup);
        last.filter(|last| *last > self.session.now() && state.phase < Phase::Closing)
    }

    /// Runs the shut-down tasks to their end and calls the last hooks.
    pub(crate) async fn close(&mut self) -> Result<()> {
        let session = self.session.clone();
        if self.leads {
            self.call_hooks(HookKind::Shutdown, Side::Before).await;
        }
        let phase = session.state().phase;
        if phase == Phase::Closing && self.leads {
            let picked = |state: &State, id| state.task(id).spec.on_shutdown && !state.only_requested;
            self.run_all(Cause::ShutDown, picked).await;
        }
        session.release_given();
        self.give_up_on_stragglers();
        self.executors.close().await;
        self.call_end_hooks();
        if self.leads {
            self.call_hooks(HookKind::Shutdown, Side::After).await;
        }
        let now = self.look_at_clock();
        self.session.state().ended = Some(now);
        let written = self.finish_log().await;
        let written = self.excuse_if_conceded(written);
        self.call_end_hooks();
        self.finish_made().await;
        self.guards.drain(..).for_each(drop_here);
        match (self.session.take_halt(), written) {
            (Some(halted), Err(unwritten)) => Err(halted.and(unwritten)),
            (halted, written) => halted.map_or(written, Err),
        }
    }

    /// Works as long as there is anything to do. Returns true if there was.
    ///
    /// Events in the meantime ring the bell.
    pub(crate) async fn settle(&mut self) -> bool {
        self.settle_within(usize::MAX).await
    }

    /// Does the same for at most `cycles` cycles.
    pub(crate) async fn settle_within(&mut self, cycles: usize) -> bool {
        let mut worked = false;
        for _ in 0..cycles {
            if !self.cycle().await {
                break;
            }
            worked = true;
            // If tasks are always due, there is always something to do, so other futures need their turn.
            tokio::task::consume_budget().await;
            if !self.dispatcher.has_more {
                break;
            }
            self.let_runs_begin().await;
        }
        worked
    }

    /// Lets runs that wait for the runtime start, if each cycle starts more runs. The run of another task
    /// would otherwise wait behind all of them.
    async fn let_runs_begin(&self) {
        while self.session.0.inbox.replace_lent_runner() > MOST_WAITING {
            tokio::task::yield_now().await;
        }
    }

    /// Sleeps until an event happens or a timer expires. A manual clock advances to the next instant once
    /// every run sleeps.
    pub(super) async fn rest(&mut self) {
        let next = self.next_instant().unwrap_or(Timestamp::MAX);
        if let Some(alarm) = &self.alarm {
            if alarm.await_near(next, &self.session).await {
                return;
            }
            if alarm.set(next) {
                return;
            }
        } else if let Some(clock) = self.session.clock().as_manual() {
            let (asleep, wakes) = clock.sleepers();
            let next = wakes.map_or(next, |wakes| wakes.min(next));
            let active = self.session.state().active;
            if self.session.0.inbox.has_news() {
                return;
            } else if self.is_writing() || active > asleep + self.stuck_runs() {
                race(self.session.0.inbox.wait(), clock.bell.notified()).await;
                return;
            } else if next < Timestamp::MAX {
                clock.pass_until(next);
                return;
            }
        }
        self.session.0.inbox.wait().await;
    }

    /// Returns the next instant at which there is something to do.
    #[inline]
    pub(crate) fn next_instant(&self) -> Option<Timestamp> {
        let others = [self.next_retry(), self.next_forget(), self.pause_until];
        let next = |next: Timestamp, other: Option<Timestamp>| other.map_or(next, |other| next.min(other));
        let next = others.into_iter().fold(self.dispatcher.next, next);
        (next < Timestamp::MAX).then_some(next)
    }

    /// Returns true if the app shuts down and everything has ended or will not end.
    pub(crate) fn is_over(&self) -> bool {
        self.dispatcher.is_over
    }

    /// Starts the selected tasks, whatever their statements, and waits for their ends.
    async fn run_all(&mut self, cause: Cause, picked: impl Fn(&State, TaskId) -> bool) {
        let now = self.look_at_clock();
        let session = self.session.clone();
        let ids: Vec<TaskId> = {
            let state = session.state();
            state.ids().filter(|id| picked(&state, *id)).collect()
        };
        let names: Vec<Option<RunId>> = ids.iter().map(|id| questions::name(&session, *id, now)).collect();
        {
            let mut state = session.state();
            for (id, name) in ids.into_iter().zip(&names) {
                let start = (now, cause.clone());
                self.dispatcher.begin(&mut state, id, name.as_ref(), start, now);
            }
        }
        self.carry_out().await;
        let told_at = tokio::time::Instant::now() + PATIENCE;
        let mut is_told = false;
        loop {
            self.settle().await;
            // Runs of the previous leader continue during the start-up.
            let others = self.session.given_runs();
            if self.session.state().is_quiet_but_for(others) {
                return;
            }
            if is_told {
                self.rest().await;
            } else if tokio::time::timeout_at(told_at, self.rest()).await.is_err() {
                is_told = true;
                self.report_waiting();
            }
        }
    }

    /// Logs which tasks delay the start-up, the shut-down or a test.
    pub(crate) fn report_waiting(&self) {
        let state = self.session.state();
        let running = state.tasks.iter().filter(|entry| !entry.runs.running.is_empty());
        let names: Vec<String> = running.map(|entry| format!("`{}`", entry.spec.name)).collect();
        let names = names.join(", ");
        let message = match state.phase {
            Phase::Standby => format!("{names} still runs, and this node does not lead any more"),
            Phase::Starting => format!(
                "the start-up waits for {names}; no other run begins before, so a start-up task that waits for one never ends"
            ),
            Phase::Up => format!(
                "the test waits until {names} ends, or sleeps by the clock of the app (`Clock::sleep`)"
            ),
            Phase::Closing | Phase::Forced | Phase::Over => format!("the shut-down waits for {names}"),
        };
        drop(state);
        self.session.fail_waiting(None, Error::new(Kind::State, message));
    }
}
