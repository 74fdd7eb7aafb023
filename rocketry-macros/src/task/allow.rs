//! The option `allow(…)`: lints that are silenced for the task.

use proc_macro2::TokenStream;
use quote::quote;
use rocketry_syntax::{Lint, Lints};
use syn::{Expr, ExprPath};

use crate::errors::Mistakes;
use crate::options::{Options, Value};

const EXPECTED: &str = "`allow` takes the names of lints: `allow(never_true)`";

/// Removes the option, and returns its lints.
pub(super) fn take(options: &mut Options, mistakes: &mut Mistakes) -> Lints {
    let Some(option) = options.take("allow") else {
        return Lints::NONE;
    };
    let Value::List(names) = option.value else {
        mistakes.at(option.key, EXPECTED);
        return Lints::NONE;
    };
    if names.is_empty() {
        mistakes.at(option.key, EXPECTED);
    }
    let lints = names.iter().filter_map(|name| lint(name, mistakes));
    lints.fold(Lints::NONE, Lints::with)
}

fn lint(expr: &Expr, mistakes: &mut Mistakes) -> Option<Lint> {
    let Expr::Path(ExprPath { path, .. }) = expr else {
        mistakes.at(expr, EXPECTED);
        return None;
    };
    let name = path.get_ident().map(ToString::to_string).unwrap_or_default();
    let found: Result<Lint, _> = name.parse();
    found.map_err(|unknown| mistakes.at(expr, unknown)).ok()
}

/// The lints as calls of the builder.
pub(super) fn calls(allowed: Lints) -> impl Iterator<Item = TokenStream> {
    let lints = Lint::ALL.into_iter().filter(move |lint| allowed.contains(*lint));
    lints.map(|lint| {
        let name = lint.name();
        quote!(.allow(#name))
    })
}
