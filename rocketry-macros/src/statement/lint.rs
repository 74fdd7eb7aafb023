//! Warnings about statements that rarely mean what they say.
//!
//! A macro can't emit warnings on stable Rust. Instead, the expansion uses a deprecated constant: its name is
//! that of the lint, and the deprecation note is the text.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use rocketry_syntax::{Lint, Lints, Remark};
use syn::{Expr, Ident};

use super::outline;
use crate::errors::Mistakes;

/// A warning of the compiler.
pub(crate) struct Warning {
    lint: Lint,
    note: String,
    span: Span,
}

/// The warnings about a statement. A contradiction is an error.
pub(super) fn check(expr: &Expr, allowed: Lints, mistakes: &mut Mistakes) -> Vec<Warning> {
    let outline = outline::of(expr);
    let is_allowed = |lint| allowed.contains(lint);
    let contradiction = outline.contradiction().filter(|_| !is_allowed(Lint::NeverTrue));
    let is_wrong = contradiction.is_some();
    if let Some(contradiction) = contradiction {
        mistakes.at(expr, contradiction);
    }
    let remarks = outline.remarks().into_iter();
    let is_settled = |lint| is_allowed(lint) || is_wrong && lint == Lint::NeverTrue;
    let remarks = remarks.filter(|remark| !is_settled(remark.lint));
    remarks.map(|remark| warning(expr, remark)).collect()
}

fn warning(expr: &Expr, remark: Remark) -> Warning {
    let Remark {
        lint,
        part,
        message,
        help,
    } = remark;
    let place = place(expr, &part).unwrap_or(expr);
    let first = place.to_token_stream().into_iter().next();
    Warning {
        lint,
        note: format!("{message}\nhelp: {help}\nnote: `#[task(…, allow({lint}))]` silences this"),
        span: first.map_or_else(Span::call_site, |token| token.span()),
    }
}

/// The innermost part of an expression with this text.
fn place<'e>(expr: &'e Expr, part: &str) -> Option<&'e Expr> {
    let within = match expr {
        Expr::Paren(inner) => place(&inner.expr, part),
        Expr::Group(inner) => place(&inner.expr, part),
        Expr::Unary(unary) => place(&unary.expr, part),
        Expr::Binary(pair) => place(&pair.left, part).or_else(|| place(&pair.right, part)),
        _ => None,
    };
    within.or_else(|| (outline::of(expr).to_string() == part).then_some(expr))
}

impl Warning {
    /// Code that makes the compiler emit the warning.
    pub(crate) fn tokens(&self) -> TokenStream {
        let (name, note) = (Ident::new(self.lint.name(), self.span), &self.note);
        quote! {
            const _: () = {
                #[deprecated(note = #note)]
                #[allow(non_upper_case_globals)]
                const #name: () = ();
                #name
            };
        }
    }
}
