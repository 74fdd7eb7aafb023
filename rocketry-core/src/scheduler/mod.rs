//! The scheduler: one loop that sleeps until something may have changed.
//!
//! It owns the timers. Everything else it shares with the session, under one lock that is never held across an
//! await or a function of the user's. A cycle goes: what has ended and whose timer is up → what is to be looked
//! at → decide → record → start.
//!
//! # Order
//!
//! The outcome is the same as if every task were looked at all the time. What has ended is taken in before tasks
//! are looked at. These are looked at by priority, the greatest first, and then as they were declared; a run
//! counts as started at once, so that the tasks behind see it in the same cycle and those before in the next.
//! First the runs that have to end are told to, then it is decided whether another starts.
//!
//! A run is due since when its task could have started: its condition true, the task enabled and, unless it may
//! run several times at once, not running. By passing of time that can be before the scheduler comes to look,
//! see [`held_since`]; events are seen when they happen.

mod alarm;
mod asking;
mod decide;
mod timers;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::runtime::Handle;

use alarm::Alarm;
use decide::{Decision, Standing, Start, Stop, decide};
use timers::Timers;

use crate::cond::{Observation, Plan, TaskId, Verdict};
use crate::error::{Error, Kind, Result};
use crate::exec::{self, Launch};
use crate::log::Record;
use crate::param::{RunId, RunInfo, Value};
use crate::session::hooks::{HookKind, Side};
use crate::session::state::{Batch, Ended, Phase, State, Statement, StopReason, Turn};
use crate::session::{Part, Session};
use crate::time::Timestamp;
use asking::Answers;

/// How many tasks are looked at before the lock is given up for a moment.
const CHUNK: usize = 256;

/// How many changes of a condition a late scheduler steps through to find since when a task has been due.
const MAX_STEPS: usize = 64;

/// Runs the tasks of a session.
pub(crate) struct Scheduler {
    session: Session,
    runtime: Handle,
    timers: Timers,
    /// Wakes the loop; a manual clock has none.
    alarm: Option<Alarm>,
    ended: Vec<Ended>,
    records: Vec<Record>,
    /// The runs under way, for the hooks after them.
    runs: HashMap<(Arc<str>, RunId), RunInfo>,
    /// The ends of runs after which the hooks have not been called yet.
    over: Vec<Record>,
    /// What the setup hooks returned, kept until the end.
    guards: Vec<Value>,
}

impl Scheduler {
    /// A scheduler for a session, on the current runtime.
    pub(crate) fn new(session: Session) -> Result<Self> {
        let alarm = match session.clock().as_manual() {
            Some(_) => None,
            None => Some(Alarm::start(&session).map_err(|cause| {
                Error::new(
                    Kind::State,
                    format!("the scheduler's alarm thread can't be started: {cause}"),
                )
            })?),
        };
        Ok(Scheduler {
            session,
            runtime: Handle::current(),
            timers: Timers::default(),
            alarm,
            ended: Vec::new(),
            records: Vec::new(),
            runs: HashMap::new(),
            over: Vec::new(),
            guards: Vec::new(),
        })
    }

    /// Runs until the app is shut down.
    pub(crate) async fn run(mut self) -> Result<()> {
        self.start_up().await?;
        loop {
            self.settle().await;
            if self.is_over() {
                break;
            }
            self.rest().await;
        }
        self.close().await
    }

    /// Calls the set-up, runs the start-up tasks to their end, and opens for the others.
    pub(crate) async fn start_up(&mut self) -> Result<()> {
        self.session.state().startup = self.session.now();
        let session = self.session.clone();
        for hook in session.0.hooks.of(HookKind::Setup, Side::Before) {
            self.guards.push(hook.call(&session.context(None)).await?);
        }
        session.call_hooks(HookKind::Startup, Side::Before).await;
        self.run_all(|state, id| state.task(id).spec.on_startup).await;
        session.call_hooks(HookKind::Startup, Side::After).await;
        let mut state = self.session.state();
        state.phase = state.phase.max(Phase::Up);
        state.touch_all();
        Ok(())
    }

