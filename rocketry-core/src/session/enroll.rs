//! Makes tasks ready for an app: when it is built, and while it runs.

use std::any::type_name;
use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rocketry_syntax::ast::Delta;

use super::hooks::InitHook;
use super::pools::{PROCESSES, PoolId};
use super::state::{Entry, Rare, Rarities, Spec, Statement};
use super::{Config, Session, Task};
use crate::cond::{CondCall, Condition, Form, KnownCond, Phrases, Plan, Resolve, TaskId};
use crate::error::{Location, Problem, did_you_mean};
use crate::group::Group;
use crate::param::fit::Supply;
use crate::param::{Dependency, Params, circles, graph};
use crate::task::{Execution, FirstRun, Handler, Overlap, TaskBuilder};
use crate::time::{Timestamp, Zone};

/// What has to be known to make a task ready.
pub(crate) struct Enroller {
    phrases: Phrases,
    groups: Vec<Group>,
    /// What sees each task before it is built.
    inits: Vec<InitHook>,
    zone: Zone,
    timeout: Delta,
    first_run: FirstRun,
    /// The names of parameters whose values are shown nowhere.
    secrets: Vec<String>,
    /// Equal statements are made ready once and shared.
    statements: Mutex<HashSet<Ready>>,
}

/// A statement that was made ready, found by how it was written.
struct Ready(Arc<Statement>);

/// What names mean at the moment.
pub(crate) struct Scope<'a> {
    /// Finds a task, or says what is wrong with its name.
    pub(crate) task: &'a dyn Fn(&str) -> Result<TaskId, String>,
    /// The session's parameters.
    pub(crate) params: &'a Params,
    /// The present.
    pub(crate) now: Timestamp,
    /// Finds a pool, or says what is wrong with its name.
    pub(crate) pool: &'a dyn Fn(&str) -> Result<PoolId, String>,
}

impl Enroller {
    /// Reads the phrases of the custom conditions; gives back what is wrong with them besides.
    pub(crate) fn new(
        conds: &[KnownCond],
        groups: Vec<Group>,
        inits: Vec<InitHook>,
        config: &Config,
    ) -> (Self, Vec<Problem>) {
        let (phrases, mut problems) = Phrases::read(conds);
        problems.extend(groups_named_twice(&groups));
        let timeout = config.timeout.map_or(Delta(u64::MAX), Delta::from);
        (
            Enroller {
                phrases,
                groups,
                inits,
                zone: config.zone,
                timeout,
                first_run: config.first_run,
                secrets: config.secrets.clone(),
                statements: Mutex::default(),
            },
            problems,
        )
    }

    /// Lets the hooks change a task, and gives it what it has in common with its group.
    ///
    /// # Errors
    ///
    /// A hook has failed, or there is no such group.
    pub(crate) fn shape(&self, task: &mut TaskBuilder) -> Result<(), Problem> {
        self.inits.iter().try_for_each(|hook| hook.apply(task))?;
        self.join_group(task)
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
        let message = format!("task `{}`: there is no group `{wanted}`{near}", task.name);
        Err(Problem {
            message,
            location: Some(task.location),
        })
    }

