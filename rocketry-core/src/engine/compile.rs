//! Compiles tasks: from a builder to a definition with plans, when the app is built and while it runs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use rocketry_syntax::ast::Delta;
use rocketry_syntax::{Lint, Lints};

use super::checks::{
    AppOnly, can_not_catch_up, default_execution, groups_named_twice, misplaced, missing_of_call, mistakes,
    no_function,
};
use super::compiled_statements::CompiledStatements;
use super::entry::TaskEntry;
use super::locations::Locations;
use super::name_scope::NameScope;
use super::pools::PoolId;
use super::resolver::Resolver;
use super::spec::{Rare, RareOptions, Spec, Statement};
use crate::cond::{Condition, KnownCond, Phrases, Plan, unlabelled};
use crate::config::{Config, TaskDefaults};
use crate::drops::Locked;
use crate::error::{Location, Problem, did_you_mean};
use crate::group::Group;
use crate::param::type_check::Supply;
use crate::task::{Declared, Execution, FirstRun, Handler, OnCrash, TaskBuilder, lane_mistake};
use crate::time::{Dates, Zone};

/// What is needed to compile a task.
pub(crate) struct TaskCompiler {
    pub(super) phrases: Phrases,
    /// The calendars that statements may name.
    calendars: BTreeMap<String, Dates>,
    pub(super) groups: Vec<Group>,
    app_only: AppOnly,
    zone: Zone,
    pub(super) timeout: Delta,
    first_run: FirstRun,
    defaults: TaskDefaults,
    on_crash: OnCrash,
    /// The names of parameters whose values are shown nowhere.
    secrets: Vec<String>,
    /// The lints that report nothing of the app.
    pub(super) allowed: Lints,
    /// Whether the app has every annotated function of the binary.
    pub(super) is_whole: bool,
    pub(super) locations: Mutex<Locations>,
    /// Equal statements are compiled once and shared.
    statements: Mutex<CompiledStatements>,
}

impl TaskCompiler {
    /// Reads the phrases of the custom conditions, and returns what is wrong with them and with the groups.
    pub(crate) fn new(
        conds: &[KnownCond],
        groups: Vec<Group>,
        app_only: AppOnly,
        config: &Config,
    ) -> (Self, Vec<Problem>) {
        let (phrases, mut problems) = Phrases::read(conds);
        problems.extend(groups_named_twice(&groups));
        let timeout = config.timeout.map_or(Delta(u64::MAX), Delta::from);
        (
            TaskCompiler {
                phrases,
                calendars: BTreeMap::new(),
                groups,
                app_only,
                zone: config.zone,
                timeout,
                first_run: config.first_run,
                defaults: config.task_defaults.clone(),
                on_crash: OnCrash::default(),
                secrets: config.secrets.clone(),
                allowed: Lints::NONE,
                is_whole: false,
                locations: Mutex::default(),
                statements: Mutex::default(),
            },
            problems,
        )
    }

    /// Sets whether schedules count runs that were interrupted, for tasks that do not say so.
    pub(crate) fn set_on_crash(&mut self, on_crash: OnCrash) {
        self.on_crash = on_crash;
    }

    /// Lets statements name calendars.
    pub(crate) fn add_calendars(&mut self, calendars: BTreeMap<String, Dates>) {
        self.calendars = calendars;
    }

    /// The calendars by their names.
    pub(crate) fn calendars(&self) -> &BTreeMap<String, Dates> {
        &self.calendars
    }

    /// The name of a group as the app has it.
    ///
    /// # Errors
    ///
    /// Says that there is no such group, with the nearest name.
    pub(crate) fn find_group(&self, name: &str) -> Result<Arc<str>, String> {
        if let Some(group) = self.groups.iter().find(|group| group.name == name) {
            return Ok(Arc::from(&*group.name));
        }
        let near = did_you_mean(name, self.groups.iter().map(|group| &*group.name));
        Err(format!("there is no group `{name}`{near}"))
    }

    fn join_group(&self, task: &mut TaskBuilder) -> Result<(), Problem> {
        let Some(wanted) = task.group_name() else {
            return Ok(());
        };
        if let Some(group) = self.groups.iter().find(|group| group.name == wanted) {
            group.apply(task);
            return Ok(());
        }
        let near = did_you_mean(wanted, self.groups.iter().map(|group| &*group.name));
        let help = if near.is_empty() {
            format!("; add it to the app with `app.group(Group::new(\"{wanted}\"))`")
        } else {
            near
        };
        let message = format!("task `{}`: there is no group `{wanted}`{help}", task.name);
        Err(Problem {
            message,
            location: Some(task.location),
        })
    }

