//! Statements: words in a string, or a Rust expression over `conds`.

mod chain;
mod compare;
mod expression;
pub(crate) mod literal;
mod operand;
mod outline;
mod words;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::errors::Mistakes;
use crate::paths::Root;

/// A statement, as an expression that creates its condition.
pub(crate) struct Statement {
    expr: Expr,
    /// Whether the expression may use the words of `conds`.
    words: bool,
}

impl Statement {
    /// Checks a statement as far as possible at compile time.
    pub(crate) fn read(mut expr: Expr, mistakes: &mut Mistakes) -> Self {
        let words = text_of(&expr).is_none();
        if let Some(contradiction) = outline::of(&expr).contradiction() {
            mistakes.at(&expr, contradiction);
        }
        expression::condition(&mut expr, mistakes);
        operand::check(&mut expr);
        Statement { expr, words }
    }

    /// The expression in its scope.
    pub(crate) fn tokens(&self, root: &Root) -> TokenStream {
        let Statement { expr, words } = self;
        if !words {
            return quote!(#expr);
        }
        let conds = root.conds();
        quote!({
            #[allow(unused_imports)]
            use #conds::*;
            #expr
        })
    }
}

/// Returns true if a statement may start with this word.
pub(crate) fn is_word(name: &str) -> bool {
    words::find(name).is_some()
}

/// The literal, if the expression is a string.
pub(crate) fn text_of(expr: &Expr) -> Option<&LitStr> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Some(text),
        Expr::Group(group) => text_of(&group.expr),
        _ => None,
    }
}