    /// Makes a task ready, whose name is known to the scope already: `name` is the same.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the task.
    pub(crate) fn enroll(
        &self,
        mut task: TaskBuilder,
        name: Arc<str>,
        scope: &Scope<'_>,
    ) -> Result<Entry, Vec<Problem>> {
        task.params.conceal(&self.secrets);
        let mut rare = task.take_rare();
        let mut problems = std::mem::take(&mut rare.problems);
        let Some(handler) = task.handler.take() else {
            let message = format!("task `{}` has no function", task.name);
            problems.push(Problem {
                message,
                location: Some(task.location),
            });
            return Err(problems);
        };
        problems.extend(missing_parameters(&task, &handler, scope));
        problems.extend(self.misfits(&task, &handler, scope));
        problems.extend(misplaced(&task, &handler));
        problems.extend(contradiction(&task));
        let mut ready = |which: &str, condition: Option<Condition>| {
            let ready = self.statement(
                format_args!("{which} condition of task `{}`", task.name),
                condition?,
                Some(task.location),
                scope,
            );
            ready.map_err(|mistakes| problems.extend(mistakes)).ok()
        };
        let start = ready("start", task.start.take());
        let end = ready("end", rare.end.take());
        let pools = pools(&task, rare.pool.as_deref(), scope).unwrap_or_else(|problem| {
            problems.push(problem);
            Box::default()
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        let execution = if handler.is_async() {
            Execution::Async
        } else {
            Execution::Thread
        };
        let waits = task.first_run.unwrap_or(self.first_run) == FirstRun::Wait;
        let spec = Spec {
            name,
            handler,
            execution: task.execution.unwrap_or(execution),
            start,
            timeout: task.timeout.unwrap_or(self.timeout),
            on_startup: task.on_startup,
            on_shutdown: task.on_shutdown,
            permanent: task.permanent,
            max_running: if task.multilaunch {
                u32::MAX
            } else {
                task.max_running.unwrap_or(1).max(1)
            },
            unique: task.unique,
            overlap: task.overlap,
            zone: task.zone.unwrap_or(self.zone),
            params: task.params,
            rare: Rare::from(Rarities {
                description: rare.description.map(|text| text.into_owned().into()),
                end,
                waits_since: waits.then_some(scope.now),
                pools,
                jitter: rare.jitter,
                run_id: rare.run_id,
            }),
        };
        Ok(Entry::new(spec, task.priority, task.disabled))
    }

    /// The plain values that no run of the task can take.
    fn misfits(&self, task: &TaskBuilder, handler: &Handler, scope: &Scope<'_>) -> Vec<Problem> {
        if handler.specs().is_empty() && task.params.is_empty() {
            return Vec::new();
        }
        let given = Supply {
            own: Some(&task.params),
            session: scope.params,
            secrets: &self.secrets,
        };
        let mut misfits = given.misfits(&format!("task `{}`", task.name), handler.specs());
        misfits.extend(given.misfits_behind("parameter", &task.params));
        misfits
    }

    /// What is wrong with the start conditions of groups without a task; those of others are told with their tasks.
    pub(crate) fn check_groups(&self, scope: &Scope<'_>, has_task: impl Fn(&str) -> bool) -> Vec<Problem> {
        let without = self.groups.iter().filter(|group| !has_task(&group.name));
        let wrong = without.filter_map(|group| {
            self.statement(
                format_args!("start condition of group `{}`", group.name),
                group.start.clone()?,
                Some(group.location),
                scope,
            )
            .err()
        });
        wrong.flatten().collect()
    }

    /// Makes a statement ready.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it; `what` says what it is for.
    pub(crate) fn statement(
        &self,
        what: fmt::Arguments<'_>,
        condition: Condition,
        location: Option<Location>,
        scope: &Scope<'_>,
    ) -> Result<Arc<Statement>, Vec<Problem>> {
        if let Some(known) = self.statements().get(condition.form()) {
            return Ok(known.0.clone());
        }
        let placed = |problem: Problem| Problem {
            message: format!("{what}: {}", problem.message),
            location: problem.location.or(location),
        };
        let plan = self
            .plan(&condition, scope)
            .map_err(|problems| problems.into_iter().map(placed).collect::<Vec<_>>())?;
        let statement = Arc::new(Statement { condition, plan });
        self.statements().insert(Ready(statement.clone()));
        Ok(statement)
    }

    fn plan(&self, condition: &Condition, scope: &Scope<'_>) -> Result<Plan, Vec<Problem>> {
        let phrases = &self.phrases;
        let expr = condition.expr();
        let plan = Plan::compile(&expr, &Resolver { scope, phrases })?;
        if let Some(contradiction) = expr.contradiction() {
            return Err(vec![Problem {
                message: contradiction.to_string(),
                location: None,
            }]);
        }
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

    fn statements(&self) -> MutexGuard<'_, HashSet<Ready>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what statements mean. They may mean something else from now on, because a name does; or all tasks have
    /// theirs.
    pub(crate) fn forget_statements(&self) {
        *self.statements() = HashSet::new();
    }
}

impl Borrow<Form> for Ready {
    fn borrow(&self) -> &Form {
        self.0.condition.form()
    }
}

impl PartialEq for Ready {
    fn eq(&self, other: &Self) -> bool {
        Borrow::<Form>::borrow(self) == other.borrow()
    }
}

impl Eq for Ready {}

impl Hash for Ready {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.condition.form().hash(state);
    }
}

fn groups_named_twice(groups: &[Group]) -> impl Iterator<Item = Problem> {
    groups.iter().enumerate().filter_map(|(index, group)| {
        let first = groups[..index].iter().find(|first| first.name == group.name)?;
        let message = format!(
            "two groups are named `{}`; the first is declared at {}",
            group.name, first.location
        );
        Some(Problem {
            message,
            location: Some(group.location),
        })
    })
}

/// The parameters that no run of the task could have.
fn missing_parameters(task: &TaskBuilder, handler: &Handler, scope: &Scope<'_>) -> Vec<Problem> {
    // A task that only runs when told to may be told the parameter then.
    let told = task.start.is_none() && !task.on_startup && !task.on_shutdown;
    let given = |name: &str| task.params.get(name).is_some();
    let may_be_given = |name: &str| told || given(name);
    let needed = handler
        .specs()
        .iter()
        .filter(|spec| !given(&spec.name) && (!told || spec.has_source()));
    let of_signature = needed.filter_map(|spec| {
        let message = format!(
            "parameter `{}` of task `{}`: {}",
            spec.name,
            task.name,
            missing(&spec.depends(), &may_be_given, scope)?
        );
        Some(Problem {
            message,
            location: Some(spec.location),
        })
    });
    let of_task = task.params.iter().filter_map(|(key, entry)| {
        let message = format!(
            "parameter `{key}` of task `{}`: {}",
            task.name,
            missing(&entry.depends(), &may_be_given, scope)?
        );
        Some(Problem {
            message,
            location: entry.location().or(Some(task.location)),
        })
    });
    let in_circle = circles::of_task(&task.name, &task.params, scope.params, task.location);
    of_signature.chain(of_task).chain(in_circle).collect()
}

/// The pools in which the task's runs need room.
fn pools(task: &TaskBuilder, pool: Option<&str>, scope: &Scope<'_>) -> Result<Box<[PoolId]>, Problem> {
    let apart = (task.execution == Some(Execution::Process)).then_some(PROCESSES);
    let names = pool.into_iter().chain(apart);
    let found: Result<_, String> = names.map(scope.pool).collect();
    found.map_err(|mistake| Problem {
        message: format!("task `{}`: {mistake}", task.name),
        location: Some(task.location),
    })
}

/// A choice that another one leaves without meaning.
fn contradiction(task: &TaskBuilder) -> Option<Problem> {
    (task.multilaunch && task.overlap != Overlap::Skip).then(|| Problem {
        message: format!(
            "task `{}`: `overlap` = `{}` never applies, because `multilaunch` lets it start however many runs are under way",
            task.name, task.overlap
        ),
        location: Some(task.location),
    })
}

/// What can't run where the task is to run.
fn misplaced(task: &TaskBuilder, handler: &Handler) -> Vec<Problem> {
    let apart = task.execution == Some(Execution::Process);
    let problem = |message: String, location: Location| Problem {
        message: format!("task `{}`: {message}", task.name),
        location: Some(location),
    };
    let mut problems = Vec::new();
    if let Some(command) = handler.as_command() {
        problems.extend(command.mistake());
        if !apart {
            problems.push("a command is always a process of its own".to_owned());
        }
    }
    if apart && cfg!(not(unix)) {
        problems.push("a process of its own needs a Unix system".to_owned());
    }
    let of_task = problems
        .into_iter()
        .map(|message| problem(message, task.location));
    let elsewhere = [type_name::<Session>(), type_name::<Task>()];
    let specs = handler.specs().iter();
    let left_behind = specs.filter(|spec| apart && elsewhere.contains(&spec.type_name));
    let of_specs = left_behind.map(|spec| {
        let (name, kind) = (&spec.name, spec.type_name);
        let message =
            format!("parameter `{name}`: a process of its own has no `{kind}`, since the app is in another");
        problem(message, spec.location)
    });
    of_task.chain(of_specs).collect()
}

fn missing_of_call(call: &CondCall, scope: &Scope<'_>) -> Option<String> {
    Some(format!(
        "condition `{call}`: {}",
        missing(&call.depends(), &|_| false, scope)?
    ))
}

fn missing(depends: &[Dependency], given: &dyn Fn(&str) -> bool, scope: &Scope<'_>) -> Option<String> {
    graph::missing(scope.params, depends, given, &|task| (scope.task)(task).err())
}

/// Looks names up for statements.
struct Resolver<'a> {
    scope: &'a Scope<'a>,
    phrases: &'a Phrases,
}

impl Resolve for Resolver<'_> {
    fn task(&self, name: &str) -> Result<TaskId, String> {
        (self.scope.task)(name)
    }

    fn phrase(&self, text: &str) -> Result<Arc<CondCall>, String> {
        self.phrases.find(text)
    }

    fn is_made(&self, param: &str) -> bool {
        self.scope
            .params
            .get(param)
            .is_some_and(crate::param::Entry::is_made)
    }
}