    /// Runs the shut-down tasks to their end and calls the last hooks.
    pub(crate) async fn close(&mut self) -> Result<()> {
        let session = self.session.clone();
        session.call_hooks(HookKind::Shutdown, Side::Before).await;
        let phase = session.state().phase;
        if phase == Phase::Closing {
            self.run_all(|state, id| state.task(id).spec.on_shutdown).await;
        }
        self.give_up_on_stragglers();
        self.call_end_hooks();
        session.call_hooks(HookKind::Shutdown, Side::After).await;
        self.guards.clear();
        self.session.0.changed.notify_waiters();
        self.session.take_halt().map_or(Ok(()), Err)
    }

    /// Works until there is nothing to do at this instant; tells whether there was something.
    pub(crate) async fn settle(&mut self) -> bool {
        let mut worked = false;
        loop {
            let now = self.session.now();
            let work = self.collect(now);
            self.call_end_hooks();
            if !work {
                return worked;
            }
            worked = true;
            self.cycle(now).await;
            // Where tasks are always due there is always something to do: others have to have their turn.
            tokio::task::consume_budget().await;
        }
    }

    /// Sleeps until something happens or a timer is up.
    async fn rest(&mut self) {
        if let Some(alarm) = &self.alarm {
            alarm.set(self.next_timer().unwrap_or(Timestamp::MAX));
        }
        self.session.0.inbox.wait().await;
    }

    /// When the next timer is up.
    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    /// Whether the app shuts down and everything has ended, or will not.
    pub(crate) fn is_over(&self) -> bool {
        let state = self.session.state();
        match state.phase {
            Phase::Starting | Phase::Up => false,
            Phase::Closing => state.active == 0,
            // Runs on threads that do not look at their flag are not waited for.
            Phase::Forced => true,
        }
    }

    /// Starts the tasks that are picked, whatever their statements say, and waits for their end.
    async fn run_all(&mut self, picked: impl Fn(&State, TaskId) -> bool) {
        let now = self.session.now();
        let session = self.session.clone();
        let ids: Vec<TaskId> = {
            let state = session.state();
            state.ids().filter(|id| picked(&state, *id)).collect()
        };
        let names: Vec<Option<RunId>> = ids.iter().map(|id| asking::name(&session, *id, now)).collect();
        let launches = {
            let mut state = session.state();
            let each = ids.into_iter().zip(&names);
            each.map(|(id, name)| self.prepare(&mut state, id, name.as_ref(), now, now))
                .collect()
        };
        self.begin(launches).await;
        loop {
            self.settle().await;
            if self.session.state().is_quiet() {
                return;
            }
            self.rest().await;
        }
    }

    /// Takes in whose timer is up and what has ended; tells whether there is a task to look at.
    fn collect(&mut self, now: Timestamp) -> bool {
        self.session.0.inbox.drain(&mut self.ended);
        let session = self.session.clone();
        let mut state = session.state();
        // Timers come first: since when a condition holds is judged by what was known until now.
        while let Some((id, timer)) = self.timers.pop_due(now) {
            if state.task(id).timer == timer {
                state.task_mut(id).held_since = held_since(&state, id, now);
                state.touch(id);
            }
        }
        self.timers.sweep(&state.tasks);
        for ended in self.ended.drain(..) {
            let task = ended.task;
            self.records.extend(state.end(ended));
            state.touch_around(task);
        }
        let work = !state.dirty.is_empty();
        if work {
            state.cycles += 1;
            state.touch_on_cycles();
        }
        drop(state);
        self.write_records();
        work
    }

    /// Looks at the tasks that may be concerned, in their order, and does what is decided.
    async fn cycle(&mut self, now: Timestamp) {
        let session = self.session.clone();
        session.call_hooks(HookKind::Cycle, Side::Before).await;
        let mut turn = None;
        loop {
            let Looked {
                launches,
                unknown,
                done,
            } = self.look_on(&mut turn, now);
            self.begin(launches).await;
            if let Some(id) = unknown {
                self.ask_and_look(id, now).await;
            }
            if done {
                break;
            }
        }
        session.call_hooks(HookKind::Cycle, Side::After).await;
        session.0.changed.notify_waiters();
    }

