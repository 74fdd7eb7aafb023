//! Finds the parts of a condition because of which it is never true.

use rocketry_syntax::ast::CondExpr;

use super::lone::Lone;
use crate::cond::{Custom, Observation};
use crate::time::Timestamp;

type Expr = CondExpr<Custom>;

/// The parts of a condition that time alone never makes true, so that the whole is never true.
pub(super) fn never_true(expr: &Expr, lone: &Lone, seen: &Observation<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    collect(expr, lone, seen, &mut parts);
    if parts.is_empty() {
        parts.push(expr.to_string());
    }
    parts
}

fn collect(expr: &Expr, lone: &Lone, seen: &Observation<'_>, parts: &mut Vec<String>) {
    if !is_never_true(expr, lone, seen) {
        return;
    }
    let before = parts.len();
    if let CondExpr::All(members) | CondExpr::Any(members) = expr {
        for member in members {
            collect(member, lone, seen, parts);
        }
    }
    if parts.len() == before {
        parts.push(expr.to_string());
    }
}

fn is_never_true(expr: &Expr, lone: &Lone, seen: &Observation<'_>) -> bool {
    let Ok(plan) = lone.plan(expr) else { return false };
    let verdict = plan.observe(seen);
    verdict.truth == Some(false) && verdict.until == Timestamp::MAX
}
