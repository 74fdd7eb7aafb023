//! Tasks that follow others: those that follow a task that never starts, and dependency cycles.

use std::collections::{BTreeSet, HashMap};

use rocketry_syntax::Lint;
use rocketry_syntax::ast::{After, CondExpr, Quantifier};

use super::finding::Finding;
use super::tasks::{Checked, Start};
use crate::cond::Custom;

type Expr = CondExpr<Custom>;

/// Why a task never starts automatically.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Idle {
    /// It may start.
    No,
    NoCondition,
    Disabled,
    /// Its start condition is never true.
    NeverTrue,
    /// It follows tasks that never start.
    Waits,
}

/// The order of tasks: which task follows which.
struct Graph<'a> {
    tasks: &'a [Checked],
    find: &'a dyn Fn(&str) -> Option<usize>,
    idle: Vec<Idle>,
}

/// The findings about tasks that follow others, each with the index of its task. `find` returns the index of
/// a task by its name.
pub(super) fn findings(tasks: &[Checked], find: &dyn Fn(&str) -> Option<usize>) -> Vec<(usize, Finding)> {
    let mut graph = Graph {
        tasks,
        find,
        idle: tasks.iter().map(own_reason).collect(),
    };
    graph.settle();
    let mut findings = Vec::new();
    let mut reported = BTreeSet::new();
    for index in 0..tasks.len() {
        if graph.idle[index] != Idle::Waits {
            continue;
        }
        match graph.hopeless(index) {
            Some(finding) => findings.push((index, finding)),
            None => findings.extend(graph.circle(index, &mut reported)),
        }
    }
    findings
}

/// Why a task never starts, regardless of other tasks.
fn own_reason(task: &Checked) -> Idle {
    let begins_or_ends = task.spec.on_startup || task.spec.on_shutdown;
    let Some(start) = &task.start else {
        return if begins_or_ends {
            Idle::No
        } else {
            Idle::NoCondition
        };
    };
    if begins_or_ends {
        Idle::No
    } else if task.disabled {
        Idle::Disabled
    } else if is_never_true(start) {
        Idle::NeverTrue
    } else {
        // Until it is known that it may start.
        Idle::Waits
    }
}

fn is_never_true(start: &Start) -> bool {
    let mut findings = start.findings.iter();
    let is_found =
        findings.any(|finding| finding.lint == Lint::NeverTrue && finding.part.as_ref() == Some(&start.text));
    is_found || start.outlook.never.is_some() || matches!(start.expr, CondExpr::Constant(false))
}