    /// Gives a task what it has in common with its group, and sets the options that neither sets.
    ///
    /// # Errors
    ///
    /// There is no such group.
    pub(crate) fn complete(&self, task: &mut TaskBuilder) -> Result<(), Problem> {
        self.join_group(task)?;
        self.defaults.apply(task);
        Ok(())
    }

    /// Compiles a task. The scope knows its name already: `name` is the same.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the task.
    pub(crate) fn compile(
        &self,
        mut task: TaskBuilder,
        name: Arc<str>,
        scope: &NameScope<'_>,
    ) -> Result<TaskEntry, Vec<Problem>> {
        task.params.conceal(&self.secrets);
        let mut rare = task.take_rare();
        let mut problems = std::mem::take(&mut rare.problems);
        let Some(handler) = task.handler.take() else {
            problems.push(no_function(&task));
            return Err(problems);
        };
        problems.extend(self.mistakes(&task, &handler, scope));
        let (start, end) = (task.start.take(), rare.end.take());
        let mut compiled = |which, condition: Option<Condition>| {
            let compiled = self.statement_of(&task, which, condition?, rare.allowed, scope);
            compiled.map_err(|mistakes| problems.extend(mistakes)).ok()
        };
        let (start, end) = (compiled("start", start), compiled("end", end));
        problems.extend(can_not_catch_up(&task, rare.catch_up, start.as_deref()));
        let execution = task.execution.unwrap_or(default_execution(&handler));
        problems.extend(lane_mistake(&task, rare.lane.as_deref(), execution));
        let named = pools(&task, rare.pool.as_deref(), execution, scope);
        let pools = named.map_err(|mistake| problems.push(mistake));
        if !problems.is_empty() {
            return Err(problems);
        }
        let waits = task.first_run.unwrap_or(self.first_run) == FirstRun::Wait;
        let rare = RareOptions {
            end,
            waits_since: waits.then_some(scope.now),
            on_crash: rare.on_crash.unwrap_or(self.on_crash),
            pools: pools.unwrap_or_default(),
            catch_up: rare.catch_up.or(self.defaults.catch_up),
            ..rare_options(rare)
        };
        Ok(self.entry(task, name, handler, execution, start, rare))
    }

    /// A task that is compiled.
    fn entry(
        &self,
        task: TaskBuilder,
        name: Arc<str>,
        handler: Handler,
        execution: Execution,
        start: Option<Arc<Statement>>,
        rare: RareOptions,
    ) -> TaskEntry {
        let max_running = if task.multilaunch {
            u32::MAX
        } else {
            task.max_running.unwrap_or(1).max(1)
        };
        let spec = Spec {
            name,
            handler,
            execution,
            start,
            timeout: task.timeout.unwrap_or(self.timeout),
            on_startup: task.on_startup,
            on_shutdown: task.on_shutdown,
            permanent: task.permanent,
            max_running,
            unique: task.unique,
            overlap: task.overlap.unwrap_or_default(),
            zone: task.zone.unwrap_or(self.zone),
            place: Locked::new(&self.locations).add(task.location),
            params: task.params,
            rare: Rare::from(rare),
        };
        TaskEntry::new(spec, task.priority.unwrap_or_default(), task.disabled)
    }

    /// Returns what is wrong with a task apart from its statements, including plain values that no run can take.
    fn mistakes(&self, task: &TaskBuilder, handler: &Handler, scope: &NameScope<'_>) -> Vec<Problem> {
        let mut mistakes = mistakes(task, handler, &self.app_only, scope);
        if handler.specs().is_empty() && task.params.is_empty() {
            return mistakes;
        }
        let given = Supply {
            own: Some(&task.params),
            session: scope.params,
            secrets: &self.secrets,
        };
        mistakes.extend(given.misfits(&format!("task `{}`", task.name), handler.specs()));
        mistakes.extend(given.misfits_behind("parameter", &task.params));
        mistakes
    }

    /// What keeps a function from running there.
    pub(crate) fn misplaced(
        &self,
        task: &str,
        place: Location,
        execution: Execution,
        handler: &Handler,
    ) -> Vec<Problem> {
        misplaced(task, place, Some(execution), handler, &self.app_only)
    }

