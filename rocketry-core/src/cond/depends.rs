//! The dependencies of a condition other than time.

use rocketry_syntax::ast::{Basis, Count, Delta};

use super::observe::ends;
use super::occurrence::{INSTANT, counts_by_period};
use super::plan::{Node, Plan, Who, actions};
use crate::log::{Action, Series};
use crate::task_id::TaskId;
use crate::time::Period;

/// The dependencies of a condition. When one of them changes, the condition is evaluated again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// The tasks whose runs the condition refers to, always including the owner.
    pub tasks: Vec<TaskId>,
    /// The subset of the tasks whose starts matter, not only the ends of their runs.
    pub starts: Vec<TaskId>,
    /// Whether the condition refers to session parameters.
    pub params: bool,
    /// Whether the condition refers to the cycles of the scheduler.
    pub cycles: bool,
    /// Whether the condition has to be evaluated at an interval.
    pub polled: bool,
}

/// The part of a task's past that a condition needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The task; `None` is the owner.
    pub task: Option<TaskId>,
    /// The instants.
    pub series: Series,
    /// The length of the past.
    pub horizon: Delta,
}

impl Plan {
    /// Returns the dependencies of the condition.
    pub fn depends(&self) -> Dependencies {
        Dependencies {
            polled: !self.customs.is_empty(),
            ..self.root.depends()
        }
    }

    /// Returns the parts of the past that have to be kept so that the condition can count actions.
    pub fn needs(&self) -> Vec<Need> {
        self.root.needs()
    }
}

fn need(task: Who, series: impl Into<Series>, period: &Period) -> Need {
    Need {
        task,
        series: series.into(),
        horizon: period.lookback(),
    }
}

/// Returns the failures that use up an occurrence: see [`counts_by_period`](super::occurrence::counts_by_period).
fn failures(period: &Period) -> Series {
    if counts_by_period(period) {
        Series::Failures
    } else {
        Series::Happened(Action::Fail)
    }
}

/// Returns whether the last instant is enough to decide: "was there one in the past two hours?"
fn is_plain(period: &Period, count: &Count) -> bool {
    let zero_or_not = count.0.is_empty();
    zero_or_not && period.sliding().is_some()
}

impl Node {
    /// Returns whether events of other tasks and of the app never affect the result.
    pub(super) fn is_alone(&self) -> bool {
        self.depends() == Dependencies::default()
    }

    pub(super) fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        self.visit(&mut |node| match node {
            Node::Once {
                who,
                period,
                basis: Basis::Finish,
                retries,
            } if *retries > 0 => {
                needs.push(need(*who, failures(period), period));
            }
            Node::After { outcome, task, delay } if !delay.is_zero() => {
                needs.extend(ends(*outcome).iter().map(|action| Need {
                    task: Some(*task),
                    series: Series::Delayed(*action),
                    // An end first has to wait for its delay, and then for the start.
                    horizon: Delta(delay.0.saturating_mul(2)),
                }));
                needs.push(Need {
                    task: None,
                    series: Series::LastStart,
                    horizon: INSTANT,
                });
            }
            Node::Status {
                who,
                event,
                within: Some(period),
                count,
            } if !is_plain(period, count) => {
                needs.extend(actions(*event).iter().map(|action| need(*who, *action, period)));
            }
            _ => {}
        });
        needs
    }

    fn depends(&self) -> Dependencies {
        let mut depends = Dependencies::default();
        self.visit(&mut |node| match node {
            Node::After { task, .. } => depends.tasks.push(*task),
            Node::Once { who, .. } | Node::Status { who, .. } | Node::Running { who, .. } => {
                depends.tasks.extend(*who);
                depends.starts.extend(*who);
            }
            Node::SchedulerCycles(_) => depends.cycles = true,
            Node::ParamExists(_) | Node::ParamIs { .. } => depends.params = true,
            _ => {}
        });
        for tasks in [&mut depends.tasks, &mut depends.starts] {
            tasks.sort_unstable();
            tasks.dedup();
        }
        depends
    }

    /// Whether a part of it retries failures.
    pub(super) fn retries(&self) -> bool {
        let mut retries = false;
        self.visit(&mut |node| retries |= matches!(node, Node::Retry(_)));
        retries
    }

    /// Whether a part of it waits for the end of a run of a task.
    pub(super) fn awaits(&self) -> bool {
        let mut awaits = false;
        self.visit(&mut |node| awaits |= matches!(node, Node::After { .. }));
        awaits
    }

    pub(super) fn visit(&self, visitor: &mut impl FnMut(&Node)) {
        visitor(self);
        match self {
            Node::All(members) | Node::Any(members) => {
                members.iter().for_each(|member| member.visit(visitor));
            }
            Node::Not(inner) => inner.visit(visitor),
            _ => {}
        }
    }
}
