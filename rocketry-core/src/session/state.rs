//! The state of a running app: tasks with their past, parameters, the scheduler's own figures.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LazyLock};

use rocketry_syntax::ast::Delta;
use tokio::sync::oneshot;

use super::batches::Batches;
use super::gate::Gate;
use super::last_result::{Kept, LastResult};
use super::names::Names;
use super::notes::{Key, Notes};
use super::pending::PendingStarts;
use super::pools::{Place, PoolId, Pools};
use super::recovery::Absent;
use super::run::{Batch, Ended, How, Run, Running, StopReason};
use super::turns::Turns;
use super::unique::Unique;
use super::waiters::{GivenUp, Told, Waiters};
use super::{Config, Restarting};
use crate::cond::{Condition, Facts, Need, Plan, TaskId};
use crate::log::{Action, Extra, Few, History, Record};
use crate::param::{Params, RunFlag, RunId, RunInfo};
use crate::task::{Execution, Handler, Overlap, RunIdFn};
use crate::time::{Timestamp, Zone};

/// What a task is. Never changed in place: a run under way keeps what it started with.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent yes or no of the user's"
)]
#[derive(Clone)]
pub(crate) struct Spec {
    pub(crate) name: Arc<str>,
    pub(crate) handler: Handler,
    pub(crate) execution: Execution,
    pub(crate) start: Option<Arc<Statement>>,
    pub(crate) timeout: Delta,
    pub(crate) on_startup: bool,
    pub(crate) on_shutdown: bool,
    pub(crate) permanent: bool,
    /// How many runs may be under way at a time.
    pub(crate) max_running: u32,
    /// Whether no two runs with equal parameters may wait in its queue.
    pub(crate) unique: bool,
    pub(crate) overlap: Overlap,
    pub(crate) zone: Zone,
    pub(crate) params: Params,
    pub(crate) rare: Rare,
}

/// What few tasks have. It takes no room where a task has none of it.
#[derive(Clone, Default)]
pub(crate) struct Rare(Option<Box<Rarities>>);

#[derive(Clone, Default)]
pub(crate) struct Rarities {
    pub(crate) description: Option<Box<str>>,
    pub(crate) end: Option<Arc<Statement>>,
    /// When the task was added, if its first run is not due before the next period.
    pub(crate) waits_since: Option<Timestamp>,
    /// The pools in which a run needs room.
    pub(crate) pools: Box<[PoolId]>,
    /// Within which time its starts are spread.
    pub(crate) jitter: Delta,
    pub(crate) run_id: Option<RunIdFn>,
}

impl From<Rarities> for Rare {
    fn from(some: Rarities) -> Self {
        let Rarities {
            description,
            end,
            waits_since,
            pools,
            jitter,
            run_id,
        } = &some;
        let any = description.is_some()
            || end.is_some()
            || waits_since.is_some()
            || !pools.is_empty()
            || !jitter.is_zero()
            || run_id.is_some();
        Rare(any.then(|| Box::new(some)))
    }
}

impl Deref for Rare {
    type Target = Rarities;

    fn deref(&self) -> &Rarities {
        static NONE: LazyLock<Rarities> = LazyLock::new(Rarities::default);
        self.0.as_deref().unwrap_or_else(|| &NONE)
    }
}

impl DerefMut for Rare {
    fn deref_mut(&mut self) -> &mut Rarities {
        self.0.get_or_insert_default()
    }
}

/// A statement as the user wrote it, and made ready for the app. Tasks with equal ones share it.
pub(crate) struct Statement {
    pub(crate) condition: Condition,
    pub(crate) plan: Plan,
}

