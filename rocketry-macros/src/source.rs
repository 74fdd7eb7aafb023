//! What stands in `#[arg(…)]`: where the value of a parameter comes from.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, ExprCall, ExprLit, Lit, Path, Token, parse_quote};

use crate::errors::{Mistakes, did_you_mean};

/// The words for sources that the runtime has.
const WORDS: [&str; 6] = ["Arg", "CliArg", "EnvArg", "FuncArg", "Return", "SimpleArg"];

/// The expression of a source, in the runtime's terms.
pub(crate) struct Source {
    expr: Expr,
    returns: Vec<Path>,
}

impl Source {
    /// Reads the tokens between the parentheses of `#[arg(…)]`.
    pub(crate) fn read(tokens: TokenStream, mistakes: &mut Mistakes) -> Option<Self> {
        let expr = mistakes.keep(syn::parse2(tokens))?;
        let mut source = Source {
            expr,
            returns: Vec::new(),
        };
        rewrite(&mut source.expr, &mut source.returns, mistakes);
        Some(source)
    }

    /// The expression, to point at.
    pub(crate) fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The tasks whose results it may yield.
    pub(crate) fn returns(&self) -> &[Path] {
        &self.returns
    }
}

impl ToTokens for Source {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let expr = &self.expr;
        tokens.extend(quote!({
            #[allow(unused_imports)]
            use __r::source::*;
            #expr
        }));
    }
}

/// Replaces `"key"` by `Arg("key")` and `Return(task)` by what names the task's type.
fn rewrite(expr: &mut Expr, returns: &mut Vec<Path>, mistakes: &mut Mistakes) {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(key), ..
        }) => {
            if key.value().trim().is_empty() {
                mistakes.at(&*key, "a session parameter has a name");
            }
            *expr = parse_quote!(Arg(#key));
        }
        Expr::Lit(literal) => mistakes.at(
            literal,
            "this is a value, not where it comes from: write `SimpleArg(…)` around it",
        ),
        Expr::Paren(inner) => rewrite(&mut inner.expr, returns, mistakes),
        Expr::Group(inner) => rewrite(&mut inner.expr, returns, mistakes),
        Expr::MethodCall(call) => rewrite(&mut call.receiver, returns, mistakes),
        Expr::Binary(pair) => {
            if !matches!(pair.op, BinOp::Shr(_)) {
                mistakes.at(
                    pair.op,
                    "sources are joined with `>>`: the first that has a value is used",
                );
            }
            rewrite(&mut pair.left, returns, mistakes);
            rewrite(&mut pair.right, returns, mistakes);
        }
        Expr::Call(call) => {
            if let Some(task) = call_of(call, mistakes) {
                *expr = parse_quote!(__r::source::return_of::<(#task)>());
                returns.push(task);
            }
        }
        _ => {}
    }
}

/// The task of `Return(task)`, unless the call is something else.
fn call_of(call: &ExprCall, mistakes: &mut Mistakes) -> Option<Path> {
    let Expr::Path(function) = &*call.func else {
        return None;
    };
    let word = function.path.get_ident()?.to_string();
    if word == "Return" {
        return returned(call, &call.args, mistakes);
    }
    if !WORDS.contains(&word.as_str()) {
        let near = did_you_mean(&word, WORDS);
        if !near.is_empty() {
            mistakes.at(function, format!("there is no source `{word}`{near}"));
        }
    }
    None
}

fn returned(call: &ExprCall, args: &Punctuated<Expr, Token![,]>, mistakes: &mut Mistakes) -> Option<Path> {
    match args.first() {
        Some(Expr::Path(task)) if args.len() == 1 => Some(task.path.clone()),
        Some(_) if args.len() == 1 => None,
        _ => {
            mistakes.at(
                call,
                "`Return(…)` takes one task: `Return(fetch)` or `Return(\"reports::fetch\")`",
            );
            None
        }
    }
}
