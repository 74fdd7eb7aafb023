//! Dependency cycles through the parameters of a task.
//!
//! The function of a session parameter has parameters of its own, which the task can supply within a run. So
//! parameters without a cycle in the session can form a cycle in a task.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::evaluation::{Dependency, Entry, Params};
use crate::error::{Location, Problem};

/// Finds cycles among the parameters of a task and of the session. `place` is the place of the task.
pub(crate) fn of_task(task: &str, own: &Params, session: &Params, place: Location) -> Vec<Problem> {
    let mut walk = Walk {
        task,
        own,
        session,
        place,
        open: BTreeMap::new(),
        path: Vec::new(),
        problems: Vec::new(),
    };
    for (key, entry) in own.iter() {
        walk.visit((Level::Task, key), entry);
    }
    walk.problems
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Task,
    Session,
}

/// A parameter on the current path.
type Node<'a> = (Level, &'a str);

struct Walk<'a> {
    task: &'a str,
    own: &'a Params,
    session: &'a Params,
    place: Location,
    /// The parameters that were visited, and whether they are on the path.
    open: BTreeMap<Node<'a>, bool>,
    path: Vec<(Node<'a>, &'a Entry)>,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, node: Node<'a>, entry: &'a Entry) {
        match self.open.get(&node) {
            Some(true) => return self.circle(node),
            Some(false) => return,
            None => {}
        }
        self.open.insert(node, true);
        self.path.push((node, entry));
        self.follow(&entry.depends());
        self.path.pop();
        self.open.insert(node, false);
    }

    fn follow(&mut self, depends: &[Dependency]) {
        for dependency in depends {
            match dependency {
                Dependency::Param { key, .. } => {
                    if let Some((key, entry)) = self.session.find(key) {
                        self.visit((Level::Session, key), entry);
                    }
                }
                Dependency::Own { name, otherwise } => match self.own.find(name) {
                    Some((name, entry)) => self.visit((Level::Task, name), entry),
                    None => self.follow(otherwise),
                },
                Dependency::Task(_) => {}
            }
        }
    }

    /// Reports a cycle, unless it is within the session, where it is already reported.
    fn circle(&mut self, node: Node<'a>) {
        let from = self
            .path
            .iter()
            .position(|(known, _)| *known == node)
            .unwrap_or(0);
        let circle = &self.path[from..];
        if circle.iter().all(|((level, _), _)| *level == Level::Session) {
            return;
        }
        let names: Vec<&str> = circle
            .iter()
            .map(|((_, name), _)| *name)
            .chain([node.1])
            .collect();
        let mut message = format!(
            "parameters of task `{}` depend on each other in a cycle: {}",
            self.task,
            names.join(" → ")
        );
        for ((level, name), entry) in circle {
            let (of, place) = match level {
                Level::Task => (
                    format!(" of task `{}`", self.task),
                    entry.location().or(Some(self.place)),
                ),
                Level::Session => (" of the session".to_owned(), entry.location()),
            };
            if let Some(place) = place {
                // Writing into a string cannot fail.
                let _ = write!(message, "\n  `{name}`{of} is declared at {place}");
            }
        }
        self.problems.push(Problem {
            message,
            location: Some(self.place),
        });
    }
}