/// A task in an app.
#[allow(clippy::struct_excessive_bools, reason = "each is an independent yes or no")]
pub(crate) struct Entry {
    pub(crate) spec: Arc<Spec>,
    pub(crate) priority: i32,
    pub(crate) disabled: bool,
    /// Whether the task was taken out of the app; its place is kept.
    pub(crate) deleted: bool,
    pub(crate) history: History,
    /// Runs that were asked for, oldest first.
    pub(crate) batches: Batches,
    pub(crate) running: Few<Running>,
    pub(crate) result: LastResult,
    /// Tasks whose statements mention this one.
    pub(crate) dependents: Followers,
    /// Whether the task is among those to be looked at.
    pub(crate) dirty: bool,
    /// Whether its timer was up, and it has not been found out yet since when it is due.
    pub(crate) up: bool,
    /// Whether what happens to others does not change when it is due.
    pub(crate) alone: bool,
    /// Since when time alone has made the start condition true, if the scheduler came late to see it; else
    /// [`Timestamp::MAX`].
    pub(crate) held_since: Timestamp,
    /// What a run that is due waits for.
    pub(crate) waiting: Option<Box<Waiting>>,
    /// When the task is to be looked at because of time, and for when the first of its timers is set.
    pub(crate) wake: Timestamp,
    pub(crate) timer: Timestamp,
}

/// Tasks in their order. Few tasks have any that depend on them.
#[derive(Default)]
#[expect(
    clippy::box_collection,
    reason = "a pointer in each task, in place of a whole row"
)]
pub(crate) struct Followers(Option<Box<Vec<TaskId>>>);

impl Followers {
    fn get(&self, index: usize) -> Option<TaskId> {
        self.0.as_ref()?.get(index).copied()
    }
}

/// A run that is due and waits for room in a pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) pool: PoolId,
    pub(crate) place: Place,
}

/// Where the app is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Start-up tasks run.
    Starting,
    /// Tasks start as their statements say.
    Up,
    /// Nothing starts any more; runs may end.
    Closing,
    /// Nothing starts any more; runs are cut off.
    Forced,
    /// There is no scheduler any more.
    Over,
}

/// Everything that changes while an app runs.
pub(crate) struct State {
    pub(crate) tasks: Vec<Entry>,
    pub(crate) names: Names,
    pub(crate) params: Params,
    pub(crate) pools: Pools,
    pub(crate) gate: Gate,
    pub(crate) notes: Notes,
    /// What is known of tasks that are not in the app.
    pub(crate) absent: Absent,
    pub(crate) poll_interval: Delta,
    pub(crate) startup: Timestamp,
    /// When it started up first, before any restart.
    first_startup: Option<Timestamp>,
    pub(crate) cycles: u64,
    pub(crate) phase: Phase,
    /// Tasks to be looked at.
    pub(crate) turns: Turns,
    /// Why the conditions of a task could not be asked, the last time.
    pub(crate) cond_errors: HashMap<TaskId, Arc<str>>,
    /// Tasks whose statements mention parameters.
    pub(crate) on_params: Vec<TaskId>,
    /// Tasks whose statements mention the scheduler's cycles.
    pub(crate) on_cycles: Vec<TaskId>,
    /// Those who wait for runs.
    pub(crate) waiters: Waiters,
    /// Starts that are due and made later.
    pub(crate) pending: PendingStarts,
    /// The runs in queues that have to be unlike all others.
    pub(crate) unique: Unique,
    /// Whether nothing starts but what is asked for.
    pub(crate) only_asked: bool,
    /// In which way the app restarts once it has wound up, if it does.
    pub(crate) restart: Option<Restarting>,
    /// How many runs are under way.
    pub(crate) active: usize,
    pub(crate) next_run: u64,
}

impl State {
    /// The state of an app that has not started yet.
    pub(crate) fn new(
        tasks: Vec<Entry>,
        names: Names,
        params: Params,
        pools: Pools,
        config: &Config,
        now: Timestamp,
    ) -> Self {
        State {
            tasks,
            names,
            params,
            pools,
            gate: Gate::default(),
            notes: Notes::default(),
            absent: Absent::new(),
            poll_interval: Delta::from(config.poll_interval),
            startup: now,
            first_startup: None,
            cycles: 0,
            phase: Phase::Starting,
            turns: Turns::default(),
            cond_errors: HashMap::new(),
            on_params: Vec::new(),
            on_cycles: Vec::new(),
            waiters: Waiters::default(),
            pending: PendingStarts::default(),
            unique: Unique::default(),
            only_asked: false,
            restart: None,
            active: 0,
            next_run: u64::try_from(now.as_micros()).unwrap_or(0),
        }
    }

