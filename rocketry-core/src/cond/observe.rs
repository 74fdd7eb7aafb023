//! Evaluates conditions: the current result, and when time alone may change it.

use rocketry_syntax::ast::{Age, Count, Delta, Outcome, Retry};

use super::facts::{Observation, Verdict};
use super::occurrence::INSTANT;
use super::plan::{Node, Plan, Who};
use crate::log::{Action, Counted, History, Series};
use crate::param::Entry;
use crate::task_id::TaskId;
use crate::time::{Remembered, Span, Timestamp, doubled};

/// The longest backoff of a retry, unless the first one is longer.
const DAY: Delta = Delta(86_400_000_000);

impl Plan {
    /// Evaluates the condition, given the known answers of its custom conditions.
    pub fn observe(&self, seen: &Observation<'_>) -> Verdict {
        self.root.observe(seen)
    }

    /// Returns the custom conditions to call next: those on which the result still depends.
    pub fn asks(&self, seen: &Observation<'_>) -> Vec<usize> {
        let mut asks = Vec::new();
        self.root.collect_asks(seen, &mut asks);
        asks
    }
}

impl Node {
    pub(crate) fn observe(&self, seen: &Observation<'_>) -> Verdict {
        match self {
            Node::Constant(truth) => Verdict::settled(*truth),
            Node::All(members) => Verdict::combine(members.iter().map(|member| member.observe(seen)), false),
            Node::Any(members) => Verdict::combine(members.iter().map(|member| member.observe(seen)), true),
            Node::Not(inner) => inner.observe(seen).negated(),
            Node::Every(every) => seen.every(every),
            Node::Once {
                who,
                period,
                basis,
                retries,
            } => seen.once(*who, period, *basis, *retries),
            Node::TimeOf(period) => seen.time_of(period),
            Node::After { outcome, task, delay } => seen.after(*outcome, *task, *delay),
            Node::Status {
                who,
                event,
                within,
                count,
            } => seen.status(*who, *event, within.as_deref(), count),
            Node::Running { who, which } => seen.running(*who, which.0, &which.1),
            Node::Retry(retry) => seen.retry(retry),
            Node::SchedulerRunning(age) => seen.scheduler_running(*age),
            Node::SchedulerStarted(delta) => seen.scheduler_started(*delta),
            Node::SchedulerCycles(count) => Verdict::settled(count.admits(seen.facts.cycles())),
            Node::AtMostRuns(runs) => Verdict::settled(seen.history(None).total(Action::Run) < *runs),
            Node::ParamExists(name) => Verdict::settled(seen.facts.params().get(name).is_some()),
            Node::ParamIs { name, value } => seen.param_is(name, value),
            Node::Custom(index) => seen.answer(*index),
        }
    }

    fn collect_asks(&self, seen: &Observation<'_>, asks: &mut Vec<usize>) {
        if self.observe(seen).truth.is_some() {
            return;
        }
        match self {
            Node::All(members) | Node::Any(members) => {
                members.iter().for_each(|member| member.collect_asks(seen, asks));
            }
            Node::Not(inner) => inner.collect_asks(seen, asks),
            Node::Custom(index) => asks.push(*index),
            _ => {}
        }
    }
}

