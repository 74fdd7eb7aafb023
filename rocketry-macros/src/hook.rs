//! `#[setup]` and `#[hook(…)]`: parse → validate → expand.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Expr, ExprPath, Ident};

use crate::call;
use crate::errors::{Mistakes, did_you_mean, listed};
use crate::function::Function;
use crate::item::{Macro, keep};
use crate::options::{Known, Options};
use crate::signature;

/// The attribute `#[setup]`.
pub(crate) const SETUP: Macro = Macro {
    name: "setup",
    expand: expand_setup,
    fallback: keep,
};

/// The attribute `#[hook(…)]`.
pub(crate) const HOOK: Macro = Macro {
    name: "hook",
    expand: expand_hook,
    fallback: keep,
};

const SETUP_OPTIONS: Known = Known {
    macro_name: "setup",
    keys: &["crate"],
    flags: &[],
    positional: "",
};

const HOOK_OPTIONS: Known = Known {
    macro_name: "hook",
    keys: &["crate"],
    flags: &[],
    positional: "moment",
};

/// The moments of hooks, as they are written and as the runtime calls them.
const MOMENTS: [(&str, &str); 4] = [
    ("startup", "Startup"),
    ("shutdown", "Shutdown"),
    ("cycle", "Cycle"),
    ("task_execute", "TaskExecute"),
];

fn expand_setup(attr: &TokenStream, function: Function, mistakes: &mut Mistakes) -> TokenStream {
    let options = Options::read(attr.clone(), &SETUP_OPTIONS, mistakes);
    expand(SETUP.name, "Setup", options, function, mistakes)
}

fn expand_hook(attr: &TokenStream, function: Function, mistakes: &mut Mistakes) -> TokenStream {
    let mut options = Options::read(attr.clone(), &HOOK_OPTIONS, mistakes);
    let moment = mistakes.keep(moment(options.positional.take()));
    expand(
        HOOK.name,
        moment.unwrap_or("Startup"),
        options,
        function,
        mistakes,
    )
}

/// What the runtime calls the moment.
fn moment(written: Option<Expr>) -> syn::Result<&'static str> {
    let words = MOMENTS.map(|(word, _)| word);
    let choice = format!(
        "{}, as in `#[hook(startup)]`",
        listed(&words).replace(" and ", " or ")
    );
    let Some(written) = written else {
        return Err(syn::Error::new(Span::call_site(), format!("say when: {choice}")));
    };
    let word = match &written {
        Expr::Path(ExprPath { path, .. }) => path.get_ident().map(Ident::to_string),
        _ => None,
    };
    let known = MOMENTS.iter().find(|(moment, _)| word.as_deref() == Some(moment));
    known.map(|(_, variant)| *variant).ok_or_else(|| {
        let near = word.map_or_else(String::new, |word| did_you_mean(&word, words));
        syn::Error::new_spanned(&written, format!("a hook runs at {choice}{near}"))
    })
}

fn expand(
    macro_name: &str,
    kind: &str,
    mut options: Options,
    mut function: Function,
    mistakes: &mut Mistakes,
) -> TokenStream {
    function.check_shape(macro_name, mistakes);
    function.check_sync(macro_name, "nothing else goes on until it has returned", mistakes);
    let parameters = signature::read(&mut function, mistakes);
    signature::refuse_given(&parameters, mistakes);
    let private = options.root(mistakes).private();
    let (name, kind) = (function.name().to_string(), Ident::new(kind, Span::call_site()));
    let (params, pattern) = (call::params(&parameters), call::pattern(&parameters));
    let result = call::plainly(&function.sig, "hook_result", &parameters);
    let assertions = call::assertions(&parameters);
    let cfgs: Vec<_> = function.cfgs().into_iter().cloned().collect();
    function.allow_its_shape();
    quote! {
        #function
        #(#cfgs)*
        const _: () = {
            use #private as __r;
            __r::inventory::submit! {
                __r::Registration::hook(__r::HookKind::#kind, #name, __r::location!(), || {
                    __r::hook_fn(#params, |#pattern| #result)
                })
            }
            #assertions
        };
    }
}
