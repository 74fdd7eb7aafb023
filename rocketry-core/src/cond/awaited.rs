//! The ends of runs that a condition waits for.

use super::facts::Observation;
use super::observe::ends;
use super::plan::{Node, Plan};
use crate::log::Action;
use crate::task_id::TaskId;
use crate::time::Timestamp;

impl Plan {
    /// Returns whether the condition waits for the end of a run of a task.
    pub(crate) fn awaits(&self) -> bool {
        self.awaits
    }

    /// Visits the ends of runs that make parts of the condition true: the task, the accepted outcomes, and
    /// until when.
    pub(crate) fn visit_awaited(
        &self,
        seen: &Observation<'_>,
        visitor: &mut impl FnMut(TaskId, &'static [Action], Timestamp),
    ) {
        self.root.visit_awaited(seen, visitor);
    }
}

impl Node {
    fn visit_awaited(
        &self,
        seen: &Observation<'_>,
        visitor: &mut impl FnMut(TaskId, &'static [Action], Timestamp),
    ) {
        match self {
            Node::All(members) | Node::Any(members) => {
                members
                    .iter()
                    .for_each(|member| member.visit_awaited(seen, visitor));
            }
            Node::After { outcome, task, delay } if self.observe(seen).is_true() => {
                visitor(*task, ends(*outcome), seen.now.saturating_sub(*delay));
            }
            _ => {}
        }
    }
}
