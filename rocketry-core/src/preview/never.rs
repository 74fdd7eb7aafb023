//! Finds the parts of a condition that prevent it from ever being true.

use rocketry_syntax::ast::CondExpr;

use super::isolated::Isolated;
use crate::cond::{Custom, Observation};
use crate::time::Timestamp;

type Expr = CondExpr<Custom>;

/// The maximum number of parts to check. Each level of a nested condition checks all parts below it, and the
/// condition may come from an untrusted source.
const MOST: usize = 2000;

/// The parts of a condition that time alone never makes true, so that the whole condition is never true.
pub(super) fn never_true(expr: &Expr, lone: &Isolated, seen: &Observation<'_>) -> Vec<String> {
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

/// Returns true if a part is never true. Returns false once too many parts were checked.
fn is_never_true(expr: &Expr, lone: &Isolated, seen: &Observation<'_>, left: &mut usize) -> bool {
    expr.for_each_leaf(&mut |_| *left = left.saturating_sub(1));
    if *left == 0 {
        return false;
    }
    let Ok(plan) = lone.plan(expr) else { return false };
    let verdict = plan.observe(seen);
    verdict.truth == Some(false) && verdict.until == Timestamp::MAX
}
