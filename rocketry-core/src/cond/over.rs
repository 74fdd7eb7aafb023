//! Whether a condition can ever be true again.

use super::facts::Observation;
use super::plan::{Node, Plan};
use crate::log::Action;
use crate::time::{Period, Timestamp};

impl Plan {
    /// Tells whether the condition has been used up: neither time nor what happens to tasks makes it true again.
    ///
    /// What is never true in the first place, as `false`, is not used up.
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

    /// Whether time alone leaves the truth as it is, for good.
    fn is_settled(&self, seen: &Observation<'_>, truth: bool) -> bool {
        let verdict = self.observe(seen);
        verdict.truth == Some(truth) && verdict.until == Timestamp::MAX
    }
}

/// Whether the period may come to an end. One that never occurs does not end.
fn ends(period: &Period) -> bool {
    period.is_steady() && !matches!(period, Period::Always | Period::Never)
}