impl Observation<'_> {
    pub(crate) fn history(&self, who: Who) -> &History {
        self.facts.history(who.unwrap_or(self.owner))
    }

    fn time_of(&self, period: &Remembered) -> Verdict {
        if !period.is_steady() {
            let until = period.next_change(self.now, self.zone).unwrap_or(Timestamp::MAX);
            return Verdict::until(period.contains(self.now, self.zone), until);
        }
        let around = period.around(self.now, self.zone);
        match around.current {
            Some(current) => Verdict::until(true, current.end),
            None => Verdict::until(false, around.next()),
        }
    }

    /// An end counts if it is strictly later than the last start; an end at exactly that time does not.
    ///
    /// With a delay, each end counts as if it had happened that much later. The delay is a length of time, so setting the
    /// clock moves the ends and the last start that it is measured by.
    fn after(&self, outcome: Outcome, task: TaskId, delay: Delta) -> Verdict {
        let awaited = self.facts.history(task);
        let started = self.history(None).last_start();
        if delay.is_zero() {
            let moments = ends(outcome).iter().filter_map(|end| awaited.last_moment(*end));
            let is_newer = |ended| started.is_none_or(|started| ended > started);
            return Verdict::settled(moments.max().is_some_and(is_newer));
        }
        let started = self.history(None).last_start_delayed();
        let is_newer = |ended: Timestamp| started.is_none_or(|started| ended > started);
        let last = ends(outcome)
            .iter()
            .filter_map(|end| awaited.last_delayed(*end))
            .max();
        let Some(last) = last.filter(|last| is_newer(last.saturating_add(delay))) else {
            return Verdict::settled(false);
        };
        // The first end whose delay had not passed at the last start of the task.
        let since = started.map_or(Timestamp::MIN, |started| {
            started.saturating_sub(delay).saturating_add(INSTANT)
        });
        let span = Span::new(since, last.saturating_add(INSTANT));
        let first = ends(outcome)
            .iter()
            .filter_map(|end| awaited.first(Series::Delayed(*end), span))
            .min();
        let due = first.unwrap_or(last).saturating_add(delay);
        if self.now < due {
            Verdict::until(false, due)
        } else {
            Verdict::settled(true)
        }
    }

    fn running(&self, who: Who, age: Age, count: &Count) -> Verdict {
        let runs = self.history(who).open().iter();
        let (number, until) = runs.fold((0, Timestamp::MAX), |(number, until), run| {
            let verdict = self.aged(run.start, age);
            (number + u64::from(verdict.is_true()), until.min(verdict.until))
        });
        Verdict::until(count.admits(number), until)
    }

    /// Returns whether the age of something that began at an instant is in range, and until when.
    fn aged(&self, began: Timestamp, age: Age) -> Verdict {
        let ripe = age.more_than.map_or(began, |least| began.saturating_add(least));
        let over = age.less_than.map_or(Timestamp::MAX, |most| {
            began.saturating_add(most).saturating_add(INSTANT)
        });
        let until = if self.now < ripe {
            ripe
        } else if self.now < over {
            over
        } else {
            Timestamp::MAX
        };
        Verdict::until(ripe <= self.now && self.now < over, until)
    }

    fn retry(&self, retry: &Retry) -> Verdict {
        let history = self.history(None);
        let Counted { fails, failed_at, .. } = history.counted();
        let starts = history.last_action() == Some(Action::Run);
        let over = fails == 0 || retry.limit.is_some_and(|limit| fails > limit);
        if starts || over || !self.retries {
            return Verdict::settled(false);
        }
        let wait = retry.backoff.map_or(Delta::default(), |backoff| {
            doubled(backoff, fails.saturating_sub(1), DAY.max(backoff))
        });
        let again = failed_at.map_or(self.now, |last| last.saturating_add(wait));
        if self.now < again {
            Verdict::until(false, again)
        } else {
            Verdict::settled(true)
        }
    }

    fn scheduler_running(&self, age: Age) -> Verdict {
        self.aged(self.facts.startup(), age)
    }

    fn scheduler_started(&self, delta: Delta) -> Verdict {
        let until = self.facts.startup().saturating_add(delta);
        if self.now < until {
            Verdict::until(true, until)
        } else {
            Verdict::settled(false)
        }
    }

    fn param_is(&self, name: &str, value: &str) -> Verdict {
        let entry = self.facts.params().get(name);
        Verdict::settled(
            entry
                .and_then(Entry::plain_text)
                .is_some_and(|text| text == value),
        )
    }

    fn answer(&self, index: usize) -> Verdict {
        match self.answers.get(index).copied().flatten() {
            Some(truth) => Verdict::until(truth, self.now.saturating_add(self.facts.poll_interval())),
            None => Verdict::UNKNOWN,
        }
    }
}

/// Returns the actions that end a run with this outcome.
pub(crate) const fn ends(outcome: Outcome) -> &'static [Action] {
    match outcome {
        Outcome::Success => &[Action::Success],
        Outcome::Fail => &[Action::Fail],
        Outcome::Finish => &[Action::Success, Action::Fail],
        Outcome::Terminate => &[Action::Terminate],
    }
}
