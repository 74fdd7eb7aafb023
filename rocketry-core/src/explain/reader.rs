//! Evaluates the parts of a statement at any instant, without calling user code.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::cond::{Node as Part, Observation, Verdict, Who};
use crate::engine::condition_results::ConditionResult;
use crate::engine::state::State;
use crate::time::Timestamp;

/// The maximum number of changes of a part to step through when looking for the next change of its truth.
const MAX_STEPS: usize = 256;

/// The maximum number of leaves to evaluate when looking for changes, in total. A long statement from an
/// untrusted source may have many parts with many leaves each.
const MAX_LEAVES: usize = 10_000;

/// The kinds of state that are known at the explained instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is known or not, whatever the others are"
)]
pub(crate) struct Known {
    /// The parameters of the session.
    pub(crate) params: bool,
    /// When the scheduler started.
    pub(crate) startup: bool,
    /// The number of cycles so far.
    pub(crate) cycles: bool,
    /// The results of custom conditions.
    pub(crate) answers: bool,
}

impl Known {
    pub(crate) const ALL: Known = Known {
        params: true,
        startup: true,
        cycles: true,
        answers: true,
    };
}

/// Evaluates the parts of one statement.
pub(crate) struct Reader<'a> {
    /// The app at the explained instant.
    pub(super) seen: Observation<'a>,
    /// The results of its custom conditions.
    asked: &'a [Option<ConditionResult>],
    known: Known,
    state: &'a State,
    /// The verdicts of leaves, by address and by start of validity. Some take long to evaluate, and every
    /// part that contains a leaf needs it.
    verdicts: RefCell<HashMap<usize, BTreeMap<Timestamp, Verdict>>>,
    /// The number of leaves that may still be evaluated when looking for changes.
    leaves_left: Cell<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        state: &'a State,
        seen: Observation<'a>,
        asked: &'a [Option<ConditionResult>],
        known: Known,
    ) -> Self {
        Reader {
            seen,
            asked,
            known,
            state,
            verdicts: RefCell::default(),
            leaves_left: Cell::new(MAX_LEAVES),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.seen.now
    }

    pub(super) fn name(&self, who: Who) -> Arc<str> {
        self.state.task(who.unwrap_or(self.seen.owner)).spec.name.clone()
    }

    /// The verdict of a part at an instant, if everything else stays the same.
    pub(super) fn verdict(&self, part: &Part, at: Timestamp) -> Verdict {
        match part {
            Part::All(members) => {
                Verdict::combine(members.iter().map(|member| self.verdict(member, at)), false)
            }
            Part::Any(members) => {
                Verdict::combine(members.iter().map(|member| self.verdict(member, at)), true)
            }
            Part::Not(inner) => self.verdict(inner, at).negated(),
            Part::Custom(index) => self.answer(*index, at),
            leaf if !self.knows(leaf) => Verdict::UNKNOWN,
            leaf => self.verdict_of_leaf(leaf, at),
        }
    }

    fn verdict_of_leaf(&self, leaf: &Part, at: Timestamp) -> Verdict {
        let mut verdicts = self.verdicts.borrow_mut();
        let known = verdicts.entry(std::ptr::from_ref(leaf).addr()).or_default();
        let latest = known.range(..=at).next_back().map(|(_, verdict)| *verdict);
        if let Some(verdict) = latest.filter(|verdict| at < verdict.until) {
            return verdict;
        }
        let verdict = leaf.observe(&Observation { now: at, ..self.seen });
        known.insert(at, verdict);
        verdict
    }

    /// The result of a custom condition. It is valid until the scheduler evaluates the condition again.
    fn answer(&self, index: usize, at: Timestamp) -> Verdict {
        match self.asked_of(index) {
            Some(asked) if at < self.counts_until(asked) => {
                Verdict::until(asked.answer, self.counts_until(asked))
            }
            _ => Verdict::UNKNOWN,
        }
    }

    /// The results that are still valid.
    pub(super) fn answers(&self) -> Vec<Option<bool>> {
        let counts = |asked: &Option<ConditionResult>| {
            let asked = asked.as_ref()?;
            (self.now() < self.counts_until(asked)).then_some(asked.answer)
        };
        self.asked.iter().map(counts).collect()
    }

    pub(super) fn asked_of(&self, index: usize) -> Option<&ConditionResult> {
        let asked = self.asked.get(index)?.as_ref();
        asked.filter(|_| self.known.answers)
    }

    pub(super) fn counts_until(&self, asked: &ConditionResult) -> Timestamp {
        asked.at.saturating_add(self.seen.facts.poll_interval())
    }

    /// Returns true if the value behind a leaf is known.
    pub(super) fn knows(&self, leaf: &Part) -> bool {
        match leaf {
            Part::ParamExists(_) | Part::ParamIs { .. } => self.known.params,
            Part::SchedulerRunning(_) | Part::SchedulerStarted(_) => self.known.startup,
            Part::SchedulerCycles(_) => self.known.cycles,
            Part::Custom(_) => self.known.answers,
            _ => true,
        }
    }

    /// When time alone next changes the truth of a part; `None` if never, or not within the changes that are
    /// stepped through.
    pub(super) fn flips_at(&self, part: &Part) -> Option<Timestamp> {
        let first = self.verdict(part, self.now());
        let (mut at, leaves) = (first.until, leaves(part));
        for _ in 0..MAX_STEPS {
            if at == Timestamp::MAX || !self.may_evaluate(leaves) {
                return None;
            }
            let verdict = self.verdict(part, at);
            if verdict.truth != first.truth {
                return Some(at);
            }
            at = verdict.until;
        }
        None
    }

    /// Counts leaves that are evaluated when looking for a change. Returns false if there would be too many.
    fn may_evaluate(&self, leaves: usize) -> bool {
        let left = self.leaves_left.get().checked_sub(leaves);
        self.leaves_left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Returns true if time changes the truth of a part at an instant.
    pub(super) fn turns_at(&self, part: &Part, at: Timestamp) -> bool {
        let before = Timestamp::from_micros(at.as_micros().saturating_sub(1));
        self.verdict(part, before).truth != self.verdict(part, at).truth
    }
}

fn leaves(part: &Part) -> usize {
    match part {
        Part::All(members) | Part::Any(members) => members.iter().map(leaves).sum(),
        Part::Not(inner) => leaves(inner),
        _ => 1,
    }
}
