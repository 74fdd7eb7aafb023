//! The parts of a statement that are known at compile time: its literals and the windows of its words.

use quote::ToTokens;
use rocketry_syntax::ast::{Basis, CondExpr, Once, PeriodExpr, Unit, Window};
use rocketry_syntax::parse_condition;
use syn::{BinOp, Expr, UnOp};

use super::{chain, literal, text_of};

/// The tree of a statement, in which unknown parts are custom conditions.
pub(super) fn of(expr: &Expr) -> CondExpr {
    match expr {
        Expr::Paren(inner) => of(&inner.expr),
        Expr::Group(inner) => of(&inner.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => !of(&unary.expr),
        Expr::Binary(pair) if matches!(pair.op, BinOp::BitAnd(_)) => of(&pair.left) & of(&pair.right),
        Expr::Binary(pair) if matches!(pair.op, BinOp::BitOr(_)) => of(&pair.left) | of(&pair.right),
        Expr::MethodCall(call) if call.method == "label" => of(&call.receiver),
        _ => text(expr)
            .or_else(|| window(expr))
            .unwrap_or_else(|| CondExpr::Custom(expr.to_token_stream().to_string())),
    }
}

fn text(expr: &Expr) -> Option<CondExpr> {
    parse_condition(&text_of(expr)?.value()).ok()
}

/// `daily.after("07:00")`, `time_of_week.on("Monday")`.
fn window(expr: &Expr) -> Option<CondExpr> {
    match expr {
        Expr::Path(path) => {
            let (word, unit) = chain::cyclic(&path.path)?;
            Some(condition(word, unit, Window::Full))
        }
        Expr::MethodCall(call) => match (&*call.receiver, call.method.to_string().as_str()) {
            (receiver, "retries" | "of") => window(receiver),
            (Expr::Path(path), method) => {
                let (word, unit) = chain::cyclic(&path.path)?;
                Some(condition(word, unit, literal::window(method, unit, &call.args)?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A cycle such as `daily`, or else the time of a unit.
fn condition(word: &str, unit: Unit, window: Window) -> CondExpr {
    let period = PeriodExpr::anchored(unit, window);
    if word != unit.cycle() {
        return CondExpr::TimeOf(period);
    }
    CondExpr::Once(Once {
        task: None,
        period,
        basis: Basis::Finish,
        retries: 0,
    })
}
