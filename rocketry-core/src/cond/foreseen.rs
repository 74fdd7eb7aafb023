//! Replaces parts of a condition, such as those that can't be predicted.

use std::sync::Arc;

use rocketry_syntax::ast::CondExpr;

use super::custom::{CondCall, Custom};

type Expr = CondExpr<Custom>;

/// Replaces the parts of a condition for which `with` returns a replacement.
pub(crate) fn replace(expr: &Expr, with: &dyn Fn(&Expr) -> Option<Expr>) -> Expr {
    let each = |members: &[Expr]| members.iter().map(|member| replace(member, with)).collect();
    match expr {
        CondExpr::All(members) => CondExpr::All(each(members)),
        CondExpr::Any(members) => CondExpr::Any(each(members)),
        CondExpr::Not(inner) => CondExpr::Not(Box::new(replace(inner, with))),
        leaf => with(leaf).unwrap_or_else(|| leaf.clone()),
    }
}

/// The condition without the parts that `is_known` rejects; `None` if nothing remains.
pub(crate) fn known(expr: &Expr, is_known: &dyn Fn(&Expr) -> bool) -> Option<Expr> {
    let each = |members: &[Expr]| -> Vec<Expr> {
        members
            .iter()
            .filter_map(|member| known(member, is_known))
            .collect()
    };
    let left = |members: Vec<Expr>, join: fn(Vec<Expr>) -> Expr| (!members.is_empty()).then(|| join(members));
    match expr {
        CondExpr::All(members) => left(each(members), CondExpr::all),
        CondExpr::Any(members) => left(each(members), CondExpr::any),
        CondExpr::Not(inner) => known(inner, is_known).map(|inner| !inner),
        leaf => is_known(leaf).then(|| leaf.clone()),
    }
}

/// A placeholder with the text of a part and an unknown truth.
pub(crate) fn unforeseen(part: &Expr) -> Expr {
    CondExpr::Custom(Custom::Call(Arc::new(CondCall::unforeseen(part.to_string()))))
}

/// Returns the names of the tasks that a part of a condition mentions.
pub(crate) fn tasks_of(part: &Expr) -> Vec<&str> {
    match part {
        CondExpr::After(after) => after.tasks.iter().map(String::as_str).collect(),
        CondExpr::Once(once) => once.task.as_deref().into_iter().collect(),
        CondExpr::Status(status) => status.task.as_deref().into_iter().collect(),
        CondExpr::Running(running) => running.task.as_deref().into_iter().collect(),
        _ => Vec::new(),
    }
}
