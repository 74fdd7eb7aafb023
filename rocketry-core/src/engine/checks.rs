//! Finds mistakes in the definition of a task apart from its statements.

use super::name_scope::NameScope;
use super::naming;
use super::spec::Statement;
use crate::cond::CondCall;
use crate::error::{Location, Problem};
use crate::group::Group;
use crate::param::{Dependency, cycles, graph};
use crate::task::{CatchUp, Execution, Handler, Overlap, TaskBuilder};

/// The types of parameters that exist only in the process of the app: the handles to it.
pub(crate) type AppOnly = [&'static str; 2];

/// Every mistake of a task.
pub(super) fn mistakes(
    task: &TaskBuilder,
    handler: &Handler,
    app_only: &AppOnly,
    scope: &NameScope<'_>,
) -> Vec<Problem> {
    let mut problems = missing_parameters(task, handler, scope);
    problems.extend(misplaced(
        &task.name,
        task.location,
        task.execution,
        handler,
        app_only,
    ));
    problems.extend(contradiction(task));
    problems.extend(naming::of_task(&task.name, task.location));
    let owner = format_args!("task `{}`", task.name);
    problems.extend(naming::of_params(owner, &task.params, Some(task.location)));
    problems
}

/// The parameters that no run of the task can get.
fn missing_parameters(task: &TaskBuilder, handler: &Handler, scope: &NameScope<'_>) -> Vec<Problem> {
    if handler.specs().is_empty() && task.params.is_empty() {
        return Vec::new();
    }
    // A task that only runs on request may get the parameter with the request.
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
    let in_circle = cycles::of_task(&task.name, &task.params, scope.params, task.location);
    of_signature.chain(of_task).chain(in_circle).collect()
}

/// An option that another one makes meaningless.
fn contradiction(task: &TaskBuilder) -> Option<Problem> {
    let overlap = task.overlap.filter(|overlap| *overlap != Overlap::Skip)?;
    task.multilaunch.then(|| Problem {
        message: format!(
            "task `{}`: `overlap` = `{overlap}` never applies, because `multilaunch` lets it start however many runs are under way",
            task.name
        ),
        location: Some(task.location),
    })
}

/// Why the starts that a task misses can't be caught up on.
pub(super) fn can_not_catch_up(
    task: &TaskBuilder,
    policy: Option<CatchUp>,
    start: Option<&Statement>,
) -> Option<Problem> {
    let policy = policy.filter(|policy| *policy != CatchUp::None)?;
    let start = start.filter(|start| !start.plan.is_foreseeable())?;
    let message = format!(
        "task `{}`: with `catch_up` = `{policy}`, the start condition depends on time and the task's own past alone, because \
         nothing else is known of the time when the app did not run; `{}` depends on more",
        task.name, start.condition
    );
    Some(Problem {
        message,
        location: Some(task.location),
    })
}

/// What can't run where the task is to run.
pub(super) fn misplaced(
    task: &str,
    place: Location,
    execution: Option<Execution>,
    handler: &Handler,
    app_only: &AppOnly,
) -> Vec<Problem> {
    let in_process = execution == Some(Execution::Process);
    if !in_process && handler.as_command().is_none() {
        return Vec::new();
    }
    let problem = |message: String, location: Location| Problem {
        message: format!("task `{task}`: {message}"),
        location: Some(location),
    };
    let mut problems = Vec::new();
    if let Some(command) = handler.as_command() {
        problems.extend(command.mistake());
        if !in_process {
            problems.push("a command is always a process of its own".to_owned());
        }
    }
    if in_process && cfg!(not(unix)) {
        problems.push("a process of its own needs a Unix system".to_owned());
    }
    let of_task = problems.into_iter().map(|message| problem(message, place));
    let specs = handler.specs().iter();
    let left_behind = specs.filter(|spec| in_process && app_only.contains(&spec.type_name));
    let of_specs = left_behind.map(|spec| {
        let (name, kind) = (&spec.name, spec.type_name);
        let message =
            format!("parameter `{name}`: a run in a process has no `{kind}`, since the app is in another");
        problem(message, spec.location)
    });
    of_task.chain(of_specs).collect()
}

/// What is missing for a custom condition of a statement, if anything is.
pub(super) fn missing_of_call(call: &CondCall, scope: &NameScope<'_>) -> Option<String> {
    Some(format!(
        "condition `{call}`: {}",
        missing(&call.depends(), &|_| false, scope)?
    ))
}

fn missing(depends: &[Dependency], given: &dyn Fn(&str) -> bool, scope: &NameScope<'_>) -> Option<String> {
    graph::missing(scope.params, depends, given, &|task| (scope.task)(task).err())
}

/// Two groups of one name.
pub(super) fn groups_named_twice(groups: &[Group]) -> impl Iterator<Item = Problem> {
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

/// A task without a function.
pub(super) fn no_function(task: &TaskBuilder) -> Problem {
    Problem {
        message: format!("task `{}` has no function", task.name),
        location: Some(task.location),
    }
}

/// Returns where a function runs by default.
pub(super) fn default_execution(handler: &Handler) -> Execution {
    if handler.is_async() {
        Execution::Async
    } else {
        Execution::Thread
    }
}
