//! Distinguishes a start that falls due anew from one that no run has used up.

use rocketry_syntax::ast::{Delta, Retry, Since};

use super::facts::{Observation, Verdict};
use super::plan::{Node, Plan, Who};
use super::started_by::without_retries;
use crate::log::StartedBy;

impl Plan {
    /// Returns whether a start falls due anew: whether the condition is true because of a part that each run,
    /// or each failure, makes false, such as `daily` or `every 10 seconds`.
    ///
    /// Without such a part, a task whose run has failed starts again immediately: a constant, a time of day,
    /// an interval based on successes, a retry without a limit or a backoff, a custom condition. A retry
    /// counts only if the rest of the condition is false.
    pub fn renewal(&self, seen: &Observation<'_>) -> Verdict {
        if !self.retries {
            return self.root.renewal(seen, StartedBy::Schedule);
        }
        let rest = without_retries(seen);
        let scheduled = self.observe(&rest);
        let by_schedule = || self.root.renewal(&rest, StartedBy::Schedule);
        let by_retry = || self.root.renewal(seen, StartedBy::Retry);
        let renewal = match scheduled.truth {
            Some(true) => by_schedule(),
            Some(false) => by_retry(),
            None => in_either_case(by_schedule(), by_retry()),
        };
        Verdict {
            until: renewal.until.min(scheduled.until),
            ..renewal
        }
    }

    /// The custom conditions that have to be evaluated to find out whether a start falls due anew. The whole
    /// condition may be true without them.
    pub(crate) fn asks_renewal(&self, seen: &Observation<'_>) -> Vec<usize> {
        if self.customs().is_empty() || self.renewal(seen).truth.is_some() {
            return Vec::new();
        }
        (0..self.customs().len()).collect()
    }
}

impl Node {
    fn renewal(&self, seen: &Observation<'_>, by: StartedBy) -> Verdict {
        let any =
            |members: &[Node]| Verdict::combine(members.iter().map(|member| member.renewal(seen, by)), true);
        match self {
            Node::Any(members) => any(members),
            Node::All(members) => Verdict::combine([self.observe(seen), any(members)].into_iter(), false),
            _ if self.is_used_up(seen, by) => self.observe(seen),
            _ => Verdict::settled(false),
        }
    }

    /// Returns whether each run of the owner with this kind of start, or each failure, makes the condition
    /// false.
    fn is_used_up(&self, seen: &Observation<'_>, by: StartedBy) -> bool {
        let is_own = |who: Who| who.is_none_or(|who| who == seen.owner);
        match self {
            // A retry does not move the interval.
            Node::Every(every) if every.since == Since::Start => by == StartedBy::Schedule,
            Node::Every(every) => every.since != Since::Success,
            Node::Once { who, .. } => is_own(*who),
            Node::After { task, .. } => *task != seen.owner,
            Node::Retry(retry) => is_bounded(retry),
            _ => false,
        }
    }
}

/// The common part of two verdicts when it is unknown which of them holds.
fn in_either_case(one: Verdict, other: Verdict) -> Verdict {
    Verdict {
        truth: one.truth.filter(|_| one.truth == other.truth),
        until: one.until.min(other.until),
    }
}

/// Returns whether a retry limits its number or its frequency.
fn is_bounded(retry: &Retry) -> bool {
    retry.limit.is_some() || retry.backoff.is_some_and(|backoff| backoff > Delta::default())
}
