//! Visits the expression of a statement, checks known words, and rewrites syntax that Rust does not
//! support.

use syn::{BinOp, Expr, ExprBinary, ExprLit, Lit, UnOp, parse_quote};

use super::{chain, compare, literal};
use crate::errors::Mistakes;

/// An expression in the place of a condition.
pub(super) fn condition(expr: &mut Expr, mistakes: &mut Mistakes) {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => {
            literal::statement(text, mistakes);
            *expr = parse_quote!(__r::Condition::declared(#text, __r::location!()));
        }
        Expr::Lit(other) => mistakes.at(other, "a statement is a string or an expression of conditions"),
        Expr::Paren(inner) => {
            let compares = matches!(&*inner.expr, Expr::Binary(pair) if compare::is_comparison(&pair.op));
            condition(&mut inner.expr, mistakes);
            if compares {
                // A comparison that became a method call needs no parentheses.
                *expr = (*inner.expr).clone();
            }
        }
        Expr::Group(inner) => condition(&mut inner.expr, mistakes),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => condition(&mut unary.expr, mistakes),
        Expr::Binary(pair) if compare::is_comparison(&pair.op) => {
            if let Some(call) = compare::rewrite(pair, mistakes) {
                *expr = call;
            }
        }
        Expr::Binary(pair) => both_sides(pair, mistakes),
        Expr::Path(_) | Expr::Call(_) | Expr::MethodCall(_) => chain::check(expr, mistakes),
        _ => {}
    }
}

fn both_sides(pair: &mut ExprBinary, mistakes: &mut Mistakes) {
    let single = match pair.op {
        BinOp::And(_) => Some(("&&", "&")),
        BinOp::Or(_) => Some(("||", "|")),
        _ => None,
    };
    if let Some((double, single)) = single {
        let message = format!("`{double}` joins `bool` values: conditions are joined with `{single}`");
        mistakes.at(pair.op, message);
    }
    condition(&mut pair.left, mistakes);
    condition(&mut pair.right, mistakes);
}
