//! Evaluates the parts of a statement at any instant, without calling code of the user's.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::cond::{Node as Part, Observation, Verdict, Who};
use crate::engine::asked::Asked;
use crate::engine::state::State;
use crate::time::Timestamp;

/// How many changes of a part are stepped through in search of one that flips it.
const MAX_STEPS: usize = 256;

/// How many leaves are evaluated in search of changes, in all. A long statement, which a stranger may have written, has many
/// parts with many leaves each.
const MAX_LEAVES: usize = 10_000;

/// What is known at the instant that is explained.
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
    /// How many cycles it has made.
    pub(crate) cycles: bool,
    /// The answers of custom conditions.
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
    /// The app at the instant that is explained.
    pub(super) seen: Observation<'a>,
    /// What its custom conditions have answered.
    asked: &'a [Option<Asked>],
    known: Known,
    state: &'a State,
    /// The verdicts of leaves, by their addresses and by since when they hold. Some take long to evaluate, and each part that
    /// contains a leaf asks for it.
    verdicts: RefCell<HashMap<usize, BTreeMap<Timestamp, Verdict>>>,
    /// How many leaves may still be evaluated in search of changes.
    leaves_left: Cell<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        state: &'a State,
        seen: Observation<'a>,
        asked: &'a [Option<Asked>],
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

    /// The verdict of a part at an instant, everything else as it is.
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

    /// What a custom condition has answered. The answer counts until the scheduler asks again.
    fn answer(&self, index: usize, at: Timestamp) -> Verdict {
        match self.asked_of(index) {
            Some(asked) if at < self.counts_until(asked) => {
                Verdict::until(asked.answer, self.counts_until(asked))
            }
            _ => Verdict::UNKNOWN,
        }
    }

    /// The answers that still count.
    pub(super) fn answers(&self) -> Vec<Option<bool>> {
        let counts = |asked: &Option<Asked>| {
            let asked = asked.as_ref()?;
            (self.now() < self.counts_until(asked)).then_some(asked.answer)
        };
        self.asked.iter().map(counts).collect()
    }

    pub(super) fn asked_of(&self, index: usize) -> Option<&Asked> {
        let asked = self.asked.get(index)?.as_ref();
        asked.filter(|_| self.known.answers)
    }

    pub(super) fn counts_until(&self, asked: &Asked) -> Timestamp {
        asked.at.saturating_add(self.seen.facts.poll_interval())
    }

    /// Whether what a leaf sees is known.
    pub(super) fn knows(&self, leaf: &Part) -> bool {
        match leaf {
            Part::ParamExists(_) | Part::ParamIs { .. } => self.known.params,
            Part::SchedulerRunning(_) | Part::SchedulerStarted(_) => self.known.startup,
            Part::SchedulerCycles(_) => self.known.cycles,
            Part::Custom(_) => self.known.answers,
            _ => true,
        }
    }

    /// When time alone changes the truth of a part next; `None` if never, or not within the changes that are stepped through.
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

    /// Counts leaves that are evaluated in search of a change. Returns false if that would be too many.
    fn may_evaluate(&self, leaves: usize) -> bool {
        let left = self.leaves_left.get().checked_sub(leaves);
        self.leaves_left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Whether time changes the truth of a part at an instant.
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
