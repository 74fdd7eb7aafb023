//! Comparisons of a count with a number: `failed(fetch).today() >= 3`.
//!
//! Rust's comparisons can only return `bool`, so each is replaced with the equivalent method.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprBinary, ExprLit, Ident, Lit, parse_quote};

use super::{chain, expression};
use crate::errors::Mistakes;

/// The method for `condition <op> number`.
fn method(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::Eq(_) => "exactly",
        BinOp::Ne(_) => "not_exactly",
        BinOp::Lt(_) => "less_than_times",
        BinOp::Le(_) => "at_most",
        BinOp::Gt(_) => "more_than_times",
        BinOp::Ge(_) => "at_least",
        _ => return None,
    })
}

/// The method for `number <op> condition`.
fn mirrored(method: &'static str) -> &'static str {
    match method {
        "less_than_times" => "more_than_times",
        "more_than_times" => "less_than_times",
        "at_least" => "at_most",
        "at_most" => "at_least",
        same => same,
    }
}

/// Returns true for comparison operators.
pub(super) fn is_comparison(op: &BinOp) -> bool {
    method(op).is_some()
}

/// The method call that is equivalent to the comparison.
pub(super) fn rewrite(pair: &mut ExprBinary, mistakes: &mut Mistakes) -> Option<Expr> {
    let method = method(&pair.op)?;
    let (count, number, method) =
        if is_number(&pair.left) || (!chain::has_word(&pair.left) && chain::has_word(&pair.right)) {
            (&mut *pair.right, &*pair.left, mirrored(method))
        } else {
            (&mut *pair.left, &*pair.right, method)
        };
    for side in [&*count, number] {
        check_binding(side, &pair.op, mistakes);
    }
    check_number(number, mistakes);
    expression::condition(count, mistakes);
    let method = Ident::new(method, pair.op.span());
    Some(parse_quote!(#count.#method(#number)))
}

/// In Rust, `&`, `|` and `!` bind more tightly than comparisons, which is rarely intended.
fn check_binding(side: &Expr, op: &BinOp, mistakes: &mut Mistakes) {
    let sign = op.to_token_stream();
    let operator = match side {
        Expr::Binary(inner) if matches!(inner.op, BinOp::BitAnd(_) | BinOp::BitOr(_)) => {
            inner.op.to_token_stream()
        }
        Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Not(_)) => inner.op.to_token_stream(),
        _ => return,
    };
    mistakes.at(
        op,
        format!("in Rust, `{operator}` binds more tightly than `{sign}`: put the comparison in parentheses"),
    );
}

fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Int(_), .. }))
}

fn check_number(number: &Expr, mistakes: &mut Mistakes) {
    let negative = matches!(number, Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)));
    let other = matches!(number, Expr::Lit(literal) if !matches!(literal.lit, Lit::Int(_)));
    if negative || other {
        mistakes.at(number, "a count is compared with a whole number from 0");
    }
}
