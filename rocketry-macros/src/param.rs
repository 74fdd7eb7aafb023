//! `#[param]`: parse → validate → expand.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ReturnType, Type, parse_quote};

use crate::call;
use crate::errors::Mistakes;
use crate::function::Function;
use crate::item::{Macro, keep};
use crate::options::{Known, Options};
use crate::signature::{self, Parameter};
use crate::values;

/// The attribute.
pub(crate) const MACRO: Macro = Macro {
    name: "param",
    expand,
    fallback: keep,
};

const KNOWN: Known = Known {
    macro_name: "param",
    keys: &["crate"],
    flags: &[],
    lists: &[],
    positional: "name",
};

fn expand(attr: &TokenStream, mut function: Function, mistakes: &mut Mistakes) -> TokenStream {
    function.check_shape(MACRO.name, mistakes);
    function.check_sync(
        MACRO.name,
        "its value is created as a run starts, which can't wait",
        mistakes,
    );
    check_value(&function, mistakes);
    let parameters = signature::read(&mut function, mistakes);
    signature::refuse_given(&parameters, mistakes);
    let mut options = Options::read(attr.clone(), &KNOWN, mistakes);
    let name = name(&mut options, &function, mistakes);
    let private = options.root(mistakes).private();
    let registration = registration(&name, &function, &parameters);
    let assertions = call::assertions(&parameters);
    let cfgs: Vec<_> = function.cfgs().into_iter().cloned().collect();
    function.allow_its_shape();
    quote! {
        #function
        #(#cfgs)*
        const _: () = {
            use #private as __r;
            #registration
            #assertions
        };
    }
}

fn registration(name: &Expr, function: &Function, parameters: &[Parameter]) -> TokenStream {
    let (params, pattern) = (call::params(parameters), call::pattern(parameters));
    let value = call::plainly(&function.sig, "value", parameters);
    quote! {
        __r::inventory::submit! {
            __r::Registration::param(#name, __r::location!(), || {
                __r::param_fn(#params, |#pattern| #value)
            })
        }
    }
}

fn name(options: &mut Options, function: &Function, mistakes: &mut Mistakes) -> Expr {
    if let Some(name) = options.positional.take() {
        values::name("name", &name, mistakes);
        return name;
    }
    let name = function.name().to_string();
    parse_quote!(#name)
}

fn check_value(function: &Function, mistakes: &mut Mistakes) {
    let output = &function.sig.output;
    let nothing = match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()),
    };
    if nothing {
        mistakes.at(
            &function.sig.ident,
            "a parameter needs a value: let the function return it",
        );
    }
}
