//! What a condition depends on besides time.

use rocketry_syntax::ast::{Basis, Count, Delta};

use super::observe::ends;
use super::plan::{Node, Plan, Who, actions};
use crate::log::Action;
use crate::task_id::TaskId;
use crate::time::Period;

/// What the truth of a condition depends on: whoever changes one of these has it looked at again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    /// Tasks whose runs it mentions; the owner itself is always one.
    pub tasks: Vec<TaskId>,
    /// Whether it mentions session parameters.
    pub params: bool,
    /// Whether it mentions the cycles of the scheduler.
    pub cycles: bool,
    /// Whether it has to be asked again on an interval.
    pub polled: bool,
}

/// How much of a task's past a condition looks back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Whose; `None` is the owner.
    pub task: Option<TaskId>,
    /// Which action.
    pub action: Action,
    /// How far back.
    pub horizon: Delta,
}

impl Plan {
    /// What the condition depends on.
    pub fn depends(&self) -> Dependencies {
        Dependencies {
            polled: !self.customs.is_empty(),
            ..self.root.depends()
        }
    }

    /// The instants that have to be kept so that the condition can count them.
    pub fn needs(&self) -> Vec<Need> {
        self.root.needs()
    }
}

fn need(task: Who, action: Action, period: &Period) -> Need {
    Need {
        task,
        action,
        horizon: period.lookback(),
    }
}

/// Whether the last instant alone tells: "was there one in the past two hours?"
fn is_plain(period: &Period, count: &Count) -> bool {
    let zero_or_not = count.0.is_empty();
    zero_or_not && period.sliding().is_some()
}

impl Node {
    /// Whether nothing that happens to others or to the app changes the truth.
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
                needs.push(need(*who, Action::Fail, period));
            }
            Node::After { outcome, task, delay } if !delay.is_zero() => {
                needs.extend(ends(*outcome).iter().map(|action| Need {
                    task: Some(*task),
                    action: *action,
                    // An end waits for its time to come, and then for the start.
                    horizon: Delta(delay.0.saturating_mul(2)),
                }));
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
            }
            Node::SchedulerCycles(_) => depends.cycles = true,
            Node::ParamExists(_) | Node::ParamIs { .. } => depends.params = true,
            _ => {}
        });
        depends.tasks.sort_unstable();
        depends.tasks.dedup();
        depends
    }

    fn visit(&self, visitor: &mut impl FnMut(&Node)) {
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
