//! Finds the parts of a condition because of which it is never true.

use rocketry_syntax::ast::CondExpr;

use super::lone::Lone;
use crate::cond::{Custom, Observation};
use crate::time::Timestamp;

type Expr = CondExpr<Custom>;

/// How many parts are looked at. Each level of a nested condition looks at all below it, and a stranger may have written it.
const MOST: usize = 2000;

/// The parts of a condition that time alone never makes true, so that the whole is never true.
pub(super) fn never_true(expr: &Expr, lone: &Lone, seen: &Observation<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    let mut left = MOST;
    collect(
        expr,
        &mut |part| is_never_true(part, lone, seen, &mut left),
        &mut parts,
    );
    if parts.is_empty() {
        parts.push(expr.to_string());
    }
    parts
}

fn collect(expr: &Expr, is_never_true: &mut impl FnMut(&Expr) -> bool, parts: &mut Vec<String>) {
    if !is_never_true(expr) {
        return;
    }
    let before = parts.len();
    if let CondExpr::All(members) | CondExpr::Any(members) = expr {
        for member in members {
            collect(member, is_never_true, parts);
        }
    }
    if parts.len() == before {
        parts.push(expr.to_string());
    }
}

/// Whether a part is never true. None is any more once too many have been looked at.
fn is_never_true(expr: &Expr, lone: &Lone, seen: &Observation<'_>, left: &mut usize) -> bool {
    expr.for_each_leaf(&mut |_| *left = left.saturating_sub(1));
    if *left == 0 {
        return false;
    }
    let Ok(plan) = lone.plan(expr) else { return false };
    let verdict = plan.observe(seen);
    verdict.truth == Some(false) && verdict.until == Timestamp::MAX
}
