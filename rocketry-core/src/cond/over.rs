//! Whether a condition can become true again.

use super::facts::Observation;
use super::plan::{Node, Plan};
use crate::log::Action;
use crate::time::{Period, Timestamp};

impl Plan {
    /// Returns whether the condition is used up: neither time nor runs of tasks can make it true again.
    ///
    /// A condition that was never true, such as `false`, is not used up.
    pub(crate) fn is_over(&self, seen: &Observation<'_>) -> bool {
        self.root.is_over(seen)
    }
}

impl Node {
    fn is_over(&self, seen: &Observation<'_>) -> bool {
        match self {
            Node::AtMostRuns(runs) => seen.history(None).total(Action::Run) >= *runs,
            Node::All(members) => members.iter().any(|member| member.is_over(seen)),
            Node::Any(members) => !members.is_empty() && members.iter().all(|member| member.is_over(seen)),
            Node::Not(inner) => {
                matches!(&**inner, Node::TimeOf(period) if ends(period)) && inner.is_settled(seen, true)
            }
            Node::TimeOf(period)
            | Node::Once {
                who: None, period, ..
            } => ends(period) && self.is_settled(seen, false),
            _ => false,
        }
    }

    /// Returns whether time alone can no longer change the result.
    fn is_settled(&self, seen: &Observation<'_>, truth: bool) -> bool {
        let verdict = self.observe(seen);
        verdict.truth == Some(truth) && verdict.until == Timestamp::MAX
    }
}

/// Returns whether the period can end. A period that never occurs does not end.
fn ends(period: &Period) -> bool {
    period.is_steady() && !matches!(period, Period::Always | Period::Never)
}