    /// Begins the start-up.
    pub(crate) fn start_up(&mut self, now: Timestamp) {
        self.startup = now;
        self.first_startup.get_or_insert(now);
    }

    /// Notes what has to be told to a task, and which past has to be kept for it. Gives back what of the past was
    /// not kept so far.
    pub(crate) fn subscribe(&mut self, id: TaskId) -> Vec<Need> {
        let mut missed = Vec::new();
        let spec = self.task(id).spec.clone();
        self.task_mut(id).alone = spec.is_alone();
        for statement in spec.statements() {
            let depends = statement.plan.depends();
            for other in depends.tasks.into_iter().filter(|other| *other != id) {
                add(self.task_mut(other).dependents.0.get_or_insert_default(), id);
            }
            if depends.params {
                add(&mut self.on_params, id);
            }
            if depends.cycles {
                add(&mut self.on_cycles, id);
            }
            for need in statement.plan.needs() {
                let whose = need.task.unwrap_or(id);
                if self.task_mut(whose).history.keep(need.action, need.horizon) {
                    missed.push(Need {
                        task: Some(whose),
                        ..need
                    });
                }
            }
        }
        missed
    }

    /// All tasks, in the order in which they were declared.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TaskId> + use<> {
        (0..u32::try_from(self.tasks.len()).expect("fewer than 2^32 tasks")).map(TaskId::new)
    }

    /// The task of this name, or of one whose last segment it is.
    ///
    /// # Errors
    ///
    /// Says that the name is unknown, with the nearest one, or that it is ambiguous.
    pub(crate) fn find(&self, name: &str) -> Result<TaskId, String> {
        self.names.find(name, |id| &self.task(id).spec.name)
    }

    /// The task of exactly this name.
    pub(crate) fn find_exact(&self, name: &str) -> Option<TaskId> {
        self.names.exact(name, |id| &self.task(id).spec.name)
    }

    /// Adds a name for a task, and the one that it was declared with if that is another; gives back the task that has
    /// the name already.
    pub(super) fn add_name(&mut self, name: &str, declared: Option<&str>, id: TaskId) -> Result<(), TaskId> {
        let tasks = &self.tasks;
        self.names
            .add(name, declared, id, |id| &tasks[id.index()].spec.name)
    }

    pub(crate) fn task(&self, id: TaskId) -> &Entry {
        &self.tasks[id.index()]
    }

    pub(crate) fn task_mut(&mut self, id: TaskId) -> &mut Entry {
        &mut self.tasks[id.index()]
    }

    /// Whether a run of a task that is due finds room in its pools; if not, it waits in the queue of the first that
    /// is full.
    pub(crate) fn finds_room(&mut self, id: TaskId, now: Timestamp) -> bool {
        let entry = &self.tasks[id.index()];
        if entry.spec.rare.pools.is_empty() {
            return true;
        }
        let since = entry
            .waiting
            .as_ref()
            .map_or_else(|| self.due_at(id, now), |waiting| waiting.place.1);
        let place = (Reverse(entry.priority), since, id);
        let full = self.pools.full(&entry.spec.rare.pools, place);
        let before = self.give_up_waiting(id);
        let Some(pool) = full else { return true };
        self.pools.wait(pool, place);
        self.tasks[id.index()].waiting = Some(Box::new(Waiting { pool, place }));
        if let Some(left) = before.filter(|before| before.pool != pool) {
            // It had its turn in one pool and found another full: the next one in the first may go.
            self.touch_waiting(left.pool);
        }
        // If there is room that is somebody else's turn, that one may not know it yet.
        self.touch_waiting(pool);
        false
    }

    /// Takes a task out of the queue in which it waits, if it does, and lets the next one have its turn.
    pub(crate) fn stop_waiting(&mut self, id: TaskId) {
        if let Some(waiting) = self.give_up_waiting(id) {
            self.touch_waiting(waiting.pool);
        }
    }

    fn give_up_waiting(&mut self, id: TaskId) -> Option<Waiting> {
        let waiting = self.tasks[id.index()].waiting.take()?;
        self.pools.give_up(waiting.pool, waiting.place);
        Some(*waiting)
    }

    fn touch_waiting(&mut self, pool: PoolId) {
        for next in self.pools.next(pool) {
            self.touch(next);
        }
    }

    /// Changes the priority of a task, and its place if it waits. A turn that it has already stays as it is.
    pub(crate) fn set_priority(&mut self, id: TaskId, priority: i32) {
        self.task_mut(id).priority = priority;
        if self.give_up_waiting(id).is_some() {
            self.touch(id);
        }
    }

    /// Has a task looked at again.
    pub(crate) fn touch(&mut self, id: TaskId) {
        let entry = &mut self.tasks[id.index()];
        if !entry.dirty {
            entry.dirty = true;
            self.turns.add((Reverse(entry.priority), id));
        }
    }

    /// Reads something of each of several tasks. Where these are many, none of them is in the processor's caches any
    /// more, and it is much faster to fetch them all at once than each when it is needed.
    pub(crate) fn read_ahead(&self, tasks: impl Iterator<Item = TaskId>) {
        const FEW: usize = 16;
        let read = |id: TaskId| {
            let Entry {
                spec,
                history,
                running,
                wake,
                ..
            } = self.task(id);
            let counts = Arc::strong_count(spec) ^ Arc::strong_count(&spec.name) ^ spec.handler.specs().len();
            let times = wake.as_micros() ^ history.last_due().as_micros() ^ spec.timeout.0.cast_signed();
            (counts ^ running.len()) as u64 ^ times.cast_unsigned()
        };
        if tasks.size_hint().0 > FEW {
            std::hint::black_box(tasks.map(read).fold(0, |all, one| all ^ one));
        }
    }

    /// Takes the next task of a cycle that is to be looked at.
    pub(crate) fn take_turn(&mut self) -> Option<TaskId> {
        let id = self.turns.take()?;
        self.tasks[id.index()].dirty = false;
        Some(id)
    }

    /// Has a task and all whose statements mention it looked at again.
    pub(crate) fn touch_around(&mut self, id: TaskId) {
        self.touch(id);
        self.touch_dependents(id);
    }

    /// Has the tasks looked at again whose statements mention a task.
    pub(crate) fn touch_dependents(&mut self, id: TaskId) {
        let mut index = 0;
        while let Some(dependent) = self.tasks[id.index()].dependents.get(index) {
            self.touch(dependent);
            index += 1;
        }
    }

    pub(crate) fn touch_all(&mut self) {
        self.ids().for_each(|id| self.touch(id));
    }

    pub(crate) fn touch_on_params(&mut self) {
        for index in 0..self.on_params.len() {
            self.touch(self.on_params[index]);
        }
    }

    pub(crate) fn touch_on_cycles(&mut self) {
        for index in 0..self.on_cycles.len() {
            self.touch(self.on_cycles[index]);
        }
    }

    /// Asks for a run, or gives it up if nobody will make it.
    pub(crate) fn ask(&mut self, id: TaskId, mut batch: Batch) {
        if let Some(why) = self.refusal(id) {
            self.waiters.give_up(batch, why);
        } else if batch.likeness.clone().is_some_and(|run| !self.unique.enter(run)) {
            self.waiters.give_up(batch, GivenUp::Duplicate);
        } else if self.restart.is_some() {
            self.put_off(id, batch);
        } else {
            self.notes.add_batch(&mut batch);
            self.task_mut(id).batches.push_back(batch);
            self.touch(id);
        }
    }

    /// Takes up a run that was asked for in an earlier life of the app.
    pub(super) fn ask_again(&mut self, id: TaskId, batch: Batch) {
        if let Some(run) = &batch.likeness {
            self.unique.enter(run.clone());
        }
        self.task_mut(id).batches.push_back(batch);
    }

    /// Takes the run that was asked for first, or one without parameters.
    fn next_batch(&mut self, id: TaskId) -> Batch {
        let batch = self.task_mut(id).batches.pop_front().unwrap_or_default();
        self.leave_queue(&batch);
        // In the same write as the record of the start.
        self.notes.remove_batch(&batch);
        batch
    }

    fn leave_queue(&mut self, batch: &Batch) {
        if let Some(run) = &batch.likeness {
            self.unique.leave(run);
        }
    }

    /// Gives up runs that were in a queue.
    fn give_up(&mut self, batches: impl IntoIterator<Item = Batch>, why: GivenUp) {
        for batch in batches {
            self.leave_queue(&batch);
            // What is asked for when the app ends is done when it is there again.
            if why != GivenUp::Ended {
                self.notes.remove_batch(&batch);
            }
            self.waiters.give_up(batch, why);
        }
    }

    /// Why no run of a task begins any more, if so.
    fn refusal(&self, id: TaskId) -> Option<GivenUp> {
        let ends = self.phase >= Phase::Closing && self.restart.is_none();
        let ended = ends.then_some(GivenUp::Ended);
        ended.or_else(|| self.task(id).deleted.then_some(GivenUp::Deleted))
    }

    /// Waits for the next record of a task, or for its next end.
    pub(super) fn watch(&mut self, id: TaskId, for_end: bool) -> oneshot::Receiver<Told> {
        match self.silence(id) {
            Some(why) => {
                let (waiter, told) = oneshot::channel();
                let _ = waiter.send(Err(why));
                told
            }
            None => self.waiters.watch(id, for_end),
        }
    }

    /// Why nothing is recorded of a task any more, if so.
    fn silence(&self, id: TaskId) -> Option<GivenUp> {
        let Entry { running, spec, .. } = self.task(id);
        let more = !running.is_empty() || (spec.on_shutdown && self.phase == Phase::Closing);
        let restarts = self.restart.map(|_| GivenUp::Restarts);
        let why = self.refusal(id).or(restarts);
        why.filter(|_| self.phase == Phase::Over || !more)
    }

    /// Gives up the runs at the front of a task's queue that were only to be made if the task was due, which it
    /// is not.
    pub(crate) fn decline(&mut self, id: TaskId) {
        let entry = &mut self.tasks[id.index()];
        if self.phase != Phase::Up || entry.batches.front().is_none_or(|first| !first.if_due) {
            return;
        }
        let asked = std::mem::take(&mut entry.batches);
        let (declined, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(|batch| batch.if_due);
        let more = !others.is_empty();
        entry.batches = others.into_iter().collect();
        self.give_up(declined, GivenUp::NotDue);
        if more {
            self.touch(id);
        }
    }

    /// Lets nothing start any more, unless the app is further on already. Whoever waits for a run that has not begun
    /// is told, lest it wait for ever.
    pub(crate) fn close(&mut self, phase: Phase) {
        self.restart = None;
        self.wind_up(phase);
    }

    /// Lets nothing start before the app has restarted. Runs that were asked for are made then.
    pub(super) fn close_for_restart(&mut self, way: Restarting, phase: Phase) {
        self.restart = Some(way);
        self.wind_up(phase);
    }

    fn wind_up(&mut self, phase: Phase) {
        self.phase = self.phase.max(phase);
        for id in self.ids() {
            let asked = std::mem::take(&mut self.task_mut(id).batches);
            if self.restart.is_some() {
                for batch in asked {
                    self.put_off(id, batch);
                }
            } else {
                self.give_up(asked, GivenUp::Ended);
            }
            if let Some(why) = self.silence(id) {
                self.waiters.unwatch(id, why);
            }
            if phase == Phase::Over {
                self.stop(id, StopReason::ShutDown, |_| true);
            }
            self.touch(id);
        }
    }

    /// Keeps a run that was asked for until the app has restarted. Nobody waits for it across that: a run under way
    /// that did so would hold up the restart.
    fn put_off(&mut self, id: TaskId, mut batch: Batch) {
        if batch.if_due {
            return self.give_up([batch], GivenUp::Restarts);
        }
        self.waiters.put_off(batch.waiter.take());
        self.notes.add_batch(&mut batch);
        self.task_mut(id).batches.push_back(batch);
    }

    /// Makes ready for the scheduler to start anew.
    pub(crate) fn begin_anew(&mut self) {
        self.phase = Phase::Starting;
        for entry in &mut self.tasks {
            // These are of the timers that were.
            (entry.wake, entry.timer, entry.held_since) = (Timestamp::MAX, Timestamp::MAX, Timestamp::MAX);
        }
    }

    /// Lets a task never start again, and tells whoever waits for it.
    pub(super) fn delete(&mut self, id: TaskId) {
        let name = self.task(id).spec.name.clone();
        self.names.remove(&name, id);
        let entry = self.task_mut(id);
        entry.deleted = true;
        let params = entry.spec.params.clone();
        entry.disabled = true;
        let asked = std::mem::take(&mut entry.batches);
        self.give_up(asked, GivenUp::Deleted);
        if let Some(why) = self.silence(id) {
            self.waiters.unwatch(id, why);
        }
        self.forget_pending(id);
        self.notes.remove_task(&name, &params);
        self.stop_waiting(id);
        self.touch_around(id);
    }

    /// Whether no run has to be waited for.
    pub(crate) fn is_quiet(&self) -> bool {
        self.active == 0 || self.phase >= Phase::Forced
    }

    /// Tells the runs of a task to end.
    pub(crate) fn stop(&mut self, id: TaskId, reason: StopReason, which: impl Fn(&Running) -> bool) {
        let runs = self.tasks[id.index()].running.iter_mut();
        for run in runs.filter(|run| run.stopped.is_none() && which(run)) {
            run.stopped = Some(reason);
            run.run.info.flag.set();
        }
    }

    /// Begins a run: it counts as started from here on.
    ///
    /// A name that a run under way has already is not taken: the run gets a number then.
    pub(crate) fn begin(
        &mut self,
        id: TaskId,
        name: Option<&RunId>,
        due: Timestamp,
        now: Timestamp,
    ) -> (Record, Arc<Run>) {
        let number = self.next_run;
        self.next_run += 1;
        self.active += 1;
        let asked = self.task(id).batches.front().is_some_and(|batch| !batch.if_due);
        let late = self.begin_pending(id, asked).filter(|later| later.overlaps);
        let Batch { params, waiter, .. } = self.next_batch(id);
        let entry = &mut self.tasks[id.index()];
        let free = |name: &&RunId| entry.running.iter().all(|run| run.run.info.run_id != **name);
        let run_id = name.filter(free).cloned().unwrap_or(RunId::Number(number));
        let spec = entry.spec.clone();
        self.pools.enter(&spec.rare.pools);
        let run = Arc::new(Run {
            start: now,
            info: RunInfo {
                task: spec.name.clone(),
                index: id.0,
                run_id,
                due,
                flag: RunFlag::default(),
                batch: params,
                own: spec.params.clone(),
            },
            spec,
        });
        let record = Record {
            message: late.map(|_| run.spec.overlap.message().into()),
            ..run.record(Action::Run, now)
        };
        entry.history.record(&record);
        entry.running.push(Running {
            deadline: now.saturating_add(run.spec.timeout),
            run: run.clone(),
            stopped: None,
            waiter,
        });
        self.waiters.note(id, &record, None);
        (record, run)
    }

    /// Ends a run; `None` if it has ended before.
    pub(crate) fn end(&mut self, ended: &mut Ended) -> Option<Record> {
        let entry = &mut self.tasks[ended.run.task().index()];
        // In their order: runs that are told to end together end oldest first.
        let Running {
            run, stopped, waiter, ..
        } = entry
            .running
            .take(|running| Arc::ptr_eq(&running.run, &ended.run))?;
        self.active -= 1;
        self.pools.leave(&run.spec.rare.pools);
        let action = stopped.map_or_else(|| ended.how.action(), |_| Action::Terminate);
        let result = ended.result.take().filter(|_| action == Action::Success);
        let mut kept = Kept::Nothing;
        let message = match (stopped, &mut ended.how) {
            (Some(reason), _) => Some(reason.message().into()),
            (None, How::Success(value)) => {
                // What was there goes out with `ended`: it may call the user's `drop`, which can't be under the lock.
                kept = entry.result.swap(value, result.is_some());
                None
            }
            (None, How::Fail(message) | How::Inaction(message)) => Some(message.clone()),
            (None, How::CutOff) => Some("it was cut off".into()),
        };
        if kept != Kept::Nothing {
            let fact = result
                .clone()
                .or_else(|| entry.result.is_nothing().then(|| "null".into()));
            self.notes.put(&Key::Result(run.info.task.clone()), fact);
        }
        let record = Record {
            message,
            // Nothing stands for a function that returns nothing.
            extra: Extra::of_end(ended.process.take(), result.filter(|json| **json != *"null")),
            ..run.record(action, ended.at)
        };
        entry.history.record(&record);
        for pool in &run.spec.rare.pools {
            self.touch_waiting(*pool);
        }
        self.waiters.note(run.task(), &record, waiter);
        Some(record)
    }
}

