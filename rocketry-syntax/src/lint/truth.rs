//! Conjunctions that are never true, and disjunctions that always are.

use std::fmt;

use super::{Lint, Remark};
use crate::ast::{CondExpr, PeriodExpr};
use crate::contradiction::{Effort, of_conjunction};

/// The remark about a conjunction that is never true.
pub(super) fn never<C: fmt::Display + PartialEq + Clone>(
    expr: &CondExpr<C>,
    effort: &Effort,
) -> Option<Remark> {
    let CondExpr::All(members) = expr else {
        return None;
    };
    let (message, help) = if let Some(contradiction) = of_conjunction(members, effort) {
        let help = "if one of them is enough, join them with `|`; otherwise leave one out".to_owned();
        (contradiction.sentence(), help)
    } else {
        let culprit = members.iter().find(|member| constant(member) == Some(false))?;
        let message = format!("`{expr}` is never true, because `{culprit}` is never true");
        (
            message,
            format!("to keep a task from starting, disable it; otherwise leave `{culprit}` out"),
        )
    };
    Some(Remark {
        lint: Lint::NeverTrue,
        part: expr.to_string(),
        message,
        help,
    })
}

/// The remark about a disjunction that is always true.
pub(super) fn always<C: fmt::Display + PartialEq + Clone>(
    expr: &CondExpr<C>,
    effort: &Effort,
) -> Option<Remark> {
    let CondExpr::Any(members) = expr else {
        return None;
    };
    let (message, help) = if let Some(culprit) = members.iter().find(|member| constant(member) == Some(true))
    {
        let message = format!("`{expr}` is always true, because `{culprit}` is always true");
        (
            message,
            format!("leave `{culprit}` out, or write `true` if the task is to start again and again"),
        )
    } else {
        let negated: Vec<_> = members.iter().map(|member| !member.clone()).collect();
        of_conjunction(&negated, effort)?;
        let message = format!("`{expr}` is always true: at each instant one of its parts is");
        let help = "if all of them are needed, join them with `&`; otherwise leave one out".to_owned();
        (message, help)
    };
    Some(Remark {
        lint: Lint::AlwaysTrue,
        part: expr.to_string(),
        message,
        help,
    })
}

/// The truth of a part that never changes.
fn constant<C>(expr: &CondExpr<C>) -> Option<bool> {
    match expr {
        CondExpr::Constant(truth) => Some(*truth),
        CondExpr::TimeOf(PeriodExpr::Always) => Some(true),
        CondExpr::TimeOf(PeriodExpr::Never) => Some(false),
        CondExpr::Not(inner) => constant(inner).map(|truth| !truth),
        _ => None,
    }
}
