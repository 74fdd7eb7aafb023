//! Statements: words in a string, or a Rust expression over `conds`.

mod chain;
mod compare;
mod expression;
mod lint;
pub(crate) mod literal;
mod operand;
mod outline;
mod words;

use proc_macro2::TokenStream;
use quote::quote;
use rocketry_syntax::Lints;
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::errors::Mistakes;
use crate::paths::Root;
use lint::Warning;

/// A statement, as an expression that creates its condition.
pub(crate) struct Statement {
    expr: Expr,
    /// Whether the expression may use the words of `conds`.
    words: bool,
    /// The warnings about it.
    warnings: Vec<Warning>,
}

impl Statement {
    /// Checks a statement as far as possible at compile time.
    pub(crate) fn read(mut expr: Expr, allowed: Lints, mistakes: &mut Mistakes) -> Self {
        let words = text_of(&expr).is_none();
        let warnings = lint::check(&expr, allowed, mistakes);
        expression::condition(&mut expr, mistakes);
        operand::check(&mut expr);
        Statement {
            expr,
            words,
            warnings,
        }
    }

    /// The expression in its scope.
    pub(crate) fn tokens(&self, root: &Root) -> TokenStream {
        let Statement { expr, words, .. } = self;
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

impl Statement {
    /// Code that makes the compiler emit the warnings.
    pub(crate) fn warnings(&self) -> TokenStream {
        self.warnings.iter().map(Warning::tokens).collect()
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
