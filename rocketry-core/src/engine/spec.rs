//! The definition of a task: what runs, when, and within which limits.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use rocketry_syntax::Lints;
use rocketry_syntax::ast::Delta;

use super::locations::LocationId;
use super::pools::PoolId;
use crate::cond::{Condition, Plan};
use crate::param::Params;
use crate::task::{CatchUp, Execution, Handler, OnCrash, Overlap, RunIdFn};
use crate::time::{Timestamp, Zone};

/// The definition of a task. It is replaced as a whole, so that a run keeps the definition it started with.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent option of the user's"
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
    /// The maximum number of concurrent runs.
    pub(crate) max_running: u32,
    /// Whether the run queue refuses a run whose parameters equal those of a queued one.
    pub(crate) unique: bool,
    pub(crate) overlap: Overlap,
    pub(crate) zone: Zone,
    /// Where the task is declared.
    pub(crate) place: LocationId,
    pub(crate) params: Params,
    pub(crate) rare: Rare,
}

/// The options that few tasks set. A task that sets none pays for a null pointer.
#[derive(Clone, Default)]
pub(crate) struct Rare(Option<Box<RareOptions>>);

#[derive(Clone, Default)]
pub(crate) struct RareOptions {
    pub(crate) description: Option<Arc<str>>,
    pub(crate) group: Option<Arc<str>>,
    pub(crate) end: Option<Arc<Statement>>,
    /// When the task was added, if its first run waits for the next period.
    pub(crate) waits_since: Option<Timestamp>,
    /// The pools in which a run takes room, if the task names one. They include the pool of its execution.
    pub(crate) pools: Vec<PoolId>,
    /// The lane that a node must have to make runs.
    pub(crate) lane: Option<Arc<str>>,
    /// The range over which starts are spread.
    pub(crate) jitter: Delta,
    pub(crate) run_id: Option<RunIdFn>,
    pub(crate) on_crash: OnCrash,
    /// How often a run that was handed over is begun again if its node is lost.
    pub(crate) more_attempts: u32,
    /// What becomes of starts that were missed; `None` leaves it to the statement.
    pub(crate) catch_up: Option<CatchUp>,
    /// Whether the task belongs to the app itself, so that no pause holds it back.
    pub(crate) of_app: bool,
    /// The lints that do not report the task.
    pub(crate) allowed: Lints,
}

impl From<RareOptions> for Rare {
    fn from(options: RareOptions) -> Self {
        let RareOptions {
            description,
            group,
            end,
            waits_since,
            pools,
            lane,
            jitter,
            run_id,
            on_crash,
            more_attempts,
            catch_up,
            of_app,
            allowed,
        } = &options;
        let any = description.is_some()
            || group.is_some()
            || end.is_some()
            || waits_since.is_some()
            || !pools.is_empty()
            || lane.is_some()
            || !jitter.is_zero()
            || run_id.is_some()
            || *on_crash != OnCrash::default()
            || *more_attempts > 0
            || catch_up.is_some()
            || *of_app
            || *allowed != Lints::NONE;
        Rare(any.then(|| Box::new(options)))
    }
}

impl Deref for Rare {
    type Target = RareOptions;

    fn deref(&self) -> &RareOptions {
        static NONE: RareOptions = RareOptions {
            description: None,
            group: None,
            end: None,
            waits_since: None,
            pools: Vec::new(),
            lane: None,
            jitter: Delta(0),
            run_id: None,
            on_crash: OnCrash::Again,
            more_attempts: 0,
            catch_up: None,
            of_app: false,
            allowed: Lints::NONE,
        };
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Rare {
    fn deref_mut(&mut self) -> &mut RareOptions {
        self.0.get_or_insert_default()
    }
}

/// A condition and its plan. Tasks with equal conditions share it.
pub(crate) struct Statement {
    pub(crate) condition: Condition,
    pub(crate) plan: Plan,
}

/// The limits of a run that was handed over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) timeout: Delta,
    /// How often the run is restarted if its node is lost.
    pub(crate) more_attempts: u32,
}

impl Spec {
    /// Creates the definition of a task that this version of the app does not have.
    pub(crate) fn unknown(name: Arc<str>, limits: Limits) -> Self {
        let rare = RareOptions {
            more_attempts: limits.more_attempts,
            ..RareOptions::default()
        };
        Spec {
            timeout: limits.timeout,
            rare: Rare::from(rare),
            ..Spec::bare(name)
        }
    }

    /// Creates the definition of a task that has only a name: it calls nothing, starts nothing and never times out.
    pub(crate) fn bare(name: Arc<str>) -> Self {
        Spec {
            name,
            handler: Handler::gone(),
            execution: Execution::Async,
            start: None,
            timeout: Delta(u64::MAX),
            on_startup: false,
            on_shutdown: false,
            permanent: false,
            max_running: 1,
            unique: false,
            overlap: Overlap::default(),
            zone: Zone::UTC,
            place: LocationId::NONE,
            params: Params::default(),
            rare: Rare::default(),
        }
    }

    /// Releases what a deleted task no longer needs: it calls nothing and starts nothing.
    pub(crate) fn let_go(&mut self) {
        self.handler = Handler::gone();
        self.params = Params::default();
        (self.on_startup, self.on_shutdown) = (false, false);
        self.start = None;
        if self.rare.end.is_some() || self.rare.run_id.is_some() {
            self.rare.end = None;
            self.rare.run_id = None;
        }
    }

    pub(crate) fn statements(&self) -> impl Iterator<Item = &Statement> {
        let statements = [&self.start, &self.rare.end].into_iter();
        statements.flatten().map(|statement| &**statement)
    }

    /// The pools in which a run takes room. If the task names none, this is the pool of its execution.
    pub(crate) fn pools(&self) -> &[PoolId] {
        match (&*self.rare.pools, self.execution) {
            ([], Execution::Process) => &[PoolId::PROCESSES],
            ([], Execution::Thread) => &[PoolId::THREADS],
            (pools, _) => pools,
        }
    }

    /// Changes where runs execute, and the pools with it.
    pub(crate) fn set_execution(&mut self, execution: Execution) {
        let before = PoolId::of(self.execution);
        self.execution = execution;
        if let Some(named) = self.rare.pools.iter().find(|pool| Some(**pool) != before) {
            self.rare.pools = [*named].into_iter().chain(PoolId::of(execution)).collect();
        }
    }

    /// Returns true if the start condition depends on time and the task's own past only.
    pub(crate) fn is_self_contained(&self) -> bool {
        self.start.as_ref().is_none_or(|start| start.plan.is_alone())
    }

    /// What becomes of starts that were missed, if the option applies: past starts can be told from time and the task's
    /// own past.
    pub(crate) fn catch_up(&self) -> Option<CatchUp> {
        let can_be_told = |start: &Arc<Statement>| start.plan.is_foreseeable();
        self.rare
            .catch_up
            .filter(|_| self.start.as_ref().is_some_and(can_be_told))
    }
}