    /// Looks at the next tasks of a cycle, up to one about which functions of the user's have to be asked.
    fn look_on(&mut self, turn: &mut Option<Turn>, now: Timestamp) -> Looked {
        let session = self.session.clone();
        let mut state = session.state();
        let mut looked = Looked::default();
        for _ in 0..CHUNK {
            let Some(next) = state.take_turn(*turn) else {
                looked.done = true;
                break;
            };
            *turn = Some(next);
            match self.look(&mut state, next.1, now, &Answers::default()) {
                Look::Start(launch) => looked.launches.push(launch),
                Look::Done => {}
                Look::Unknown => {
                    looked.unknown = Some(next.1);
                    break;
                }
            }
        }
        looked
    }

    /// Asks the user's functions on which a task hangs, without the lock, and looks again.
    async fn ask_and_look(&mut self, id: TaskId, now: Timestamp) {
        let answers = asking::ask(&self.session, id, now);
        let session = self.session.clone();
        let look = self.look(&mut session.state(), id, now, &answers);
        if let Look::Start(launch) = look {
            self.begin(vec![launch]).await;
        }
    }

    /// Decides about a task and does what needs no more than the state.
    fn look(&mut self, state: &mut State, id: TaskId, now: Timestamp, answers: &Answers) -> Look {
        let decision = decide_about(state, id, now, answers);
        match decision.stop {
            Stop::Overdue => state.stop(id, StopReason::Timeout, |run| run.deadline <= now),
            Stop::Ended => state.stop(id, StopReason::EndCondition, |_| true),
            Stop::ShutDown => state.stop(id, StopReason::ShutDown, |_| true),
            Stop::No | Stop::Unknown => {}
        }
        let look = match decision.start {
            Start::No => Look::Done,
            Start::Unknown => Look::Unknown,
            Start::Asked | Start::Due if answers.lack_name(state, id) => Look::Unknown,
            Start::Asked => Look::Start(self.prepare(state, id, answers.name.as_ref(), now, now)),
            Start::Due => {
                let due = due_at(state, id, now);
                Look::Start(self.prepare(state, id, answers.name.as_ref(), due, now))
            }
        };
        if matches!(look, Look::Done) && decision.stop == Stop::Unknown {
            return Look::Unknown;
        }
        if !matches!(look, Look::Start(_)) {
            self.timers.set(id, state.task_mut(id), decision.wake);
        }
        if !matches!(look, Look::Unknown) {
            state.task_mut(id).held_since = None;
        }
        look
    }

    /// Counts a run as started; what is left is to record it and let it go.
    fn prepare(
        &mut self,
        state: &mut State,
        id: TaskId,
        name: Option<&RunId>,
        due: Timestamp,
        now: Timestamp,
    ) -> Launch {
        let Batch { params, waiter } = state.task_mut(id).batches.pop_front().unwrap_or_default();
        let (record, flag) = state.begin(id, name, waiter, due, now);
        let spec = state.task(id).spec.clone();
        let info = RunInfo {
            task: spec.name.clone(),
            index: id.0,
            run_id: record.run_id.clone(),
            due,
            flag,
            batch: params,
            own: spec.params.clone(),
        };
        self.records.push(record);
        if spec.end.is_none() && !spec.multilaunch {
            // Nothing but its deadline or an event can concern the task now.
            let deadline = now.saturating_add(spec.timeout);
            self.timers.set(id, state.task_mut(id), deadline);
            state.touch_dependents(id);
        } else {
            state.touch_around(id);
        }
        Launch { task: id, spec, info }
    }

    /// Records runs, then lets them go.
    async fn begin(&mut self, launches: Vec<Launch>) {
        self.write_records();
        for launch in launches {
            self.call_run_hooks(&launch);
            exec::launch(&self.session, &self.runtime, launch).await;
        }
    }

    fn write_records(&mut self) {
        if self.records.is_empty() {
            return;
        }
        if let Err(error) = self.session.0.log.append(&self.records) {
            tracing::error!(lost = self.records.len(), "records are lost");
            self.session.fail(Part::Log, None, error);
        }
        let ends = self.records.drain(..).filter(|record| record.action.is_end());
        if self.session.0.hooks.any(HookKind::TaskExecute, Side::After) {
            self.over.extend(ends);
        }
    }

    /// Calls the hooks before a run.
    fn call_run_hooks(&mut self, launch: &Launch) {
        self.session.call_run_hooks(&launch.info, None);
        if self.session.0.hooks.any(HookKind::TaskExecute, Side::After) {
            let run = (launch.info.task.clone(), launch.info.run_id.clone());
            self.runs.insert(run, launch.info.clone());
        }
    }

