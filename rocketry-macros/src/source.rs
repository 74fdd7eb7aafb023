//! The arguments of `#[arg(…)]`: the source of a parameter's value.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, ExprCall, ExprLit, Ident, Lit, Path, Token, parse_quote};

use crate::errors::{Mistakes, did_you_mean};

/// The runtime's words for sources.
const WORDS: [&str; 7] = [
    "Arg",
    "CliArg",
    "EnvArg",
    "FuncArg",
    "Return",
    "SimpleArg",
    "Task",
];

/// The expression of a source in generated code.
pub(crate) struct Source {
    expr: Expr,
    returns: Vec<Path>,
}

impl Source {
    /// Parses the arguments of `#[arg(…)]`.
    pub(crate) fn read(tokens: TokenStream, mistakes: &mut Mistakes) -> Option<Self> {
        let expr = mistakes.keep(syn::parse2(tokens))?;
        let mut source = Source {
            expr,
            returns: Vec::new(),
        };
        rewrite(&mut source.expr, &mut source.returns, mistakes);
        Some(source)
    }

    /// Parses the value of a task's parameter: a source, or any other expression, which is unchanged.
    pub(crate) fn or_value(mut expr: Expr, mistakes: &mut Mistakes) -> TokenStream {
        if !is_source(&expr) {
            return expr.into_token_stream();
        }
        let mut returns = Vec::new();
        rewrite(&mut expr, &mut returns, mistakes);
        Source { expr, returns }.into_token_stream()
    }

    /// The expression, for spans.
    pub(crate) fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The tasks whose results it may return.
    pub(crate) fn returns(&self) -> &[Path] {
        &self.returns
    }
}

impl ToTokens for Source {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let expr = &self.expr;
        let mut block = Group::new(
            Delimiter::Brace,
            quote! {
                #[allow(unused_imports)]
                use __r::source::*;
                #expr
            },
        );
        // Compiler errors about the source point at this expression.
        block.set_span(expr.span());
        tokens.append(block);
    }
}

/// Replaces `"key"` with `Arg("key")`, `default = value` with `.or(value)`, and the task in `Return(task)` and
/// `Task(task)` with its type.
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
            let fallback = fallback(call, mistakes);
            if let Some(source) = source_of_task(call, returns, mistakes) {
                *expr = source;
            }
            if let Some(value) = fallback {
                *expr = parse_quote!(#expr.or(#value));
            }
        }
        _ => {}
    }
}

/// The source for `Return(task)` and `Task(task)`.
fn source_of_task(call: &mut ExprCall, returns: &mut Vec<Path>, mistakes: &mut Mistakes) -> Option<Expr> {
    let (maker, task) = call_of(call, mistakes)?;
    if maker == "return_of" {
        returns.push(task.clone());
    }
    let maker = Ident::new(maker, Span::call_site());
    Some(parse_quote!(__r::source::#maker::<(#task)>()))
}

/// Returns true if an expression consists of words for sources, apart from its fallbacks.
fn is_source(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_source(&inner.expr),
        Expr::Group(inner) => is_source(&inner.expr),
        Expr::MethodCall(call) => is_source(&call.receiver),
        Expr::Binary(pair) => matches!(pair.op, BinOp::Shr(_)) && is_source(&pair.left),
        Expr::Call(call) => word_of(call).is_some_and(|word| WORDS.contains(&word.as_str())),
        _ => false,
    }
}

fn word_of(call: &ExprCall) -> Option<String> {
    match &*call.func {
        Expr::Path(function) => function.path.get_ident().map(Ident::to_string),
        _ => None,
    }
}

/// Removes and returns `default = value` of `Arg("key", default = value)`.
fn fallback(call: &mut ExprCall, mistakes: &mut Mistakes) -> Option<Expr> {
    let word = word_of(call).filter(|word| WORDS.contains(&word.as_str()))?;
    let Some(Expr::Assign(pair)) = call.args.last() else {
        return None;
    };
    let (name, value) = (&pair.left, (*pair.right).clone());
    if !matches!(&**name, Expr::Path(name) if name.path.is_ident("default")) {
        let written = name.to_token_stream();
        mistakes.at(
            name,
            format!("`{word}` has no option `{written}`, it has `default`"),
        );
    }
    call.args.pop();
    call.args.pop_punct();
    Some(value)
}

/// Returns the task of `Return(task)` or `Task(task)` and the function that creates the source; `None` for other calls.
fn call_of(call: &ExprCall, mistakes: &mut Mistakes) -> Option<(&'static str, Path)> {
    let Expr::Path(function) = &*call.func else {
        return None;
    };
    let word = word_of(call)?;
    let maker = match word.as_str() {
        "Return" => "return_of",
        "Task" => "task_of",
        word if WORDS.contains(&word) => return None,
        _ => {
            let near = did_you_mean(&word, WORDS);
            if !near.is_empty() {
                mistakes.at(function, format!("there is no source `{word}`{near}"));
            }
            return None;
        }
    };
    Some((maker, named(&word, call, &call.args, mistakes)?))
}

fn named(
    word: &str,
    call: &ExprCall,
    args: &Punctuated<Expr, Token![,]>,
    mistakes: &mut Mistakes,
) -> Option<Path> {
    match args.first() {
        Some(Expr::Path(task)) if args.len() == 1 => Some(task.path.clone()),
        Some(_) if args.len() == 1 => None,
        _ => {
            mistakes.at(
                call,
                format!("`{word}(…)` takes one task: `{word}(fetch)` or `{word}(\"reports::fetch\")`"),
            );
            None
        }
    }
}
