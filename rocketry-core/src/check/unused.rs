//! Custom conditions that no task uses, and parameters that nothing takes.

use std::any::type_name;
use std::collections::BTreeSet;

use rocketry_syntax::Lint;
use rocketry_syntax::ast::CondExpr;

use super::finding::{Finding, Place};
use super::tasks::Checked;
use crate::cond::{CondCall, KnownCond};
use crate::error::Location;
use crate::hooks::{Ended, Side};
use crate::param::{Dependency, ParamSpec, Params, RunId, TerminationFlag};
use crate::session::{Due, Now, Session};

/// Custom conditions that occur in no statement of the app.
pub(super) fn conditions(session: &Session, tasks: &[Checked]) -> Vec<Finding> {
    let compiler = &session.0.compiler;
    let mut unused: Vec<&KnownCond> = compiler
        .conditions()
        .filter(|cond| is_of_app(cond, tasks))
        .collect();
    let mut note = |call: &CondCall| unused.retain(|cond| !cond.is_called_by(call));
    let statements = tasks.iter().flat_map(|task| task.spec.statements());
    for call in statements.flat_map(|statement| statement.plan.customs()) {
        note(call);
    }
    compiler.for_each_call_of_groups(&mut note);
    unused.into_iter().map(unused_condition).collect()
}

/// Returns true if a condition is declared in a crate that also declares tasks. Other crates may offer
/// conditions to many apps.
fn is_of_app(cond: &KnownCond, tasks: &[Checked]) -> bool {
    match cond {
        KnownCond::ByHand(_) => true,
        KnownCond::Declared(def) => {
            let of_crate = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
            let home = of_crate(def.location.module);
            let mut modules = tasks.iter().filter_map(|task| task.module);
            modules.any(|module| of_crate(module) == home)
        }
    }
}

fn unused_condition(cond: &KnownCond) -> Finding {
    let message = match cond.phrase() {
        Some(phrase) => format!("no task uses the condition \"{phrase}\""),
        None => format!("no task uses the condition `{}`", cond.name()),
    };
    let help = "use it in a start condition, or remove it";
    placed(
        Finding::new(Lint::UnusedCondition, message, help),
        cond.location(),
    )
}

/// Parameters that no function takes and no statement mentions.
pub(super) fn parameters(session: &Session, tasks: &[Checked]) -> Vec<Finding> {
    let params = session.lent_params();
    let mut taken = Taken::default();
    for task in tasks {
        taken.add_task(task);
    }
    taken.add_specs(session.0.hooks.specs());
    taken.add_params(&params);
    let mut findings: Vec<Finding> = tasks.iter().flat_map(|task| of_task(task, &taken)).collect();
    if !taken.anything {
        let unused = params.iter().filter(|(key, _)| !taken.keys.contains(*key));
        findings.extend(unused.map(|(key, entry)| {
            let message = format!("nothing takes the session parameter `{key}`");
            let help = format!("take it as a parameter `{key}` of a function, or remove it");
            placed(
                Finding::new(Lint::UnusedParameter, message, help),
                entry.location(),
            )
        }));
    }
    findings
}

/// Parameters that are declared with a task whose function does not take them.
fn of_task(task: &Checked, taken: &Taken) -> Vec<Finding> {
    let spec = &task.spec;
    let own = spec.params.iter().filter(|(_, entry)| {
        let place = entry.location().map(Place::from);
        place.is_some() && place == task.place
    });
    if spec.handler.takes_all() || spec.handler.specs().iter().any(sees_everything) {
        return Vec::new();
    }
    let unused = own.filter(|(key, _)| {
        let is_its = spec.handler.specs().iter().any(|spec| spec.name == *key);
        !is_its && !taken.inner.contains(*key)
    });
    let named: Vec<&str> = spec.handler.specs().iter().map(|spec| &*spec.name).collect();
    let finding = |key: &str| {
        let near = crate::error::did_you_mean(key, named.iter().copied());
        let message = format!("the function of `{}` takes no parameter `{key}`{near}", spec.name);
        task.own(Finding::new(
            Lint::UnusedParameter,
            message,
            "add the parameter to the function, or remove it here",
        ))
    };
    unused.map(|(key, _)| finding(key)).collect()
}

fn placed(finding: Finding, place: Option<Location>) -> Finding {
    Finding {
        place: place.map(Place::from),
        ..finding
    }
}

/// The names that functions and statements request.
#[derive(Default)]
struct Taken {
    keys: BTreeSet<String>,
    /// Names that functions behind parameters request, which a task may supply.
    inner: BTreeSet<String>,
    /// Whether something may request any name.
    anything: bool,
}

impl Taken {
    fn add_task(&mut self, task: &Checked) {
        let handler = &task.spec.handler;
        self.anything |= handler.takes_all() && handler.as_command().is_none();
        self.add_specs(handler.specs());
        self.add_params(&task.spec.params);
        for statement in task.spec.statements() {
            for call in statement.plan.customs() {
                self.add_specs(call.specs());
            }
            statement.condition.expr().for_each_leaf(&mut |leaf| match leaf {
                CondExpr::Env(_) => self.add("env"),
                CondExpr::ParamExists(name) | CondExpr::ParamIs { name, .. } => self.add(name),
                _ => {}
            });
        }
    }

    fn add_specs<'s>(&mut self, specs: impl IntoIterator<Item = &'s ParamSpec>) {
        for spec in specs {
            self.anything |= sees_everything(spec);
            self.add_all(&spec.depends());
        }
    }

    fn add_params(&mut self, params: &Params) {
        for (_, entry) in params.iter() {
            self.add_all(&entry.depends());
        }
    }

    fn add_all(&mut self, depends: &[Dependency]) {
        for dependency in depends {
            match dependency {
                Dependency::Param { key, .. } => self.add(key),
                Dependency::Own { name, otherwise } => {
                    self.inner.insert(name.to_string());
                    self.add(name);
                    self.add_all(otherwise);
                }
                Dependency::Task(_) => {}
            }
        }
    }

    fn add(&mut self, key: &str) {
        self.keys.insert(key.to_owned());
    }
}

/// Returns true if a parameter of a function is a handle through which it may read any parameter, as far as
/// is known.
fn sees_everything(spec: &ParamSpec) -> bool {
    let blind = [
        type_name::<Now>(),
        type_name::<Due>(),
        type_name::<RunId>(),
        type_name::<TerminationFlag>(),
        type_name::<Params>(),
        type_name::<Ended>(),
        type_name::<Side>(),
    ];
    spec.extracts && !blind.contains(&spec.type_name)
}