impl Graph<'_> {
    /// Finds the tasks that may start, beginning with those that wait for no other task.
    fn settle(&mut self) {
        let mut dependents: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut open: Vec<usize> = (0..self.tasks.len())
            .filter(|index| self.idle[*index] == Idle::Waits)
            .collect();
        for index in &open {
            for after in self.afters(*index) {
                for other in after.tasks.iter().filter_map(|name| (self.find)(name)) {
                    dependents.entry(other).or_default().push(*index);
                }
            }
        }
        while let Some(index) = open.pop() {
            if self.idle[index] == Idle::Waits && self.may_start(index) {
                self.idle[index] = Idle::No;
                open.extend(dependents.get(&index).into_iter().flatten());
            }
        }
    }

    fn may_start(&self, index: usize) -> bool {
        let start = self.tasks[index].start.as_ref();
        start.is_none_or(|start| self.may_be_true(&start.expr))
    }

    /// Returns true if a condition may become true, given the tasks that may start.
    fn may_be_true(&self, expr: &Expr) -> bool {
        match expr {
            CondExpr::Constant(truth) => *truth,
            CondExpr::All(members) => members.iter().all(|member| self.may_be_true(member)),
            CondExpr::Any(members) => members.iter().any(|member| self.may_be_true(member)),
            CondExpr::After(after) => self.may_come(after),
            _ => true,
        }
    }

    fn may_come(&self, after: &After) -> bool {
        let mut each = after.tasks.iter().map(|name| (self.find)(name));
        let starts = |task: Option<usize>| task.is_some_and(|task| self.idle[task] == Idle::No);
        match after.quantifier {
            Quantifier::Any => each.any(starts),
            Quantifier::One | Quantifier::All => each.all(starts),
        }
    }

    /// The parts of a task's start condition that wait for other tasks.
    fn afters(&self, index: usize) -> Vec<&After> {
        let mut afters = Vec::new();
        if let Some(start) = &self.tasks[index].start {
            start.expr.for_each_leaf(&mut |leaf| {
                if let CondExpr::After(after) = leaf {
                    afters.push(after);
                }
            });
        }
        afters
    }

    /// The finding about a task that follows one that never starts.
    fn hopeless(&self, index: usize) -> Option<Finding> {
        let task = &self.tasks[index];
        for after in self
            .afters(index)
            .into_iter()
            .filter(|after| !self.may_come(after))
        {
            for name in &after.tasks {
                let (why, help) = match (self.find)(name).map(|other| self.idle[other]) {
                    Some(Idle::No | Idle::Waits) => continue,
                    None => (
                        "was removed from the app".to_owned(),
                        format!("leave `{name}` out"),
                    ),
                    Some(Idle::NoCondition) => (
                        "has no start condition, so it runs on request only".to_owned(),
                        format!(
                            "give `{name}` a start condition; if something requests its runs, allow this"
                        ),
                    ),
                    Some(Idle::Disabled) => (
                        "is disabled".to_owned(),
                        format!("enable `{name}`, or leave it out"),
                    ),
                    Some(Idle::NeverTrue) => (
                        "never starts: its start condition is never true".to_owned(),
                        format!("correct the start condition of `{name}`"),
                    ),
                };
                let message = format!("`{}` comes after `{name}`, which {why}", task.spec.name);
                let finding = Finding::new(Lint::AfterNever, message, help);
                return Some(task.own_start(
                    finding,
                    Some(CondExpr::<String>::After(after.clone()).to_string()),
                ));
            }
        }
        None
    }

    /// The cycle that a task leads to, unless it was already reported.
    fn circle(&self, from: usize, reported: &mut BTreeSet<usize>) -> Option<(usize, Finding)> {
        let mut path = vec![from];
        let (first, circle) = loop {
            let next = self.waits_for(*path.last()?)?;
            if let Some(place) = path.iter().position(|index| *index == next) {
                let circle = &path[place..];
                break (*circle.iter().min()?, circle.to_vec());
            }
            path.push(next);
        };
        if !reported.insert(first) {
            return None;
        }
        let start = circle.iter().position(|index| *index == first)?;
        let around = circle[start..].iter().chain(&circle[..start]).chain([&first]);
        let names: Vec<String> = around
            .map(|index| format!("`{}`", self.tasks[*index].spec.name))
            .collect();
        let message = format!(
            "{}: none of them ever starts by itself",
            if circle.len() == 1 {
                format!("{} comes after itself", names[0])
            } else {
                format!("tasks depend on each other in a cycle, {}", names.join(" after "))
            }
        );
        let task = &self.tasks[first];
        let after = self.blocking(first)?.to_string();
        let help = format!("let one of them also start by itself, such as `daily | {after}`");
        let finding = Finding::new(Lint::Circle, message, help);
        Some((first, task.own_start(finding, Some(after))))
    }

    /// The first part that prevents a task from starting.
    fn blocking(&self, index: usize) -> Option<CondExpr> {
        let blocking = self
            .afters(index)
            .into_iter()
            .find(|after| !self.may_come(after))?;
        Some(CondExpr::After(blocking.clone()))
    }

    /// The first task that prevents a task from starting, and itself waits for others.
    fn waits_for(&self, index: usize) -> Option<usize> {
        let blocking = self
            .afters(index)
            .into_iter()
            .filter(|after| !self.may_come(after));
        let mut names = blocking
            .flat_map(|after| &after.tasks)
            .filter_map(|name| (self.find)(name));
        names.find(|other| self.idle[*other] == Idle::Waits)
    }
}
