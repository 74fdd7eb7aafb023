//! The starts that the clock alone gives the start condition of a task in the coming days.

use std::time::Duration;

use rocketry_syntax::ast::{CondExpr, Delta};

use crate::cond::Custom;
use crate::cond::foreseen::known;
use crate::preview::{Isolated, PreviewEnd, preview_with};
use crate::task::FirstRun;
use crate::time::{Timestamp, Zone};

type Expr = CondExpr<Custom>;

/// How far ahead to search for starts.
const WEEK: Delta = Delta(7 * 24 * 60 * 60 * 1_000_000);

/// The maximum number of starts to search.
const MOST: usize = 50;

/// The starts of a condition by the clock.
#[derive(Default)]
pub(super) struct Outlook {
    /// The starts of the coming week, assuming that nothing has run yet and that everything except the clock
    /// permits them.
    pub(super) starts: Vec<Timestamp>,
    /// The reason why no start ever comes, if that is certain.
    pub(super) never: Option<String>,
    /// Whether the starts do not depend on earlier runs, and only custom conditions may prevent them.
    pub(super) is_fixed: bool,
}

impl Outlook {
    pub(super) fn of(expr: &Expr, lone: Isolated, zone: Zone, from: Timestamp, most: usize) -> Self {
        let parts = Parts::of(expr);
        let by_clock = known(expr, &is_of_clock).filter(|_| !parts.waits);
        let Some(by_clock) = by_clock else {
            return Outlook::default();
        };
        let Ok(preview) = preview_with(by_clock.into(), lone, zone, from, FirstRun::Due) else {
            return Outlook::default();
        };
        let mut preview = preview.unless_contradictory();
        let until = from.saturating_add(WEEK);
        let ahead = preview
            .by_ref()
            .map(|start| start.at)
            .take_while(|at| *at < until);
        let starts: Vec<Timestamp> = ahead.take(most.min(MOST)).collect();
        let is_only_clock = !parts.asks && !parts.past;
        let never = match preview.end() {
            Some(end @ PreviewEnd::Never { .. }) if starts.is_empty() && is_only_clock => {
                Some(end.to_string())
            }
            _ => None,
        };
        Outlook {
            starts,
            never,
            is_fixed: !parts.intervals && !parts.past,
        }
    }

    /// The typical time between two starts.
    pub(super) fn interval(&self) -> Option<Duration> {
        let pairs = self.starts.windows(2);
        let mut gaps: Vec<Duration> = pairs.map(|pair| pair[1].since(pair[0])).collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied().filter(|gap| !gap.is_zero())
    }
}

/// The kinds of parts in a condition.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent fact")]
struct Parts {
    /// Whether it follows other tasks, so that the clock does not determine when it starts.
    waits: bool,
    /// Whether it counts intervals from its own starts.
    intervals: bool,
    /// Whether it depends on the past or current state of tasks.
    past: bool,
    /// Whether it also depends on functions, parameters or failures.
    asks: bool,
}

impl Parts {
    fn of(expr: &Expr) -> Self {
        let mut parts = Parts::default();
        expr.for_each_leaf(&mut |leaf| match leaf {
            CondExpr::After(_) => parts.waits = true,
            CondExpr::Every(_) => parts.intervals = true,
            CondExpr::Custom(_)
            | CondExpr::Env(_)
            | CondExpr::ParamExists(_)
            | CondExpr::ParamIs { .. }
            | CondExpr::Retry(_) => parts.asks = true,
            leaf if !is_of_clock(leaf) => parts.past = true,
            _ => {}
        });
        parts
    }
}

/// Returns true if the clock and the task's own starts determine a part.
pub(super) fn is_of_clock(part: &Expr) -> bool {
    match part {
        CondExpr::Once(once) => once.task.is_none(),
        CondExpr::Every(_) | CondExpr::TimeOf(_) | CondExpr::Constant(_) => true,
        _ => false,
    }
}
