//! The parameters that a run of a task accepts.

use std::collections::BTreeSet;

use super::Task;
use crate::drops::Lent;
use crate::engine::spec::Spec;
use crate::error::{Error, Kind, Problem, Result, nearest};
use crate::param::type_check::Supply;
use crate::param::{Dependency, Entry, ParamSpec, Params};
use crate::task::CommandLine;

impl Task {
    /// Checks that a run accepts parameters: that the task uses each of them, and that their values fit the
    /// types. A command accepts the parameters that its definition names: see
    /// [`takes`](crate::TaskBuilder::takes). Code from a file accepts every parameter.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task, func, params};
    ///
    /// let import = Task::func("import", func!(|day: String, limit: u32| async move {}));
    /// let app = Rocketry::builder().task(import.parameter("day", "today".to_owned()).parameter("limit", 10_u32));
    /// let import = app.build()?.session().task("import")?;
    /// assert!(import.check_params(&params! { limit = 20_u32 }).is_ok());
    /// let mistake = import.check_params(&params! { limt = 20_u32 }).unwrap_err();
    /// assert_eq!(
    ///     mistake.to_string(),
    ///     "task `import` takes no parameter `limt`; did you mean `limit`? It takes `day`, `limit`",
    /// );
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_parameter`] is true if the task does not accept a parameter; the message contains the most
    /// similar name.
    pub fn check_params(&self, params: &Params) -> Result<()> {
        let spec = self.read(|entry| Lent::new(entry.spec.clone()));
        let mut problems = Vec::new();
        if let Some(accepted) = accepted(&spec, &self.session().lent_params()) {
            let unknown = params.iter().filter(|(name, _)| !accepted.contains(*name));
            problems.extend(unknown.map(|(name, _)| refused(&spec.name, name, &accepted)));
        }
        let given = Supply {
            own: Some(params),
            session: &Params::new(),
            secrets: &self.session().config().secrets,
        };
        problems.extend(given.misfits(&format!("task `{}`", spec.name), spec.handler.specs()));
        if problems.is_empty() {
            return Ok(());
        }
        Err(Error::build(Kind::Parameter, problems))
    }
}

/// The parameter names that a run of a task accepts; `None` if it accepts all.
fn accepted(spec: &Spec, session: &Params) -> Option<BTreeSet<String>> {
    let command = spec.handler.as_command();
    if command.is_none() && spec.handler.takes_all() {
        return None;
    }
    let specs = spec.handler.specs();
    let mut names: BTreeSet<String> = spec.params.iter().map(|(name, _)| name.to_owned()).collect();
    names.extend(specs.iter().map(|spec| spec.name.to_string()));
    names.extend(command.into_iter().flat_map(CommandLine::takes).cloned());
    let mut seen = BTreeSet::new();
    for dependency in specs.iter().flat_map(ParamSpec::depends) {
        follow(&dependency, session, &mut names, &mut seen);
    }
    Some(names)
}

/// Adds the parameters of the functions behind a dependency, because a run can supply these as well.
fn follow(
    dependency: &Dependency,
    session: &Params,
    names: &mut BTreeSet<String>,
    seen: &mut BTreeSet<String>,
) {
    let behind = match dependency {
        Dependency::Own { name, otherwise } => {
            names.insert(name.to_string());
            otherwise.clone()
        }
        Dependency::Param { key, .. } if seen.insert(key.to_string()) => {
            session.get(key).map_or_else(Vec::new, Entry::depends)
        }
        Dependency::Param { .. } | Dependency::Task(_) => return,
    };
    for dependency in &behind {
        follow(dependency, session, names, seen);
    }
}

fn refused(task: &str, name: &str, accepted: &BTreeSet<String>) -> Problem {
    let near = nearest(name, accepted.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let takes: Vec<String> = accepted.iter().map(|name| format!("`{name}`")).collect();
    let takes = match (takes.is_empty(), near.is_empty()) {
        (true, _) => "; it takes none".to_owned(),
        (_, true) => format!("; it takes {}", takes.join(", ")),
        (_, false) => format!(" It takes {}", takes.join(", ")),
    };
    Problem {
        message: format!("task `{task}` takes no parameter `{name}`{near}{takes}"),
        location: None,
    }
}