    /// Calls the hooks after the runs whose ends have been recorded.
    fn call_end_hooks(&mut self) {
        for record in std::mem::take(&mut self.over) {
            if let Some(info) = self.runs.remove(&(record.task.clone(), record.run_id.clone())) {
                self.session.call_run_hooks(&info, Some(record));
            }
        }
    }

    /// Records the end of runs that do not end.
    fn give_up_on_stragglers(&mut self) {
        let now = self.session.now();
        self.collect(now);
        let session = self.session.clone();
        let mut state = session.state();
        for id in state.ids() {
            state.stop(id, StopReason::ShutDown, |_| true);
            while let Some(run) = state.task(id).running.first() {
                let run_id = run.run_id.clone();
                let how = crate::session::state::How::CutOff;
                self.records.extend(state.end(Ended {
                    task: id,
                    run_id,
                    at: now,
                    how,
                    process: None,
                }));
            }
        }
        drop(state);
        self.write_records();
    }
}

/// What came of looking at several tasks.
#[derive(Default)]
struct Looked {
    launches: Vec<Launch>,
    /// The last of them, if functions of the user's have to be asked about it.
    unknown: Option<TaskId>,
    /// Whether no task is left in this cycle.
    done: bool,
}

/// What came of looking at a task.
enum Look {
    Done,
    Start(Launch),
    /// Functions of the user's have to be asked first, without the lock.
    Unknown,
}

fn standing(state: &State, id: TaskId, now: Timestamp) -> Standing {
    let entry = state.task(id);
    let live = entry.running.iter().filter(|run| run.stopped.is_none());
    Standing {
        now,
        phase: state.phase,
        disabled: entry.disabled,
        permanent: entry.spec.permanent,
        multilaunch: entry.spec.multilaunch,
        running: !entry.running.is_empty(),
        queued: !entry.batches.is_empty(),
        deadline: live.map(|run| run.deadline).min().unwrap_or(Timestamp::MAX),
    }
}

fn decide_about(state: &State, id: TaskId, now: Timestamp, answers: &Answers) -> Decision {
    let spec = &state.task(id).spec;
    decide(
        &standing(state, id, now),
        || verdict(state, id, now, spec.start.as_ref(), &answers.start),
        || verdict(state, id, now, spec.end.as_ref(), &answers.end),
    )
}

/// What a statement says; no statement is never true.
fn verdict(
    state: &State,
    id: TaskId,
    now: Timestamp,
    statement: Option<&Statement>,
    answers: &[Option<bool>],
) -> Verdict {
    match statement {
        Some(statement) => statement.plan.observe(&observation(state, id, now, answers)),
        None => Verdict {
            truth: Some(false),
            until: Timestamp::MAX,
        },
    }
}

fn observation<'a>(
    state: &'a State,
    id: TaskId,
    now: Timestamp,
    answers: &'a [Option<bool>],
) -> Observation<'a> {
    Observation {
        now,
        zone: state.task(id).spec.zone,
        owner: id,
        facts: state,
        answers,
    }
}

/// Which custom conditions of a plan have to be asked.
fn asks(state: &State, id: TaskId, now: Timestamp, plan: &Plan) -> Vec<usize> {
    plan.asks(&observation(state, id, now, &[]))
}

/// When a run is due whose condition is true: now, unless time alone has made it true before.
fn due_at(state: &State, id: TaskId, now: Timestamp) -> Timestamp {
    state.task(id).held_since.unwrap_or(now)
}

/// Since when the start condition of a task whose timer is up has been true without a break; `None` where it
/// was not, or where something else held the task back.
///
/// The scheduler may come late. What was known until now is stepped through from the instant for which the timer
/// was set; a custom condition, which can't be asked about the past, counts as true.
fn held_since(state: &State, id: TaskId, now: Timestamp) -> Option<Timestamp> {
    let entry = state.task(id);
    let standing = standing(state, id, now);
    if standing.disabled || !standing.may_start() {
        return None;
    }
    let (mut at, mut since) = (entry.wake, None);
    for _ in 0..MAX_STEPS {
        if at > now {
            return since;
        }
        let verdict = verdict(state, id, at, entry.spec.start.as_ref(), &[]);
        since = (verdict.truth != Some(false)).then(|| since.unwrap_or(at));
        at = verdict.until;
    }
    None
}