    /// The mistakes in the start conditions of groups without a task. Those of other groups are reported with their tasks.
    pub(crate) fn check_groups(
        &self,
        scope: &NameScope<'_>,
        has_task: impl Fn(&str) -> bool,
    ) -> Vec<Problem> {
        let without = self.groups.iter().filter(|group| !has_task(&group.name));
        let wrong = without.filter_map(|group| {
            self.statement(
                format_args!("start condition of group `{}`", group.name),
                group.start.clone()?,
                Some(group.location),
                Lints::NONE,
                scope,
            )
            .err()
        });
        wrong.flatten().collect()
    }

    fn statement_of(
        &self,
        task: &TaskBuilder,
        which: &str,
        condition: Condition,
        allowed: Lints,
        scope: &NameScope<'_>,
    ) -> Result<Arc<Statement>, Vec<Problem>> {
        let what = format_args!("{which} condition of task `{}`", task.name);
        self.statement(what, condition, Some(task.location), allowed, scope)
    }

    /// Compiles a statement.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it; `what` says what it is for. That it is never true may be allowed.
    pub(crate) fn statement(
        &self,
        what: fmt::Arguments<'_>,
        condition: Condition,
        location: Option<Location>,
        allowed: Lints,
        scope: &NameScope<'_>,
    ) -> Result<Arc<Statement>, Vec<Problem>> {
        if let Some(known) = self.statements().get(condition.form()) {
            return Ok(known);
        }
        let placed = |problem: Problem| Problem {
            message: format!("{what}: {}", problem.message),
            location: problem.location.or(location),
        };
        let all = |problems: Vec<Problem>| problems.into_iter().map(placed).collect::<Vec<_>>();
        let plan = self.plan(&condition, scope).map_err(all)?;
        let contradiction = contradiction(&condition);
        let is_allowed = self.allowed.and(allowed).contains(Lint::NeverTrue);
        let statement = Arc::new(Statement { condition, plan });
        match contradiction {
            Some(problem) if !is_allowed => return Err(all(vec![problem])),
            // Other tasks may not have it.
            Some(_) => {}
            None => self.statements().insert(statement.clone()),
        }
        Ok(statement)
    }

    /// The plan of a condition.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub(crate) fn plan(&self, condition: &Condition, scope: &NameScope<'_>) -> Result<Plan, Vec<Problem>> {
        let (phrases, calendars) = (&self.phrases, &self.calendars);
        let resolver = Resolver {
            scope,
            phrases,
            calendars,
        };
        let expr = condition.expr();
        let plan = Plan::compile(&expr, &resolver)?;
        let given = Supply::by_session(scope.params, &self.secrets);
        let mut problems = Vec::new();
        for call in plan.customs() {
            problems.extend(missing_of_call(call, scope).map(|message| Problem {
                message,
                location: None,
            }));
            problems.extend(given.misfits(&format!("condition `{call}`"), call.specs()));
        }
        if problems.is_empty() {
            Ok(plan)
        } else {
            Err(problems)
        }
    }

    fn statements(&self) -> Locked<'_, CompiledStatements> {
        Locked::new(&self.statements)
    }

    /// Forgets the compiled statements: because a name means another task from now on, or because all tasks have theirs.
    pub(crate) fn forget_statements(&self) {
        *self.statements() = CompiledStatements::default();
    }
}

/// Returns the parts of a condition that contradict each other.
pub(crate) fn contradiction(condition: &Condition) -> Option<Problem> {
    let contradiction = unlabelled(condition.expr().into_owned()).contradiction()?;
    Some(Problem {
        message: contradiction.to_string(),
        location: None,
    })
}

/// The options that few tasks set, as far as they need not be compiled.
fn rare_options(rare: Declared) -> RareOptions {
    RareOptions {
        more_attempts: rare.more_attempts(),
        description: rare.description.map(|text| text.into_owned().into()),
        group: rare.group.map(|name| name.into_owned().into()),
        lane: rare.lane.map(|name| name.into_owned().into()),
        jitter: rare.jitter.unwrap_or_default(),
        run_id: rare.run_id,
        of_app: rare.of_app,
        allowed: rare.allowed,
        ..RareOptions::default()
    }
}

/// The pools in which the task's runs need room, if it names one.
fn pools(
    task: &TaskBuilder,
    pool: Option<&str>,
    execution: Execution,
    scope: &NameScope<'_>,
) -> Result<Vec<PoolId>, Problem> {
    let Some(pool) = pool else {
        return Ok(Vec::new());
    };
    let named = (scope.pool)(pool).map_err(|mistake| Problem {
        message: format!("task `{}`: {mistake}", task.name),
        location: Some(task.location),
    })?;
    Ok([named].into_iter().chain(PoolId::of(execution)).collect())
}
