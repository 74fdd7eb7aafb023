//! The dependency graph of parameters. It finds missing values and cycles before anything runs.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::evaluation::{Dependency, Entry, Params};
use crate::error::{Problem, did_you_mean};

/// Finds cycles and missing dependencies among the parameters of a session; `unknown` returns the mistake in
/// the name of a task, if there is one.
pub(crate) fn check(params: &Params, unknown: &dyn Fn(&str) -> Option<String>) -> Vec<Problem> {
    let mut walk = Walk {
        params,
        unknown,
        state: BTreeMap::new(),
        path: Vec::new(),
        problems: Vec::new(),
    };
    for (key, entry) in params.iter() {
        walk.visit(key, entry);
    }
    walk.problems
}

/// Returns the missing dependency of a parameter, if there is one; `given` tells whether a run or its task supplies a
/// parameter, and `unknown` returns the mistake in the name of a task.
pub(crate) fn missing(
    params: &Params,
    depends: &[Dependency],
    given: &dyn Fn(&str) -> bool,
    unknown: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    depends.iter().find_map(|dependency| match dependency {
        Dependency::Param { key, required: true } if params.get(key).is_none() => {
            let near = did_you_mean(key, params.iter().map(|(name, _)| name));
            Some(format!("there is no session parameter `{key}`{near}"))
        }
        Dependency::Param { .. } => None,
        Dependency::Own { name, .. } if given(name) => None,
        Dependency::Own { otherwise, .. } => missing(params, otherwise, given, unknown),
        Dependency::Task(task) => unknown(task),
    })
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

struct Walk<'a> {
    params: &'a Params,
    unknown: &'a dyn Fn(&str) -> Option<String>,
    state: BTreeMap<Arc<str>, State>,
    path: Vec<(&'a str, &'a Entry)>,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, key: &'a str, entry: &'a Entry) {
        match self.state.get(key) {
            Some(State::Done) => return,
            Some(State::Open) => return self.circle(key),
            None => {}
        }
        self.state.insert(key.into(), State::Open);
        self.path.push((key, entry));
        let depends = entry.depends();
        if let Some(message) = missing(self.params, &depends, &|_| false, self.unknown) {
            let message = format!("session parameter `{key}`: {message}");
            self.problems.push(Problem {
                message,
                location: entry.location(),
            });
        }
        self.follow(&depends);
        self.path.pop();
        self.state.insert(key.into(), State::Done);
    }

    fn follow(&mut self, depends: &[Dependency]) {
        for dependency in depends {
            match dependency {
                Dependency::Param { key, .. } => {
                    if let Some((key, entry)) = self.params.find(key) {
                        self.visit(key, entry);
                    }
                }
                Dependency::Own { otherwise, .. } => self.follow(otherwise),
                Dependency::Task(_) => {}
            }
        }
    }

    fn circle(&mut self, key: &str) {
        let from = self.path.iter().position(|(name, _)| *name == key).unwrap_or(0);
        let names: Vec<&str> = self.path[from..]
            .iter()
            .map(|(name, _)| *name)
            .chain([key])
            .collect();
        let mut message = format!(
            "session parameters depend on each other in a cycle: {}",
            names.join(" → ")
        );
        for (name, entry) in &self.path[from..] {
            if let Some(location) = entry.location() {
                // Writing into a string cannot fail.
                let _ = write!(message, "\n  `{name}` is declared at {location}");
            }
        }
        let location = self.path.get(from).and_then(|(_, entry)| entry.location());
        self.problems.push(Problem { message, location });
    }
}
