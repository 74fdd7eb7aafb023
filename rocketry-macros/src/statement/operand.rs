//! Operands of `&`, `|` and `!`, and whole statements, that are not words of `conds`.
//!
//! Each is passed to a runtime function, so that the compiler shows our message if it is not a condition.

use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, UnOp};

use super::chain;

/// Lets the compiler check each operand whose type is not known here.
pub(super) fn check(expr: &mut Expr) {
    let span = expr.span();
    match expr {
        Expr::Paren(inner) => check(&mut inner.expr),
        Expr::Group(inner) => check(&mut inner.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => check(&mut unary.expr),
        Expr::Binary(pair) if matches!(pair.op, BinOp::BitAnd(_) | BinOp::BitOr(_)) => {
            check(&mut pair.left);
            check(&mut pair.right);
        }
        Expr::Path(_) if is_foreign(expr) => {
            *expr = Expr::Verbatim(quote_spanned!(span=> __r::condition(#expr)));
        }
        Expr::Call(call) if is_foreign(&call.func) => {
            *expr = Expr::Verbatim(quote_spanned!(span=> __r::answer!(#expr)));
        }
        _ => {}
    }
}

/// Returns true if a path is neither a word of `conds` nor a path that the macro inserted.
fn is_foreign(expr: &Expr) -> bool {
    let Expr::Path(path) = expr else { return false };
    let is_generated = path
        .path
        .segments
        .first()
        .is_some_and(|first| first.ident == "__r");
    !is_generated && !chain::has_word(expr)
}