/// Adds a subscriber. At first tasks subscribe in their order, so that each comes last.
fn add(subscribers: &mut Vec<TaskId>, id: TaskId) {
    if let Err(place) = subscribers.binary_search(&id) {
        subscribers.insert(place, id);
    }
}

impl Spec {
    fn statements(&self) -> impl Iterator<Item = &Statement> {
        let statements = [&self.start, &self.rare.end].into_iter();
        statements.flatten().map(|statement| &**statement)
    }

    /// Whether what happens to others does not change when the task is due.
    fn is_alone(&self) -> bool {
        self.start.as_ref().is_none_or(|start| start.plan.is_alone())
    }
}

impl Entry {
    /// Whether anything has to be told to the task, or kept for it.
    pub(crate) fn subscribes(&self) -> bool {
        self.spec
            .statements()
            .any(|statement| !statement.plan.is_simple())
    }

    /// Whether as many runs are under way as may be.
    pub(crate) fn is_full(&self) -> bool {
        self.running.len() >= self.spec.max_running as usize
    }

    /// A task that has never run.
    pub(crate) fn new(spec: Spec, priority: i32, disabled: bool) -> Self {
        Entry {
            alone: spec.is_alone(),
            spec: Arc::new(spec),
            priority,
            disabled,
            deleted: false,
            history: History::default(),
            batches: Batches::default(),
            running: Few::None,
            result: LastResult::default(),
            dependents: Followers::default(),
            dirty: false,
            up: false,
            held_since: Timestamp::MAX,
            waiting: None,
            wake: Timestamp::MAX,
            timer: Timestamp::MAX,
        }
    }
}

impl Facts for State {
    fn history(&self, task: TaskId) -> &History {
        &self.task(task).history
    }

    fn startup(&self) -> Timestamp {
        self.startup
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn poll_interval(&self) -> Delta {
        self.poll_interval
    }

    fn waits_since(&self, task: TaskId) -> Option<Timestamp> {
        let added = self.task(task).spec.rare.waits_since?;
        Some(self.first_startup.map_or(added, |first| added.max(first)))
    }
}
