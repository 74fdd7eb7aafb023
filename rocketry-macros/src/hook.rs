//! `#[setup]` and `#[hook(…)]`: parse → validate → expand.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprPath, Ident, Lit};

use crate::call;
use crate::errors::{Mistakes, did_you_mean, listed};
use crate::function::Function;
use crate::item::{Macro, keep};
use crate::options::{Known, Options};
use crate::signature::{self, Parameter};

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

/// Why most hooks can't be `async`.
const WHY_SYNC: &str = "the scheduler waits until it returns";

const SETUP_OPTIONS: Known = Known {
    macro_name: "setup",
    keys: &["crate"],
    flags: &[],
    lists: &[],
    positional: "",
};

const HOOK_OPTIONS: Known = Known {
    macro_name: "hook",
    keys: &["before", "after", "crate"],
    flags: &["before", "after"],
    lists: &[],
    positional: "moment",
};

/// A moment at which hooks are called.
struct Moment {
    /// Its name in the attribute.
    word: &'static str,
    /// Its name in the runtime.
    kind: &'static str,
    /// Whether hooks may be `async`, because nothing else runs at this moment.
    waits: bool,
}

const fn moment(word: &'static str, kind: &'static str, waits: bool) -> Moment {
    Moment { word, kind, waits }
}

const SETUP_MOMENT: Moment = moment("setup", "Setup", true);

const MOMENTS: [Moment; 5] = [
    moment("startup", "Startup", true),
    moment("shutdown", "Shutdown", true),
    moment("cycle", "Cycle", false),
    moment("task_init", "TaskInit", false),
    moment("task_execute", "TaskExecute", false),
];

fn expand_setup(attr: &TokenStream, function: Function, mistakes: &mut Mistakes) -> TokenStream {
    let options = Options::read(attr.clone(), &SETUP_OPTIONS, mistakes);
    expand(SETUP.name, &SETUP_MOMENT, None, options, function, mistakes)
}

fn expand_hook(attr: &TokenStream, function: Function, mistakes: &mut Mistakes) -> TokenStream {
    let mut options = Options::read(attr.clone(), &HOOK_OPTIONS, mistakes);
    let moment = mistakes
        .keep(read_moment(options.positional.take()))
        .unwrap_or(&SETUP_MOMENT);
    let before = side("before", &mut options, mistakes);
    let after = side("after", &mut options, mistakes);
    if moment.kind == "TaskInit" && !after {
        return expand_init(options, function, mistakes);
    }
    if moment.kind == "TaskInit" && before {
        let message =
            "before its build there is a `TaskBuilder` and after it a `Task`: write a function for each";
        mistakes.at(function.name(), message);
    }
    let sides = match (before, after) {
        (_, false) => None,
        (false, true) => Some("After"),
        (true, true) => Some("Both"),
    };
    expand(HOOK.name, moment, sides, options, function, mistakes)
}

/// Parses the moment.
fn read_moment(written: Option<Expr>) -> syn::Result<&'static Moment> {
    let words = MOMENTS.map(|moment| moment.word);
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
    let known = const { &MOMENTS }
        .iter()
        .find(|moment| word.as_deref() == Some(moment.word));
    known.ok_or_else(|| {
        let near = word.map_or_else(String::new, |word| did_you_mean(&word, words));
        syn::Error::new_spanned(&written, format!("a hook runs at {choice}{near}"))
    })
}

/// Returns true if the hook is called on this side.
fn side(key: &str, options: &mut Options, mistakes: &mut Mistakes) -> bool {
    let Some(value) = options.take_expr(key, mistakes) else {
        return false;
    };
    if matches!(&value, Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) if flag.value) {
        return true;
    }
    mistakes.at(value, format!("`{key}` stands alone: `#[hook(startup, {key})]`"));
    false
}

fn expand(
    macro_name: &str,
    moment: &Moment,
    sides: Option<&str>,
    mut options: Options,
    mut function: Function,
    mistakes: &mut Mistakes,
) -> TokenStream {
    function.check_shape(macro_name, mistakes);
    if !moment.waits {
        function.check_sync(macro_name, WHY_SYNC, mistakes);
    }
    let parameters = signature::read(&mut function, mistakes);
    signature::refuse_given(&parameters, mistakes);
    let private = options.root(mistakes).private();
    let (name, kind) = (
        function.name().to_string(),
        Ident::new(moment.kind, Span::call_site()),
    );
    let sides = sides
        .map(|sides| Ident::new(sides, Span::call_site()))
        .into_iter();
    let hook = hook_fn(&function, &parameters);
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
                    #hook
                }) #(.on(__r::Sides::#sides))*
            }
            #assertions
        };
    }
}

/// The registered function: the user's, with its parameters.
fn hook_fn(function: &Function, parameters: &[Parameter]) -> TokenStream {
    let (params, pattern) = (call::params(parameters), call::pattern(parameters));
    let result = call::plainly(&function.sig, "hook_result", parameters);
    if function.sig.asyncness.is_some() {
        quote!(__r::async_hook_fn(#params, |#pattern| async move { #result }))
    } else {
        quote!(__r::hook_fn(#params, |#pattern| #result))
    }
}

/// Expands a hook before `task_init`, which takes the task's builder and returns it.
fn expand_init(mut options: Options, mut function: Function, mistakes: &mut Mistakes) -> TokenStream {
    function.check_shape(HOOK.name, mistakes);
    function.check_sync(HOOK.name, WHY_SYNC, mistakes);
    let parameters = signature::read(&mut function, mistakes);
    signature::refuse_given(&parameters, mistakes);
    if parameters.len() != 1 || parameters[0].source().is_some() {
        let message = "a hook before a task's build takes the `TaskBuilder` and nothing else, and returns it";
        mistakes.at(&function.sig.inputs, message);
    }
    let private = options.root(mistakes).private();
    let (ident, name) = (&function.sig.ident, function.name().to_string());
    let init = quote_spanned!(function.sig.inputs.span()=> InitHook::new(#name, __r::location!(), #ident));
    let cfgs: Vec<_> = function.cfgs().into_iter().cloned().collect();
    let registration = quote! {
        #(#cfgs)*
        const _: () = {
            use #private as __r;
            __r::inventory::submit! {
                __r::Registration::init(__r::location!(), || __r::#init)
            }
        };
    };
    function.allow_its_shape();
    quote!(#function #registration)
}
